namespace AutogradService.Engine.Ops;

/// <summary>A view of length consecutive indices of a dim from start; a negative start counts from the end.</summary>
[Op("narrow(self, dim, start, length)")]
public sealed partial record Narrow(long Dim, long Start, long Length) : CompositeOp, IOp<Narrow>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Narrow>((op, x) =>
    {
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        return NdArray.Build(x[0].Shape.With(dim, op.Length), i =>
        {
            i[dim] += op.Start < 0 ? op.Start + x[0].Shape[dim] : op.Start;
            return x[0][i];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Narrow(0, 1, 2), s.Any(4, 2)), Sample.Of(new Narrow(-1, -2, 2), s.Any(2, 5)), Sample.Of(new Narrow(0, 4, 0), s.Any(4, 2)), Sample.Of(new Narrow(1, 0, 3), s.Strided(2, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var self = x[0];
        if (self.Dim == 0) throw new AutogradException(ErrorReason.DimOutOfRange, "narrow() cannot be applied to a 0-dim tensor.");
        if (Length < 0) throw AutogradException.Attribute("narrow(): length must be non-negative.");
        long size = self.Shape[Shape.WrapDim(Dim, self.Dim)];
        if (Start < -size || Start > size)
            throw AutogradException.Index($"start out of range (expected to be in range of [{-size}, {size}], but got {Start})");
        long start = Start < 0 ? Start + size : Start;
        if (start > size - Length) throw AutogradException.Shape($"start ({start}) + length ({Length}) exceeds dimension size ({size}).");
        return self.Slice(Dim, start, start + Length);
    }
}
