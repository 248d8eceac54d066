namespace AutogradService.Engine.Ops;

/// <summary>A view with the dims in the given order.</summary>
[Op("permute(self, dims)")]
public sealed partial record Permute(Dims Dims) : ViewOp, IOp<Permute>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Permute>((op, x) =>
    {
        var order = op.Dims.Select(d => Shape.WrapDim(d, x[0].Shape.Rank)).ToArray();
        return NdArray.Build(Shape.Of(order.Select(d => x[0].Shape[d]).ToArray()), i =>
        {
            var own = new long[i.Length];
            for (int d = 0; d < own.Length; d++) own[order[d]] = i[d];
            return x[0][own];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Permute([2, 0, 1]), s.Any(2, 3, 4)), Sample.Of(new Permute([-1, 0]), s.Any(3, 2)), Sample.Of(new Permute([]), s.Any()), Sample.Of(new Permute([1, 0]), s.Any(0, 3))];

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x) => Part.Permute(x, Order(x.Dim));

    // The inverse order brings every dim back.
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved)
    {
        var order = Order(grad.Dim);
        var inverse = new long[order.Length];
        for (int d = 0; d < order.Length; d++) inverse[order[d]] = d;
        return grad.Permute(Engine.Dims.Create(inverse));
    }

    private int[] Order(int rank)
    {
        if (Dims.Count != rank)
            throw AutogradException.Shape($"permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = {rank} is not equal to len(dims) = {Dims.Count}");
        var order = new int[rank];
        var seen = new bool[rank];
        for (int d = 0; d < rank; d++)
        {
            order[d] = Shape.WrapDim(Dims[d], rank);
            if (seen[order[d]]) throw AutogradException.Attribute("permute(): duplicate dims are not allowed.");
            seen[order[d]] = true;
        }
        return order;
    }
}
