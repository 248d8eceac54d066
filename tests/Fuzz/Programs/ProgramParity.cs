using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Mutation;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AutogradService.Fuzz.Programs;

/// <summary>Runs a program one command at a time, as batches, and pipelined over a stream: results and errors must be equal, bit for bit.</summary>
internal sealed class ProgramParity(CallInvoker invoker, Tally tally)
{
    /// <summary>By which a case is known to be a program.</summary>
    public const string Path = "program";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private static readonly RawMethod s_batch = RawMethod.Of("/autograd.v1.AutogradService/RunCommands");
    private static readonly RawMethod s_stream = RawMethod.Of("/autograd.v1.AutogradService/Execute");

    /// <summary>The case for a program.</summary>
    public static FuzzCase CaseOf(IEnumerable<Wire.Command> program) => new(Path, "", [new Wire.RunCommandsRequest { Commands = { program } }.ToByteArray()]);

    /// <summary>The program of a case.</summary>
    public static List<Wire.Command> CommandsOf(FuzzCase given)
    {
        try
        {
            return [.. Wire.RunCommandsRequest.Parser.ParseFrom(given.Messages[0]).Commands];
        }
        catch (InvalidProtocolBufferException)
        {
            return [];
        }
    }

    /// <summary>Runs it every way.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public async Task<string?> RunAsync(List<Wire.Command> program)
    {
        for (int i = 0; i < program.Count; i++)
        {
            program[i] = program[i].Clone();
            program[i].Seq = (ulong)i + 1;
            program[i].WantResult = true;
        }
        var random = new Random(program.Count);
        var (alone, faultAlone) = await InSessionAsync(session => BatchesAsync(session, program, static _ => 1, random));
        var (batches, faultBatches) = await InSessionAsync(session => BatchesAsync(session, program, static random => random.Next(1, 30), random));
        var (stream, faultStream) = await InSessionAsync(session => StreamAsync(session, program, random));
        if ((faultAlone ?? faultBatches ?? faultStream) is { } fault) return fault;
        return Compare("batched", program, alone, batches) ?? Compare("pipelined", program, alone, stream);
    }

    private static string? Compare(string how, List<Wire.Command> program, List<Wire.CommandResult> alone, List<Wire.CommandResult> other)
    {
        if (alone.Count != other.Count) return $"{alone.Count} results one by one, {other.Count} {how}";
        for (int i = 0; i < alone.Count; i++)
        {
            // What fits into an answer depends on what else is in it.
            if (IsTooLarge(alone[i]) || IsTooLarge(other[i]))
            {
                if (program[i].ActionCase is Wire.Command.ActionOneofCase.ReadTensor or Wire.Command.ActionOneofCase.ReadGrad) continue;
                return null;
            }
            var a = Plain(alone[i]);
            var b = Plain(other[i]);
            if (!a.Equals(b)) return $"{how} differs at {program[i].ActionCase} {Cut(program[i])}: {Cut(a)} one by one, {Cut(b)} {how}";
        }
        return null;
    }

    private static bool IsTooLarge(Wire.CommandResult result) => result.Error?.Details.FirstOrDefault(static d => d.Is(Rpc.ErrorInfo.Descriptor))?.Unpack<Rpc.ErrorInfo>().Reason == "QUOTA_MESSAGE_BYTES";

    // Which position a command has in its batch is not the program's.
    private static Wire.CommandResult Plain(Wire.CommandResult result)
    {
        result = result.Clone();
        result.Index = 0;
        if (result.Error is not { } error) return result;
        for (int i = 0; i < error.Details.Count; i++)
        {
            if (!error.Details[i].Is(Rpc.ErrorInfo.Descriptor)) continue;
            var info = error.Details[i].Unpack<Rpc.ErrorInfo>();
            info.Metadata.Remove("root_index");
            // A map's order on the wire is nobody's promise.
            error.Details[i] = Any.Pack(new Rpc.ErrorInfo { Domain = info.Domain, Reason = info.Reason + string.Join(';', info.Metadata.OrderBy(static m => m.Key, StringComparer.Ordinal).Select(static m => $"{m.Key}={m.Value}")) });
        }
        return result;
    }

    private static string Cut(IMessage message) => message.ToString() is { Length: > 600 } text ? text[..600] : message.ToString()!;

    private async Task<(List<Wire.CommandResult> Results, string? Fault)> InSessionAsync(Func<string, Task<(List<Wire.CommandResult> Results, string? Fault)>> run)
    {
        string session = await SessionSeed.OpenAsync(invoker);
        try
        {
            return await run(session);
        }
        finally
        {
            await SessionSeed.CloseAsync(invoker, session);
        }
    }

    private async Task<(List<Wire.CommandResult> Results, string? Fault)> BatchesAsync(string session, List<Wire.Command> program, Func<Random, int> size, Random random)
    {
        var results = new List<Wire.CommandResult>();
        for (int at = 0; at < program.Count;)
        {
            int count = Math.Min(size(random), program.Count - at);
            var request = new Wire.RunCommandsRequest { SessionId = session, Commands = { program.Skip(at).Take(count) } };
            var answer = await RawCalls.SendAsync(invoker, s_batch, [request.ToByteArray()], s_deadline);
            if (AnswerOracle.Check(s_batch, answer, tally) is { } fault) return (results, fault);
            if (answer.Code == StatusCode.DeadlineExceeded) return (results, $"a batch of {count} commands takes more than {s_deadline.TotalSeconds} s");
            if (answer.Code != StatusCode.OK) return (results, $"a batch was refused: {answer.Code} {answer.Text}");
            results.AddRange(Wire.RunCommandsResponse.Parser.ParseFrom(answer.Messages[0]).Results);
            at += count;
        }
        return (results, null);
    }

    private async Task<(List<Wire.CommandResult> Results, string? Fault)> StreamAsync(string session, List<Wire.Command> program, Random random)
    {
        var frames = new List<byte[]>();
        for (int at = 0; at < program.Count;)
        {
            int count = Math.Min(random.Next(1, 12), program.Count - at);
            frames.Add(new Wire.ExecuteRequest { SessionId = at == 0 ? session : "", Commands = { program.Skip(at).Take(count) } }.ToByteArray());
            at += count;
        }
        var answer = await RawCalls.SendAsync(invoker, s_stream, frames, s_deadline);
        if (AnswerOracle.Check(s_stream, answer, tally) is { } fault) return ([], fault);
        if (answer.Code != StatusCode.OK) return ([], $"the stream ended with {answer.Code} {answer.Text}");
        return ([.. answer.Messages.SelectMany(static m => Wire.ExecuteResponse.Parser.ParseFrom(m).Results)], null);
    }
}
