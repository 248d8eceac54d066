using System.Numerics;
using System.Runtime.CompilerServices;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// One step of stochastic gradient descent for one parameter in one pass over memory: p becomes p - lr g. With momentum the buffer b becomes momentum b + (1 - dampening) g and p - lr b,
/// or with nesterov p - lr (g + momentum b). The first step only copies g into b: said by is_first_step, or by a state_step of 0, which is then counted.
/// Parameter, gradient and buffer are of one shape and floating dtype.
/// </summary>
/// <remarks>Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning", 2013. In place it rewrites self and its state and gives self; the plain form gives the new values.</remarks>
[Op("_fused_sgd(self&!, grad!, momentum_buffer&?!, state_step&?!, lr~!) -> outputs*", InPlace = true, Page = "torch.optim.SGD")]
public sealed partial record FusedSgd(double WeightDecay = 0, double Momentum = 0, double Dampening = 0, bool Nesterov = false, bool Maximize = false, bool IsFirstStep = false) : UpdateOp, IOp<FusedSgd>
{
    private const int Gradient = 1, Buffer = 2, Step = 3, Rate = 4;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<FusedSgd>(static (op, x) =>
    {
        NdArray? buffer = x[Buffer], step = x[Step];
        bool first = op.IsFirstStep || step?.Values[0] == 0;
        var newBuffer = buffer is null ? null : new NdArray(buffer.Shape, (double[])buffer.Values.Clone());
        var p = NdArray.Build(x[0].Shape, i =>
        {
            double g = (op.Maximize ? -1 : 1) * x[Gradient][i] + op.WeightDecay * x[0][i];
            if (op.Momentum == 0) return x[0][i] - x[Rate].Values[0] * g;
            double b = newBuffer![i] = first ? g : op.Momentum * buffer![i] + (1 - op.Dampening) * g;
            return x[0][i] - x[Rate].Values[0] * (op.Nesterov ? g + op.Momentum * b : b);
        });
        NdArray?[] all = [p, newBuffer, step is null ? null : new NdArray(step.Shape, [step.Values[0] + 1])];
        return [.. all.OfType<NdArray>()];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new FusedSgd(), s.Any(3, 4), s.Any(3, 4), null, null, s.Number(0.1)),
            Sample.Of(new FusedSgd(0.1, Maximize: true), s.Strided(3, 5), s.Any(3, 5), null, null, s.Between(0.01, 0.02)),
            Sample.Of(new FusedSgd(0, 0.9, 0.1), s.Any(5), s.Any(5), s.Any(5), null, s.Number(0.1)),
            Sample.Of(new FusedSgd(0, 0.9, 0.1, IsFirstStep: true), s.Any(5), s.Any(5), s.Any(5), null, s.Number(0.1)),
            Sample.Of(new FusedSgd(0.1, 0.9, Nesterov: true), s.Any(2, 7), s.Any(2, 7), s.Any(2, 7), Count(s, 0), s.Number(0.1)),
            Sample.Of(new FusedSgd(0.1, 0.9, 0.5, Maximize: true), s.Any(), s.Any(), s.Any(), Count(s, 2), s.Number(0.1)),
            Sample.Of(new FusedSgd(), s.Any(0), s.Any(0), null, null, s.Number(0.1)),
        ]
        : [];

    private static Tensor Count(Sampler s, float count) => s.Workspace.FromArray<float>([count], Shape.Scalar);

    /// <inheritdoc/>
    public override void Check(Inputs x)
    {
        OptimizerInputs.CheckLike(x[0], x[Gradient], "grad");
        OptimizerInputs.CheckLike(x[0], x.Optional(Buffer), "momentum_buffer");
        OptimizerInputs.CheckStep(x.Optional(Step));
        OptimizerInputs.CheckRate(x[Rate]);
        OptimizerInputs.CheckNotNegative(Momentum, "momentum");
        OptimizerInputs.CheckNotNegative(WeightDecay, "weight_decay");
        if (Nesterov && (Momentum <= 0 || Dampening != 0)) throw AutogradException.Attribute("Nesterov momentum requires a momentum and zero dampening", TorchErrorType.ValueError);
        if (Momentum != 0 && x.Optional(Buffer) is null) throw AutogradException.Attribute("momentum needs a momentum_buffer", TorchErrorType.ValueError);
    }

    /// <inheritdoc/>
    public override void Update(Inputs x)
    {
        bool first = IsFirstStep;
        if (x.Optional(Step) is { } step) first |= OptimizerInputs.Advance(step) == 1;
        if (x[0].DType == DType.Float32) Update<float>(x, first);
        else Update<double>(x, first);
    }

    private void Update<T>(Inputs x, bool first) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double rate = x[Rate].Item();
        if (Momentum == 0) ParameterUpdate.Run<T, Kernel<T, Off>>(x[0], x[Gradient], [], new(this, rate, first));
        else ParameterUpdate.Run<T, Kernel<T, On>>(x[0], x[Gradient], [x[Buffer]], new(this, rate, first));
    }

    // In the order, and with the roundings, in which torch.optim's single-tensor implementation applies ops one by one.
    private readonly struct Kernel<T, TMomentum>(FusedSgd op, double rate, bool first) : IUpdateKernel<T> where T : unmanaged, IFloatingPointIeee754<T> where TMomentum : struct, ISwitch
    {
        private readonly Vector<T> _sign = Of(op.Maximize ? -1 : 1), _decay = Of(op.WeightDecay), _momentum = Of(op.Momentum), _share = Of(1 - op.Dampening), _rate = Of(-rate);
        private readonly bool _decays = op.WeightDecay != 0, _nesterov = op.Nesterov, _first = first;

        public static int States => TMomentum.IsOn ? 1 : 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref Vector<T> parameter, Vector<T> gradient, ref Vector<T> buffer, ref Vector<T> none, ref Vector<T> noneEither)
        {
            gradient *= _sign;
            if (_decays) gradient += parameter * _decay;
            if (TMomentum.IsOn)
            {
                buffer = _first ? gradient : buffer * _momentum + gradient * _share;
                gradient = _nesterov ? gradient + buffer * _momentum : buffer;
            }
            parameter += gradient * _rate;
        }

        private static Vector<T> Of(double value) => Vector.Create(T.CreateSaturating(value));
    }
}
