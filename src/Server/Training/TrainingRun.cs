using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Functions;
using Google.Protobuf;
using Source = Autograd.V1.TrainingInput.SourceOneofCase;

namespace AutogradService.Server.Training;

/// <summary>
/// A training under way: batches are put together, run through the function's compiled value and gradients, and used by the optimizer. All that it changes are tensors of the session.
/// For whoever has the session's turn.
/// </summary>
internal sealed class TrainingRun
{
    private readonly FunctionRegistry _registry;
    private readonly RegisteredFunction _function;
    private readonly Wire.TrainingSetup _setup;
    private readonly OptimizerRun _optimizer;
    private readonly LearningRate _schedule;
    private readonly byte[] _wanted;
    private readonly int _accumulate;
    private readonly ulong _firstBatch;
    private readonly ulong _lastBatch;
    private readonly long _rows;
    private readonly int _batchRows;
    private readonly long _batchesPerEpoch;
    private readonly int _inlineInputs;
    private Tensor[]? _sums;
    private long[]? _order;
    private ulong _orderEpoch = ulong.MaxValue;
    private ulong _batch;
    private double _lossSum;

    /// <summary>Looks everything through, and makes what the optimizer keeps where it is not there yet.</summary>
    /// <exception cref="Refusal">INVALID_FIELD, and what the handles refuse.</exception>
    /// <exception cref="AutogradException">SHAPE_MISMATCH, DTYPE_UNSUPPORTED.</exception>
    public TrainingRun(FunctionRegistry registry, RegisteredFunction function, Wire.TrainingSetup setup, CommandInterpreter session)
    {
        _registry = registry;
        _function = function;
        _setup = setup;
        var parameters = function.Definition.Parameters;
        if (setup.Inputs.Count != parameters.Length) throw Refusal.InvalidField("setup.inputs", $"the function has {parameters.Length} parameters, but {setup.Inputs.Count} inputs were given");
        var trained = new List<ulong>();
        var wanted = new Wire.Wanted { Value = true };
        _rows = -1;
        for (int i = 0; i < parameters.Length; i++)
        {
            var input = setup.Inputs[i];
            switch (input.SourceCase)
            {
                case Source.Trained:
                    if (trained.Contains(input.Trained)) throw Refusal.InvalidField("setup.inputs.trained", $"the tensor with handle {input.Trained} is trained twice");
                    trained.Add(input.Trained);
                    wanted.Grad.Add(parameters[i].Name);
                    break;
                case Source.Constant: session.Find(input.Constant); break;
                case Source.Dataset:
                    if (setup.Data is null) throw Refusal.Missing("setup.data");
                    var dataset = session.Find(input.Dataset);
                    if (dataset.Dim == 0) throw Refusal.InvalidField("setup.inputs.dataset", "a dataset has a row for each example, but this tensor has no dimension");
                    if (_rows >= 0 && _rows != dataset.Shape[0]) throw Refusal.InvalidField("setup.inputs.dataset", $"datasets have as many rows as each other, but there are {_rows} and {dataset.Shape[0]}");
                    _rows = dataset.Shape[0];
                    break;
                case Source.Batch:
                    if (setup.Data is not null) throw Refusal.InvalidField("setup.data", "batches come by the stream or from tensors of the session, not both");
                    _inlineInputs = Math.Max(_inlineInputs, checked((int)Math.Min(input.Batch, int.MaxValue - 1)) + 1);
                    break;
                default: throw Refusal.Missing("setup.inputs.source");
            }
        }
        if (_inlineInputs > parameters.Length) throw Refusal.InvalidField("setup.inputs.batch", $"place {_inlineInputs - 1} is more than there are parameters");
        _wanted = wanted.ToByteArray();
        _optimizer = new OptimizerRun(setup.Optimizer, setup.State, setup.Clipping, [.. trained], "setup");
        _schedule = LearningRate.Of(setup.Schedule, "setup.schedule");
        _accumulate = setup.Accumulate == 0 ? 1 : checked((int)Math.Min(setup.Accumulate, int.MaxValue));
        // So that batches can be counted.
        const ulong stepMost = uint.MaxValue;
        if (setup.FirstStep > stepMost) throw Refusal.InvalidField("setup.first_step", $"must be at most {stepMost}");
        _firstBatch = _batch = setup.FirstStep * (ulong)_accumulate;
        _lastBatch = setup.StepsMax == 0 ? ulong.MaxValue : (setup.FirstStep + Math.Min(setup.StepsMax, stepMost)) * (ulong)_accumulate;
        if (setup.Data is { } data)
        {
            if (_rows < 0) throw Refusal.InvalidField("setup.data", "no input is taken from a dataset");
            if (data.BatchSize is 0 or > int.MaxValue) throw Refusal.InvalidField("setup.data.batch_size", "must be above 0");
            if (data.Epochs == 0 && setup.StepsMax == 0) throw Refusal.Missing("setup.steps_max");
            _batchRows = (int)data.BatchSize;
            _batchesPerEpoch = data.DropLast ? _rows / _batchRows : (_rows + _batchRows - 1) / _batchRows;
            if (_batchesPerEpoch == 0) throw Refusal.InvalidField("setup.data.batch_size", $"{_rows} rows make no batch of {_batchRows}");
            ulong perEpoch = (ulong)_batchesPerEpoch;
            if (data.Epochs > 0) _lastBatch = Math.Min(_lastBatch, (ulong)UInt128.Min(ulong.MaxValue, ((UInt128)(_firstBatch / perEpoch) + data.Epochs) * perEpoch));
        }
        else if (_schedule.PerEpoch)
        {
            throw Refusal.InvalidField("setup.schedule.per_epoch", "batches that come by the stream make no epochs");
        }
        // The gradients that a step begins with must all be there at its end.
        _lastBatch -= _lastBatch == ulong.MaxValue ? 0 : _lastBatch % (ulong)_accumulate;
        _optimizer.MakeState(session);
        if (setup.Data is not null && !IsOver) _registry.PlanFor(function, _wanted, SizesOf(null, RowsOf(_batch), session)).Leave();
    }

