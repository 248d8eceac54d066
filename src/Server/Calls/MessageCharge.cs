using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using AutogradService.Server.Errors;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace AutogradService.Server.Calls;

/// <summary>What one call's messages take of <see cref="MessageMemory"/>; and its request's body, which it counts as it comes in.</summary>
internal sealed class MessageCharge(MessageMemory memory, IRequestBodyPipeFeature body) : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    /// <summary>What is smaller is not counted: there may be many calls, but not so many.</summary>
    public const int SmallBytes = 64 << 10;
    // As it came in, in a buffer of its own, and as the parser's objects.
    private const int ReceivedTimes = 3;
    // As an object, and on its way out.
    private const int MadeTimes = 2;
    private readonly PipeReader _body = body.Reader;
    private readonly Lock _lock = new();
    private long _received;
    private long _made;
    private bool _over;

    public PipeReader Reader => this;

    /// <summary>Whether anything that counts was made and not sent.</summary>
    public bool HasMade => _made > 0;

    /// <summary>The charge of a call; null where calls are made without a server.</summary>
    public static MessageCharge? Of(ServerCallContext call) => call.GetHttpContext().Features.Get<IRequestBodyPipeFeature>() as MessageCharge;

    /// <summary>Something is about to be made for an answer.</summary>
    /// <exception cref="Refusal">QUOTA_SERVER_MEMORY.</exception>
    public void Make(long bytes)
    {
        lock (_lock)
        {
            memory.Take(MadeTimes * bytes, _received + _made);
            _made += MadeTimes * bytes;
        }
    }

    /// <summary>What was made is sent.</summary>
    public void Sent(long bytes)
    {
        lock (_lock)
        {
            if (_over) return;
            memory.Give(MadeTimes * bytes);
            _made -= MadeTimes * bytes;
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = _body.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Count(reading.Result)) : CountAsync(reading);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!_body.TryRead(out result)) return false;
        Count(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => _body.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _body.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _body.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => _body.CompleteAsync(exception);

    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            if (_received + _made > 0) memory.Give(_received + _made);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> CountAsync(ValueTask<ReadResult> reading) => Count(await reading);

    // A message is done with when the next one is asked for: what is there then is all that counts.
    private ReadResult Count(ReadResult result)
    {
        long bytes = result.Buffer.Length;
        long wanted = bytes <= SmallBytes ? 0 : ReceivedTimes * bytes;
        if (wanted == _received) return result;
        lock (_lock)
        {
            if (wanted < _received)
            {
                memory.Give(_received - wanted);
            }
            else
            {
                try
                {
                    memory.Take(wanted - _received, _received + _made);
                }
                catch (Refusal refusal)
                {
                    _body.AdvanceTo(result.Buffer.End);
                    throw ErrorStatus.Of(refusal).ToRpcException();
                }
            }
            _received = wanted;
        }
        return result;
    }
}
