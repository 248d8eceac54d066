namespace AutogradService.LoadTests.Scenarios;

/// <summary>Every scenario: a new one is a file beside this one and a line in it.</summary>
internal static class ScenarioList
{
    private static readonly Func<Scenario>[] s_all =
    [
        static () => new UnaryOps(),
        static () => new PipelinedChain(),
        static () => new RetainedBackward(),
        static () => new TrainingStep(),
        static () => new FunctionCalls(),
        static () => new FunctionStreamCalls(),
        static () => new FunctionStep(),
        static () => new HeavyFunction(),
        static () => new LargeTensors(),
        static () => new SessionChurn(),
        static () => new IdleSessions(),
        static () => new MixedTenants(),
    ];

    /// <summary>One of each.</summary>
    public static IEnumerable<Scenario> All => s_all.Select(static make => make());

    /// <summary>A new scenario by its name; null if there is none of that name.</summary>
    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
