namespace AutogradService.Engine.Ops;

/// <summary>int64 vectors with a one where the index says and zeros elsewhere; num_classes -1 means the largest index plus one.</summary>
[Op("one_hot(self!, num_classes)", Page = "torch.nn.functional.one_hot")]
public sealed partial record OneHot(long NumClasses = -1) : ComputeOp, IOp<OneHot>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<OneHot>((op, x) =>
        NdArray.Build(Shape.Of([.. x[0].Shape.Sizes, op.NumClasses < 0 ? (long)x[0].Values.Max() + 1 : op.NumClasses]), i => x[0][i.AsSpan(0, i.Length - 1)] == i[^1] ? 1 : 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new OneHot(), s.Index(4, 2, 3)), Sample.Of(new OneHot(5), s.Index(4, 3)), Sample.Of(new OneHot(3), s.Index(3)), Sample.Of(new OneHot(3), s.Index(3, 0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].DType != DType.Int64) throw AutogradException.Attribute($"one_hot is only applicable to index tensor of type LongTensor.");
        if (NumClasses == 0) throw AutogradException.Attribute("num_classes should be positive");
        if (NumClasses < 0 && x[0].Numel == 0) throw AutogradException.Attribute("Can not infer total number of classes from empty tensor.");
        return new(Shape.Of([.. x[0].Shape.Sizes, NumClasses > 0 ? NumClasses : Math.Max(0, (long)x[0].ToDoubles().Max() + 1)]), DType.Int64);
    }

    /// <inheritdoc/>
    public override unsafe void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Kernels.Fill.All(y, 0L);
        long* index = y.Workspace.RawContiguous(x[0]).Pointer<long>();
        long classes = y.Shape[-1];
        for (long i = 0; i < x[0].Numel; i++)
        {
            if (index[i] < 0) throw AutogradException.Attribute("Class values must be non-negative.");
            if (index[i] >= classes) throw AutogradException.Attribute("Class values must be smaller than num_classes.");
            y.Pointer<long>()[i * classes + index[i]] = 1;
        }
    }
}
