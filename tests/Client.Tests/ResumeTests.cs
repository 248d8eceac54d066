using System.Globalization;
using AutogradService.Testing;

namespace AutogradService.Client.Tests;

/// <summary>A connection that breaks in the middle of anything: every command is applied exactly once all the same.</summary>
public sealed class ResumeTests
{
    // The tests' own number keeps them short; the long run is asked for from outside.
    private static readonly int s_cuts = int.Parse(Environment.GetEnvironmentVariable("AUTOGRAD_TEST_CUTS") ?? "30", CultureInfo.InvariantCulture);
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(20);

    [Theory]
    [InlineData(CallMode.Pipelined)]
    [InlineData(CallMode.Batched)]
    [InlineData(CallMode.Unary)]
    public async Task Whatever_is_cut_every_command_is_applied_exactly_once(CallMode mode)
    {
        await using var server = await RunningServer.StartAsync();
        var random = new Random(7);
        await using var proxy = new CuttingProxy(server.Grpc.Port, () =>
        {
            // The first bytes of a connection are its handshake: some connections do not live to see their first frame.
            lock (random) return random.Next(8) == 0 ? random.Next(200) : random.Next(500, mode == CallMode.Unary ? 8_000 : 30_000);
        });
        int cuts = mode == CallMode.Unary ? s_cuts / 3 : s_cuts;
        // To connect takes more than one of those connections can carry.
        await using var cutSession = await ConnectAsync(proxy, mode);
        await using var wholeSession = await AutogradSession.ConnectAsync(server.Grpc.ToString());
        var changes = new List<ConnectionChange>();
        cutSession.ConnectionChanged += change =>
        {
            lock (changes) changes.Add(change);
        };
        var cut = new Program(cutSession);
        var whole = new Program(wholeSession);
        int before = proxy.Cuts, rounds = 0;
        while (proxy.Cuts - before < cuts)
        {
            int seed = ++rounds;
            cut.Round(seed);
            whole.Round(seed);
            if (rounds % 3 != 0) continue;
            float[] expected = await whole.StateAsync().WaitAsync(s_hang), actual = await cut.StateAsync().WaitAsync(s_hang);
            Assert.Equal(expected, actual);
        }
        Assert.Equal(await whole.StateAsync().WaitAsync(s_hang), await cut.StateAsync().WaitAsync(s_hang));
        // What the round made and released is gone on both sides alike.
        Assert.Equal((await wholeSession.UsageAsync()).Tensors, (await Retried(() => cutSession.UsageAsync())).Tensors);
        lock (changes)
        {
            Assert.Contains(changes, c => c.State == ConnectionState.Resumed);
            Assert.DoesNotContain(changes, c => c.State == ConnectionState.Lost);
            Assert.All(changes, c => Assert.Equal(c.State == ConnectionState.Resumed, c.Cause is null));
        }
    }

    [Fact]
    public async Task A_large_upload_and_a_large_answer_survive_a_cut()
    {
        await using var server = await RunningServer.StartAsync();
        int connection = 0;
        // The first connection is cut within the upload of 4 MiB, the second one, which carries it anew, within the download of as much.
        await using var proxy = new CuttingProxy(server.Grpc.Port, () => Interlocked.Increment(ref connection) switch { 1 => 3_000_000, 2 => 6_000_000, _ => long.MaxValue });
        await using var session = await AutogradSession.ConnectAsync(proxy.Address, new SessionOptions { InlineBytesMax = 1 << 20 });
        float[] values = [.. Enumerable.Range(0, 1 << 20).Select(i => (float)i)];
        var x = session.Tensor(values, requiresGrad: true);
        var y = x + 1;
        Assert.Equal(values.Sum(v => (double)v), await x.Sum().ItemAsync<float>(), 1e-4 * values.Sum(v => (double)v));
        var reshaped = y.Reshape([1 << 20]);
        var reading = reshaped.ToArrayAsync<float>();
        // The elements are still to be had when the answer is lost and the handle is gone.
        reshaped.Dispose();
        y.Dispose();
        float[] read = await reading.WaitAsync(s_hang);
        Assert.Equal(values[^1] + 1, read[^1]);
        Assert.Equal(2, proxy.Cuts);
    }

