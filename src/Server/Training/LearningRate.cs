using AutogradService.Server.Errors;

namespace AutogradService.Server.Training;

/// <summary>The learning rate as a function of the number of steps or epochs done: torch.optim.lr_scheduler's closed forms.</summary>
internal sealed class LearningRate
{
    private readonly Func<double, ulong, double> _at;
    private readonly Func<ulong, double> _warmUp;

    private LearningRate(Func<double, ulong, double> at, Func<ulong, double> warmUp, bool perEpoch)
    {
        _at = at;
        _warmUp = warmUp;
        PerEpoch = perEpoch;
    }

    /// <summary>Whether epochs are counted.</summary>
    public bool PerEpoch { get; }

    /// <summary>Reads a schedule.</summary>
    /// <exception cref="Refusal">INVALID_FIELD.</exception>
    public static LearningRate Of(Wire.LearningRateSchedule? given, string field)
    {
        given ??= new Wire.LearningRateSchedule();
        Func<double, ulong, double> at = given.KindCase switch
        {
            Wire.LearningRateSchedule.KindOneofCase.Step => Step(given.Step, field),
            Wire.LearningRateSchedule.KindOneofCase.MultiStep => MultiStep(given.MultiStep, field),
            Wire.LearningRateSchedule.KindOneofCase.Exponential => Exponential(Positive(given.Exponential.Gamma, $"{field}.exponential.gamma")),
            Wire.LearningRateSchedule.KindOneofCase.Cosine => Cosine(given.Cosine, field),
            Wire.LearningRateSchedule.KindOneofCase.Linear => Times(Linear(given.Linear, $"{field}.linear")),
            Wire.LearningRateSchedule.KindOneofCase.OneCycle => OneCycle(given.OneCycle, $"{field}.one_cycle"),
            _ => static (rate, _) => rate,
        };
        return new LearningRate(at, given.WarmUp is { } warmUp ? Linear(warmUp, $"{field}.warm_up") : static _ => 1, given.PerEpoch);
    }

    /// <summary>The rate after t steps or epochs.</summary>
    public double At(double rate, ulong t) => _at(rate, t) * _warmUp(t);

    private static Func<double, ulong, double> Step(Wire.StepDecay given, string field)
    {
        ulong every = given.StepSize > 0 ? given.StepSize : throw Refusal.InvalidField($"{field}.step.step_size", "must be above 0");
        double gamma = given.HasGamma ? Positive(given.Gamma, $"{field}.step.gamma") : 0.1;
        return (rate, t) => rate * Math.Pow(gamma, t / every);
    }

    private static Func<double, ulong, double> MultiStep(Wire.MultiStepDecay given, string field)
    {
        ulong[] milestones = [.. given.Milestones];
        for (int i = 1; i < milestones.Length; i++)
            if (milestones[i] < milestones[i - 1]) throw Refusal.InvalidField($"{field}.multi_step.milestones", "must ascend");
        double gamma = given.HasGamma ? Positive(given.Gamma, $"{field}.multi_step.gamma") : 0.1;
        return (rate, t) =>
        {
            int passed = 0;
            while (passed < milestones.Length && milestones[passed] <= t) passed++;
            return rate * Math.Pow(gamma, passed);
        };
    }

    private static Func<double, ulong, double> Exponential(double gamma) => (rate, t) => rate * Math.Pow(gamma, t);

    private static Func<double, ulong, double> Cosine(Wire.CosineAnnealing given, string field)
    {
        double half = given.TMax > 0 ? given.TMax : throw Refusal.InvalidField($"{field}.cosine.t_max", "must be above 0");
        double least = double.IsFinite(given.EtaMin) && given.EtaMin >= 0 ? given.EtaMin : throw Refusal.InvalidField($"{field}.cosine.eta_min", "must not be negative");
        return (rate, t) => least + (rate - least) * (1 + Math.Cos(Math.PI * t / half)) / 2;
    }

    private static Func<ulong, double> Linear(Wire.LinearFactor given, string field)
    {
        double start = given.HasStartFactor ? given.StartFactor : 1.0 / 3, end = given.HasEndFactor ? given.EndFactor : 1, total = given.TotalIters > 0 ? given.TotalIters : 5;
        if (!(start is > 0 and <= 1)) throw Refusal.InvalidField($"{field}.start_factor", "must be above 0 and at most 1");
        if (!(end is >= 0 and <= 1)) throw Refusal.InvalidField($"{field}.end_factor", "must be from 0 to 1");
        return t => start + (end - start) * Math.Min(t, total) / total;
    }

    private static Func<double, ulong, double> Times(Func<ulong, double> factor) => (rate, t) => rate * factor(t);

    private static Func<double, ulong, double> OneCycle(Wire.OneCycle given, string field)
    {
        double top = Positive(given.MaxLr, $"{field}.max_lr"), rising = given.HasPctStart ? given.PctStart : 0.3;
        if (!(rising is >= 0 and <= 1)) throw Refusal.InvalidField($"{field}.pct_start", "must be from 0 to 1");
        if (given.TotalSteps < 2) throw Refusal.InvalidField($"{field}.total_steps", "must be at least 2");
        double first = top / (given.HasDivFactor ? Positive(given.DivFactor, $"{field}.div_factor") : 25);
        double last = first / (given.HasFinalDivFactor ? Positive(given.FinalDivFactor, $"{field}.final_div_factor") : 1e4);
        // PyTorch's ends of the phases; the first may lie before the first step.
        double peak = rising * given.TotalSteps - 1, end = given.TotalSteps - 1.0;
        bool linear = given.Linear;
        return (_, t) =>
        {
            double at = Math.Min(t, end);
            return at <= peak ? Anneal(first, top, at / peak) : Anneal(top, last, (at - peak) / (end - peak));
        };

        double Anneal(double from, double to, double share) => linear ? (to - from) * share + from : to + (from - to) / 2 * (Math.Cos(Math.PI * share) + 1);
    }

    private static double Positive(double value, string field) => value > 0 && double.IsFinite(value) ? value : throw Refusal.InvalidField(field, "must be a positive number");
}
