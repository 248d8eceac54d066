namespace AutogradService.Engine.Functions;

/// <summary>Memory of a function: written once and read, unless it is pinned.</summary>
internal sealed class Block(int id, long bytes)
{
    /// <summary>Its number.</summary>
    public int Id { get; } = id;

    /// <summary>Its size.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Which parameter it is, or -1.</summary>
    public int Parameter { get; init; } = -1;

    /// <summary>Its bytes, if they are known.</summary>
    public byte[]? Constant { get; init; }

    /// <summary>Part of it is overwritten in place: what touches it keeps its order.</summary>
    public bool IsPinned { get; set; }
}

/// <summary>A tensor of a function: geometry over a block.</summary>
/// <param name="Block">The block.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Strides">Elements to step per dim.</param>
/// <param name="Offset">Elements from the block's start.</param>
/// <param name="DType">The element type.</param>
internal sealed record Place(Block Block, Shape Shape, long[] Strides, long Offset, DType DType)
{
    public long Numel => Shape.Numel;

    public long Bytes => Numel * DType.ItemSize;

    /// <summary>Whether the elements lie row-major without gaps.</summary>
    public bool IsContiguous { get; } = Strides.AsSpan().SequenceEqual(Shape.ContiguousStrides) || Shape.Numel <= 1;

    /// <summary>Whether it is all of its block, row-major.</summary>
    public bool IsWhole => Offset == 0 && IsContiguous && Bytes == Block.Bytes;

    /// <summary>Whether it is all of its block in some order of dims.</summary>
    public bool FillsBlock => Offset == 0 && Bytes == Block.Bytes && (IsContiguous || Extent == Numel);

    private long Extent
    {
        get
        {
            long extent = 1;
            for (int i = 0; i < Strides.Length; i++) extent += (Shape[i] - 1) * Strides[i];
            return extent;
        }
    }

    public bool Equals(Place? other) =>
        other is not null && ReferenceEquals(Block, other.Block) && Offset == other.Offset && DType == other.DType && Shape.Equals(other.Shape) && Strides.AsSpan().SequenceEqual(other.Strides);

    public override int GetHashCode() => HashCode.Combine(Block.Id, Offset, DType, Shape);
}

/// <summary>One kernel call of a function.</summary>
/// <param name="Name">The op it comes from.</param>
/// <param name="Reads">What it reads; null where an optional operand is absent.</param>
/// <param name="Writes">What it writes.</param>
/// <param name="Flops">Floating-point operations.</param>
internal abstract record Step(string Name, Place?[] Reads, Place[] Writes, long Flops)
{
    /// <summary>Whether it draws random numbers: it stays where it is, and is no duplicate of another.</summary>
    public bool IsRandom { get; init; }

    /// <summary>Whether two calls compute the same of the same operands.</summary>
    public abstract bool ComputesAs(Step other);

    /// <summary>Whether the block is touched in parts, or one that it touches is.</summary>
    public bool IsPinned
    {
        get
        {
            foreach (var place in Reads)
                if (place is { Block.IsPinned: true }) return true;
            foreach (var place in Writes)
                if (place.Block.IsPinned) return true;
            return false;
        }
    }
}

/// <summary>An elementwise kernel.</summary>
internal sealed record ElementStep(string Name, ElementKernel Kernel, Op? Op, Place?[] Reads, Place[] Writes) : Step(Name, Reads, Writes, Writes[0].Numel)
{
    public override bool ComputesAs(Step other) => other is ElementStep step && Kernel.Equals(step.Kernel);
}

/// <summary>A kernel that an op's forward is made of.</summary>
internal sealed record KernelStep(string Name, IKernel Kernel, Place?[] Reads, Place[] Writes, long Flops) : Step(Name, Reads, Writes, Flops)
{
    public override bool ComputesAs(Step other) => other is KernelStep step && Kernel.Equals(step.Kernel);
}

/// <summary>An op's own forward.</summary>
internal sealed record OpStep(Op Op, DType Common, Place?[] Reads, Place[] Writes, long Flops) : Step(Op.Schema.Name, Reads, Writes, Flops)
{
    public override bool ComputesAs(Step other) => other is OpStep step && Common == step.Common && Op.Equals(step.Op);
}

/// <summary>A copy, to another layout or dtype.</summary>
internal sealed record CopyStep(Place?[] Reads, Place[] Writes) : Step(Reads[0]!.DType == Writes[0].DType ? "copy" : "to", Reads, Writes, 0)
{
    public override bool ComputesAs(Step other) => other is CopyStep;
}

/// <summary>A look at values that may refuse them; it stays whatever becomes of the results.</summary>
internal sealed record CheckStep(Place?[] Reads, Action<Tensor> Check) : Step("check", Reads, [], 0)
{
    public override bool ComputesAs(Step other) => false;
}

/// <summary>Every element becomes a number.</summary>
internal sealed record FillStep(Place[] Writes, Scalar Value) : Step("fill", [], Writes, 0)
{
    public override bool ComputesAs(Step other) => other is FillStep step && Value == step.Value;
}
