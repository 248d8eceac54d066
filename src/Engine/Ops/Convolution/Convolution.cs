using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// What every convolution records, for one to three spatial dims: y[n, o, q] = bias[o] + sum over i, k of weight[o, i, k] input[n, i, q stride + k dilation - padding], over the channels i of
/// o's group; transposed, the gradient of that with respect to the input, output_padding larger at the end.
/// </summary>
[Op("convolution(input, weight, bias?, stride, padding, dilation, transposed, output_padding, groups)")]
public sealed partial record Convolution(Dims Stride, Dims Padding, Dims Dilation, bool Transposed, Dims OutputPadding, long Groups) : ComputeOp, IOp<Convolution>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Convolution>((op, x) => op.Expanded(x[1].Shape.Rank - 2).Define(x[0], x[1], x[2]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Convolution([1], [0], [1], false, [0], 1), s.Any(2, 3, 5), s.Any(2, 3, 3), s.Any(2)),
        Sample.Of(new Convolution([2, 1], [1, 2], [1, 2], false, [0, 0], 2), s.Any(2, 4, 4, 3), s.Any(2, 2, 3, 2), s.Any(2)),
        Sample.Of(new Convolution([1], [0], [1], false, [0], 1), s.Any(2, 3, 2, 2), s.Any(4, 3, 1, 1), null),
        Sample.Of(new Convolution([1, 2, 1], [1, 0, 1], [1], false, [0], 1), s.Any(1, 2, 2, 3, 2), s.Any(2, 2, 2, 2, 3), s.Any(2)),
        Sample.Of(new Convolution([2, 3], [1, 0], [1, 2], true, [1, 2], 2), s.Any(1, 2, 2, 2), s.Any(2, 2, 3, 2), s.Any(4)),
        Sample.Of(new Convolution([1], [1], [3], true, [2], 1), s.Any(2, 2, 3), s.Any(2, 3, 2), null),
        Sample.Of(new Convolution([1], [1], [1], false, [0], 1), s.Any(0, 2, 3), s.Any(2, 2, 3), s.Any(2)),
        Sample.Of(new Convolution([3], [0], [1], true, [0], 1), s.Any(1, 2, 3), s.Any(2, 1, 2), s.Any(1)),
    ];

    /// <summary>Each factor is kept only if the other's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[1] ? Engine.Saves.Input(0) : default) | (needs[0] ? Engine.Saves.Input(1) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => Transposed ? 2 * inputs[0].Shape.Numel * (inputs[1].Shape.Numel / Math.Max(1, inputs[1].Shape[0])) : 2 * output.Shape.Numel * (inputs[1].Shape.Numel / Math.Max(1, inputs[1].Shape[0]));

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Tensor input = x[0], weight = x[1];
        if (weight.Dim < 3) throw AutogradException.Shape("weight should have at least three dimensions");
        if (Groups <= 0) throw AutogradException.Attribute("non-positive groups is not supported");
        if (weight.Dim > 5) throw AutogradException.Shape($"convolution takes one to three spatial dims, but got weight of size {weight.Shape}");
        var shape = Expanded(weight.Dim - 2).OutputShape(input.Shape, weight.Shape, x.Optional(2)?.Shape);
        if (input.DType != weight.DType) throw Mismatch(input, weight);
        if (x.Optional(2) is { } bias && bias.DType != input.DType) throw Mismatch(input, bias);
        if (!input.DType.IsFloatingPoint && input.DType != DType.Int64)
            throw AutogradException.DTypeUnsupported(weight.Dim == 5 ? Transposed ? "slow_conv_transpose3d_out_cpu" : "slow_conv3d_cpu" : Transposed ? "slow_conv_transpose2d_out_cpu" : "slow_conv2d_cpu", input.DType);
        return new(shape, input.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        Tensor input = y.Workspace.RawContiguous(x[0]), weight = y.Workspace.RawContiguous(x[1]);
        var plans = Expanded(weight.Dim - 2).Plans(input.Shape, weight.Shape, y.Shape);
        // Sums go on top of what is there where there is a bias, where some places see no input at all, and for integers.
        bool adds = x.Optional(2) is not null || !y.DType.IsFloatingPoint;
        foreach (var plan in plans) adds |= plan.Depth == 0;
        if (x.Optional(2) is { } bias) Transfer.Into(Part.Over(bias, new(y.Shape, [0, bias.Strides[0], .. new long[y.Dim - 2]], bias.Offset)), y);
        else if (adds) Kernels.Fill.All(y, 0L);
        foreach (var plan in plans)
        {
            if (plan.Depth == 0) continue;
            DTypes.Dispatch(y.DType, new Action(plan, input, weight, y, Transposed, adds));
        }
    }

    // The input's gradient is the transposed convolution of the output's with the same weight, and the other way round. A weight's gradient sums, over all places, the output's gradient times
    // what the weight met there; transposed, input and output change roles. The bias' is the sum over everything but the channels.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var geometry = Expanded(grad.Dim - 2);
        switch (input)
        {
            case 0:
                var weight = saved.Input(1);
                if (Transposed) return ConvolutionGeometry.Cut(saved.Workspace.Apply(Mirrored(false, OutputPadding.Count == 0 ? [] : [0]), grad, weight, null), saved.Shape(0));
                return saved.Workspace.Apply(Mirrored(true, geometry.OutputPaddingFor(saved.Shape(0), grad.Shape, weight.Shape.Sizes[2..])), grad, weight, null);
            case 1:
                var kernel = Dims.Create(saved.Shape(1).Sizes[2..]);
                var (small, large) = Transposed ? (saved.Input(0), grad) : (grad, saved.Input(0));
                return small.ConvolutionBackwardWeight(large, kernel, geometry.Stride, geometry.Padding, geometry.Dilation, Groups);
            default:
                return grad.Sum(Dims.Create([0, .. Enumerable.Range(2, grad.Dim - 2).Select(d => (long)d)]));
        }
    }

    private Convolution Mirrored(bool transposed, Dims outputPadding) => new(Stride, Padding, Dilation, transposed, outputPadding, Groups);

    private ConvolutionGeometry Expanded(int rank) =>
        new(Expand(Stride, "stride", rank), Expand(Padding, "padding", rank), Expand(Dilation, "dilation", rank), Transposed, Expand(OutputPadding, "output_padding", rank), Groups);

    private static Dims Expand(Dims values, string name, int rank)
    {
        if (values.Count == rank) return values;
        if (values.Count != 1)
            throw AutogradException.Attribute($"expected {name} to be a single integer value or a list of {rank} values to match the convolution dimensions, but got {name}={values}");
        var all = new long[rank];
        Array.Fill(all, values[0]);
        return Dims.Create(all);
    }

    private static AutogradException Mismatch(Tensor input, Tensor other) =>
        new(ErrorReason.DtypeUnsupported, $"expected scalar type {input.DType.TorchName} but found {other.DType.TorchName}");

    private readonly unsafe ref struct Action(ConvolutionPlan plan, Tensor input, Tensor weight, Tensor y, bool transposed, bool adds) : IDTypeAction
    {
        private readonly ConvolutionPlan _plan = plan;
        private readonly Tensor _input = input, _weight = weight, _y = y;
        private readonly bool _transposed = transposed, _adds = adds;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            using var scope = _y.Workspace.Scope();
            var weights = _weight.Pointer<T>();
            if (_transposed || !_plan.IsWhole)
            {
                weights = Room<T>(_plan.Groups * _plan.Rows * _plan.Depth);
                _plan.Weights(_weight.Pointer<T>(), _transposed, weights);
            }
            T* x = _input.Pointer<T>(), y = _y.Pointer<T>();
            if (typeof(T) == typeof(float)) ConvolutionGemm.Forward(_plan, (float*)weights, (float*)x, (float*)y, _adds, Room<float>(ConvolutionGemm.PackedSize(_plan)));
            else if (typeof(T) == typeof(double)) ConvolutionGemm.Forward(_plan, (double*)weights, (double*)x, (double*)y, _adds, Room<double>(ConvolutionGemm.PackedSize(_plan)));
            else ConvolutionGemm.ForwardPortable(_plan, weights, x, y, Room<T>(_plan.Depth * _plan.Columns), Room<T>(_plan.Rows * _plan.Columns));
        }

        private T* Room<T>(long elements) where T : unmanaged => _y.Workspace.RawEmpty(Shape.Of(elements), _y.DType).Pointer<T>();
    }
}
