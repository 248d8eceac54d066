namespace AutogradService.Client;

/// <summary>The learning rate as a function of the number of steps (or epochs) done: torch.optim.lr_scheduler's, with its values.</summary>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>Counts epochs rather than steps.</summary>
    public bool PerEpoch { get; init; }

    /// <summary>Times a factor that rises linearly, as a LinearLR chained to this by ChainedScheduler; null: none.</summary>
    public LinearFactor? WarmUp { get; init; }

    internal Wire.LearningRateSchedule ToWire()
    {
        var wire = new Wire.LearningRateSchedule { PerEpoch = PerEpoch, WarmUp = WarmUp?.FactorToWire() };
        Fill(wire);
        return wire;
    }

    private protected abstract void Fill(Wire.LearningRateSchedule wire);
}

/// <summary>The same rate throughout; for a warm-up alone.</summary>
public sealed record ConstantRate : LearningRateSchedule
{
    private protected override void Fill(Wire.LearningRateSchedule wire)
    {
    }
}

/// <summary>Times gamma after every so many steps (StepLR).</summary>
/// <param name="StepSize">How many.</param>
/// <param name="Gamma">The factor.</param>
public sealed record StepDecay(long StepSize, double Gamma = 0.1) : LearningRateSchedule
{
    private protected override void Fill(Wire.LearningRateSchedule wire) => wire.Step = new Wire.StepDecay { StepSize = (ulong)StepSize, Gamma = Gamma };
}

/// <summary>Times gamma at each milestone (MultiStepLR).</summary>
/// <param name="Milestones">Numbers of steps, ascending.</param>
/// <param name="Gamma">The factor.</param>
public sealed record MultiStepDecay(IReadOnlyList<long> Milestones, double Gamma = 0.1) : LearningRateSchedule
{
    private protected override void Fill(Wire.LearningRateSchedule wire) => wire.MultiStep = new Wire.MultiStepDecay { Milestones = { Milestones.Select(static m => (ulong)m) }, Gamma = Gamma };
}

/// <summary>Times gamma at every step (ExponentialLR).</summary>
/// <param name="Gamma">The factor.</param>
public sealed record ExponentialDecay(double Gamma) : LearningRateSchedule
{
    private protected override void Fill(Wire.LearningRateSchedule wire) => wire.Exponential = new Wire.ExponentialDecay { Gamma = Gamma };
}

/// <summary>Down along half a cosine, and up again (CosineAnnealingLR).</summary>
/// <param name="TMax">Steps to the lowest rate.</param>
/// <param name="EtaMin">The lowest rate.</param>
public sealed record CosineAnnealing(long TMax, double EtaMin = 0) : LearningRateSchedule
{
    private protected override void Fill(Wire.LearningRateSchedule wire) => wire.Cosine = new Wire.CosineAnnealing { TMax = (ulong)TMax, EtaMin = EtaMin };
}

/// <summary>From one factor to another along a line, then the latter (LinearLR).</summary>
/// <param name="StartFactor">At the start.</param>
/// <param name="EndFactor">At the end.</param>
/// <param name="TotalIters">Steps between them.</param>
public sealed record LinearFactor(double StartFactor = 1.0 / 3, double EndFactor = 1, long TotalIters = 5) : LearningRateSchedule
{
    internal Wire.LinearFactor FactorToWire() => new() { StartFactor = StartFactor, EndFactor = EndFactor, TotalIters = (ulong)TotalIters };

    private protected override void Fill(Wire.LearningRateSchedule wire) => wire.Linear = FactorToWire();
}

/// <summary>Up to the highest rate, then down (OneCycleLR with cycle_momentum=False). The optimizer's own rate plays no part.</summary>
/// <param name="MaxLr">The highest rate.</param>
/// <param name="TotalSteps">Steps of the whole cycle.</param>
/// <param name="PctStart">Share of them in which the rate rises.</param>
/// <param name="Linear">Changes along straight lines rather than cosines.</param>
/// <param name="DivFactor">The first rate is the highest over this.</param>
/// <param name="FinalDivFactor">The last rate is the first over this.</param>
public sealed record OneCycle(double MaxLr, long TotalSteps, double PctStart = 0.3, bool Linear = false, double DivFactor = 25, double FinalDivFactor = 1e4) : LearningRateSchedule
{
    private protected override void Fill(Wire.LearningRateSchedule wire) =>
        wire.OneCycle = new Wire.OneCycle { MaxLr = MaxLr, TotalSteps = (ulong)TotalSteps, PctStart = PctStart, Linear = Linear, DivFactor = DivFactor, FinalDivFactor = FinalDivFactor };
}
