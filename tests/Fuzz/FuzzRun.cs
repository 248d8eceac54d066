using System.Diagnostics;
using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Mutation;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Programs;
using AutogradService.Fuzz.Protocol;
using AutogradService.Fuzz.Streams;
using AutogradService.Fuzz.Target;
using Grpc.Core;

namespace AutogradService.Fuzz;

/// <summary>One run: attacks of every kind in turn, drawn from a seed, and the oracles after each.</summary>
internal sealed class FuzzRun : IAsyncDisposable
{
    // A call that takes longer is told to stop by its deadline, and must.
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_tellEvery = TimeSpan.FromSeconds(30);
    private const int CasesBetweenRests = 200;
    private readonly ServerUnderTest _server;
    private readonly Canary _canary;
    private readonly RestOracle _rest;
    private readonly MemoryWatch _memory;
    private readonly CallInvoker _invoker;
    private readonly ProgramParity _parity;
    private readonly ProgramMaker _programs;
    private readonly SocketAttacks _sockets;
    private readonly StreamAttacks _streams;
    private long _cases;

    private FuzzRun(ServerUnderTest server, Findings findings, ProgramMaker programs, TextWriter output)
    {
        _server = server;
        Findings = findings;
        _invoker = server.Channel.CreateCallInvoker();
        _canary = new Canary(server.Connect());
        _rest = new RestOracle(server);
        _memory = new MemoryWatch(server, output);
        _programs = programs;
        _parity = new ProgramParity(_invoker, Tally);
        _sockets = new SocketAttacks(server, Tally);
        _streams = new StreamAttacks(_invoker, Tally);
    }

    public Findings Findings { get; }

    public Tally Tally { get; } = new();

    /// <summary>Cases so far.</summary>
    public long Cases => _cases;

    public static async Task<FuzzRun> StartAsync(string folder, TextWriter output)
    {
        var server = await ServerUnderTest.StartAsync();
        return new FuzzRun(server, new Findings(folder, output), await ProgramMaker.LoadAsync(server.Channel.CreateCallInvoker()), output);
    }

    /// <summary>Attacks until the time is over or so many cases were tried; then judges whether memory grows.</summary>
    public async Task RunAsync(int seed, TimeSpan time, long casesMax)
    {
        long start = Stopwatch.GetTimestamp(), told = start, rested = 0;
        await JudgeAsync("canary", await _canary.SingAsync(), null, "before anything");
        for (int i = 0; i < casesMax && Stopwatch.GetElapsedTime(start) < time; i++)
        {
            int caseSeed = unchecked(seed * 1_000_003 + i);
            Tally.Count("attack", "any");
            await AttackAsync(new Random(caseSeed), $"seed {seed} case {i}");
            if (_cases - rested >= CasesBetweenRests)
            {
                rested = _cases;
                await RestAsync($"seed {seed} up to case {i}");
            }
            if (Stopwatch.GetElapsedTime(told) < s_tellEvery) continue;
            await RestAsync($"seed {seed} up to case {i}");
            _memory.Look(Stopwatch.GetElapsedTime(start), _cases, Findings.Kinds.Count);
            told = Stopwatch.GetTimestamp();
        }
        await RestAsync($"seed {seed} at the end");
        await JudgeAsync("memory", _memory.Judge(), null, $"seed {seed}");
        Findings.End();
    }

    /// <summary>Sends a case again.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public async Task<string?> ReplayAsync(FuzzCase given) =>
        given.Path == ProgramParity.Path ? Both(await _parity.RunAsync(ProgramParity.CommandsOf(given)), LogFault()) : await SendAsync(given.For(await SessionSeed.OpenAsync(_invoker)));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private Task AttackAsync(Random random, string comment) => random.Next(20) switch
    {
        < 10 => MutateAsync(random, comment),
        < 12 => CrowdAsync(random, comment),
        < 16 => ProgramAsync(random, comment),
        < 18 => StreamAsync(random, comment),
        _ => SocketAsync(random, comment),
    };

    private async Task MutateAsync(Random random, string comment)
    {
        var given = Mutated(await SessionSeed.OpenAsync(_invoker), random);
        Findings.Begin(given, comment);
        await JudgeAsync(given.Path, await SendAsync(given), given, comment);
    }

