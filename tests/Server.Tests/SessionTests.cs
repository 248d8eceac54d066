using AutogradService.Testing;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>How sessions come and go, and whose they are.</summary>
public sealed class SessionTests
{
    private static readonly Metadata s_alice = TestKeys.Header("alice");
    private static readonly Metadata s_bob = TestKeys.Header("bob");

    [Fact]
    public async Task A_session_has_a_random_id_of_128_bits()
    {
        await using var server = await RunningServer.StartAsync();
        var ids = new HashSet<string>();
        for (int i = 0; i < 20; i++) ids.Add((await TestSession.CreateAsync(server.Channel)).Id);
        Assert.Equal(20, ids.Count);
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }

    [Fact]
    public async Task A_deleted_session_is_told_from_one_that_never_was()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        ulong a = await s.OnesAsync(1000);
        await s.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = s.Id });
        var status = await Refusals.OfAsync(StatusCode.NotFound, "SESSION_EXPIRED", () => s.ReadAsync(a));
        Assert.Equal("session", status.GetDetail<Rpc.ResourceInfo>()!.ResourceType);
        Assert.DoesNotContain(s.Id, status.ToString(), StringComparison.Ordinal);
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_NOT_FOUND", () => s.Sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = new string('0', 32) }).ResponseAsync);
        await Refusals.OfFieldAsync("INVALID_FIELD", "session_id", () => s.Sessions.GetSessionAsync(new Wire.GetSessionRequest()).ResponseAsync);
    }

    [Fact]
    public async Task A_session_expires_when_idle_and_any_call_in_it_renews_it()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(time);
        var sessions = new Wire.SessionService.SessionServiceClient(server.Channel);
        var created = await sessions.CreateSessionAsync(new Wire.CreateSessionRequest { IdleTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(100)) });
        Assert.Equal(TimeSpan.FromSeconds(100), created.Session.ExpireTime.ToDateTimeOffset() - created.Session.CreateTime.ToDateTimeOffset());
        string id = created.Session.SessionId;
        var s = await TestSession.CreateAsync(server.Channel);
        var autograd = s.Autograd;
        for (int i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(99));
            await autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = id });
        }
        time.Advance(TimeSpan.FromSeconds(99));
        await sessions.RenewSessionAsync(new Wire.RenewSessionRequest { SessionId = id });
        time.Advance(TimeSpan.FromSeconds(99));
        // These look only, and do not renew.
        await sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = id });
        await sessions.GetUsageAsync(new Wire.GetUsageRequest { SessionId = id });
        time.Advance(TimeSpan.FromSeconds(1));
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_EXPIRED", () => autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = id }).ResponseAsync);
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_EXPIRED", () => sessions.RenewSessionAsync(new Wire.RenewSessionRequest { SessionId = id }).ResponseAsync);
    }

    [Fact]
    public async Task Idle_sessions_make_room_by_themselves()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(time, "Limits:SessionsMax=2", "Limits:IdleSeconds=60");
        await TestSession.CreateAsync(server.Channel);
        var used = await TestSession.CreateAsync(server.Channel);
        var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_SESSIONS", () => TestSession.CreateAsync(server.Channel));
        Assert.Equal("2", Refusals.InfoOf(status).Metadata["limit"]);
        time.Advance(TimeSpan.FromSeconds(40));
        await used.OnesAsync(1);
        time.Advance(TimeSpan.FromSeconds(40));
        await TestSession.CreateAsync(server.Channel);
        await used.OnesAsync(1);
    }

    [Fact]
    public async Task An_open_stream_does_not_keep_an_idle_session_alive()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(time, "Limits:IdleSeconds=60");
        var s = await TestSession.CreateAsync(server.Channel);
        using var call = s.Autograd.Execute();
        await call.RequestStream.WriteAsync(new Wire.ExecuteRequest { SessionId = s.Id });
        Assert.True(await call.ResponseStream.MoveNext());
        time.Advance(TimeSpan.FromSeconds(61));
        await call.RequestStream.WriteAsync(new Wire.ExecuteRequest());
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_EXPIRED", () => call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Only_so_many_ended_sessions_are_remembered()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:TombstonesMax=1");
        var sessions = new Wire.SessionService.SessionServiceClient(server.Channel);
        string[] ids = [(await TestSession.CreateAsync(server.Channel)).Id, (await TestSession.CreateAsync(server.Channel)).Id];
        foreach (string id in ids) await sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = id });
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_NOT_FOUND", () => sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = ids[0] }).ResponseAsync);
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_EXPIRED", () => sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = ids[1] }).ResponseAsync);
    }

    [Fact]
    public async Task Idle_timeouts_are_checked_and_cut()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:IdleSeconds=10", "Limits:IdleSecondsMax=20");
        var sessions = new Wire.SessionService.SessionServiceClient(server.Channel);
        foreach (long seconds in new[] { 0, -5 })
            await Refusals.OfFieldAsync("INVALID_FIELD", "idle_timeout", () => sessions.CreateSessionAsync(new Wire.CreateSessionRequest { IdleTimeout = new Duration { Seconds = seconds } }).ResponseAsync);
        var cut = await sessions.CreateSessionAsync(new Wire.CreateSessionRequest { IdleTimeout = new Duration { Seconds = 315_576_000_000 } });
        Assert.Equal(20, cut.Session.IdleTimeout.Seconds);
        var usual = await sessions.CreateSessionAsync(new Wire.CreateSessionRequest());
        Assert.Equal(10, usual.Session.IdleTimeout.Seconds);
    }

    [Fact]
    public async Task Sessions_are_listed_a_page_at_a_time()
    {
        await using var server = await RunningServer.StartAsync();
        var sessions = new Wire.SessionService.SessionServiceClient(server.Channel);
        for (int i = 0; i < 5; i++) await sessions.CreateSessionAsync(new Wire.CreateSessionRequest { DisplayName = $"number {i}" });
        var names = new List<string>();
        var lengths = new List<int>();
        string token = "";
        do
        {
            var page = await sessions.ListSessionsAsync(new Wire.ListSessionsRequest { PageSize = 2, PageToken = token });
            names.AddRange(page.Sessions.Select(s => s.DisplayName));
            lengths.Add(page.Sessions.Count);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Assert.Equal(["number 0", "number 1", "number 2", "number 3", "number 4"], names);
        Assert.Equal([2, 2, 1], lengths);
        await Refusals.OfFieldAsync("INVALID_FIELD", "page_token", () => sessions.ListSessionsAsync(new Wire.ListSessionsRequest { PageToken = "x" }).ResponseAsync);
    }

    [Fact]
    public async Task Where_keys_are_configured_callers_need_one_and_see_only_their_own()
    {
        await using var server = await RunningServer.StartAsync(null, TestKeys.Settings("alice", "bob"));
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => TestSession.CreateAsync(server.Channel));
        foreach (string header in new[] { "Bearer " + TestKeys.Of("nobody"), "Basic " + TestKeys.Of("alice"), "Bearer ", "Bearer x" })
            await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => TestSession.CreateAsync(server.Channel, new Metadata { { "authorization", header } }));
        var s = await TestSession.CreateAsync(server.Channel, s_alice);
        var get = new Wire.GetSessionRequest { SessionId = s.Id };
        await s.Sessions.GetSessionAsync(get, s_alice);
        await Refusals.OfAsync(StatusCode.PermissionDenied, "NOT_SESSION_OWNER", () => s.Sessions.GetSessionAsync(get, s_bob).ResponseAsync);
        await Refusals.OfAsync(StatusCode.PermissionDenied, "NOT_SESSION_OWNER", () => s.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = s.Id }, s_bob).ResponseAsync);
        await Refusals.OfAsync(StatusCode.PermissionDenied, "NOT_SESSION_OWNER", () => s.Autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = s.Id }, s_bob).ResponseAsync);
        // Credentials come before existence.
        await Refusals.OfAsync(StatusCode.Unauthenticated, "CREDENTIALS_REQUIRED", () => s.Sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = "none" }).ResponseAsync);
        Assert.Empty((await s.Sessions.ListSessionsAsync(new Wire.ListSessionsRequest(), s_bob)).Sessions);
        Assert.Single((await s.Sessions.ListSessionsAsync(new Wire.ListSessionsRequest(), s_alice)).Sessions);
        await s.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = s.Id }, s_alice);
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_EXPIRED", () => s.Sessions.GetSessionAsync(get, s_alice).ResponseAsync);
        await Refusals.OfAsync(StatusCode.PermissionDenied, "NOT_SESSION_OWNER", () => s.Sessions.GetSessionAsync(get, s_bob).ResponseAsync);
    }

    [Fact]
    public async Task Releasing_everything_gives_every_byte_back()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        ulong x = await s.OnesAsync(1000, true), y = await s.OpAsync("exp", x), z = await s.OpAsync("mul", y, y), loss = await s.OpAsync("sum", z);
        var full = await s.UsageAsync();
        Assert.True(full.Bytes >= 12_000 && full.Nodes >= 4);
        await s.BackwardAsync(loss);
        await s.Autograd.ReleaseTensorsAsync(new Wire.ReleaseTensorsRequest { SessionId = s.Id, Handles = { x, y, z, loss } });
        var empty = await s.UsageAsync();
        Assert.Equal((0UL, 0UL, 0UL), (empty.Bytes, empty.Tensors, empty.Nodes));
        Assert.True(empty.PeakBytes >= full.Bytes);
    }

    [Fact]
    public async Task Two_sessions_share_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var one = await TestSession.CreateAsync(server.Channel);
        var two = await TestSession.CreateAsync(server.Channel);
        ulong a = await one.CreateAsync([1], [1]), b = await two.CreateAsync([2], [1]);
        Assert.Equal(a, b);
        float[] mine = [1], other = [2];
        Assert.Equal(mine, await one.ReadAsync(a));
        Assert.Equal(other, await two.ReadAsync(b));
    }

    [Fact]
    public async Task All_sessions_together_hold_no_more_than_the_server_may()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(time, "Limits:ServerBytesMax=4000000");
        var greedy = await TestSession.CreateAsync(server.Channel);
        var other = await TestSession.CreateAsync(server.Channel);
        ulong a = await greedy.OnesAsync(250_000), b = await greedy.OnesAsync(250_000), c = await greedy.OnesAsync(250_000);
        var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_SERVER_MEMORY", () => other.OnesAsync(250_000));
        Assert.True(status.GetDetail<Rpc.RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        Assert.Equal(0UL, (await other.UsageAsync()).Bytes);
        // What the greedy session released it keeps for reuse, until it has not been used for some time.
        await greedy.RunAsync(TestSession.Release(a, b, c));
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_SERVER_MEMORY", () => other.OnesAsync(250_000));
        time.Advance(TimeSpan.FromSeconds(60));
        await other.OnesAsync(250_000);
    }
}
