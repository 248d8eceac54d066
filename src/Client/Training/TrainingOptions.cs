namespace AutogradService.Client;

/// <summary>Bounds gradients before the optimizer sees them.</summary>
/// <param name="Norm">Scales all gradients together down to this norm if theirs is larger (clip_grad_norm_); null: not.</param>
/// <param name="Value">Clamps every element to plus or minus this (clip_grad_value_); null: not.</param>
/// <param name="NormType">Which norm; infinity is the largest absolute value.</param>
public sealed record GradientClipping(double? Norm = null, double? Value = null, double NormType = 2)
{
    internal Wire.GradientClipping ToWire()
    {
        var wire = new Wire.GradientClipping { NormType = NormType };
        if (Norm is { } norm) wire.Norm = norm;
        if (Value is { } value) wire.Value = value;
        return wire;
    }
}

/// <summary>How a training goes.</summary>
public sealed record TrainingOptions
{
    /// <summary>Rows of the datasets in a batch. The last batch of an epoch has those that are left.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Leaves such a smaller batch out.</summary>
    public bool DropLast { get; init; }

    /// <summary>Stops after so many epochs; null: not by that.</summary>
    public int? Epochs { get; init; }

    /// <summary>Stops after so many steps; null: not by that.</summary>
    public long? Steps { get; init; }

    /// <summary>Takes the rows of epoch e, from 0, in the order that <c>Randperm</c> gives under the seed ShuffleSeed + e; null: in order.</summary>
    public ulong? ShuffleSeed { get; init; }

    /// <summary>The i-th batch ever, from 0, draws its random numbers under the seed Seed + i, as an eager run after <c>ManualSeed(Seed + i)</c> does; null: others each time.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The learning rate's course; null: the optimizer's throughout.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Bounds for gradients; null: none.</summary>
    public GradientClipping? Clipping { get; init; }

    /// <summary>Gradients of so many batches are summed for one step.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Divides that sum by the number of batches.</summary>
    public bool AverageAccumulated { get; init; }

    /// <summary>Tells progress after every so many steps, or more rarely where steps take little time.</summary>
    public int ReportEvery { get; init; } = 1;

    /// <summary>Tells the gradients' norm also where nothing is clipped by it.</summary>
    public bool WithGradientNorm { get; init; }
}

/// <summary>Where a parameter of a trained function comes from.</summary>
public sealed class TrainingInput
{
    private TrainingInput(Tensor? tensor, Wire.TrainingInput.SourceOneofCase source)
    {
        Tensor = tensor;
        Source = source;
    }

    /// <summary>Each batch brings it.</summary>
    public static TrainingInput FromBatch { get; } = new(null, Wire.TrainingInput.SourceOneofCase.Batch);

    internal Tensor? Tensor { get; }

    internal Wire.TrainingInput.SourceOneofCase Source { get; }

    /// <summary>A tensor with a row for each example, along its first dimension: batches of its rows are given.</summary>
    public static TrainingInput Rows(Tensor dataset) => new(dataset, Wire.TrainingInput.SourceOneofCase.Dataset);

    /// <summary>A tensor that is the same for every batch; one that the optimizer updates is trained.</summary>
    public static implicit operator TrainingInput(Tensor tensor) => new(tensor, Wire.TrainingInput.SourceOneofCase.Constant);
}

/// <summary>How far a training is.</summary>
public sealed record TrainingProgress
{
    internal TrainingProgress(Wire.TrainResponse wire)
    {
        Step = (long)wire.Step;
        Epoch = (int)wire.Epoch;
        Losses = [.. wire.Losses];
        GradientNorm = wire.HasGradientNorm ? wire.GradientNorm : null;
        Lr = wire.Lr;
        StepsPerSecond = wire.StepsPerSecond;
    }

    /// <summary>Steps done, those of earlier trainings included.</summary>
    public long Step { get; }

    /// <summary>Epoch of the last of them, from 0.</summary>
    public int Epoch { get; }

    /// <summary>Loss of each step since the last progress.</summary>
    public IReadOnlyList<float> Losses { get; }

    /// <summary>Loss of the last step.</summary>
    public float Loss => Losses.Count > 0 ? Losses[^1] : float.NaN;

    /// <summary>The gradients' norm at the last step, before clipping; null: not asked for.</summary>
    public double? GradientNorm { get; }

    /// <summary>Learning rate of the last step.</summary>
    public double Lr { get; }

    /// <summary>Steps a second since the training began.</summary>
    public double StepsPerSecond { get; }
}
