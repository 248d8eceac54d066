using AutogradService.Server.Errors;
using AutogradService.Server.Functions;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Calls;

/// <summary>
/// CallFunctions: calls are run one after the other as they come in; answers go into a bounded queue that is emptied beside that, so that neither side waits for the other while
/// windows have room. A client that does not read stops being read from.
/// </summary>
internal sealed class FunctionStreams(FunctionCaller caller, SessionTable sessions, UsageTable usage, Admission admission, IOptions<ServerOptions> options, ErrorLog errors)
{
    // Small answers travel together; a message this large is worth sending by itself.
    private const int MessageBytesSoftMax = 256 << 10;
    private const int CapacityGuess = 1024;
    private readonly int _callsMax = options.Value.Limits.BatchCommandsMax;

    public async Task RunAsync(IAsyncStreamReader<FunctionFrame> frames, IServerStreamWriter<PooledBytes> responses, ServerCallContext context)
    {
        using var side = new SendingSide(context.CancellationToken, admission.ClosingToken);
        try
        {
            await ReadAsync(frames, side, new ReplyQueue(responses, side, context.CancellationToken), context);
        }
        catch
        {
            await side.BidFarewellAsync();
            throw;
        }
        await side.Sending;
    }

    private async Task ReadAsync(IAsyncStreamReader<FunctionFrame> frames, SendingSide side, ReplyQueue outbox, ServerCallContext context)
    {
        string principal = CallInterceptor.CallerOf(context);
        var stream = new OpenStream(principal, CallerShare.Of(usage.Of(principal), sessions.Quotas.Of(principal), context), caller.StartStream());
        var charge = MessageCharge.Of(context);
        while (await side.NextAsync(frames))
        {
            using var frame = frames.Current;
            using var traced = Tracing.StartFrame("function.calls");
            var into = new PooledBytes(CapacityGuess, charge);
            int at = 0;
            for (int calls = 1; frame.TryNext(ref at, out int start, out int count); calls++)
            {
                if (calls > _callsMax) throw Refusal.LimitExceeded("calls", calls, _callsMax);
                await CallAsync(stream, frame, start, count, context, into);
                if (into.Length < MessageBytesSoftMax) continue;
                stream.Work.Tell();
                await outbox.AddAsync(into);
                into = new PooledBytes(CapacityGuess, charge);
            }
            stream.Work.Tell();
            // Calls in a session are on its account, by their turns.
            if (stream.SessionId.Length == 0) stream.Share.Account.Add(new Work { ReceivedBytes = at });
            if (into.Length > 0) await outbox.AddAsync(into);
            else into.Dispose();
        }
    }

    private async ValueTask CallAsync(OpenStream stream, FunctionFrame frame, int start, int count, ServerCallContext context, PooledBytes into)
    {
        try
        {
            var given = stream.Call;
            FunctionCalls.Read(given, frame, start, count);
            stream.Open(caller, given);
            if (stream.SessionId.Length == 0)
            {
                await caller.ExecuteAsync(stream.Function!, stream.Wanted, given, stream.Share, Patience.Unlimited, context, into, stream.Work);
                return;
            }
            using var turn = await sessions.Get(stream.SessionId, stream.Principal).EnterAsync(1, count, Patience.Unlimited, context);
            caller.Execute(stream.Function!, stream.Wanted, given, turn.Interpreter, into, stream.Work, context.CancellationToken);
        }
        catch (Exception e)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            into.Add(Wire.CallFunctionsResponse.OutcomesFieldNumber, new Wire.FunctionOutcome { Error = ErrorStatus.Of(e, CallInterceptor.DeadlinePassed(context), errors) });
        }
    }

    /// <summary>What a stream's calls need not repeat.</summary>
    private sealed class OpenStream(string principal, CallerShare share, FunctionWork work)
    {
        public string Principal => principal;

        public CallerShare Share => share;

        public FunctionWork Work => work;

        public GivenCall Call { get; } = new();

        public RegisteredFunction? Function { get; private set; }

        public byte[] Wanted { get; private set; } = [];

        public string SessionId { get; private set; } = "";

        public void Open(FunctionCaller caller, GivenCall given)
        {
            if (given.Function.IsEmpty)
            {
                if (Function is null) throw Refusal.Missing("call.function");
                if (!given.Wanted.IsEmpty || given.SessionId.Length > 0) throw Refusal.InvalidField("call.function", "a call that names what is wanted, or a session, names the function too");
                if (!Function.IsHeldBy(principal)) throw Refusal.FunctionNotFound("call.function");
                return;
            }
            Function = null;
            var function = caller.Find(given.Function, principal);
            if (!given.Wanted.SequenceEqual(Wanted)) Wanted = given.Wanted.ToArray();
            SessionId = given.SessionId;
            Function = function;
        }
    }

    /// <summary>Answers on their way out: whoever puts one in while none is being sent starts to send it; those that come meanwhile follow. Little may wait.</summary>
    private sealed class ReplyQueue(IServerStreamWriter<PooledBytes> responses, SendingSide side, CancellationToken cancellation)
    {
        private const long WaitingBytesMax = 1 << 20;
        private readonly Lock _lock = new();
        private readonly Queue<PooledBytes> _waiting = new();
        private long _bytes;
        private bool _busy;
        private TaskCompletionSource? _room;

        public async ValueTask AddAsync(PooledBytes reply)
        {
            Task? room = null;
            bool start;
            lock (_lock)
            {
                _waiting.Enqueue(reply);
                _bytes += reply.Length;
                start = !_busy;
                _busy = true;
                if (!start && _bytes > WaitingBytesMax) room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            if (start) side.Sending = SendAsync();
            // If sending fails nobody makes room any more.
            if (room is not null) await Task.WhenAny(room, side.Sending);
            if (side.Sending.IsCompleted) await side.Sending;
        }

        private async Task SendAsync()
        {
            try
            {
                while (Next() is { } reply)
                {
                    await responses.WriteAsync(reply, cancellation);
                    reply.Sent();
                }
            }
            catch
            {
                side.Fail();
                throw;
            }
        }

        private PooledBytes? Next()
        {
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out var next))
                {
                    _busy = false;
                    return null;
                }
                _bytes -= next.Length;
                if (_bytes <= WaitingBytesMax)
                {
                    _room?.TrySetResult();
                    _room = null;
                }
                return next;
            }
        }
    }
}
