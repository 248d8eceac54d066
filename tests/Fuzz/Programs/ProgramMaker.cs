using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Mutation;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Programs;

/// <summary>
/// Makes programs from the catalogue that the server tells: every op and every command, mostly nearly valid. A program grows a few commands at a time on a session of its own, so
/// that what comes later can use what came before.
/// </summary>
internal sealed class ProgramMaker
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly IReadOnlyList<Wire.OpSchema> _ops;

    private ProgramMaker(IReadOnlyList<Wire.OpSchema> ops) => _ops = ops;

    /// <summary>Names of all ops.</summary>
    public IEnumerable<string> Ops => _ops.Select(static op => op.Name);

    public static async Task<ProgramMaker> LoadAsync(CallInvoker invoker) =>
        new(Wire.ListOpsResponse.Parser.ParseFrom(await SessionSeed.CallAsync(invoker, "CatalogService/ListOps", new Wire.ListOpsRequest())).Ops);

    /// <summary>Makes a program for a session as <see cref="SessionSeed"/> makes it.</summary>
    /// <returns>The program, and what went wrong while it was made; null if nothing.</returns>
    public async Task<(List<Wire.Command> Program, string? Fault)> MakeAsync(CallInvoker invoker, Random random, Tally tally)
    {
        string session = await SessionSeed.OpenAsync(invoker);
        var program = new List<Wire.Command> { new() { SeedRandom = new Wire.SeedRandom { Seed = (ulong)random.Next() } } };
        var pool = new ProgramPool(random);
        int length = random.Next(5, 40);
        while (program.Count < length)
        {
            var request = new Wire.RunCommandsRequest { SessionId = session };
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                var command = random.Next(4) > 0 ? ApplyOp(random, pool, tally) : OtherCommands.Make(random, pool);
                command.NoGrad = random.Next(10) == 0;
                command.InferenceMode = random.Next(30) == 0;
                command.WantResult = true;
                tally.Count("command", command.ActionCase.ToString());
                request.Commands.Add(command);
            }
            program.AddRange(request.Commands);
            var answer = await RawCalls.SendAsync(invoker, RawMethod.Of("/autograd.v1.AutogradService/RunCommands"), [request.ToByteArray()], TimeSpan.FromSeconds(20));
            if (answer.Code == StatusCode.DeadlineExceeded && !await IsFreeAsync(invoker, session)) return (program, $"a hang: commands go on {s_patience.TotalSeconds} s after their deadline, among them {Last(request)}");
            if (answer.Code != StatusCode.OK) break; // the parity's runs say what is wrong
            foreach (var result in Wire.RunCommandsResponse.Parser.ParseFrom(answer.Messages[0]).Results)
            {
                var command = request.Commands[(int)result.Index];
                if (result.Error is null && command.ActionCase == Wire.Command.ActionOneofCase.ApplyOp && command.ApplyOp.Op.Length > 0) tally.Count("op that succeeded", command.ApplyOp.Op);
                pool.Learn(result);
            }
        }
        await SessionSeed.CloseAsync(invoker, session);
        // What came of it all, gradients included.
        program.AddRange(pool.Live.Take(60).SelectMany(static handle => new[] { new Wire.Command { ReadTensor = new Wire.ReadTensor { Tensor = handle } }, new Wire.Command { ReadGrad = new Wire.ReadGrad { Tensor = handle } } }));
        return (program, null);
    }

    private static async Task<bool> IsFreeAsync(CallInvoker invoker, string session)
    {
        var list = RawMethod.Of("/autograd.v1.AutogradService/ListTensors");
        var answer = await RawCalls.SendAsync(invoker, list, [new Wire.ListTensorsRequest { SessionId = session }.ToByteArray()], s_patience);
        return answer.Code == StatusCode.OK;
    }

    private static string Last(Wire.RunCommandsRequest request) => string.Join(", ", request.Commands.Select(static c => c.ActionCase == Wire.Command.ActionOneofCase.ApplyOp ? c.ApplyOp.ToString() : c.ActionCase.ToString()));

    /// <summary>The command with its op by name: ids are good for one catalogue, and a case is to outlive it.</summary>
    public Wire.Command Named(Wire.Command command)
    {
        if (command.ApplyOp is not { OpId: > 0 } call || _ops.FirstOrDefault(op => op.Id == call.OpId) is not { } op) return command;
        command = command.Clone();
        command.ApplyOp.OpId = 0;
        command.ApplyOp.Op = op.Name;
        return command;
    }

    private Wire.Command ApplyOp(Random random, ProgramPool pool, Tally tally)
    {
        var op = _ops[random.Next(_ops.Count)];
        tally.Count("op", op.Name);
        var call = new Wire.ApplyOp();
        if (random.Next(3) == 0) call.OpId = op.Id;
        else call.Op = op.Name;
        var extra = new Wire.ApplyOpExtra();
        var family = pool.Tensor();
        foreach (var parameter in op.Parameters)
        {
            if (parameter.Kind is Wire.ParameterKind.Tensor or Wire.ParameterKind.TensorList or Wire.ParameterKind.Operand) extra.Operands.Add(OperandFor(parameter, random, pool, family));
            else if (parameter.DefaultValue is null && !parameter.Optional ? random.Next(30) > 0 : random.Next(2) == 0)
                extra.Attributes.Add(new Wire.OpAttribute { Name = random.Next(60) == 0 ? Values.Text(random) : parameter.Name, Value = Attributes.For(parameter, random) });
        }
        call.InPlace = op.CanInPlace && random.Next(6) == 0 || random.Next(100) == 0;
        if (!call.InPlace) call.Out = pool.Next();
        for (int i = 1; i < op.Outputs.Count || op.Outputs.Any(static o => o.IsList) && i < random.Next(4); i++) extra.Outputs.Add(pool.Next());
        extra.RequiresGrad = random.Next(12) == 0;
        // The flat form where it is possible, since it is another path through the server.
        if (extra.Attributes.Count == 0 && extra.Outputs.Count == 0 && !extra.RequiresGrad && extra.Operands.Count is 1 or 2 && random.Next(3) > 0 && TryFlatten(call, extra)) return new Wire.Command { ApplyOp = call };
        call.Extra = extra;
        return new Wire.Command { ApplyOp = call };
    }

    private static bool TryFlatten(Wire.ApplyOp call, Wire.ApplyOpExtra extra)
    {
        if (extra.Operands[0].ValueCase != Wire.Operand.ValueOneofCase.Handle) return false;
        call.A = extra.Operands[0].Handle;
        if (extra.Operands.Count == 1) return true;
        switch (extra.Operands[1].ValueCase)
        {
            case Wire.Operand.ValueOneofCase.Handle: call.B = extra.Operands[1].Handle; return true;
            case Wire.Operand.ValueOneofCase.Number: call.Scalar = extra.Operands[1].Number; return true;
            case Wire.Operand.ValueOneofCase.Integer: call.IntegerScalar = extra.Operands[1].Integer; return true;
            case Wire.Operand.ValueOneofCase.Boolean: call.BoolScalar = extra.Operands[1].Boolean; return true;
            default: call.A = 0; return false;
        }
    }

    private static Wire.Operand OperandFor(Wire.OpParameter parameter, Random random, ProgramPool pool, ulong family)
    {
        if (parameter.Optional && random.Next(3) == 0) return new Wire.Operand();
        if (parameter.Kind == Wire.ParameterKind.TensorList && random.Next(30) > 0)
        {
            var list = new Wire.HandleList();
            for (int i = random.Next(5); i > 0; i--) list.Handles.Add(random.Next(2) == 0 ? family : pool.Tensor());
            return new Wire.Operand { List = list };
        }
        if (parameter.Kind == Wire.ParameterKind.Operand && random.Next(2) == 0 || random.Next(60) == 0)
            return random.Next(3) switch { 0 => new Wire.Operand { Number = Values.Real(random) }, 1 => new Wire.Operand { Integer = Values.Signed(random) }, _ => new Wire.Operand { Boolean = random.Next(2) == 0 } };
        return new Wire.Operand { Handle = random.Next(2) == 0 ? family : pool.Tensor() };
    }
}
