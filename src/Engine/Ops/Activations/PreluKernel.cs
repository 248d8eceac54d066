using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>x where positive, else weight * x, with weights that broadcast: what <see cref="Prelu"/> records.</summary>
[Op("_prelu_kernel(self, weight)", Hidden = true)]
public sealed partial record PreluKernel : ComputeOp, IOp<PreluKernel>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((x, w) => x > 0 ? x : w * x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new PreluKernel(), s.Any(3, 4), s.Any(1, 4)), Sample.Of(new PreluKernel(), s.Strided(3, 5), s.Any(1, 1)), Sample.Of(new PreluKernel(), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("prelu_cpu", x[0], x[1], y, new Kernel());

    // Where positive dx, else w dx + x dw.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor self = saved.Input(0), positive = self.Gt(0);
        return input == 0 ? positive.Where(grad, grad * saved.Input(1)) : positive.Where(0, grad * self);
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x, Vector<T> weight) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, x * weight);
    }
}