    /// <summary>Whether all that was asked for is done.</summary>
    public bool IsOver => _batch >= _lastBatch;

    /// <summary>Whether batches come by the stream.</summary>
    public bool TakesBatches => _setup.Data is null;

    /// <summary>Steps done, those before this training included.</summary>
    public ulong Step => _batch / (ulong)_accumulate;

    /// <summary>Epoch of the last batch.</summary>
    public uint Epoch { get; private set; }

    /// <summary>Loss of the last step.</summary>
    public float Loss { get; private set; }

    /// <summary>The gradients' norm at the last step.</summary>
    public double? GradientNorm { get; private set; }

    /// <summary>Learning rate of the last step.</summary>
    public double Rate { get; private set; }

    /// <summary>Batches run in this training.</summary>
    public long Batches => (long)(_batch - _firstBatch);

    /// <summary>Floating-point operations of their function.</summary>
    public long Flops { get; private set; }

    /// <summary>Runs the next batch.</summary>
    /// <param name="given">The batch, if it comes by the stream.</param>
    /// <param name="session">The session.</param>
    /// <param name="cancellation">Ends it; nothing has changed then.</param>
    /// <returns>Whether a step was taken.</returns>
    public bool RunBatch(GivenCall? given, CommandInterpreter session, CancellationToken cancellation)
    {
        if (given is not null && given.Inputs.Count != _inlineInputs) throw Refusal.InvalidField("batch.inputs", $"a batch has {_inlineInputs} inputs, but {given.Inputs.Count} were given");
        var workspace = session.Workspace;
        using var scope = workspace.Scope();
        var plan = _registry.PlanFor(_function, _wanted, SizesOf(given, TakesBatches ? default : RowsOf(_batch), session));
        try
        {
            using var run = plan.Compiled.Rent();
            Fill(plan, run, given, session);
            run.Run(_setup.HasSeed ? _setup.Seed + _batch : null, cancellation);
            Flops += plan.Flops;
            return Finish(plan, run, session);
        }
        finally
        {
            plan.Leave();
        }
    }

    /// <summary>Lets go of gradients that are summed but not used.</summary>
    public void LetGo()
    {
        foreach (var sum in _sums ?? []) sum.Release();
        _sums = null;
    }

    private bool Finish(FunctionPlan plan, FunctionRun run, CommandInterpreter session)
    {
        double loss = run.Result(0).Item();
        ulong done = _batch + 1;
        bool isStep = done % (ulong)_accumulate == 0;
        uint epoch = _batchesPerEpoch > 0 ? (uint)(_batch / (ulong)_batchesPerEpoch) : 0;
        double rate = _schedule.At(_optimizer.Rate, _schedule.PerEpoch ? epoch : _batch / (ulong)_accumulate);
        int first = plan.Wanted.GradStart;
        if (_accumulate > 1) Accumulate(run, first, plan.Wanted.Grad.Length, session);
        if (isStep)
        {
            if (_accumulate == 1) GradientNorm = _optimizer.Step(session, run, first, rate, _setup.WithGradientNorm);
            else
            {
                if (_setup.AverageAccumulated)
                    using (session.Workspace.NoGrad())
                        foreach (var sum in _sums!) sum.DivInPlace((double)_accumulate);
                GradientNorm = _optimizer.Step(session, _sums!, rate, _setup.WithGradientNorm);
                LetGo();
            }
        }
        // From here on the batch is done.
        _batch = done;
        _lossSum += loss;
        Epoch = epoch;
        if (!isStep) return false;
        Rate = rate;
        Loss = (float)(_lossSum / _accumulate);
        _lossSum = 0;
        return true;
    }

