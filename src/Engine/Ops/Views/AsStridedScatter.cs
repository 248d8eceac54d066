using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// Adds the elements of one geometry of a storage to the places where another geometry shows them: the derivative of as_strided, and of itself.
/// Where several elements of the divided side show one place, they share it evenly.
/// </summary>
[Op("_as_strided_scatter(self)", Hidden = true)]
public sealed partial record AsStridedScatter(Dims Size, Dims Stride, long Offset, Dims SourceStride, long SourceOffset, bool DivideBySource = false) : ComputeOp, IOp<AsStridedScatter>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("the derivative of as_strided: covered by its gradient check");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new AsStridedScatter([4], [1], 0, [1, 1], 0), s.Any(3, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => DTypes.DispatchFloat("as_strided_backward", y.DType, new Action(this, x[0], y));

    // for self g with zeros in the window, for src the window of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        grad.AsStridedScatter(Dims.Of(saved.Shape(0)), SourceStride, SourceOffset, Stride, Offset, !DivideBySource);

    private readonly ref struct Action(AsStridedScatter op, Tensor x, Tensor y) : IFloatAction
    {
        private readonly AsStridedScatter _op = op;
        private readonly Tensor _x = x, _y = y;

        public unsafe void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var source = Places(_x.Shape, _op.SourceStride, _op.SourceOffset);
            var target = Places(_y.Shape, _op.Stride, _op.Offset);
            long extent = 0;
            foreach (long p in source) extent = Math.Max(extent, p + 1);
            foreach (long p in target) extent = Math.Max(extent, p + 1);
            var sums = new T[extent];
            var counts = new int[extent];
            foreach (long p in _op.DivideBySource ? source : target) counts[p]++;
            using var scope = _x.Workspace.Scope();
            T* from = _x.Workspace.RawContiguous(_x).Pointer<T>();
            T* to = _y.Pointer<T>();
            for (long i = 0; i < source.Length; i++) sums[source[i]] += from[i];
            for (long i = 0; i < target.Length; i++)
                to[i] = counts[target[i]] > 1 ? sums[target[i]] / T.CreateChecked(counts[target[i]]) : sums[target[i]];
        }

        private static long[] Places(Shape shape, Dims strides, long offset)
        {
            var places = new long[shape.Numel];
            long n = 0;
            foreach (var index in NdArray.Indices(shape))
            {
                long place = offset;
                for (int d = 0; d < index.Length; d++) place += index[d] * strides[d];
                places[n++] = place;
            }
            return places;
        }
    }
}
