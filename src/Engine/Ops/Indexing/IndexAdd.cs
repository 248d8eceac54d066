using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Self with alpha times the slices of source added to the indices of a dim that a vector names.</summary>
[Op("index_add(self, dim, index!, source, alpha)", InPlace = true)]
public sealed partial record IndexAdd(long Dim, Scalar? Alpha = null) : ComputeOp, IOp<IndexAdd>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<IndexAdd>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        IndexedSlices.Each(x[0], op.Dim, x[1], (to, n, i) => result[to] += (op.Alpha ?? 1.0).Real * IndexedSlices.At(x[2], i));
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new IndexAdd(0), s.Any(3, 4), s.Index(3, 5), s.Any(5, 4)),
        Sample.Of(new IndexAdd(-1, 2L), s.Strided(3, 4), s.Index(4, 2), s.Any(3, 2)),
        Sample.Of(new IndexAdd(0), s.Any(), s.Index(1, 1), s.Any()),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => needs[2] ? Engine.Saves.Input(1) : Engine.Saves.Nothing;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => IndexedSlices.Infer("index_add_()", x, Dim);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var index = IndexedSlices.Begin(x, Dim, x[2].Shape, y);
        var source = x[2];
        if (Alpha is { } alpha && alpha.Real != 1)
        {
            source = y.Workspace.RawEmpty(x[2].Shape, y.DType);
            Elementwise.Map(x[2], y.Workspace.RawFull(Shape.Scalar, alpha, y.DType), source, new Times());
        }
        AlongDim.Add(y, Shape.WrapDim(Dim, y.Dim), index, source);
    }

    // for self g, for the source alpha g at the indices
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 0) return grad;
        var part = grad.IndexSelect(Dim, saved.Input(1)).Reshape(Dims.Of(saved.Shape(2)));
        return Alpha is { } alpha && alpha.Real != 1 ? part.Mul(alpha) : part;
    }

    private readonly struct Times : IBinaryKernel
    {
        public System.Numerics.Vector<T> Invoke<T>(System.Numerics.Vector<T> a, System.Numerics.Vector<T> b) where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T> => a * b;
    }
}
