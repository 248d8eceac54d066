using System.Numerics;
using System.Runtime.CompilerServices;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The step that Adam and AdamW share; they differ in where the weight decays.</summary>
public abstract record AdamStep : UpdateOp
{
    private const int Gradient = 1, Mean = 2, Square = 3, Largest = 4, Step = 5, Rate = 6;

    private protected AdamStep()
    {
    }

    private protected abstract (double Beta1, double Beta2, double WeightDecay, double Eps, bool Maximize) Settings { get; }

    /// <summary>Whether the weight decays by itself (AdamW) rather than through the gradient.</summary>
    private protected abstract bool Decoupled { get; }

    private protected static IEnumerable<Sample> SamplesOf(Sampler s, Op plain, Op decaying) => s.IsFloat
        ?
        [
            Sample.Of(plain, s.Any(3, 4), s.Any(3, 4), s.Any(3, 4), s.Positive(3, 4), null, Count(s, 0), s.Number(0.1)),
            Sample.Of(decaying, s.Any(5), s.Any(5), s.Any(5), s.Positive(5), s.Positive(5), Count(s, 7), s.Between(0.01, 0.02)),
            Sample.Of(plain, s.Strided(5, 7), s.Any(5, 7), s.Any(5, 7), s.Positive(5, 7), s.Positive(5, 7), Count(s, 2), s.Number(0.1)),
            Sample.Of(plain, s.Any(), s.Any(), s.Any(), s.Positive(), null, Count(s, 3), s.Number(0.1)),
            Sample.Of(plain, s.Any(0), s.Any(0), s.Any(0), s.Any(0), null, Count(s, 0), s.Number(0.1)),
        ]
        : [];

    private static Tensor Count(Sampler s, float count) => s.Workspace.FromArray<float>([count], Shape.Scalar);

    private protected static NdArray[] Define(AdamStep op, NdArray?[] x)
    {
        var (beta1, beta2, decay, eps, maximize) = op.Settings;
        double step = x[Step]![[]] + 1, rate = x[Rate]![[]];
        NdArray p = Copy(x[0]!), m = Copy(x[Mean]!), v = Copy(x[Square]!);
        NdArray? top = x[Largest] is { } t ? Copy(t) : null;
        foreach (var i in NdArray.Indices(p.Shape))
        {
            double g = maximize ? -x[Gradient]![i] : x[Gradient]![i];
            if (op.Decoupled) p[i] *= 1 - rate * decay;
            else g += decay * p[i];
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            if (top is not null) top[i] = Math.Max(top[i], v[i]);
            double unbiased = (top ?? v)[i] / (1 - Math.Pow(beta2, step));
            p[i] -= rate * (m[i] / (1 - Math.Pow(beta1, step))) / (Math.Sqrt(unbiased) + eps);
        }
        var count = new NdArray(x[Step]!.Shape, [step]);
        return top is null ? [p, m, v, count] : [p, m, v, top, count];
    }

    private static NdArray Copy(NdArray x) => new(x.Shape, (double[])x.Values.Clone());

    /// <inheritdoc/>
    public override void Check(Inputs x)
    {
        OptimizerInputs.CheckLike(x[0], x[Gradient], "grad");
        OptimizerInputs.CheckLike(x[0], x[Mean], "exp_avg");
        OptimizerInputs.CheckLike(x[0], x[Square], "exp_avg_sq");
        OptimizerInputs.CheckLike(x[0], x.Optional(Largest), "max_exp_avg_sq");
        OptimizerInputs.CheckStep(x[Step]);
        OptimizerInputs.CheckRate(x[Rate]);
        var (beta1, beta2, decay, eps, _) = Settings;
        OptimizerInputs.CheckBeta(beta1, 0);
        OptimizerInputs.CheckBeta(beta2, 1);
        OptimizerInputs.CheckNotNegative(decay, "weight_decay");
        OptimizerInputs.CheckNotNegative(eps, "epsilon");
    }

    /// <inheritdoc/>
    public override void Update(Inputs x)
    {
        double step = OptimizerInputs.Advance(x[Step]), rate = x[Rate].Item();
        if (x[0].DType == DType.Float32) Update<float>(x, step, rate);
        else Update<double>(x, step, rate);
    }

    private void Update<T>(Inputs x, double step, double rate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Optional(Largest) is { } largest) ParameterUpdate.Run<T, Kernel<T, On>>(x[0], x[Gradient], [x[Mean], x[Square], largest], new(this, step, rate));
        else ParameterUpdate.Run<T, Kernel<T, Off>>(x[0], x[Gradient], [x[Mean], x[Square]], new(this, step, rate));
    }

    // In the order, and with the roundings, in which torch.optim's single-tensor implementation applies ops one by one.
    private readonly struct Kernel<T, TAmsgrad> : IUpdateKernel<T> where T : unmanaged, IFloatingPointIeee754<T> where TAmsgrad : struct, ISwitch
    {
        private readonly Vector<T> _weight, _farWeight, _beta2, _squareWeight, _root, _eps, _stepSize, _decay, _sign;
        private readonly bool _decoupled, _coupled, _near;

        public Kernel(AdamStep op, double step, double rate)
        {
            var (beta1, beta2, decay, eps, maximize) = op.Settings;
            var weight = T.CreateSaturating(1 - beta1);
            _near = T.Abs(weight) < T.CreateSaturating(0.5);
            _weight = Vector.Create(weight);
            _farWeight = Vector.Create(T.One - weight);
            _beta2 = Of(beta2);
            _squareWeight = Of(1 - beta2);
            _root = Of(Math.Sqrt(1 - Math.Pow(beta2, step)));
            _eps = Of(eps);
            _stepSize = Of(-(rate / (1 - Math.Pow(beta1, step))));
            _sign = Of(maximize ? -1 : 1);
            _decoupled = op.Decoupled && decay != 0;
            _coupled = !op.Decoupled && decay != 0;
            _decay = Of(_decoupled ? 1 - rate * decay : decay);
        }

        public static int States => TAmsgrad.IsOn ? 3 : 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> parameter, Vector<T> gradient, ref Vector<T> mean, ref Vector<T> square, ref Vector<T> largest)
        {
            gradient *= _sign;
            if (_decoupled) parameter *= _decay;
            if (_coupled) gradient += parameter * _decay;
            var distance = gradient - mean;
            mean = _near ? mean + _weight * distance : gradient - distance * _farWeight;
            square = square * _beta2 + gradient * _squareWeight * gradient;
            var used = square;
            if (TAmsgrad.IsOn) used = largest = Vector.Max(largest, square);
            parameter += mean * _stepSize / (Vector.SquareRoot(used) / _root + _eps);
        }

        private static Vector<T> Of(double value) => Vector.Create(T.CreateSaturating(value));
    }
}
