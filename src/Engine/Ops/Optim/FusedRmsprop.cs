using System.Numerics;
using System.Runtime.CompilerServices;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// One step of RMSprop for one parameter in one pass over memory: p becomes p - lr g / (sqrt(v) + eps) with v (square_avg) the running mean of the squared gradient. Given grad_avg, the
/// squared running mean of the gradient is taken from v first (centered); with momentum the quotient goes through momentum_buffer. Counts state_step, if given. Parameter, gradient and
/// state are of one shape and floating dtype.
/// </summary>
/// <remarks>
/// Tieleman and Hinton, "Lecture 6.5 - RMSprop", Coursera: Neural Networks for Machine Learning, 2012; centered: Graves, "Generating Sequences With Recurrent Neural Networks", 2013.
/// In place it rewrites self and its state and gives self; the plain form gives the new values.
/// </remarks>
[Op("_fused_rmsprop(self&!, grad!, square_avg&!, grad_avg&?!, momentum_buffer&?!, state_step&?!, lr~!) -> outputs*", InPlace = true, Page = "torch.optim.RMSprop")]
public sealed partial record FusedRmsprop(double Alpha = 0.99, double WeightDecay = 0, double Eps = 1e-8, double Momentum = 0, bool Maximize = false) : UpdateOp, IOp<FusedRmsprop>
{
    private const int Gradient = 1, Square = 2, Mean = 3, Buffer = 4, Step = 5, Rate = 6;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<FusedRmsprop>(static (op, x) =>
    {
        var news = Array.ConvertAll(x[..Rate], t => t is null ? null : new NdArray(t.Shape, (double[])t.Values.Clone()));
        NdArray p = news[0]!, v = news[Square]!;
        foreach (var i in NdArray.Indices(p.Shape))
        {
            double g = (op.Maximize ? -1 : 1) * x[Gradient][i] + op.WeightDecay * p[i];
            v[i] = op.Alpha * v[i] + (1 - op.Alpha) * g * g;
            double variance = v[i];
            if (news[Mean] is { } mean)
            {
                mean[i] = op.Alpha * mean[i] + (1 - op.Alpha) * g;
                variance -= mean[i] * mean[i];
            }
            double step = g / (Math.Sqrt(variance) + op.Eps);
            if (op.Momentum > 0) step = news[Buffer]![i] = op.Momentum * news[Buffer]![i] + step;
            p[i] -= x[Rate].Values[0] * step;
        }
        if (news[Step] is { } count) count.Values[0]++;
        news[Gradient] = null;
        return [.. news.OfType<NdArray>()];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new FusedRmsprop(), s.Any(3, 4), s.Any(3, 4), s.Positive(3, 4), null, null, Count(s, 0), s.Number(0.1)),
            Sample.Of(new FusedRmsprop(0.9, 0.1, 1e-3, 0, true), s.Strided(3, 5), s.Any(3, 5), s.Between(5, 6, 3, 5), s.Any(3, 5), null, null, s.Between(0.01, 0.02)),
            Sample.Of(new FusedRmsprop(0.9, Momentum: 0.9), s.Any(5), s.Any(5), s.Positive(5), null, s.Any(5), Count(s, 4), s.Number(0.1)),
            Sample.Of(new FusedRmsprop(0.9, 0.1, Momentum: 0.5), s.Any(2, 7), s.Any(2, 7), s.Between(5, 6, 2, 7), s.Any(2, 7), s.Any(2, 7), null, s.Number(0.1)),
            Sample.Of(new FusedRmsprop(), s.Any(0), s.Any(0), s.Any(0), null, null, null, s.Number(0.1)),
        ]
        : [];

    private static Tensor Count(Sampler s, float count) => s.Workspace.FromArray<float>([count], Shape.Scalar);

