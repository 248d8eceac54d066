using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Calls;

/// <summary>
/// Execute: frames are read and run one after the other; what they answer goes into a bounded outbox that is emptied beside that. A client
/// that does not read stops being read from; nobody else waits for it, because it holds no session's turn meanwhile.
/// </summary>
internal sealed class CommandStreams(SessionTable sessions, Admission admission, IOptions<ServerOptions> options)
{
    private readonly LimitOptions _limits = options.Value.Limits;

    // Smaller answers may be kept for a client that comes back, or leave together with others.
    private readonly long _lentBytesMin = Math.Max(options.Value.Limits.KeptResultBytesMax, Outbox.WaitingBytesMax);

    public async Task RunAsync(IAsyncStreamReader<CommandFrame> frames, IServerStreamWriter<Wire.ExecuteResponse> responses, ServerCallContext call)
    {
        var credit = new Credit(_limits.StreamCreditCommands, _limits.StreamCreditBytes);
        using var side = new SendingSide(call.CancellationToken, admission.ClosingToken);
        var outbox = new Outbox(responses, side, credit.Return, MessageCharge.Of(call), _limits.MessageBytesMax, call.CancellationToken);
        try
        {
            await ReadAsync(frames, side, outbox, credit, call);
        }
        catch
        {
            await side.BidFarewellAsync();
            throw;
        }
        await side.Sending;
    }

    private async Task ReadAsync(IAsyncStreamReader<CommandFrame> frames, SendingSide side, Outbox outbox, Credit credit, ServerCallContext call)
    {
        Session? session = null;
        var charge = MessageCharge.Of(call);
        using var breaking = new BrokenStream(TimeSpan.FromSeconds(_limits.BrokenStreamSeconds), call.CancellationToken);
        while (await side.NextAsync(frames))
        {
            Wire.ExecuteResponse response;
            var budget = new ResultBudget(_limits.MessageBytesMax, charge, _lentBytesMin);
            using (var frame = frames.Current)
            using (var reader = new FrameReader())
            {
                frame.ReadInto(reader, _limits.BatchCommandsMax);
                if (session is null)
                {
                    session = sessions.Get(reader.SessionId, CallInterceptor.CallerOf(call));
                    breaking.EndWith(session.EndingToken);
                }
                else if (reader.SessionId.Length > 0) throw Refusal.StreamProtocol("only the first frame of a stream names the session");
                int count = reader.Count;
                if (count > _limits.BatchCommandsMax) throw Refusal.LimitExceeded("commands", count, _limits.BatchCommandsMax);
                credit.Take(count, frame.Length);
                response = new Wire.ExecuteResponse { CreditCommands = (ulong)count, CreditBytes = (ulong)frame.Length, Frames = 1 };
                using var traced = Tracing.StartFrame("commands", reader.Traceparent);
                using var turn = await session.EnterAsync(count, frame.Length, Patience.Unlimited, call);
                foreach (ref readonly var command in reader.Commands)
                    if (command.Seq == 0) throw Refusal.Missing("commands.seq");
                turn.Interpreter.ForgetAnswers(reader.ReceivedSeq);
                var progress = new BatchProgress(reader.FailFast);
                var bounds = new CallBounds(budget, call.Deadline, call.CancellationToken, breaking.Token);
                while (!turn.Interpreter.RunBatch(reader.Commands, ref progress, response.Results, bounds, turn)) await turn.YieldAsync(call.CancellationToken);
                if (traced.Span is { } span) Tracing.Describe(span, session.Ordinal, count, progress.Failed);
                response.AcknowledgedSeq = turn.Interpreter.LastAppliedSeq;
            }
            await outbox.AddAsync(response, budget);
        }
    }

    /// <summary>
    /// Ends the command that is under way when its stream breaks: after a while, because the client may come back for it with another stream, and a command that was given up half-way could not be
    /// run again as if nothing had been.
    /// </summary>
    private sealed class BrokenStream : IDisposable
    {
        private readonly CancellationTokenSource _source = new();
        private readonly CancellationTokenRegistration _broken;
        private CancellationTokenRegistration _ended;

        public BrokenStream(TimeSpan patience, CancellationToken broken) => _broken = broken.UnsafeRegister(_ => _source.CancelAfter(patience), null);

        public CancellationToken Token => _source.Token;

        /// <summary>Ends it at once when the session ends.</summary>
        public void EndWith(CancellationToken session) => _ended = session.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);

        public void Dispose()
        {
            _broken.Dispose();
            _ended.Dispose();
            _source.Dispose();
        }
    }

    /// <summary>What a client may have under way.</summary>
    private sealed class Credit(long commandsMax, long bytesMax)
    {
        private long _commands;
        private long _bytes;

        public void Take(long commands, long bytes)
        {
            if (Interlocked.Add(ref _commands, commands) > commandsMax)
                throw Refusal.Quota(Wire.ErrorReason.QuotaCredit, $"the stream has more than {commandsMax} commands under way", commandsMax);
            if (Interlocked.Add(ref _bytes, bytes) > bytesMax)
                throw Refusal.Quota(Wire.ErrorReason.QuotaCredit, $"the stream has more than {bytesMax} bytes under way", bytesMax);
        }

        public void Return(Wire.ExecuteResponse response)
        {
            Interlocked.Add(ref _commands, -(long)response.CreditCommands);
            Interlocked.Add(ref _bytes, -(long)response.CreditBytes);
        }
    }
}
