using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AutogradService.Testing;
using Grpc.Core;

namespace AutogradService.Client.Tests;

/// <summary>Sessions: grad mode, scopes, memory, transfers, waiting, ends.</summary>
public sealed class SessionTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task No_grad_nests_and_ends()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([1f, 2f], requiresGrad: true);
        Tensor inside, within, after;
        using (session.NoGrad())
        {
            inside = x * 2;
            using (session.EnableGrad()) within = x * 2;
            Assert.False(session.IsGradEnabled);
        }
        after = x * 2;
        Assert.False(await inside.RequiresGradAsync());
        Assert.True(await within.RequiresGradAsync());
        Assert.True(await after.RequiresGradAsync());
        Assert.Equal("MulBackward0", await after.GradFnAsync());
        Assert.Null(await inside.GradFnAsync());
    }

    [Fact]
    public async Task A_scope_gives_back_every_byte_but_what_was_kept()
    {
        await using var session = await server.ConnectAsync();
        var w = session.Tensor(new float[1000], requiresGrad: true);
        long before = (await session.UsageAsync()).Bytes;
        Tensor kept;
        using (session.Scope())
        {
            var x = w * 2 + 1;
            using (session.Scope()) _ = x * x;
            kept = session.Tensor(new float[100]).Keep();
            x.Sum().Backward();
            w.ZeroGrad();
        }
        var usage = await session.UsageAsync();
        long held = usage.Bytes - before;
        kept.Dispose();
        Assert.InRange(held, 400, 1000);
        Assert.Equal(before, (await session.UsageAsync()).Bytes);
        Assert.Equal(1, (await session.UsageAsync()).Tensors);
    }

    [Fact]
    public async Task What_is_collected_is_released()
    {
        await using var session = await server.ConnectAsync();
        MakeGarbage(session);
        for (int i = 0; i < 50; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if ((await session.UsageAsync()).Tensors == 0) return;
            await Task.Delay(20);
        }
        Assert.Fail("garbage was not released");
    }

    [Fact]
    public async Task Absent_gradients_differ_from_zeros()
    {
        await using var session = await server.ConnectAsync();
        var w = session.Tensor([1f, 2f], requiresGrad: true);
        Assert.Null(await w.GradAsync());
        Assert.False(await w.HasGradAsync());
        var e = await Assert.ThrowsAsync<AutogradException>(() => w.Grad.ToArrayAsync<float>());
        Assert.Contains(".grad is None", e.Message, StringComparison.Ordinal);
        (w * 3).Sum().Backward();
        w.ZeroGrad(setToNone: false);
        float[] zeros = await w.Grad.ToArrayAsync<float>();
        Assert.Equal(new float[2], zeros);
    }

    [Fact]
    public async Task Gradients_of_gradients()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([3.0], requiresGrad: true);
        var y = x * x * x;
        var first = session.Grad(y, x, createGraph: true);
        var second = session.Grad(first, x);
        Assert.Equal(27, await first.ItemAsync<double>());
        Assert.Equal(18, await second.ItemAsync<double>());
        var unused = await session.GradAsync([(x * 2).Sum()], [x, session.Tensor([1.0], requiresGrad: true)]);
        Assert.NotNull(unused[0]);
        Assert.Null(unused[1]);
    }

    [Fact]
    public async Task Large_tensors_go_in_chunks_between_commands()
    {
        await using var session = await server.ConnectAsync(new SessionOptions { InlineBytesMax = 1 << 20 });
        var values = new float[3_000_000];
        for (int i = 0; i < values.Length; i++) values[i] = i % 1000;
        var large = session.Tensor(values, requiresGrad: true);
        var doubled = large * 2;
        large.Sum().Backward();
        float[] back = await doubled.ToArrayAsync<float>();
        Assert.Equal(1998f, back[999]);
        Assert.True(Array.TrueForAll((float[])await large.Grad.ToArrayAsync<float>(), g => g == 1));
    }

    [Fact]
    public async Task A_flush_awaits_an_upload_that_itself_awaits_what_came_before()
    {
        await using var session = await server.ConnectAsync(new SessionOptions { InlineBytesMax = 1024 });
        var values = new float[1000];
        for (int i = 0; i < 50; i++)
            using (session.Scope())
            {
                var x = session.Ones([4]);
                for (int n = 0; n < 200; n++) x += 1;
                session.Tensor(values);
                await session.FlushAsync().WaitAsync(TimeSpan.FromSeconds(60));
            }
    }

    [Fact]
    public async Task What_is_too_large_for_a_message_is_downloaded()
    {
        await using var small = await RunningServer.StartAsync(null, "Limits:MessageBytesMax=65536", "Limits:BatchCommandsMax=64", "Limits:ChunkBytesMax=16384", "Limits:ChunkBytes=16384");
        await using var session = await AutogradSession.ConnectAsync(small.Grpc.ToString());
        var values = Enumerable.Range(0, 100_000).Select(i => (long)i).ToArray();
        var x = session.Tensor(values);
        long[] back = await (x + 1).ToArrayAsync<long>();
        Assert.Equal(values.Select(v => v + 1), back);
    }

    [Fact]
    public async Task A_refused_upload_is_told()
    {
        await using var small = await RunningServer.StartAsync(null, "Limits:BytesMax=1048576");
        await using var session = await AutogradSession.ConnectAsync(small.Grpc.ToString(), new SessionOptions { InlineBytesMax = 1024 });
        var x = session.Tensor(new float[1_000_000]); int line = Line();
        var e = await Assert.ThrowsAsync<AutogradException>(() => (x * 2).ToArrayAsync<float>());
        Assert.Equal(ErrorReason.QuotaBytes, e.Reason);
        Assert.Equal(line, e.SourceLine);
        Assert.Equal(2f, await session.Tensor(2f).ItemAsync<float>());
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_session_usable()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([1f]);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => x.ToArrayAsync<float>(cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.FlushAsync(cancellation.Token));
        Assert.Equal(1f, await x.ItemAsync<float>());
    }

    [Fact]
    public async Task A_stopped_server_fails_what_waits_and_what_comes()
    {
        await using var stopping = await RunningServer.StartAsync();
        await using var session = await AutogradSession.ConnectAsync(stopping.Grpc.ToString());
        var x = session.Tensor([1f]);
        await session.FlushAsync();
        await stopping.StopAsync();
        var waiting = Assert.ThrowsAsync<AutogradConnectionException>(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await x.ToArrayAsync<float>();
                await Task.Delay(5);
            }
        });
        Assert.Equal(StatusCode.Unavailable, (await waiting.WaitAsync(TimeSpan.FromSeconds(20))).Code);
        await Assert.ThrowsAsync<AutogradConnectionException>(() => session.FlushAsync());
        Assert.Throws<AutogradConnectionException>(() => session.Tensor([1f]));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told()
    {
        var e = await Assert.ThrowsAsync<AutogradConnectionException>(() => AutogradSession.ConnectAsync("http://127.0.0.1:1"));
        Assert.Equal(StatusCode.Unavailable, e.Code);
    }

    [Fact]
    public async Task A_session_that_ended_is_told()
    {
        var session = await server.ConnectAsync();
        var x = session.Tensor([1f]);
        await session.DisposeAsync();
        await session.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.RenewAsync());
        await Assert.ThrowsAsync<AutogradConnectionException>(() => x.ToArrayAsync<float>());
    }

    [Fact]
    public async Task Keys_are_presented()
    {
        await using var guarded = await RunningServer.StartAsync(null, TestKeys.Settings("ada"));
        var e = await Assert.ThrowsAsync<AutogradException>(() => AutogradSession.ConnectAsync(guarded.Grpc.ToString()));
        Assert.Equal(ErrorReason.CredentialsRequired, e.Reason);
        await using var session = await AutogradSession.ConnectAsync(guarded.Grpc.ToString(), new SessionOptions { Key = TestKeys.Of("ada") });
        Assert.Equal(2f, await (session.Tensor(1f) + 1).ItemAsync<float>());
    }

    [Fact]
    public async Task A_token_provider_is_asked_for_each_call()
    {
        await using var guarded = await RunningServer.StartAsync(null, [.. TestKeys.Settings("ada"), $"Security:Keys:1={TestKeys.Line("ada", 1)}"]);
        int asked = 0;
        var credentials = new Credentials { TokenProvider = _ => ValueTask.FromResult(TestKeys.Of("ada", asked++ % 2)) };
        await using var session = await AutogradSession.ConnectAsync(guarded.Grpc.ToString(), new SessionOptions { Credentials = credentials });
        Assert.Equal(2f, await (session.Tensor(1f) + 1).ItemAsync<float>());
        await using var client = await AutogradClient.ConnectAsync(guarded.Grpc.ToString(), new ClientOptions { Credentials = credentials });
        Assert.True(asked >= 4);
    }

    [Fact]
    public async Task Keys_do_not_leave_the_machine_in_cleartext_unless_told_to()
    {
        var options = new SessionOptions { Key = TestKeys.Of("ada") };
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        foreach (string address in new[] { "http://192.0.2.1:50051", "http://autograd.invalid" })
        {
            var e = await Assert.ThrowsAsync<ArgumentException>(() => AutogradSession.ConnectAsync(address, options));
            Assert.DoesNotContain(options.Key, e.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ArgumentException>(() => AutogradClient.ConnectAsync(address, new ClientOptions { Key = options.Key }));
            // Further than this check it comes, and no further.
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AutogradSession.ConnectAsync(address, options with { Credentials = options.Credentials with { AllowCleartext = true } }, cancelled.Token));
        }
    }

    [Fact]
    public async Task Certificates_of_both_sides_are_checked()
    {
        string folder = Directory.CreateTempSubdirectory("autograd-client-").FullName;
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=ada", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            // Its own authority, the server's and the client's in one.
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            string pem = Path.Combine(folder, "both.pem");
            await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
            await using var guarded = await RunningServer.StartAsync(null, $"Security:Tls:CertificateFile={pem}", "Security:ClientCertificates:Mode=Required", $"Security:ClientCertificates:CaFile={pem}");
            string address = guarded.Grpc.ToString();
            var good = new Credentials { Certificate = certificate, Authorities = [certificate] };
            await using var session = await AutogradSession.ConnectAsync(address, new SessionOptions { Credentials = good });
            Assert.Equal(2f, await (session.Tensor(1f) + 1).ItemAsync<float>());
            foreach (var bad in new[] { good with { Certificate = null }, good with { Authorities = null } })
                await Assert.ThrowsAnyAsync<AutogradException>(() => AutogradSession.ConnectAsync(address, new SessionOptions { Credentials = bad }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, InlineData(CallMode.Pipelined), InlineData(CallMode.Batched), InlineData(CallMode.Unary)]
    public async Task Hooks_graphs_and_states_in_every_mode(CallMode mode)
    {
        await using var session = await server.ConnectAsync(new SessionOptions { Mode = mode });
        var x = session.Tensor([1f, 2f], requiresGrad: true);
        var y = (x * 3).RetainGrad();
        var hook = x.RegisterHook(GradientHook.Scale(10));
        y.Sum().Backward(retainGraph: true);
        float[] g = await x.Grad.ToArrayAsync<float>(), kept = await y.Grad.ToArrayAsync<float>();
        Assert.Equal([30f, 30f], g.AsEnumerable());
        Assert.Equal([1f, 1f], kept.AsEnumerable());
        await hook.RemoveAsync();
        await Assert.ThrowsAsync<AutogradException>(() => hook.RemoveAsync());
        var graph = await y.GraphAsync();
        Assert.Equal("MulBackward0", graph.Nodes[0].Name);
        Assert.Equal(x.Handle, graph.Nodes[^1].LeafHandle);
        Assert.StartsWith("MulBackward0\n  ", graph.ToTree(), StringComparison.Ordinal);
        Assert.Contains("digraph", graph.Dot, StringComparison.Ordinal);
        x.SetGrad(null);
        Assert.False(await x.HasGradAsync());
        x.DetachInPlace().SetRequiresGrad();
        Assert.True(await x.IsLeafAsync());
        Assert.Equal("tensor([1., 2.], requires_grad=True)", await x.ToStringAsync());
        Assert.Equal("tensor([3., 6.], grad_fn=<MulBackward0>)", await (x * 3).ToStringAsync());
        using (session.NoGrad()) x.AddInPlace(1);
        Assert.Equal(1, await x.VersionAsync());
        Assert.Equal([2L], await x.ShapeAsync());
        Assert.Equal(DType.Float32, await x.DTypeAsync());
    }

    [Fact]
    public async Task Who_gives_faster_than_can_be_sent_is_made_to_wait()
    {
        await using var small = await RunningServer.StartAsync(null, "Limits:StreamCreditCommands=64", "Limits:BatchCommandsMax=32");
        await using var session = await AutogradSession.ConnectAsync(small.Grpc.ToString(), new SessionOptions { BufferBytesMax = 4096, OperatorSource = OperatorSource.Off });
        var x = session.Tensor([0.0]);
        for (int i = 0; i < 20_000; i++)
        {
            var next = x + 1;
            x.Dispose();
            x = next;
        }
        Assert.Equal(20_000, await x.ItemAsync<double>());
        Assert.Equal(1, (await session.UsageAsync()).Tensors);
    }

    [Fact]
    public async Task Many_threads_may_share_a_session()
    {
        await using var session = await server.ConnectAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 16), async (i, cancellation) =>
        {
            var x = session.Tensor((long)i);
            for (int k = 0; k < 200; k++) x = x + 1;
            Assert.Equal(i + 200, await x.ItemAsync<long>(cancellation));
        });
    }

    [Fact]
    public async Task One_program_three_ways()
    {
        var ends = new List<uint[]>();
        foreach (var mode in Enum.GetValues<CallMode>())
        {
            await using var session = await server.ConnectAsync(new SessionOptions { Mode = mode });
            var w = session.Tensor([0.1f, -0.7f, 1.3f], requiresGrad: true);
            for (int step = 0; step < 20; step++)
            {
                ((w * w).Exp() * 0.01 - w).Sum().Backward();
                using (session.NoGrad()) w.SubInPlace(w.Grad, alpha: 0.01);
                w.ZeroGrad();
            }
            float[] end = await w.ToArrayAsync<float>();
            ends.Add(Array.ConvertAll(end, BitConverter.SingleToUInt32Bits));
        }
        Assert.Equal(ends[0], ends[1]);
        Assert.Equal(ends[0], ends[2]);
    }

    private static void MakeGarbage(AutogradSession session)
    {
        for (int i = 0; i < 20; i++) _ = session.Tensor([1f]) + 1;
    }

    private static int Line([System.Runtime.CompilerServices.CallerLineNumber] int line = 0) => line;
}
