using System.Diagnostics;
using System.Diagnostics.Metrics;
using AutogradService.Testing;
using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>What the server tells about itself: metrics, traces, usage.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Every_instrument_is_in_the_documentation_and_on_the_dashboard_or_in_an_alert()
    {
        var instruments = new Dictionary<string, Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == "AutogradService") lock (instruments) instruments[instrument.Name] = instrument; } };
        listener.Start();
        await using var server = await RunningServer.StartAsync();
        string documentation = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/telemetry.md"), TestContext.Current.CancellationToken);
        string shown = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy/grafana/dashboards/autograd.json"), TestContext.Current.CancellationToken)
            + await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy/prometheus/alerts.yml"), TestContext.Current.CancellationToken);
        Assert.True(instruments.Count > 25, $"{instruments.Count} instruments");
        Assert.All(instruments.Values, instrument =>
        {
            string name = PrometheusText.NameOf(instrument.Name, instrument.Unit, instrument is ObservableCounter<long> or ObservableCounter<double>);
            Assert.Contains($"| `{name}`", documentation, StringComparison.Ordinal);
            Assert.Contains(name, shown, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(instrument.Description), instrument.Name);
        });
        Assert.Equal(instruments.Count, documentation.Split('\n').Count(l => l.StartsWith("| `autograd_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Metrics_count_what_was_done()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        ulong x = await s.OnesAsync(4, requiresGrad: true);
        await s.BackwardAsync(await s.OpAsync("sum", await s.OpAsync("exp", x)));
        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.OpAsync("exp", 77));
        using var client = new HttpClient { BaseAddress = server.Http };
        string text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(3, PrometheusText.ValueOf(text, "autograd_commands_total", "kind=\"apply_op\""));
        Assert.Equal(1, PrometheusText.ValueOf(text, "autograd_commands_total", "kind=\"backward\""));
        Assert.Equal(1, PrometheusText.ValueOf(text, "autograd_errors_total", "reason=\"TENSOR_NOT_FOUND\""));
        Assert.Equal(0, PrometheusText.ValueOf(text, "autograd_errors_total", "reason=\"INTERNAL\""));
        Assert.Equal(1, PrometheusText.ValueOf(text, "autograd_backward_calls_total"));
        Assert.Equal(1, PrometheusText.ValueOf(text, "autograd_backward_nodes_count"));
        Assert.Equal(3, PrometheusText.ValueOf(text, "autograd_backward_nodes_sum")); // sum, exp, the leaf's accumulation
        Assert.Equal(1, PrometheusText.ValueOf(text, "autograd_sessions"));
        Assert.Equal(3, PrometheusText.ValueOf(text, "autograd_tensors"));
        Assert.Equal(2, PrometheusText.ValueOf(text, "autograd_rpc_duration_seconds_count", "rpc_grpc_status_code=\"OK\",rpc_method=\"/autograd.v1.AutogradService/ApplyOp\""));
        Assert.Equal(1, PrometheusText.ValueOf(text, "autograd_rpc_duration_seconds_count", "rpc_grpc_status_code=\"NOT_FOUND\",rpc_method=\"/autograd.v1.AutogradService/ApplyOp\""));
        Assert.True(PrometheusText.ValueOf(text, "autograd_session_bytes", "quantile=\"1\"") >= 3 * 4 * sizeof(float));
        // The port for gRPC answers calls only.
        using var other = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Grpc, "/metrics")) { Version = System.Net.HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var refused = await client.SendAsync(other, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Metrics_can_be_turned_off()
    {
        await using var server = await RunningServer.StartAsync(null, "Telemetry:Prometheus=false");
        using var client = new HttpClient { BaseAddress = server.Http };
        using var response = await client.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
        await (await TestSession.CreateAsync(server.Channel)).OnesAsync(1);
    }

    [Fact]
    public async Task Usage_counts_operations_passes_time_and_bytes_of_a_session_and_of_its_caller()
    {
        await using var server = await RunningServer.StartAsync(null, TestKeys.Settings("alice", "bob"));
        var alice = TestKeys.Header("alice");
        var sessions = new Wire.SessionService.SessionServiceClient(server.Channel);
        var calls = new Wire.AutogradService.AutogradServiceClient(server.Channel);
        string first = (await sessions.CreateSessionAsync(new Wire.CreateSessionRequest(), alice)).Session.SessionId;
        string second = (await sessions.CreateSessionAsync(new Wire.CreateSessionRequest(), alice)).Session.SessionId;
        Wire.Command[] commands =
        [
            TestSession.Create(1, [1, 2, 3, 4, 5, 6], [2, 3], requiresGrad: true), TestSession.Create(2, new float[12], [3, 4]),
            TestSession.Op("mm", 3, 1, 2), TestSession.Op("exp", 4, 3), TestSession.Read(4),
        ];
        await calls.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = first, Commands = { commands } }, alice);
        var used = await UsageAsync(first);
        // 2 m n k for the product, one an element for the exponential.
        Assert.Equal((2UL * 2 * 4 * 3) + 8, used.Flops);
        Assert.Equal((5UL, 0UL, 1UL), (used.CommandsApplied, used.BackwardCalls, used.Sessions));
        Assert.True(used.ReceivedBytes > 18 * sizeof(float) && used.SentBytes > 8 * sizeof(float), used.ToString());
        Assert.True(used.ComputeTime.ToTimeSpan() > TimeSpan.Zero);
        await calls.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = second, Commands = { commands[0], TestSession.Op("sum", 2, 1), new Wire.Command { Backward = new Wire.Backward { Roots = { 2 } } } } }, alice);
        var both = await UsageAsync("");
        Assert.Equal((8UL, 1UL, 2UL, 6UL), (both.CommandsApplied, both.BackwardCalls, both.Sessions, both.Tensors));
        await sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = first }, alice);
        var left = await UsageAsync("");
        Assert.Equal((8UL, 1UL, 1UL, 2UL), (left.CommandsApplied, left.BackwardCalls, left.Sessions, left.Tensors));
        Assert.Equal(both.Flops, left.Flops);
        var bob = (await sessions.GetUsageAsync(new Wire.GetUsageRequest(), TestKeys.Header("bob"))).Usage;
        Assert.Equal((0UL, 0UL, 0UL), (bob.CommandsApplied, bob.Sessions, bob.Flops));

        async Task<Wire.Usage> UsageAsync(string id) => (await sessions.GetUsageAsync(new Wire.GetUsageRequest { SessionId = id }, alice)).Usage;
    }

    [Fact]
    public async Task A_frame_of_a_stream_is_part_of_the_trace_that_it_names_and_links_to_the_streams()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        using var trace = new RecordedTrace();
        using var call = s.Autograd.Execute(cancellationToken: TestContext.Current.CancellationToken);
        var commands = new[] { TestSession.Create(1, [1, 2], [2], requiresGrad: true), TestSession.Op("exp", 2, 1), TestSession.Op("exp", 3, 2), TestSession.Op("sum", 4, 3), new Wire.Command { Backward = new Wire.Backward { Roots = { 4 } } }, TestSession.Op("exp", 5, 99) };
        for (ulong i = 0; i < (ulong)commands.Length; i++) commands[i].Seq = i + 1;
        await call.RequestStream.WriteAsync(new Wire.ExecuteRequest { SessionId = s.Id, Commands = { commands }, Traceparent = trace.Traceparent }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        // Neither a frame that names no span nor one that names nonsense belongs to it.
        foreach (string text in (string[])["", "nonsense"])
        {
            await call.RequestStream.WriteAsync(new Wire.ExecuteRequest { Traceparent = text }, TestContext.Current.CancellationToken);
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var frame = Assert.Single(trace.Spans, span => span.OperationName == "commands");
        Assert.Equal(trace.SpanId, frame.ParentSpanId.ToHexString());
        Assert.Equal((6, 1L, 2L), ((int)frame.GetTagItem("autograd.commands")!, (long)frame.GetTagItem("autograd.commands.failed")!, (long)frame.GetTagItem("autograd.op.exp.count")!));
        Assert.True((double)frame.GetTagItem("autograd.op.backward.seconds")! > 0);
        Assert.DoesNotContain(frame.TagObjects, tag => tag.Value is string text && text.Contains(s.Id, StringComparison.Ordinal));
        Assert.NotEqual(frame.TraceId, Assert.Single(frame.Links).Context.TraceId);
        var backward = Assert.Single(trace.Spans, span => span.OperationName == "backward");
        Assert.Equal((frame.SpanId, 4L), (backward.ParentSpanId, (long)backward.GetTagItem("autograd.nodes")!));
        Assert.Equal(2, trace.Spans.Count);
    }

    [Fact]
    public async Task A_call_is_part_of_its_callers_trace_and_what_it_runs_is_below_it()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        using var trace = new RecordedTrace();
        var metadata = new Metadata { { "traceparent", trace.Traceparent } };
        await s.Autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = s.Id, Commands = { TestSession.Create(1, [1, 2], [2]), TestSession.Op("exp", 2, 1) } }, metadata);
        var functions = new Wire.FunctionService.FunctionServiceClient(server.Channel);
        var id = (await functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = TestFunctions.Of("exp", 2) })).Function.FunctionId;
        await functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = new Wire.FunctionCall { Function = id, Inputs = { TestFunctions.Bytes(1, 2) } } }, metadata);
        await trace.UntilAsync(4);
        // Calls that are recorded leave their trace beside their duration.
        using var client = new HttpClient();
        using var scrape = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Http, "/metrics"));
        scrape.Headers.Add("Accept", "application/openmetrics-text; version=1.0.0");
        using var scraped = await client.SendAsync(scrape, TestContext.Current.CancellationToken);
        string text = await scraped.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(text.Split('\n'), line => line.StartsWith("autograd_rpc_duration_seconds_bucket", StringComparison.Ordinal) && line.Contains(trace.TraceId, StringComparison.Ordinal));
        var call = Assert.Single(trace.Spans, span => span.DisplayName == "autograd.v1.AutogradService/RunCommands");
        Assert.Equal((trace.SpanId, 0), (call.ParentSpanId.ToHexString(), (int)call.GetTagItem("rpc.grpc.status_code")!));
        Assert.Equal(call.SpanId, Assert.Single(trace.Spans, span => span.OperationName == "commands").ParentSpanId);
        var function = Assert.Single(trace.Spans, span => span.OperationName == "function.call");
        Assert.Equal((id, "value"), ((string)function.GetTagItem("autograd.function.id")!, (string)function.GetTagItem("autograd.function.wanted")!));
    }

    [Fact]
    public async Task A_call_whose_caller_records_nothing_has_no_span()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        using var trace = new RecordedTrace();
        var recorded = new Metadata { { "traceparent", trace.Traceparent } };
        var unrecorded = new Metadata { { "traceparent", trace.Traceparent[..^2] + "00" } };
        await s.Autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = s.Id, Commands = { TestSession.Create(1, [1, 2], [2]) } }, unrecorded);
        await s.Autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = s.Id, Commands = { TestSession.Create(2, [1, 2], [2]) } }, recorded);
        await trace.UntilAsync(2);
    }

    /// <summary>Takes the spans of one trace, in a process where others may be recorded at the same time.</summary>
    private sealed class RecordedTrace : IDisposable
    {
        private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
        private readonly ActivitySpanId _span = ActivitySpanId.CreateRandom();
        private readonly List<Activity> _spans = [];
        private readonly ActivityListener _listener;

        public RecordedTrace()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == "AutogradService",
                Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == _trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.PropagationData,
                ActivityStopped = span =>
                {
                    if (span.TraceId != _trace) return;
                    lock (_spans) _spans.Add(span);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public string Traceparent => $"00-{_trace}-{_span}-01";

        public string TraceId => _trace.ToHexString();

        public string SpanId => _span.ToHexString();

        public IReadOnlyList<Activity> Spans
        {
            get
            {
                lock (_spans) return [.. _spans];
            }
        }

        // A call's own span ends a moment after its client has the answer.
        public async Task UntilAsync(int count)
        {
            long end = Environment.TickCount64 + 60_000;
            while (Spans.Count < count && Environment.TickCount64 < end) await Task.Delay(10, TestContext.Current.CancellationToken);
            Assert.Equal(count, Spans.Count);
        }

        public void Dispose() => _listener.Dispose();
    }
}
