using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The factors of dropout, of a tensor's shape and dtype: 0 with probability p, else 1 / (1 - p).</summary>
[Op("dropout_noise(self!, p)", Hidden = true)]
public sealed partial record DropoutNoise(double P) : ComputeOp, IOp<DropoutNoise>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random: tests/Engine.Tests/Ops/DropoutTests checks the rate, the scale and the gradient");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new DropoutNoise(0.5), s.Any(3, 4)), Sample.ForwardOnly(new DropoutNoise(1), s.Any(3))];

    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => DTypes.DispatchFloat("dropout", y.DType, new Action(P, y));

    private readonly ref struct Action(double p, Tensor noise) : IFloatAction
    {
        private readonly double _p = p;
        private readonly Tensor _noise = noise;

        public unsafe void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var random = _noise.Workspace.Random;
            WorkerPool.For(_noise.Numel, 1 << 12, new Job<T>(random, random.Reserve(_noise.Numel), _p, _noise.Pointer<T>()));
        }
    }

    private readonly unsafe struct Job<T>(Philox random, ulong first, double p, T* noise) : IRangeBody where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly T* _noise = noise;

        public void Invoke(long from, long to)
        {
            // With p = 1 nothing is kept, and what its scale would be does not matter.
            T kept = T.CreateTruncating(1 / (1 - p));
            for (long i = from; i < to; i++) _noise[i] = random.Uniform(first + (ulong)i) < p ? T.Zero : kept;
        }
    }
}
