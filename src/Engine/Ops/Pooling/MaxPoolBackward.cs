using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Adds the gradient of every window's maximum to the element that was it, plane by plane.</summary>
[Op("max_pool_backward(grad_output, self, indices!, spatial_dims)", Hidden = true)]
public sealed partial record MaxPoolBackward(long SpatialDims) : ComputeOp, IOp<MaxPoolBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaxPoolBackward>((op, x) =>
    {
        var y = new NdArray(x[1].Shape.Sizes);
        long outputs = x[0].Shape.Sizes[^(int)op.SpatialDims..].ToArray().Aggregate(1L, (a, b) => a * b);
        long inputs = y.Shape.Sizes[^(int)op.SpatialDims..].ToArray().Aggregate(1L, (a, b) => a * b);
        for (long i = 0; i < x[0].Values.Length; i++) y.Values[i / outputs * inputs + (long)x[2].Values[i]] += x[0].Values[i];
        return y;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new MaxPoolBackward(2), s.Any(2, 2, 3), s.Any(2, 3, 4), s.Index(12, 2, 2, 3)), Sample.Of(new MaxPoolBackward(3), s.Any(1, 2, 2, 1), s.Any(1, 2, 3, 2), s.Index(12, 1, 2, 2, 1))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"MaxPool{SpatialDims}DWithIndicesBackwardBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        DTypes.Dispatch(y.DType, new Action(y.Workspace.RawContiguous(x[0]), y.Workspace.RawContiguous(x[2]), y, (int)SpatialDims));
    }

    // Linear in the gradient: the adjoint of adding at the indices is reading there.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? Read(grad, saved.Input(2), (int)SpatialDims) : grad.ZerosLike();

    /// <summary>The elements at indices into the planes.</summary>
    internal static Tensor Read(Tensor x, Tensor indices, int dims)
    {
        if (indices.Numel == 0) return x.Workspace.Zeros(Dims.Of(indices.Shape), dtype: x.DType);
        return x.Flatten(-dims, -1).Gather(-1, indices.Flatten(-dims, -1)).Reshape(Dims.Of(indices.Shape));
    }

    private readonly unsafe ref struct Action(Tensor grad, Tensor indices, Tensor y, int dims) : IDTypeAction
    {
        private readonly Tensor _grad = grad, _indices = indices, _y = y;
        private readonly int _dims = dims;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            long inputs = 1, outputs = 1;
            for (int d = 1; d <= _dims; d++) (inputs, outputs) = (inputs * _y.Shape[-d], outputs * _grad.Shape[-d]);
            if (_y.Numel > 0) WorkerPool.For(_y.Numel / inputs, Math.Max(1, (1 << 12) / inputs), new Body<T>(_grad.Pointer<T>(), _indices.Pointer<long>(), _y.Pointer<T>(), inputs, outputs));
        }
    }

    private readonly unsafe struct Body<T>(T* grad, long* indices, T* y, long inputs, long outputs) : IRangeBody where T : unmanaged, INumber<T>
    {
        public void Invoke(long from, long to)
        {
            for (long plane = from; plane < to; plane++)
            {
                T* target = y + plane * inputs;
                new Span<T>(target, checked((int)inputs)).Clear();
                for (long i = plane * outputs; i < (plane + 1) * outputs; i++)
                    if ((ulong)indices[i] < (ulong)inputs) target[indices[i]] += grad[i];
            }
        }
    }
}
