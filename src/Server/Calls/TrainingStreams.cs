using System.Diagnostics;
using AutogradService.Server.Errors;
using AutogradService.Server.Functions;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using AutogradService.Server.Training;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Calls;

/// <summary>
/// Train: the session's turn is taken for a few steps at a time, so that others may look at the parameters meanwhile, who then see whole steps. Progress is told as fast as the
/// client reads it, and no faster: what happened meanwhile is told together.
/// </summary>
internal sealed class TrainingStreams(FunctionRegistry registry, SessionTable sessions, ServerMeter meter, Admission admission, IOptions<ServerOptions> options)
{
    // Who else uses the session waits for a moment only, and what is told is of several steps.
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(20);
    private readonly int _lossesMax = options.Value.Limits.ListLengthMax;

    public async Task RunAsync(IAsyncStreamReader<TrainingFrame> frames, IServerStreamWriter<Wire.TrainResponse> responses, ServerCallContext context)
    {
        using var side = new SendingSide(context.CancellationToken, admission.DrainingToken);
        if (!await frames.MoveNext(context.CancellationToken)) throw Refusal.StreamProtocol("a training starts with its setup");
        Wire.TrainingSetup setup;
        using (var frame = frames.Current) setup = frame.Setup ?? throw Refusal.StreamProtocol("a training starts with its setup");
        string principal = CallInterceptor.CallerOf(context);
        var session = sessions.Get(setup.SessionId, principal);
        var function = registry.Get(setup.Function, principal, "setup.function");
        TrainingRun training;
        using (var turn = await session.EnterAsync(1, setup.CalculateSize(), Patience.Unlimited, context)) training = new TrainingRun(registry, function, setup, turn.Interpreter);
        var progress = new Progress(training, responses, setup.ReportEvery, _lossesMax, side, context.CancellationToken);
        try
        {
            if (training.TakesBatches) await TakeBatchesAsync(training, frames, session, progress, context, side.EndingToken);
            else await TakeRowsAsync(training, session, progress, context, side.EndingToken);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw await side.WhyAsync();
        }
        finally
        {
            await LetGoAsync(session, training);
        }
        await progress.FinishAsync();
    }

    private async Task TakeRowsAsync(TrainingRun training, Session session, Progress progress, ServerCallContext context, CancellationToken ending)
    {
        while (!training.IsOver)
        {
            ending.ThrowIfCancellationRequested();
            using (var turn = await session.EnterAsync(1, 0, Patience.Unlimited, context))
            {
                using var work = new TrainingWork(meter, training, turn.Interpreter);
                long start = Stopwatch.GetTimestamp();
                do
                {
                    if (training.RunBatch(null, turn.Interpreter, context.CancellationToken)) progress.Note();
                }
                while (!training.IsOver && !ending.IsCancellationRequested && !turn.ShouldYield && Stopwatch.GetElapsedTime(start) < s_turn);
            }
            await progress.TellAsync();
        }
    }

    private async Task TakeBatchesAsync(TrainingRun training, IAsyncStreamReader<TrainingFrame> frames, Session session, Progress progress, ServerCallContext context, CancellationToken ending)
    {
        var batch = new GivenCall();
        while (!training.IsOver && await frames.MoveNext(ending))
        {
            using var frame = frames.Current;
            if (!frame.IsBatch) throw Refusal.StreamProtocol("a training has one setup, then batches");
            frame.ReadBatch(batch);
            using (var turn = await session.EnterAsync(1, frame.Length, Patience.Unlimited, context))
            {
                using var work = new TrainingWork(meter, training, turn.Interpreter);
                if (training.RunBatch(batch, turn.Interpreter, context.CancellationToken)) progress.Note();
            }
            // The client may wait for this before it sends more.
            await progress.TellAsync(always: true);
        }
    }

    private static async Task LetGoAsync(Session session, TrainingRun training)
    {
        try
        {
            using var turn = await session.EnterBrieflyAsync();
            training.LetGo();
        }
        catch (Refusal)
        {
            // The session ended, and all that it held with it.
        }
    }

    /// <summary>What a training's client is told.</summary>
    private sealed class Progress(TrainingRun training, IServerStreamWriter<Wire.TrainResponse> responses, uint every, int lossesMax, SendingSide side, CancellationToken cancellation)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly ulong _first = training.Step;
        private Wire.TrainResponse _next = new();

        /// <summary>A step was taken.</summary>
        public void Note()
        {
            _next.Step = training.Step;
            _next.Epoch = training.Epoch;
            _next.Losses.Add(training.Loss);
            _next.Lr = training.Rate;
            if (training.GradientNorm is { } norm) _next.GradientNorm = norm;
        }

        /// <summary>Tells what was noted, unless it is too little, or the last message is still on its way.</summary>
        /// <param name="always">Waits for that message rather than tell it later.</param>
        public async ValueTask TellAsync(bool always = false)
        {
            if (_next.Losses.Count == 0 || _next.Losses.Count < every) return;
            // A client that does not read is waited for once too much would have to be remembered.
            if (!always && !side.Sending.IsCompleted && _next.Losses.Count < lossesMax) return;
            await side.Sending;
            Send();
        }

        /// <summary>Tells the rest.</summary>
        public async Task FinishAsync()
        {
            await side.Sending;
            if (_next.Losses.Count > 0) Send();
            await side.Sending;
        }

        private void Send()
        {
            _next.StepsPerSecond = (training.Step - _first) / Stopwatch.GetElapsedTime(_start).TotalSeconds;
            side.Sending = SendAsync(_next);
            _next = new Wire.TrainResponse();
        }

        private async Task SendAsync(Wire.TrainResponse response)
        {
            try
            {
                await responses.WriteAsync(response, cancellation);
            }
            catch
            {
                side.Fail();
                throw;
            }
        }
    }
}
