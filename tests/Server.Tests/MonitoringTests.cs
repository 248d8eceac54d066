using System.Text.Json;
using System.Text.RegularExpressions;
using AutogradService.Testing;
using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>deploy/grafana and deploy/prometheus, against a real Prometheus that scrapes a real server at work.</summary>
public sealed partial class MonitoringTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Every_panel_of_the_dashboard_has_an_answer_and_every_alert_looks_at_series_that_are_there()
    {
        Prometheus.Find("prometheus");
        var panels = Panels();
        Assert.True(panels.Count > 40, $"{panels.Count} expressions");
        var rules = Alerts();
        Assert.True(rules.Count > 10, $"{rules.Count} alerts");
        await using var server = await RunningServer.StartAsync();
        await using var prometheus = await Prometheus.StartAsync(server.Http);
        using var enough = new CancellationTokenSource();
        var work = WorkAsync(server, enough);
        // Selectors of alerts are asked for as expressions of their own: a rule over nothing never fires.
        var open = panels.Concat(rules.SelectMany(rule => Selector().Matches(rule.Expression).Select(m => ($"alert {rule.Name}", m.Value)))).ToHashSet();
        long end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (open.Count > 0 && Environment.TickCount64 < end && !work.IsCompleted)
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            foreach (var (name, expression) in open.ToArray())
                if (await prometheus.QueryAsync(expression) is { Length: > 0 } values && Array.TrueForAll(values, double.IsFinite)) open.Remove((name, expression));
        }
        Assert.True(open.Count == 0, "no finite answer to:\n" + string.Join('\n', open.Select(o => $"{o.Item1}: {o.Item2}")));
        Assert.All(rules, rule => Assert.NotNull(prometheus.QueryAsync(rule.Expression).GetAwaiter().GetResult()));
        // All rules are loaded, and evaluated without a fault.
        var loaded = (await prometheus.GetAsync("/api/v1/rules")).GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray()).ToList();
        Assert.Equal(rules.Count, loaded.Count);
        Assert.All(loaded, rule => Assert.Equal("ok", rule.GetProperty("health").GetString()));
        await enough.CancelAsync();
        await work;
    }

    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts_test.yml")]
    public async Task Promtool_agrees(params string[] arguments)
    {
        var (said, exitCode) = await Prometheus.CheckAsync(arguments);
        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public void Every_alert_is_in_the_documentation_and_says_what_it_is_about()
    {
        string documentation = File.ReadAllText(Path.Combine(Repository.Root, "docs/telemetry.md"));
        string text = File.ReadAllText(Path.Combine(Prometheus.Configuration, "alerts.yml"));
        var rules = Alerts();
        Assert.All(rules, rule => Assert.Contains($"| {rule.Name} ", documentation, StringComparison.Ordinal));
        foreach (string key in (string[])["severity:", "summary:", "description:"]) Assert.Equal(rules.Count, Regex.Count(text, $@"^\s+{key}", RegexOptions.Multiline));
    }

    // Expressions with the dashboard's variables filled in as Grafana would.
    private static List<(string Panel, string Expression)> Panels()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy/grafana/dashboards/autograd.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.GetProperty("type").GetString() != "row").ToList();
        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("title").GetString()).Distinct().Count());
        return [.. panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target => (panel.GetProperty("title").GetString()!, Fill(target.GetProperty("expr").GetString()!))))];

        static string Fill(string expression)
        {
            expression = expression.Replace("$__rate_interval", "10s", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal);
            Assert.DoesNotContain("$", expression, StringComparison.Ordinal);
            return expression;
        }
    }

    private static List<(string Name, string Expression)> Alerts() =>
        [.. Alert().Matches(File.ReadAllText(Path.Combine(Prometheus.Configuration, "alerts.yml"))).Select(m => (m.Groups["name"].Value, m.Groups["expression"].Value.Trim().TrimStart('|')))];

    // A bit of everything that is measured, over and over.
    private static async Task WorkAsync(RunningServer server, CancellationTokenSource enough)
    {
        var functions = new Wire.FunctionService.FunctionServiceClient(server.Channel);
        var kept = await TestSession.CreateAsync(server.Channel);
        await kept.OnesAsync(1000);
        while (!enough.IsCancellationRequested)
        {
            var s = await TestSession.CreateAsync(server.Channel);
            var weighted = (await functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = TestFunctions.Weighted() })).Function.FunctionId;
            ulong x = await s.OnesAsync(4, requiresGrad: true), w = await s.OnesAsync(2, requiresGrad: true), data = await s.CreateAsync(new float[8], [4, 2]);
            await s.BackwardAsync(await s.OpAsync("sum", await s.OpAsync("exp", x)));
            await s.ReadAsync(x);
            await Assert.ThrowsAsync<RpcException>(() => s.OpAsync("exp", 77));
            await functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = new Wire.FunctionCall { Function = weighted, Inputs = { TestFunctions.Bytes(1, 2), TestFunctions.Bytes(3, 4) } } });
            using (var stream = s.Autograd.Execute())
            {
                await stream.RequestStream.WriteAsync(new Wire.ExecuteRequest { SessionId = s.Id, Commands = { new Wire.Command { Seq = 1, ApplyOp = TestSession.Op("exp", s.Next(), x).ApplyOp } } });
                await stream.RequestStream.CompleteAsync();
                while (await stream.ResponseStream.MoveNext()) { }
            }
            using (var training = functions.Train())
            {
                var setup = new Wire.TrainingSetup
                {
                    SessionId = s.Id,
                    Function = weighted,
                    Inputs = { new Wire.TrainingInput { Dataset = data }, new Wire.TrainingInput { Trained = w } },
                    Optimizer = new Wire.Optimizer { Sgd = new Wire.Sgd() },
                    Data = new Wire.TrainingData { BatchSize = 2, Epochs = 1 },
                };
                await training.RequestStream.WriteAsync(new Wire.TrainRequest { Setup = setup });
                await training.RequestStream.CompleteAsync();
                while (await training.ResponseStream.MoveNext()) { }
            }
            await s.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = s.Id });
            GC.Collect(); // so that its metrics have something to tell
            await Task.Delay(100, CancellationToken.None);
        }
    }

    [GeneratedRegex(@"- alert: (?<name>\w+)\s+expr:(?<expression>.*?)\n\s+(for|labels):", RegexOptions.Singleline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"\b(up|(autograd|dotnet|kestrel)_\w+)(\{[^}]*\})?")]
    private static partial Regex Selector();
}
