using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Programs;
using AutogradService.Fuzz.Target;
using Grpc.Core;

namespace AutogradService.Fuzz.Hostile;

/// <summary>Every op of the catalogue on tensors that are strange in one way, some ops to a session; in the end the server is at rest, and still computes.</summary>
internal sealed class OpSweep
{
    /// <summary>The handle of a call's first result; the others follow it.</summary>
    public const ulong FirstOutput = 10_000;

    private const int OpsASession = 25;
    private const ulong FirstHandle = 100;
    private static readonly Wire.DataType[] s_dtypes = [Wire.DataType.Float32, Wire.DataType.Int64, Wire.DataType.Bool];
    private readonly Random _random = new(1);
    private string _session = "";
    private List<ulong> _given = [];

    private OpSweep(CallInvoker invoker, Tally tally) => (Invoker, Tally) = (invoker, tally);

    /// <summary>What calls are made through.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>Where it is counted what was met.</summary>
    public Tally Tally { get; }

    /// <summary>Runs every op.</summary>
    /// <param name="tally">Where it is counted what was met.</param>
    /// <param name="shapes">The strange tensors' shapes; each is made in several dtypes.</param>
    /// <param name="make">The command that makes one, at a handle.</param>
    /// <param name="attempt">Tries an op, and tells what is wrong.</param>
    /// <param name="renews">Whether an op with which something is wrong may never come back, so that the next ones need a session of their own.</param>
    public static async Task<string?> RunAsync(Tally tally, long[][] shapes, Func<long[], Wire.DataType, ulong, Wire.Command> make, Func<OpSweep, Wire.OpSchema, Task<string?>> attempt, bool renews)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var sweep = new OpSweep(server.Channel.CreateCallInvoker(), tally);
        var ops = Wire.ListOpsResponse.Parser.ParseFrom(await SessionSeed.CallAsync(sweep.Invoker, "CatalogService/ListOps", new Wire.ListOpsRequest())).Ops;
        var faults = new List<string>();
        foreach (var some in ops.Chunk(OpsASession))
        {
            await sweep.OpenAsync(shapes, make);
            if (sweep._given.Count == 0) return "no such tensor can be made";
            foreach (var op in some)
            {
                // All that is wrong: one op's fault should not hide another's.
                if (await attempt(sweep, op) is { } fault)
                {
                    faults.Add($"{op.Name}: {fault}");
                    if (renews) await sweep.OpenAsync(shapes, make);
                }
                if (server.Log.Take() is [var error, ..]) faults.Add(error);
            }
            await SessionSeed.CloseAsync(sweep.Invoker, sweep._session);
        }
        if (faults.Count > 0) return string.Join('\n', faults);
        return await new RestOracle(server).SettleAsync() ?? await new Canary(server.Connect()).SingAsync();
    }

    /// <summary>A batch in the sweep's session, still without commands.</summary>
    public Wire.RunCommandsRequest Batch() => new() { SessionId = _session };

    /// <summary>A call of an op on strange tensors and, now and then, an ordinary one beside them.</summary>
    /// <param name="op">The op.</param>
    /// <param name="optional">Whether attributes that may be left out are given now and then.</param>
    public Wire.ApplyOp CallOf(Wire.OpSchema op, bool optional)
    {
        ulong family = _given[_random.Next(_given.Count)];
        var extra = new Wire.ApplyOpExtra();
        foreach (var parameter in op.Parameters)
        {
            ulong handle = _random.Next(4) switch { 0 => _given[_random.Next(_given.Count)], 1 => (ulong)_random.Next(1, SessionSeed.Tensors + 1), _ => family };
            if (parameter.Kind is Wire.ParameterKind.Tensor or Wire.ParameterKind.Operand) extra.Operands.Add(new Wire.Operand { Handle = handle });
            else if (parameter.Kind == Wire.ParameterKind.TensorList) extra.Operands.Add(new Wire.Operand { List = new Wire.HandleList { Handles = { family, handle } } });
            else if (parameter.DefaultValue is null && !parameter.Optional || optional && _random.Next(3) == 0) extra.Attributes.Add(new Wire.OpAttribute { Name = parameter.Name, Value = Attributes.For(parameter, _random) });
        }
        var call = new Wire.ApplyOp { Op = op.Name, Extra = extra, InPlace = op.CanInPlace && _random.Next(4) == 0, Out = FirstOutput };
        if (call.InPlace) call.Out = 0;
        for (int k = 1; k < op.Outputs.Count; k++) extra.Outputs.Add(FirstOutput + (ulong)k);
        return call;
    }

    // Those of these tensors that the server takes.
    private async Task OpenAsync(long[][] shapes, Func<long[], Wire.DataType, ulong, Wire.Command> make)
    {
        _session = await SessionSeed.OpenAsync(Invoker);
        var request = Batch();
        ulong handle = FirstHandle;
        foreach (long[] shape in shapes)
            foreach (var dtype in s_dtypes) request.Commands.Add(make(shape, dtype, handle++));
        var response = Wire.RunCommandsResponse.Parser.ParseFrom(await SessionSeed.CallAsync(Invoker, "AutogradService/RunCommands", request));
        _given = [.. response.Results.Where(static r => r.Error is null).Select(static r => r.Outputs.Tensors[0].Handle)];
    }
}
