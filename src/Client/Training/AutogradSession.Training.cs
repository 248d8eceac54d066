using System.Runtime.CompilerServices;
using Grpc.Core;

namespace AutogradService.Client;

// Training on the server.
public sealed partial class AutogradSession
{
    /// <summary>An optimizer for parameters of this session; what it keeps are tensors of it too.</summary>
    /// <param name="settings">Which, and how.</param>
    /// <param name="parameters">What it updates.</param>
    public Optimizer Optimizer(OptimizerSettings settings, params IReadOnlyList<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(parameters);
        return new Optimizer(this, settings, parameters);
    }

    /// <summary>
    /// Trains on data that the session holds: one request for many steps. Parameters are updated where they are. Cancelling, or breaking out of the loop, leaves them as they were
    /// after the last whole step.
    /// </summary>
    /// <param name="function">Traced by this session; its first result, of one element, is minimised. Tensors of the session that it uses and the optimizer updates are trained.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="inputs">Where each of the function's parameters comes from, in order.</param>
    /// <param name="options">How it goes; epochs or steps are required.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Progress, as fast as it is read.</returns>
    /// <exception cref="AutogradException">Something was refused.</exception>
    public async IAsyncEnumerable<TrainingProgress> TrainAsync(Function function, Optimizer optimizer, IReadOnlyList<TrainingInput> inputs, TrainingOptions options, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var setup = await SetupAsync(function, optimizer, inputs, options, hasData: true, cancellation).ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var call = Functions.Calls.Train(cancellationToken: ending.Token);
        try
        {
            await SendAsync(call, new Wire.TrainRequest { Setup = setup }, cancellation).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            while (await NextAsync(call, cancellation).ConfigureAwait(false))
            {
                var progress = new TrainingProgress(call.ResponseStream.Current);
                optimizer.StepsDone = progress.Step;
                yield return progress;
            }
        }
        finally
        {
            // Whoever leaves the loop early ends the training.
            await ending.CancelAsync().ConfigureAwait(false);
            GC.KeepAlive((function, optimizer, inputs));
        }
    }

    /// <summary>Opens a training whose batches are sent as they are there, one message a step.</summary>
    /// <param name="function">As in <see cref="TrainAsync"/>.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="inputs">Where each of the function's parameters comes from; at least one is <see cref="TrainingInput.FromBatch"/>.</param>
    /// <param name="options">How it goes; what concerns datasets is not looked at.</param>
    /// <param name="cancellation">Gives up opening.</param>
    /// <exception cref="AutogradException">Something was refused; the first step tells what the server refuses.</exception>
    public async Task<TrainingStream> OpenTrainingAsync(Function function, Optimizer optimizer, IReadOnlyList<TrainingInput> inputs, TrainingOptions? options = null, CancellationToken cancellation = default)
    {
        var setup = await SetupAsync(function, optimizer, inputs, options ?? new TrainingOptions(), hasData: false, cancellation).ConfigureAwait(false);
        return await TrainingStream.OpenAsync(this, function, optimizer, inputs, setup, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes a message; if the call has ended, reading its answers tells why.</summary>
    internal static async Task SendAsync(AsyncDuplexStreamingCall<Wire.TrainRequest, Wire.TrainResponse> call, Wire.TrainRequest request, CancellationToken cancellation)
    {
        try
        {
            await call.RequestStream.WriteAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits for the next progress.</summary>
    internal static async Task<bool> NextAsync(AsyncDuplexStreamingCall<Wire.TrainRequest, Wire.TrainResponse> call, CancellationToken cancellation)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Failure.Of(e, command: "train").ToException();
        }
    }

    private async Task<Wire.TrainingSetup> SetupAsync(Function function, Optimizer optimizer, IReadOnlyList<TrainingInput> inputs, TrainingOptions options, bool hasData, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        if (!ReferenceEquals(function.Source.Connection.Session, this)) throw new ArgumentException("the function was not traced by this session");
        if (inputs.Count != function.Source.Parameters.Length) throw new ArgumentException($"{function} takes {function.Source.Parameters.Length} inputs, but {inputs.Count} were given");
        var setup = new Wire.TrainingSetup
        {
            SessionId = Id,
            Function = await function.IdAsync(cancellation).ConfigureAwait(false),
            Optimizer = optimizer.Settings.ToWire(),
            Schedule = options.Schedule?.ToWire(),
            Clipping = options.Clipping?.ToWire(),
            Accumulate = checked((uint)options.Accumulate),
            AverageAccumulated = options.AverageAccumulated,
            StepsMax = checked((ulong)(options.Steps ?? 0)),
            FirstStep = checked((ulong)optimizer.StepsDone),
            ReportEvery = checked((uint)options.ReportEvery),
            WithGradientNorm = options.WithGradientNorm,
        };
        if (options.Seed is { } seed) setup.Seed = seed;
        if (hasData)
        {
            setup.Data = new Wire.TrainingData { BatchSize = checked((uint)options.BatchSize), DropLast = options.DropLast, Epochs = checked((uint)(options.Epochs ?? 0)) };
            if (options.ShuffleSeed is { } shuffle) setup.Data.ShuffleSeed = shuffle;
        }
        var trained = new List<Tensor>();
        uint place = 0;
        foreach (var input in inputs)
        {
            if (input.Source == Wire.TrainingInput.SourceOneofCase.Batch) setup.Inputs.Add(new Wire.TrainingInput { Batch = place++ });
            else if (input.Source == Wire.TrainingInput.SourceOneofCase.Dataset) setup.Inputs.Add(new Wire.TrainingInput { Dataset = HandleOf(input.Tensor!) });
            else Add(input.Tensor!);
        }
        foreach (var tensor in function.Source.State.ToArray()) Add(tensor);
        setup.State = optimizer.StateOf(trained);
        await FlushAsync(cancellation).ConfigureAwait(false);
        return setup;

        void Add(Tensor tensor)
        {
            ulong handle = HandleOf(tensor);
            bool isTrained = optimizer.Updates(tensor);
            if (isTrained) trained.Add(tensor);
            setup.Inputs.Add(isTrained ? new Wire.TrainingInput { Trained = handle } : new Wire.TrainingInput { Constant = handle });
        }
    }
}
