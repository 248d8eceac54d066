using AutogradService.Engine;
using AutogradService.Engine.Ops;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Training;

/// <summary>An optimizer of torch.optim: which op takes a step, and what it keeps for each parameter.</summary>
internal sealed class OptimizerAlgorithm
{
    private readonly Op _op;
    private readonly Func<Tensor, Tensor, ReadOnlySpan<Tensor>, Tensor?, Tensor, Tensor?[]> _operands;

    private OptimizerAlgorithm(Op op, double rate, int kept, bool counts, Func<Tensor, Tensor, ReadOnlySpan<Tensor>, Tensor?, Tensor, Tensor?[]> operands)
    {
        _op = op;
        Rate = rate;
        Kept = kept;
        Counts = counts;
        _operands = operands;
    }

    /// <summary>Learning rate.</summary>
    public double Rate { get; }

    /// <summary>Tensors kept for each parameter.</summary>
    public int Kept { get; }

    /// <summary>Whether it cannot do without the number of steps.</summary>
    public bool Counts { get; }

    /// <summary>Reads an optimizer.</summary>
    /// <param name="given">The optimizer.</param>
    /// <param name="field">Where it stands, for refusals.</param>
    /// <exception cref="Refusal">INVALID_FIELD.</exception>
    public static OptimizerAlgorithm Of(Wire.Optimizer? given, string field)
    {
        switch (given?.AlgorithmCase)
        {
            case Wire.Optimizer.AlgorithmOneofCase.Sgd:
                var sgd = given.Sgd;
                if (sgd.Nesterov && (sgd.Momentum <= 0 || sgd.Dampening != 0)) throw Refusal.InvalidField($"{field}.sgd.nesterov", "Nesterov momentum requires a momentum and zero dampening");
                return new OptimizerAlgorithm(
                    new FusedSgd(AtLeast0(sgd.WeightDecay, "sgd.weight_decay"), AtLeast0(sgd.Momentum, "sgd.momentum"), Finite(sgd.Dampening, "sgd.dampening"), sgd.Nesterov, sgd.Maximize),
                    AtLeast0(sgd.HasLr ? sgd.Lr : 1e-3, "sgd.lr"), sgd.Momentum != 0 ? 1 : 0, sgd.Momentum != 0,
                    static (p, g, kept, step, rate) => [p, g, kept.Length > 0 ? kept[0] : null, step, rate]);
            case Wire.Optimizer.AlgorithmOneofCase.Adam:
                var adam = given.Adam;
                return new OptimizerAlgorithm(
                    new FusedAdam(Beta(adam.HasBeta1 ? adam.Beta1 : 0.9, "adam.beta1"), Beta(adam.HasBeta2 ? adam.Beta2 : 0.999, "adam.beta2"), AtLeast0(adam.WeightDecay, "adam.weight_decay"), AtLeast0(adam.HasEps ? adam.Eps : 1e-8, "adam.eps"), adam.Maximize),
                    AtLeast0(adam.HasLr ? adam.Lr : 1e-3, "adam.lr"), adam.Amsgrad ? 3 : 2, true, AdamOperands);
            case Wire.Optimizer.AlgorithmOneofCase.AdamW:
                var adamW = given.AdamW;
                return new OptimizerAlgorithm(
                    new FusedAdamw(Beta(adamW.HasBeta1 ? adamW.Beta1 : 0.9, "adam_w.beta1"), Beta(adamW.HasBeta2 ? adamW.Beta2 : 0.999, "adam_w.beta2"), AtLeast0(adamW.HasWeightDecay ? adamW.WeightDecay : 1e-2, "adam_w.weight_decay"), AtLeast0(adamW.HasEps ? adamW.Eps : 1e-8, "adam_w.eps"), adamW.Maximize),
                    AtLeast0(adamW.HasLr ? adamW.Lr : 1e-3, "adam_w.lr"), adamW.Amsgrad ? 3 : 2, true, AdamOperands);
            case Wire.Optimizer.AlgorithmOneofCase.RmsProp:
                var rms = given.RmsProp;
                bool moves = AtLeast0(rms.Momentum, "rms_prop.momentum") > 0, centered = rms.Centered;
                return new OptimizerAlgorithm(
                    new FusedRmsprop(AtLeast0(rms.HasAlpha ? rms.Alpha : 0.99, "rms_prop.alpha"), AtLeast0(rms.WeightDecay, "rms_prop.weight_decay"), AtLeast0(rms.HasEps ? rms.Eps : 1e-8, "rms_prop.eps"), rms.Momentum, rms.Maximize),
                    AtLeast0(rms.HasLr ? rms.Lr : 1e-2, "rms_prop.lr"), 1 + (moves ? 1 : 0) + (centered ? 1 : 0), false,
                    (p, g, kept, step, rate) => [p, g, kept[0], centered ? kept[^1] : null, moves ? kept[1] : null, step, rate]);
            default:
                throw Refusal.Missing(field);
        }

        double Finite(double value, string name) => double.IsFinite(value) ? value : throw Refusal.InvalidField($"{field}.{name}", "must be a finite number");
        double AtLeast0(double value, string name) => Finite(value, name) >= 0 ? value : throw Refusal.InvalidField($"{field}.{name}", "must not be negative");
        double Beta(double value, string name) => value is >= 0 and < 1 ? value : throw Refusal.InvalidField($"{field}.{name}", "must be at least 0 and below 1");

        static Tensor?[] AdamOperands(Tensor p, Tensor g, ReadOnlySpan<Tensor> kept, Tensor? step, Tensor rate) => [p, g, kept[0], kept[1], kept.Length > 2 ? kept[2] : null, step, rate];
    }

    /// <summary>Takes a step with one parameter, in place.</summary>
    /// <param name="workspace">Where the parameter lives.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient; read only.</param>
    /// <param name="kept">What is kept for it.</param>
    /// <param name="step">The number of steps done, which is counted up; null if there is none.</param>
    /// <param name="rate">The learning rate, a 0-d tensor.</param>
    public void Step(Workspace workspace, Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> kept, Tensor? step, Tensor rate) =>
        workspace.ApplyInPlace(_op, _operands(parameter, gradient, kept, step, rate));
}
