using AutogradService.Testing;
using Grpc.Core;

namespace AutogradService.Server.Tests.Security;

/// <summary>Keys come and go while the server runs; what was opened with one that is gone ends.</summary>
public sealed class RotationTests : IDisposable
{
    private const string Often = "Security:ReloadSeconds=0.05";
    private readonly TestFolder _folder = new();
    private readonly RecordedLog _log = new();

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_principal_moves_from_one_key_to_the_next_and_the_old_one_is_cut_off_also_in_streams_under_way()
    {
        await using var server = await StartAsync(TestKeys.Line("alice"));
        await RefusedAsync(server, TestKeys.Header("alice", 1));
        string path = _folder.Write("keys", $"# both for a while\n\n{TestKeys.Line("alice")}\n{TestKeys.Line("alice", 1)}\n");
        await TransferTests.EventuallyAsync(() => IsInAsync(server, TestKeys.Header("alice", 1)));
        var s = await TestSession.CreateAsync(server.Channel, TestKeys.Header("alice"));
        var large = new Wire.ApplyOp { Op = "zeros", Out = 7, Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "size", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { 8 << 20 } } } } } } };
        await s.Autograd.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = s.Id, ApplyOp = large }, TestKeys.Header("alice"));

        // Streams that wait for their client, each kind there is; and one whose client does not read.
        var waiting = EveryCall.Methods.Where(m => m.IsClientStreaming).Select(m => (m, EveryCall.OpenAsync(server.Channel.CreateCallInvoker(), m, TestKeys.Header("alice")))).ToList();
        var kept = EveryCall.OpenAsync(server.Channel.CreateCallInvoker(), EveryCall.Methods.Single(m => m.Name == "Execute"), TestKeys.Header("alice", 1), out var finish);
        using var download = s.Autograd.DownloadTensor(new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = 7 }, TestKeys.Header("alice"));
        Assert.True(await download.ResponseStream.MoveNext(default));
        Assert.Equal(4, waiting.Count);

        File.WriteAllText(path + ".new", TestKeys.Line("alice", 1));
        File.Move(path + ".new", path, overwrite: true);
        // The same connection, which had seen the key before.
        await TransferTests.EventuallyAsync(async () => !await IsInAsync(server, TestKeys.Header("alice")));
        await RefusedAsync(server, TestKeys.Header("alice"));
        foreach (var (method, stream) in waiting)
        {
            var e = await Assert.ThrowsAsync<RpcException>(() => stream.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.True(e.GetRpcStatus()?.GetDetail<Rpc.ErrorInfo>()?.Reason == "CREDENTIALS_REQUIRED", $"{method.Name}: {e.Status}");
        }
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await download.ResponseStream.MoveNext(default)) { }
        });
        // The session is the principal's, not the key's; and the other key's stream goes on.
        Assert.Equal(1UL, (await s.Sessions.GetUsageAsync(new Wire.GetUsageRequest { SessionId = s.Id }, TestKeys.Header("alice", 1))).Usage.Tensors);
        Assert.False(kept.IsCompleted);
        finish();
        await kept;
        Assert.Contains(_log.Lines, l => l == "Read again: the file of API keys, now 1 keys of 1 principals");
    }

    [Fact]
    public async Task A_file_that_is_no_good_changes_nothing_and_is_told_once()
    {
        await using var server = await StartAsync(TestKeys.Line("alice"));
        foreach (string content in new[] { "alice not-a-hash", TestKeys.Line("bob") + "\n" + TestKeys.Line("bob") })
        {
            int before = _log.Lines.Count;
            _folder.Write("keys", content);
            await TransferTests.EventuallyAsync(() => Task.FromResult(_log.Lines.Count > before));
            Assert.True(await IsInAsync(server, TestKeys.Header("alice")));
            await RefusedAsync(server, TestKeys.Header("bob"));
        }
        Assert.Equal(2, _log.Lines.Count(l => l.StartsWith("Not read again", StringComparison.Ordinal)));
        _folder.Write("keys", TestKeys.Line("bob"));
        await TransferTests.EventuallyAsync(() => IsInAsync(server, TestKeys.Header("bob")));
        await RefusedAsync(server, TestKeys.Header("alice"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_expires_and_its_streams_with_it_unless_told_otherwise(bool streamsEnd)
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(time, $"Security:Keys:0={TestKeys.Line("alice", rest: "not-after=2026-01-01T01:00:00Z")}", "Limits:IdleSeconds=86400", $"Security:EndStreamsOnExpiry={streamsEnd}");
        var s = await TestSession.CreateAsync(server.Channel, TestKeys.Header("alice"));
        using var stream = s.Autograd.Execute(TestKeys.Header("alice"));
        await stream.RequestStream.WriteAsync(new Wire.ExecuteRequest { SessionId = s.Id });
        Assert.True(await stream.ResponseStream.MoveNext());
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await IsInAsync(server, TestKeys.Header("alice")));
        time.Advance(TimeSpan.FromMinutes(2));
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_EXPIRED", () => TestSession.CreateAsync(server.Channel, TestKeys.Header("alice")));
        if (streamsEnd)
        {
            await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_EXPIRED", () => stream.ResponseStream.MoveNext());
            return;
        }
        await stream.RequestStream.WriteAsync(new Wire.ExecuteRequest());
        Assert.True(await stream.ResponseStream.MoveNext());
        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Token_keys_rotate_too_and_may_be_a_json_web_key_set()
    {
        using TestTokens old = new(), next = new();
        await using var server = await RunningServer.StartAsync(null, _log, [Often, .. TestTokens.Settings(_folder.Write("jwt", old.PublicPem))]);
        string before = old.Make(), after = next.Make();
        Assert.True(await IsInAsync(server, TestTokens.Header(before)));
        await RefusedAsync(server, TestTokens.Header(after));
        var stream = EveryCall.OpenAsync(server.Channel.CreateCallInvoker(), EveryCall.Methods.Single(m => m.Name == "Execute"), TestTokens.Header(before));
        _folder.Write("jwt", old.PublicPem + "\n" + next.PublicPem);
        await TransferTests.EventuallyAsync(() => IsInAsync(server, TestTokens.Header(after)));
        Assert.True(await IsInAsync(server, TestTokens.Header(before)));
        Assert.False(stream.IsCompleted);
        _folder.Write("jwt", next.PublicJwks);
        await TransferTests.EventuallyAsync(async () => !await IsInAsync(server, TestTokens.Header(before)));
        Assert.True(await IsInAsync(server, TestTokens.Header(after)));
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => stream.WaitAsync(TimeSpan.FromSeconds(30)));
        // A key that both sides know is none: nothing changes.
        _folder.Write("jwt", """{"keys":[{"kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U","alg":"HS256"}]}""");
        await TransferTests.EventuallyAsync(() => Task.FromResult(_log.Lines.Any(l => l.Contains("type 'oct'", StringComparison.Ordinal))));
        Assert.True(await IsInAsync(server, TestTokens.Header(after)));
    }

    private Task<RunningServer> StartAsync(string keys) => RunningServer.StartAsync(null, _log, Often, $"Security:KeysFile={_folder.Write("keys", keys)}");

    private static async Task<bool> IsInAsync(RunningServer server, Metadata headers)
    {
        try
        {
            await new Wire.CatalogService.CatalogServiceClient(server.Channel).GetServerInfoAsync(new Wire.GetServerInfoRequest(), headers);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            return false;
        }
    }

    private static Task<Rpc.Status> RefusedAsync(RunningServer server, Metadata headers) =>
        Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => new Wire.CatalogService.CatalogServiceClient(server.Channel).GetServerInfoAsync(new Wire.GetServerInfoRequest(), headers).ResponseAsync);
}