    private void Accumulate(FunctionRun run, int first, int count, CommandInterpreter session)
    {
        var workspace = session.Workspace;
        using var mode = workspace.NoGrad();
        var gradients = new Tensor[count];
        for (int i = 0; i < count; i++) gradients[i] = workspace.FromBytes(run.ResultBytes(first + i), run.Result(first + i).Shape, run.Result(first + i).DType);
        if (_sums is null) _sums = Array.ConvertAll(gradients, static g => g.Retain());
        else
            for (int i = 0; i < count; i++) _sums[i].AddInPlace(gradients[i]);
    }

    private (long First, int Count) RowsOf(ulong batch)
    {
        long within = (long)(batch % (ulong)_batchesPerEpoch) * _batchRows;
        return (within, (int)Math.Min(_batchRows, _rows - within));
    }

    private long[] SizesOf(GivenCall? given, (long First, int Count) rows, CommandInterpreter session)
    {
        var definition = _function.Definition;
        var sizes = new long[definition.Symbols.Length];
        Array.Fill(sizes, -1);
        for (int pass = 0, open = 1; open > 0; pass++)
        {
            open = 0;
            for (int i = 0; i < definition.Parameters.Length; i++)
            {
                var input = _setup.Inputs[i];
                switch (input.SourceCase)
                {
                    case Source.Trained: ArgumentShapes.Fit(definition.Parameters[i], session.Find(input.Trained).Shape.Sizes, sizes); break;
                    case Source.Constant: ArgumentShapes.Fit(definition.Parameters[i], session.Find(input.Constant).Shape.Sizes, sizes); break;
                    case Source.Dataset: ArgumentShapes.Fit(definition.Parameters[i], [rows.Count, .. session.Find(input.Dataset).Shape.Sizes[1..]], sizes); break;
                    default:
                        if (ArgumentShapes.TryFit(definition.Parameters[i], given!, given!.Inputs[(int)input.Batch], sizes, session)) break;
                        open++;
                        if (pass > sizes.Length) throw Refusal.InvalidField("batch.inputs.shape", $"the bytes of '{definition.Parameters[i].Name}' do not tell its shape: give it");
                        break;
                }
            }
        }
        return sizes;
    }

    private void Fill(FunctionPlan plan, FunctionRun run, GivenCall? given, CommandInterpreter session)
    {
        for (int i = 0; i < plan.Definition.Parameters.Length; i++)
        {
            var input = _setup.Inputs[i];
            switch (input.SourceCase)
            {
                case Source.Trained: run.Bind(i, session.Find(input.Trained)); break;
                case Source.Constant: run.Bind(i, session.Find(input.Constant)); break;
                case Source.Dataset: Gather(session, session.Find(input.Dataset), plan.Compiled.Parameters[i], run.ParameterBytes(i)); break;
                default: FunctionCaller.Give(plan, run, i, given!, given!.Inputs[(int)input.Batch], session, "batch.inputs"); break;
            }
        }
    }

    private void Gather(CommandInterpreter session, Tensor dataset, TensorSpec spec, Span<byte> into)
    {
        if (dataset.DType != spec.DType) throw new AutogradException(ErrorReason.DtypeUnsupported, $"the function takes {spec.DType.Name}, but the dataset is {dataset.DType.Name}");
        if (dataset.Shape[0] != _rows) throw new AutogradException(ErrorReason.ShapeMismatch, $"the dataset had {_rows} rows and now has {dataset.Shape[0]}");
        // A copy that is row-major, where the tensor is not; it lives as long as the batch.
        using var mode = session.Workspace.NoGrad();
        var packed = dataset.Packed();
        var (first, count) = RowsOf(_batch);
        long rowBytes = _rows == 0 ? 0 : packed.ByteLength / _rows;
        if (OrderOf(_batch / (ulong)_batchesPerEpoch) is not { } order)
        {
            packed.ReadBytes(first * rowBytes, into);
            return;
        }
        for (int r = 0; r < count; r++) packed.ReadBytes(order[first + r] * rowBytes, into.Slice(checked((int)(r * rowBytes)), (int)rowBytes));
    }

    private long[]? OrderOf(ulong epoch)
    {
        if (!_setup.Data.HasShuffleSeed) return null;
        if (epoch == _orderEpoch) return _order;
        using var workspace = new Workspace(seed: _setup.Data.ShuffleSeed + epoch);
        _order = workspace.Randperm(_rows).ToArray<long>();
        _orderEpoch = epoch;
        return _order;
    }
}
