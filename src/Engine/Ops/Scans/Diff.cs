namespace AutogradService.Engine.Ops;

/// <summary>n-th differences of neighbours along a dim, with other tensors before and after it: y[k] = x[k + 1] - x[k], n times.</summary>
[Op("diff(self, n, dim, prepend?, append?)")]
public sealed partial record Diff(long N = 1, long Dim = -1) : CompositeOp, IOp<Diff>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Diff>((op, x) =>
    {
        NdArray?[] parts = [x[1], x[0], x[2]];
        var y = Cat.Reference.Compute(new Cat(op.Dim), [.. parts.Where(p => p is not null)])[0];
        for (long n = 0; n < op.N; n++)
        {
            int dim = Shape.WrapDim(op.Dim, y.Shape.Rank);
            var before = y;
            if (y.Shape[dim] > 0) y = NdArray.Build(y.Shape.With(dim, y.Shape[dim] - 1), i =>
            {
                var next = (long[])i.Clone();
                next[dim]++;
                return before[next] - before[i];
            });
        }
        return y;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Diff(), s.Any(3, 4), null, null),
        Sample.Of(new Diff(2, 0), s.Any(4, 2), null, null),
        Sample.Of(new Diff(0), s.Any(3), null, null),
        Sample.Of(new Diff(5), s.Any(3), null, null),
        Sample.Of(new Diff(1, 1), s.Any(2, 3), s.Any(2, 1), s.Any(2, 2)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var self = x[0];
        if (self.Dim < 1) throw AutogradException.Shape("diff expects input to be at least one-dimensional");
        if (N < 0) throw AutogradException.Attribute($"order must be non-negative but got {N}");
        int dim = Shape.WrapDim(Dim, self.Dim);
        RequireFit(self, x.Optional(1), dim);
        RequireFit(self, x.Optional(2), dim);
        if (x.Optional(1) is not null || x.Optional(2) is not null)
        {
            Tensor?[] parts = [x.Optional(1), self, x.Optional(2)];
            self = workspace.Cat([.. parts.OfType<Tensor>()], dim);
        }
        if (N == 0) return self.ZerosLike().CopyInPlace(self);
        for (long n = Math.Min(N, self.Shape[dim]); n > 0; n--)
        {
            long rest = self.Shape[dim] - 1;
            Tensor later = self.Narrow(dim, 1, rest), earlier = self.Narrow(dim, 0, rest);
            self = self.DType == DType.Bool ? later.LogicalXor(earlier) : later.Sub(earlier);
        }
        return self;
    }

    private static void RequireFit(Tensor self, Tensor? other, int dim)
    {
        if (other is null) return;
        if (other.Dim != self.Dim) throw AutogradException.Shape("diff expects prepend or append to be the same dimension as input");
        for (int d = 0; d < self.Dim; d++)
            if (d != dim && other.Shape[d] != self.Shape[d])
                throw AutogradException.Shape($"diff expects the shape of tensor to prepend or append to match that of input except along the differencing dimension; input.size({d}) = {self.Shape[d]}, but got tensor.size({d}) = {other.Shape[d]}");
    }
}
