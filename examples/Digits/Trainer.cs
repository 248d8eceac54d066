using AutogradService.Client;

namespace AutogradService.Examples.Digits;

/// <summary>Fits a network to images that were sent to the session once: op by op, or as a function that the server trains by itself. Both give the same curve.</summary>
internal sealed class Trainer
{
    private const int BatchSize = 64;
    private const double Rate = 0.1;
    private const double MomentumShare = 0.9;

    // Seeds far from each other: of the order of the images, and of what each batch leaves out.
    private const ulong OrderSeed = 1UL << 62;
    private const ulong BatchSeed = 1UL << 61;

    // Commands of so many steps may be under way before the loss of the first one is waited for.
    private const int StepsAhead = 32;

    private readonly AutogradSession _session;
    private readonly Network _network;
    private readonly Momentum _optimizer;
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly int _count;
    private readonly ulong _seed;

    /// <summary>Sends the images.</summary>
    public Trainer(AutogradSession session, Network network, DigitsData training, int seed)
    {
        _session = session;
        _seed = (ulong)seed << 24;
        _network = network;
        _optimizer = new Momentum(session, network.Parameters, Rate, MomentumShare);
        _images = session.Tensor(training.Images);
        _labels = session.Tensor(training.Labels);
        _count = training.Count;
    }

    /// <summary>Mini-batches in an epoch; the last one may be smaller.</summary>
    public int StepsPerEpoch => (_count + BatchSize - 1) / BatchSize;

    /// <summary>Has the server train by itself: the step is recorded once, and one request goes through the images again and again.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<float[]> RunByFunctionAsync(int epochs, Action<int, float> report)
    {
        var loss = _session.Trace(
            (images, labels) => _network.Logits(images, isTraining: true).CrossEntropy(labels),
            ["batch", DigitsData.Pixels], TensorSpec.Of(DType.Int64, "batch"));
        using var optimizer = _session.Optimizer(new Sgd(Rate, MomentumShare), _network.Parameters);
        var options = new TrainingOptions { BatchSize = BatchSize, Epochs = epochs, ShuffleSeed = OrderSeed + _seed, Seed = BatchSeed + _seed };
        var losses = new List<float>(epochs * StepsPerEpoch);
        await foreach (var progress in _session.TrainAsync(loss, optimizer, [TrainingInput.Rows(_images), TrainingInput.Rows(_labels)], options))
        {
            losses.AddRange(progress.Losses);
            report(losses.Count, losses[^1]);
        }
        return [.. losses];
    }

    /// <summary>Goes through the images in a new random order again and again.</summary>
    /// <param name="epochs">How often.</param>
    /// <param name="report">Is told each step's number, from 1, and loss.</param>
    /// <returns>The loss of each step.</returns>
    public async Task<float[]> RunAsync(int epochs, Action<int, float> report)
    {
        var losses = new List<float>(epochs * StepsPerEpoch);
        var underWay = new Queue<Task<float>>();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            using var scope = _session.Scope();
            _session.ManualSeed(OrderSeed + _seed + (ulong)epoch);
            var order = _session.Randperm(_count);
            for (int start = 0; start < _count; start += BatchSize)
            {
                _session.ManualSeed(BatchSeed + _seed + (ulong)(epoch * StepsPerEpoch + start / BatchSize));
                underWay.Enqueue(Step(order[start..Math.Min(start + BatchSize, _count)]));
                if (underWay.Count == StepsAhead) await ReceiveAsync();
            }
        }
        while (underWay.Count > 0) await ReceiveAsync();
        return [.. losses];

        async Task ReceiveAsync()
        {
            losses.Add(await underWay.Dequeue());
            report(losses.Count, losses[^1]);
        }
    }

    /// <summary>Gives the commands of one step, whose tensors are released as they are no longer needed.</summary>
    /// <returns>The loss, once it is there.</returns>
    private Task<float> Step(Tensor batch)
    {
        using var scope = _session.Scope();
        var logits = _network.Logits(_images.IndexSelect(0, batch), isTraining: true);
        var loss = logits.CrossEntropy(_labels.IndexSelect(0, batch));
        loss.Backward();
        _optimizer.Step();
        return loss.ItemAsync<float>();
    }
}