    [Fact]
    public async Task A_large_read_ends_with_its_session()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:MessageBytesMax=4194304", "Limits:ChunkBytesMax=1048576", "Limits:ChunkBytes=262144", "Limits:BatchCommandsMax=4096");
        CuttingProxy? proxy = null;
        // The first connection is cut within the download of 8 MiB, and there is no second one.
        await using var only = proxy = new CuttingProxy(server.Grpc.Port, () =>
        {
            proxy!.Refuses = true;
            return 3_000_000;
        });
        var session = await AutogradSession.ConnectAsync(only.Address, new SessionOptions { ResumeTimeout = TimeSpan.FromHours(1) });
        var reading = session.Ones([2 << 20]).ToArrayAsync<float>();
        while (only.Cuts == 0) await Task.Delay(10);
        Assert.False(reading.IsCompleted);
        await session.DisposeAsync();
        await Assert.ThrowsAnyAsync<AutogradException>(() => reading.WaitAsync(s_hang));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_given_up_with_a_typed_error()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = new CuttingProxy(server.Grpc.Port, static () => long.MaxValue);
        await using var session = await AutogradSession.ConnectAsync(proxy.Address, new SessionOptions { ResumeTimeout = TimeSpan.FromSeconds(1) });
        var states = new List<ConnectionState>();
        session.ConnectionChanged += change =>
        {
            lock (states) states.Add(change.State);
        };
        var x = session.Tensor([1f]);
        await session.FlushAsync();
        proxy.Refuses = true;
        proxy.Cut();
        await Assert.ThrowsAsync<AutogradConnectionException>(() => x.ToArrayAsync<float>().WaitAsync(s_hang));
        Assert.True(session.IsBroken);
        await Assert.ThrowsAsync<AutogradConnectionException>(() => session.FlushAsync());
        lock (states) Assert.Contains(ConnectionState.Reconnecting, states);
    }

    [Fact]
    public async Task A_server_that_was_started_anew_is_not_waited_for()
    {
        await using var server = await RunningServer.StartAsync();
        await using var another = await RunningServer.StartAsync();
        await using var proxy = new CuttingProxy(server.Grpc.Port, static () => long.MaxValue);
        await using var session = await AutogradSession.ConnectAsync(proxy.Address, new SessionOptions { ResumeTimeout = s_hang });
        var x = session.Tensor([1f]);
        await session.FlushAsync();
        proxy.ServerPort = another.Grpc.Port;
        proxy.Cut();
        var e = await Assert.ThrowsAnyAsync<AutogradException>(() => x.ToArrayAsync<float>().WaitAsync(s_hang));
        Assert.Equal(ErrorReason.SessionNotFound, e.Reason);
    }

    [Fact]
    public async Task A_client_that_does_not_want_to_resume_is_told_at_once()
    {
        await using var server = await RunningServer.StartAsync();
        await using var proxy = new CuttingProxy(server.Grpc.Port, static () => long.MaxValue);
        await using var session = await AutogradSession.ConnectAsync(proxy.Address, new SessionOptions { ResumeTimeout = TimeSpan.Zero });
        var x = session.Tensor([1f]);
        await session.FlushAsync();
        proxy.Cut();
        await Assert.ThrowsAsync<AutogradConnectionException>(async () =>
        {
            while (true) await x.ToArrayAsync<float>().WaitAsync(s_hang);
        });
    }

    private static async Task<AutogradSession> ConnectAsync(CuttingProxy proxy, CallMode mode)
    {
        return await Retried(() => AutogradSession.ConnectAsync(proxy.Address, new SessionOptions { Mode = mode, ResumeTimeout = s_hang, FrameCommandsMax = 16 }));
    }

    // For calls that are no part of the pipeline.
    private static async Task<T> Retried<T>(Func<Task<T>> call)
    {
        for (int attempt = 0; ; attempt++)
            try
            {
                return await call();
            }
            catch (AutogradConnectionException) when (attempt < 100)
            {
                await Task.Delay(5);
            }
    }

    /// <summary>What would show any command that is left out or done twice: sums in place, gradients that accumulate, random numbers.</summary>
    private sealed class Program(AutogradSession session)
    {
        private readonly Tensor _count = session.Zeros([1]);
        private readonly Tensor _sum = Seeded(session);
        private readonly Tensor _weight = session.Ones([8], requiresGrad: true);

        public void Round(int seed)
        {
            var random = new Random(seed);
            for (int i = 0; i < 20; i++)
            {
                _count.AddInPlace(1f);
                _sum.MulInPlace(0.5f).AddInPlace((float)random.NextDouble());
                switch (random.Next(4))
                {
                    case 0:
                        using (var x = session.Rand([8]))
                        using (var product = _weight * x)
                        using (var loss = product.Sum())
                            loss.Backward();
                        break;
                    case 1:
                        using (var noise = session.Rand([8])) _sum.AddInPlace(noise);
                        break;
                    default:
                        using (var t = _sum.Tanh()) _sum.AddInPlace(t);
                        break;
                }
            }
        }

        public async Task<float[]> StateAsync()
        {
            using var gradient = _weight.Grad;
            float[] count = await _count.ToArrayAsync<float>(), sum = await _sum.ToArrayAsync<float>(), grad = await gradient.ToArrayAsync<float>();
            return [.. count, .. sum, .. grad];
        }

        private static Tensor Seeded(AutogradSession session)
        {
            session.ManualSeed(1);
            return session.Zeros([8]);
        }
    }
}
