using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>A training whose batches are sent one by one. Dispose it to end it; the parameters are then as they were after the last step.</summary>
public sealed class TrainingStream : IAsyncDisposable
{
    private readonly Function _function;
    private readonly Optimizer _optimizer;
    private readonly DType[] _dtypes;
    private readonly AsyncDuplexStreamingCall<Wire.TrainRequest, Wire.TrainResponse> _call;
    private readonly object _used;
    private readonly int _accumulate;
    private int _sent;

    private TrainingStream(Function function, Optimizer optimizer, DType[] dtypes, int accumulate, AsyncDuplexStreamingCall<Wire.TrainRequest, Wire.TrainResponse> call, object used)
    {
        _function = function;
        _optimizer = optimizer;
        _dtypes = dtypes;
        _accumulate = Math.Max(accumulate, 1);
        _call = call;
        _used = used;
    }

    /// <summary>Sends a batch, and waits for the step.</summary>
    /// <param name="batch">One for each <see cref="TrainingInput.FromBatch"/>, in order.</param>
    /// <returns>How it went; null if more batches are to come before a step is taken.</returns>
    /// <exception cref="AutogradException">It was refused; nothing has changed, and the training is over.</exception>
    public async Task<TrainingProgress?> StepAsync(params FunctionInput[] batch)
    {
        await SendAsync(batch).ConfigureAwait(false);
        if (++_sent % _accumulate != 0) return null;
        return await ReceiveAsync().ConfigureAwait(false);
    }

    /// <summary>Sends a batch without waiting. What it brings, <see cref="ReceiveAsync"/> tells.</summary>
    /// <inheritdoc cref="StepAsync"/>
    public Task SendAsync(params FunctionInput[] batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Length != _dtypes.Length) throw new ArgumentException($"a batch has {_dtypes.Length} inputs, but {batch.Length} were given");
        var message = new Wire.TrainingBatch();
        for (int i = 0; i < batch.Length; i++)
        {
            var argument = new Wire.Argument();
            if (batch[i].Tensor is { } tensor) argument.Handle = _optimizer.Session.HandleOf(tensor);
            else
            {
                var input = batch[i].In(_dtypes[i]);
                if (input.Shape is { } shape) argument.Shape.Add(shape);
                argument.Data = ByteString.CopyFrom(input.Bytes);
            }
            message.Inputs.Add(argument);
        }
        return AutogradSession.SendAsync(_call, new Wire.TrainRequest { Batch = message }, CancellationToken.None);
    }

    /// <summary>Waits for the next progress: one or more steps since the last.</summary>
    /// <exception cref="AutogradException">A batch was refused, and the training is over.</exception>
    public async Task<TrainingProgress> ReceiveAsync(CancellationToken cancellation = default)
    {
        if (!await AutogradSession.NextAsync(_call, cancellation).ConfigureAwait(false))
            throw Failure.Of(new RpcException(new Status(StatusCode.FailedPrecondition, "the training is over")), command: "train").ToException();
        var progress = new TrainingProgress(_call.ResponseStream.Current);
        _optimizer.StepsDone = progress.Step;
        return progress;
    }

    /// <summary>Ends the training.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
            while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false)) _optimizer.StepsDone = (long)_call.ResponseStream.Current.Step;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // It was told by the step that failed.
        }
        _call.Dispose();
        GC.KeepAlive((_function, _used));
    }

    internal static async Task<TrainingStream> OpenAsync(AutogradSession session, Function function, Optimizer optimizer, IReadOnlyList<TrainingInput> inputs, Wire.TrainingSetup setup, CancellationToken cancellation)
    {
        var call = session.Functions.Calls.Train(new CallOptions());
        await AutogradSession.SendAsync(call, new Wire.TrainRequest { Setup = setup }, cancellation).ConfigureAwait(false);
        var dtypes = new List<DType>();
        for (int i = 0; i < inputs.Count; i++)
            if (inputs[i].Source == Wire.TrainingInput.SourceOneofCase.Batch) dtypes.Add((DType)function.Source.Parameters[i].Dtype);
        return new TrainingStream(function, optimizer, [.. dtypes], (int)setup.Accumulate, call, inputs);
    }
}
