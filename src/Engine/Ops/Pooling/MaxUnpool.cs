using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What max unpooling records: each element at its index in a plane of zeros, the planes of given size.</summary>
[Op("max_unpool(self, indices!, output_size)", Hidden = true)]
public sealed partial record MaxUnpool(Dims OutputSize) : ComputeOp, IOp<MaxUnpool>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaxUnpool>((op, x) =>
    {
        var y = new NdArray(PoolGeometry.WithLast(x[0].Shape, op.OutputSize).Sizes);
        long plane = op.OutputSize.Aggregate(1L, (a, b) => a * b), each = x[0].Shape.Sizes[^op.OutputSize.Count..].ToArray().Aggregate(1L, (a, b) => a * b);
        for (long i = 0; i < x[0].Values.Length; i++) y.Values[i / each * plane + (long)x[1].Values[i]] = x[0].Values[i];
        return y;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new MaxUnpool([3, 2]), s.Any(2, 1, 2), s.Integers(Shape.Of(2, 1, 2), 4, 1, 0, 5)), Sample.Of(new MaxUnpool([2, 2, 2]), s.Any(1, 1, 2, 1), s.Integers(Shape.Of(1, 1, 2, 1), 7, 0))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"MaxUnpool{OutputSize.Count}DBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        int dims = OutputSize.Count;
        if (x[1].DType != DType.Int64) throw AutogradException.Attribute($"elements in indices should be type int64 but got: {x[1].DType.TorchName}");
        if (x[0].Dim != dims + 1 && x[0].Dim != dims + 2)
            throw AutogradException.Shape($"Input to max_unpooling{dims}d should be a {dims + 1}d or {dims + 2}d Tensor, but got a tensor with {x[0].Dim} dimensions.");
        if (!x[0].Shape.Equals(x[1].Shape))
            throw AutogradException.Shape($"Expected shape of indices to be same as that of the input tensor ({x[0].Shape}) but got indices tensor with shape: {x[1].Shape}");
        return new(PoolGeometry.WithLast(x[0].Shape, OutputSize), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Kernels.Fill.All(y, 0L);
        StorageTypes.Dispatch(y.DType, new Action(y.Workspace.RawContiguous(x[0]), y.Workspace.RawContiguous(x[1]), y, OutputSize));
    }

    // Each element's gradient stands where the element went.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => MaxPoolBackward.Read(grad, saved.Input(1), OutputSize.Count);

    private readonly unsafe ref struct Action(Tensor x, Tensor indices, Tensor y, Dims output) : IStorageAction
    {
        private readonly Tensor _x = x, _indices = indices, _y = y;
        private readonly Dims _output = output;

        public void Run<T>() where T : unmanaged
        {
            long plane = 1, each = 1;
            for (int d = 1; d <= _output.Count; d++) (plane, each) = (plane * _output[^d], each * _x.Shape[-d]);
            long* at = _indices.Pointer<long>();
            for (long i = 0; i < _x.Numel; i++)
            {
                if ((ulong)at[i] >= (ulong)plane)
                    throw AutogradException.Attribute($"Found an invalid max index: {at[i]} (output volumes are of size {string.Join("x", _output)}");
                _y.Pointer<T>()[i / each * plane + at[i]] = _x.Pointer<T>()[i];
            }
        }
    }

    /// <summary>The public forms: the output's size follows from the pooling that is undone, or is near that and given.</summary>
    internal static Tensor Run(Tensor x, Tensor indices, int dims, Dims kernelSize, Dims? stride, Dims? padding, Dims? outputSize)
    {
        if (x.Dim != dims + 1 && x.Dim != dims + 2)
            throw AutogradException.Shape($"Input to max_unpooling{dims}d should be a {dims + 1}d or {dims + 2}d Tensor, but got a tensor with {x.Dim} dimensions.");
        var kernel = PoolGeometry.Expand(kernelSize, [], dims, $"max_unpool{dims}d: kernel_size must either be a single int, or {dims} ints");
        var step = PoolGeometry.Expand(stride, kernel, dims, $"max_unpool{dims}d: stride must either be omitted, a single int, or {dims} ints");
        var pad = PoolGeometry.Expand(padding, [0], dims, $"max_unpool{dims}d: padding must either be a single int, or {dims} ints");
        var usual = Usual(x.Shape, kernel, step, pad);
        if (outputSize is null) outputSize = usual;
        else
        {
            if (outputSize.Count == dims + 2) outputSize = Dims.Create(outputSize.Values[2..]);
            if (outputSize.Count != dims)
                throw AutogradException.Attribute($"output_size should be a sequence containing {dims} or {dims + 2} elements, but it has a length of '{outputSize.Count}'", TorchErrorType.ValueError);
            for (int d = 0; d < dims; d++)
                if (outputSize[d] <= usual[d] - step[d] || outputSize[d] >= usual[d] + step[d])
                    throw AutogradException.Attribute($"invalid output_size \"{outputSize}\" (dim {d} must be between {usual[d] - step[d]} and {usual[d] + step[d]})", TorchErrorType.ValueError);
        }
        if (dims > 1) return x.MaxUnpool(indices, outputSize);
        return x.Unsqueeze(-2).MaxUnpool(indices.Unsqueeze(-2), [1, outputSize[0]]).Squeeze(-2);
    }

    /// <summary>The size that pooling would have come from, had its windows fitted exactly.</summary>
    internal static Dims Usual(Shape shape, Dims kernel, Dims stride, Dims padding)
    {
        var sizes = new long[kernel.Count];
        for (int d = 0; d < sizes.Length; d++) sizes[d] = (shape[shape.Rank - sizes.Length + d] - 1) * stride[d] + kernel[d] - 2 * padding[d];
        return Dims.Create(sizes);
    }
}