    /// <inheritdoc/>
    public override void Check(Inputs x)
    {
        OptimizerInputs.CheckLike(x[0], x[Gradient], "grad");
        OptimizerInputs.CheckLike(x[0], x[Square], "square_avg");
        OptimizerInputs.CheckLike(x[0], x.Optional(Mean), "grad_avg");
        OptimizerInputs.CheckLike(x[0], x.Optional(Buffer), "momentum_buffer");
        OptimizerInputs.CheckStep(x.Optional(Step));
        OptimizerInputs.CheckRate(x[Rate]);
        OptimizerInputs.CheckNotNegative(Eps, "epsilon");
        OptimizerInputs.CheckNotNegative(Momentum, "momentum");
        OptimizerInputs.CheckNotNegative(WeightDecay, "weight_decay");
        OptimizerInputs.CheckNotNegative(Alpha, "alpha");
        if (Momentum > 0 && x.Optional(Buffer) is null) throw AutogradException.Attribute("momentum needs a momentum_buffer", TorchErrorType.ValueError);
    }

    /// <inheritdoc/>
    public override void Update(Inputs x)
    {
        if (x.Optional(Step) is { } step) OptimizerInputs.Advance(step);
        if (x[0].DType == DType.Float32) Update<float>(x);
        else Update<double>(x);
    }

    private void Update<T>(Inputs x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double rate = x[Rate].Item();
        Tensor p = x[0], g = x[Gradient], square = x[Square];
        Tensor? mean = x.Optional(Mean), buffer = Momentum > 0 ? x.Optional(Buffer) : null;
        if (mean is null && buffer is null) ParameterUpdate.Run<T, Kernel<T, Off, Off>>(p, g, [square], new(this, rate));
        else if (mean is null) ParameterUpdate.Run<T, Kernel<T, Off, On>>(p, g, [square, buffer], new(this, rate));
        else if (buffer is null) ParameterUpdate.Run<T, Kernel<T, On, Off>>(p, g, [square, mean], new(this, rate));
        else ParameterUpdate.Run<T, Kernel<T, On, On>>(p, g, [square, mean, buffer], new(this, rate));
    }

    // In the order, and with the roundings, in which torch.optim's single-tensor implementation applies ops one by one.
    private readonly struct Kernel<T, TCentered, TMomentum> : IUpdateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> where TCentered : struct, ISwitch where TMomentum : struct, ISwitch
    {
        private readonly Vector<T> _sign, _decay, _alpha, _share, _farShare, _eps, _momentum, _rate;
        private readonly bool _decays, _near;

        public Kernel(FusedRmsprop op, double rate)
        {
            var share = T.CreateSaturating(1 - op.Alpha);
            _near = T.Abs(share) < T.CreateSaturating(0.5);
            _share = Vector.Create(share);
            _farShare = Vector.Create(T.One - share);
            _sign = Of(op.Maximize ? -1 : 1);
            _decay = Of(op.WeightDecay);
            _decays = op.WeightDecay != 0;
            _alpha = Of(op.Alpha);
            _eps = Of(op.Eps);
            _momentum = Of(op.Momentum);
            _rate = Of(-rate);
        }

        public static int States => 1 + (TCentered.IsOn ? 1 : 0) + (TMomentum.IsOn ? 1 : 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> parameter, Vector<T> gradient, ref Vector<T> square, ref Vector<T> second, ref Vector<T> third)
        {
            gradient *= _sign;
            if (_decays) gradient += parameter * _decay;
            square = square * _alpha + gradient * _share * gradient;
            var variance = square;
            if (TCentered.IsOn)
            {
                var distance = gradient - second;
                second = _near ? second + _share * distance : gradient - distance * _farShare;
                variance -= second * second;
            }
            var divisor = Vector.SquareRoot(variance) + _eps;
            if (!TMomentum.IsOn)
            {
                parameter += gradient * _rate / divisor;
                return;
            }
            ref var buffer = ref TCentered.IsOn ? ref third : ref second;
            buffer = buffer * _momentum + gradient / divisor;
            parameter += buffer * _rate;
        }

        private static Vector<T> Of(double value) => Vector.Create(T.CreateSaturating(value));
    }
}
