using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of hardtanh: grad where self lies strictly inside the bounds or is NaN, else 0.</summary>
[Op("hardtanh_backward(grad_output, self, min_val, max_val)", Hidden = true)]
public sealed partial record HardtanhBackward(Scalar MinVal, Scalar MaxVal) : ComputeOp, IOp<HardtanhBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<HardtanhBackward>((op, g, x) => x <= op.MinVal.Real || x >= op.MaxVal.Real ? 0 : g);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new HardtanhBackward(-1L, 1L), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new HardtanhBackward(-1L, 1L), s.Any(4), s.Any(3, 4)), Sample.Of(new HardtanhBackward(-1L, 1L), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel(MinVal, MaxVal));

    // Linear in the gradient, constant between the steps in self.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.HardtanhBackward(saved.Input(1), MinVal, MaxVal) : saved.Zeros(1);

    private readonly struct Kernel(Scalar low, Scalar high) : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.ConditionalSelect(
            Vector.LessThanOrEqual(x, Vector.Create(low.To<T>())) | Vector.GreaterThanOrEqual(x, Vector.Create(high.To<T>())), Vector<T>.Zero, grad);
    }
}