    // Several at once on one session: what one of them breaks the others must not notice but by its effects.
    private async Task CrowdAsync(Random random, string comment)
    {
        string session = await SessionSeed.OpenAsync(_invoker);
        var crowd = Enumerable.Range(0, 5).Select(_ => Mutated(session, random)).ToArray();
        Findings.Begin(crowd[0], comment + ", first of a crowd");
        var faults = await Task.WhenAll(crowd.Select(async given => (Given: given, Fault: AnswerOracle.Check(RawMethod.Of(given.Path), await CallAsync(given), Tally))));
        foreach (var (given, fault) in faults) await JudgeAsync(given.Path, fault, given, comment + ", in a crowd");
        await JudgeAsync("crowd", await AfterwardsAsync(session), null, comment);
    }

    private async Task ProgramAsync(Random random, string comment)
    {
        var (program, hang) = await _programs.MakeAsync(_invoker, random, Tally);
        var given = ProgramParity.CaseOf(program);
        Findings.Begin(given, comment);
        if (hang is not null) await JudgeAsync("program", hang, given, comment);
        else await JudgeAsync("program", Both(await _parity.RunAsync(program), LogFault()), given, comment);
    }

    private async Task StreamAsync(Random random, string comment)
    {
        string session = await SessionSeed.OpenAsync(_invoker);
        var (name, fault) = await _streams.RunAsync(session, random);
        await JudgeAsync("stream " + name, fault ?? await AfterwardsAsync(session), null, comment);
    }

    private async Task SocketAsync(Random random, string comment)
    {
        var (name, fault) = await _sockets.RunAsync(random);
        await JudgeAsync("socket " + name, fault ?? LogFault(), null, comment);
    }

    private static FuzzCase Mutated(string session, Random random)
    {
        var method = RawMethod.All[random.Next(RawMethod.All.Count)];
        var calls = SeedRequests.Of(method, session);
        var messages = calls[random.Next(calls.Count)].ToList();
        if (random.Next(20) > 0)
        {
            int at = random.Next(messages.Count);
            messages[at] = Mutator.Mutate(messages[at], method.Descriptor.InputType, messages, random);
        }
        return new FuzzCase(method.Path, session, messages);
    }

    private Task<Answer> CallAsync(FuzzCase given) => RawCalls.SendAsync(_invoker, RawMethod.Of(given.Path), given.Messages, given.Path.EndsWith("/Watch", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(100) : s_deadline);

    private async Task<string?> SendAsync(FuzzCase given)
    {
        string? fault = AnswerOracle.Check(RawMethod.Of(given.Path), await CallAsync(given), Tally);
        // Always, so that what this case leaves behind is not taken for the next one's.
        return Both(fault, await AfterwardsAsync(given.SessionId));
    }

    private static string? Both(string? first, string? second) => first is null ? second : second is null ? first : $"{first}\n{second}";

    // What must be so when a session's calls are over.
    private async Task<string?> AfterwardsAsync(string session)
    {
        long start = Stopwatch.GetTimestamp();
        while (_server.Calls > 0 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30)) await Task.Delay(1);
        if (_server.Calls > 0) return $"{_server.Calls} calls go on 30 s after their deadline: a hang";
        string? fault = await _rest.EmptyAsync(session);
        await RawCalls.SendAsync(_invoker, RawMethod.Of("/autograd.v1.SessionService/DeleteSession"), SeedRequests.Of(RawMethod.Of("/autograd.v1.SessionService/DeleteSession"), session)[0], s_deadline);
        return fault ?? LogFault();
    }

    private string? LogFault() => _server.Log.Take() is { Count: > 0 } errors ? "logged: " + errors[0] : null;

    private async Task RestAsync(string comment)
    {
        await JudgeAsync("canary", await _canary.SingAsync(), null, comment);
        await JudgeAsync("at rest", await _rest.SettleAsync() ?? LogFault(), null, comment);
    }

    private async Task JudgeAsync(string where, string? fault, FuzzCase? given, string comment)
    {
        _cases++;
        if (fault is null) return;
        if (given is { Path: ProgramParity.Path }) given = ProgramParity.CaseOf(ProgramParity.CommandsOf(given).Select(_programs.Named));
        if (!Findings.Add(where, fault, given, comment) || given is null) return;
        // Each try would take as long as the hang.
        if (fault.Contains("a hang", StringComparison.Ordinal) || await ReplayAsync(given) is null) return;
        Findings.Shrink(await Shrinker.ShrinkAsync(given, async smaller => await ReplayAsync(smaller) is not null), comment);
    }
}
