using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The gradient of a convolution's weight: for every weight, the sum over all places of grad_output times the input that it met there.</summary>
[Op("convolution_backward_weight(grad_output, input, kernel_size, stride, padding, dilation, groups)", Hidden = true)]
public sealed partial record ConvolutionBackwardWeight(Dims KernelSize, Dims Stride, Dims Padding, Dims Dilation, long Groups) : ComputeOp, IOp<ConvolutionBackwardWeight>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ConvolutionBackwardWeight>((op, x) =>
    {
        var w = new NdArray(op.WeightShape(x[0].Shape, x[1].Shape).Sizes);
        op.Geometry.ForEachProduct(x[1].Shape, x[0].Shape, w.Shape, (large, small, tap) => w[tap] += x[0][small] * x[1][large]);
        return w;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ConvolutionBackwardWeight([3], [1], [0], [1], 1), s.Any(2, 2, 3), s.Any(2, 3, 5)),
        Sample.Of(new ConvolutionBackwardWeight([3, 2], [2, 1], [1, 2], [1, 2], 2), s.Any(2, 2, 2, 5), s.Any(2, 4, 4, 3)),
        Sample.Of(new ConvolutionBackwardWeight([1, 1], [1, 1], [0, 0], [1, 1], 1), s.Any(2, 4, 2, 2), s.Any(2, 3, 2, 2)),
        Sample.Of(new ConvolutionBackwardWeight([2, 2, 3], [1, 2, 1], [1, 0, 1], [1, 1, 1], 1), s.Any(1, 2, 3, 1, 2), s.Any(1, 1, 2, 3, 2)),
        Sample.Of(new ConvolutionBackwardWeight([2], [1], [0], [1], 1), s.Any(0, 2, 2), s.Any(0, 3, 3)),
    ];

    private ConvolutionGeometry Geometry => new(Stride, Padding, Dilation, false, Stride, Groups);

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "ConvolutionBackwardBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => (needs[1] ? Engine.Saves.Input(0) : default) | (needs[0] ? Engine.Saves.Input(1) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * inputs[0].Shape.Numel * (output.Shape.Numel / Math.Max(1, output.Shape[0]));

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(WeightShape(x[0].Shape, x[1].Shape), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Tensor grad = y.Workspace.RawContiguous(x[0]), input = y.Workspace.RawContiguous(x[1]);
        DTypes.Dispatch(y.DType, new Action(Geometry.Plans(input.Shape, y.Shape, grad.Shape)[0], grad, input, y));
    }

    // Linear in both: what a weight's gradient does to grad_output is a convolution of the input with it, and to the input a transposed one of grad_output.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 0) return ConvolutionGeometry.Cut(saved.Workspace.Apply(new Convolution(Stride, Padding, Dilation, false, [0], Groups), saved.Input(1), grad, null), saved.Shape(0));
        var outputPadding = Geometry.OutputPaddingFor(saved.Shape(1), saved.Shape(0), KernelSize.Values);
        return saved.Workspace.Apply(new Convolution(Stride, Padding, Dilation, true, outputPadding, Groups), saved.Input(0), grad, null);
    }

    private Shape WeightShape(Shape small, Shape large) => Shape.Of([small[1], large[1] / Groups, .. KernelSize.Values]);

    private readonly unsafe ref struct Action(ConvolutionPlan plan, Tensor grad, Tensor input, Tensor y) : IDTypeAction
    {
        private readonly ConvolutionPlan _plan = plan;
        private readonly Tensor _grad = grad, _input = input, _y = y;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (typeof(T) == typeof(float)) ConvolutionGemm.WeightGradient(_plan, _grad.Pointer<float>(), _input.Pointer<float>(), _y.Pointer<float>());
            else if (typeof(T) == typeof(double)) ConvolutionGemm.WeightGradient(_plan, _grad.Pointer<double>(), _input.Pointer<double>(), _y.Pointer<double>());
            else ConvolutionGemm.WeightGradientPortable(_plan, _grad.Pointer<T>(), _input.Pointer<T>(), _y.Pointer<T>(), _y.Workspace.RawEmpty(Shape.Of(_plan.Depth * _plan.Columns), _y.DType).Pointer<T>());
        }
    }
}
