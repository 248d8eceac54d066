using AutogradService.Server.Calls;
using AutogradService.Server.Commands;
using Grpc.Core;

namespace AutogradService.Fuzz.Tests;

/// <summary>A stream whose answers cannot be sent must not go on waiting for its client, which waits for the answers.</summary>
public sealed class SendingTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_ends_by_what_sending_failed_by(bool atOnce)
    {
        var fails = new TaskCompletionSource();
        if (atOnce) fails.SetException(new IOException("cannot be sent"));
        using var side = new SendingSide(CancellationToken.None, CancellationToken.None);
        var outbox = new Outbox(new Writer(fails.Task), side, static _ => { }, null, 1 << 20, CancellationToken.None);
        var adding = outbox.AddAsync(new Wire.ExecuteResponse(), new ResultBudget(1 << 20)).AsTask();
        if (atOnce) await Assert.ThrowsAsync<IOException>(() => adding);
        var reading = side.NextAsync(new SilentReader());
        if (!atOnce) fails.SetException(new IOException("cannot be sent"));
        await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Whoever_waits_for_room_is_told_that_sending_failed()
    {
        var fails = new TaskCompletionSource();
        using var side = new SendingSide(CancellationToken.None, CancellationToken.None);
        var outbox = new Outbox(new Writer(fails.Task), side, static _ => { }, null, 1 << 20, CancellationToken.None);
        await outbox.AddAsync(new Wire.ExecuteResponse(), new ResultBudget(1 << 20));
        // More than may wait, so that it waits for room.
        var large = new Wire.CommandResult { Tensor = new Wire.TensorData { Data = Google.Protobuf.ByteString.CopyFrom(new byte[2 << 20]) } };
        var waiting = outbox.AddAsync(new Wire.ExecuteResponse { Results = { large } }, new ResultBudget(1 << 20)).AsTask();
        Assert.False(waiting.IsCompleted);
        fails.SetException(new IOException("cannot be sent"));
        await Assert.ThrowsAsync<IOException>(() => waiting.WaitAsync(s_patience));
    }

    private sealed class Writer(Task written) : IServerStreamWriter<Wire.ExecuteResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(Wire.ExecuteResponse message) => written;

        public Task WriteAsync(Wire.ExecuteResponse message, CancellationToken cancellationToken) => written;
    }

    private sealed class SilentReader : IAsyncStreamReader<Wire.ExecuteRequest>
    {
        public Wire.ExecuteRequest Current => throw new InvalidOperationException();

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return false;
        }
    }
}
