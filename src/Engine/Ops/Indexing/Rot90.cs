namespace AutogradService.Engine.Ops;

/// <summary>A copy turned k times by 90 degrees in the plane of two dims, from the first towards the second.</summary>
[Op("rot90(self, k, dims)")]
public sealed partial record Rot90(long K = 1, Dims? Dims = null) : ComputeOp, IOp<Rot90>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Rot90>((op, x) =>
    {
        int a = Shape.WrapDim(op.Dims?[0] ?? 0, x[0].Shape.Rank), b = Shape.WrapDim(op.Dims?[1] ?? 1, x[0].Shape.Rank);
        var result = x[0];
        for (long n = (op.K % 4 + 4) % 4; n > 0; n--)
        {
            var old = result;
            result = NdArray.Build(old.Shape.With(a, old.Shape[b]).With(b, old.Shape[a]), i =>
            {
                (i[a], i[b]) = (i[b], old.Shape[b] - 1 - i[a]);
                return old[i];
            });
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Rot90(), s.Any(2, 3)), Sample.Of(new Rot90(2, [1, 0]), s.Strided(2, 3)), Sample.Of(new Rot90(-1, [0, -1]), s.Any(2, 3, 2)), Sample.Of(new Rot90(4), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (Dims is { } dims && dims.Count != 2) throw AutogradException.Attribute($"expected total rotation dims == 2, but got dims = {dims.Count}");
        if (x[0].Dim < 2) throw AutogradException.Shape($"expected total dims >= 2, but got total dims = {x[0].Dim}");
        var (a, b) = Plane(x[0].Dim);
        if (a == b) throw AutogradException.Attribute($"expected rotation dims to be different, but got dim0 = {Dims![0]} and dim1 = {Dims[1]}");
        return new((K & 1) == 0 ? x[0].Shape : x[0].Shape.With(a, x[0].Shape[b]).With(b, x[0].Shape[a]), x[0].DType);
    }

    // A quarter turn is a swap of the dims and one reversed; a half turn reverses both.
    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var (a, b) = Plane(y.Dim);
        var shape = x[0].Shape;
        long[] strides = x[0].Strides.ToArray();
        long offset = x[0].Offset, turns = (K % 4 + 4) % 4;
        if (x[0].Numel == 0) return;
        if (turns is 1 or 2) Reverse(b);
        if (turns is 2 or 3) Reverse(a);
        if (turns is 1 or 3) (strides[a], strides[b]) = (strides[b], strides[a]);
        Kernels.Transfer.Into(x[0].Alias(y.Shape, strides, offset), y);

        void Reverse(int d)
        {
            offset += (shape[d] - 1) * strides[d];
            strides[d] = -strides[d];
        }
    }

    // g turned back
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Rot90(-K, Dims);

    private (int A, int B) Plane(int rank) => Dims is { } d ? (Shape.WrapDim(d[0], rank), Shape.WrapDim(d[1], rank)) : (0, 1);
}
