using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Mutation;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Streams;

/// <summary>Clients of streams that break their rules: messages lost, repeated, reordered or too large, numbers used twice, credit ignored, ends without a word.</summary>
internal sealed class StreamAttacks(CallInvoker invoker, Tally tally)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(15);
    private static readonly RawMethod[] s_streams = [.. RawMethod.All.Where(static m => m.Descriptor.IsClientStreaming && m.IsContract)];
    private static readonly RawMethod s_execute = RawMethod.Of("/autograd.v1.AutogradService/Execute");

    /// <summary>One attack on a session.</summary>
    /// <returns>Its name, and what is wrong with the answer; null if nothing is.</returns>
    public async Task<(string Name, string? Fault)> RunAsync(string session, Random random)
    {
        var (name, attack) = random.Next(7) switch
        {
            0 => ("shuffled", ShuffleAsync(session, random)),
            1 => ("left", LeaveAsync(session, random)),
            2 => ("numbers", NumbersAsync(session, random)),
            3 => ("credit", CreditAsync(session, random)),
            4 => ("two sessions", TwiceAsync(session)),
            5 => ("unread", UnreadAsync(session, random)),
            _ => ("oversized", OversizedAsync(session, random)),
        };
        tally.Count("stream", name);
        return (name, await attack);
    }

    private async Task<string?> ShuffleAsync(string session, Random random)
    {
        var (method, messages) = Pick(session, random);
        for (int i = random.Next(1, 5); i > 0 && messages.Count > 0; i--)
        {
            int at = random.Next(messages.Count), other = random.Next(messages.Count);
            switch (random.Next(5))
            {
                case 0: messages.RemoveAt(at); break;
                case 1: messages.Insert(other, messages[at]); break;
                case 2: (messages[at], messages[other]) = (messages[other], messages[at]); break;
                case 3: messages[at] = messages[at][..random.Next(messages[at].Length + 1)]; break;
                default: messages[at] = Mutator.Mutate(messages[at], method.Descriptor.InputType, messages, random); break;
            }
        }
        return AnswerOracle.Check(method, await RawCalls.SendAsync(invoker, method, messages, s_deadline), tally);
    }

    // Goes away at a random point: by resetting the stream, or by a deadline in the middle of it.
    private async Task<string?> LeaveAsync(string session, Random random)
    {
        var (method, messages) = Pick(session, random);
        using var away = new CancellationTokenSource();
        var options = new CallOptions(deadline: DateTime.UtcNow + (random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(30)) : s_deadline), cancellationToken: away.Token);
        var writer = method.Descriptor.IsServerStreaming ? Duplex() : Upload();
        try
        {
            int until = random.Next(messages.Count + 1);
            for (int i = 0; i < until; i++) await writer.WriteAsync(messages[i]);
            if (random.Next(4) == 0) await writer.CompleteAsync();
            if (random.Next(2) == 0) await Task.Delay(random.Next(4));
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // Over already: by its deadline, or by a refusal.
        }
        away.Cancel();
        return null;

        IClientStreamWriter<byte[]> Duplex() => invoker.AsyncDuplexStreamingCall(method.Method, null, options).RequestStream;
        IClientStreamWriter<byte[]> Upload() => invoker.AsyncClientStreamingCall(method.Method, null, options).RequestStream;
    }

    // The same command twice is applied once; another one of the same number is refused, as is one that is long past.
    private async Task<string?> NumbersAsync(string session, Random random)
    {
        ulong[] numbers = [.. Enumerable.Range(0, 30).Select(_ => (ulong)random.Next(1, 25))];
        var frames = numbers.Select((seq, i) => new Wire.ExecuteRequest { SessionId = i == 0 ? session : "", Commands = { Counted(seq, random.Next(4) == 0) } }.ToByteArray()).ToList();
        var answer = await RawCalls.SendAsync(invoker, s_execute, frames, s_deadline);
        if (AnswerOracle.Check(s_execute, answer, tally) is { } fault) return fault;
        if (answer.Code != StatusCode.OK) return $"numbers used twice ended the stream: {answer.Code} {answer.Text}";
        var results = answer.Messages.SelectMany(static m => Wire.ExecuteResponse.Parser.ParseFrom(m).Results).ToList();
        if (results.Count != numbers.Length) return $"{numbers.Length} commands, {results.Count} results";
        ulong highest = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (results[i].Seq != numbers[i]) return $"result {i} is of command {results[i].Seq} rather than {numbers[i]}";
            bool isNew = numbers[i] > highest;
            if (isNew == results[i].Replayed && results[i].Error is null) return $"command {numbers[i]} after {highest}: replayed is {results[i].Replayed}";
            highest = Math.Max(highest, numbers[i]);
        }
        return null;

        static Wire.Command Counted(ulong seq, bool other) => new() { Seq = seq, WantResult = true, ApplyOp = new Wire.ApplyOp { Op = "add", A = 10, IntegerScalar = other ? 2 : 1, InPlace = true } };
    }

    private async Task<string?> CreditAsync(string session, Random random)
    {
        // More than may be under way, and nothing read meanwhile.
        using var call = invoker.AsyncDuplexStreamingCall(s_execute.Method, null, new CallOptions(deadline: DateTime.UtcNow + s_deadline));
        int each = random.Next(1, ServerUnderTest.BatchCommandsMax);
        ulong seq = 0;
        try
        {
            for (int sent = 0; sent < 3 * ServerUnderTest.StreamCreditCommands; sent += each)
            {
                var frame = new Wire.ExecuteRequest { SessionId = seq == 0 ? session : "" };
                for (int i = 0; i < each; i++) frame.Commands.Add(new Wire.Command { Seq = ++seq, WantResult = true, Describe = new Wire.Describe { Tensor = 14 } });
                await call.RequestStream.WriteAsync(frame.ToByteArray());
            }
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
        }
        return await ReadRestAsync(call);
    }

    private async Task<string?> TwiceAsync(string session)
    {
        byte[] first = new Wire.ExecuteRequest { SessionId = session }.ToByteArray();
        var answer = await RawCalls.SendAsync(invoker, s_execute, [first, first], s_deadline);
        return AnswerOracle.Check(s_execute, answer, tally) ?? (answer.Code == StatusCode.FailedPrecondition ? null : $"a session named twice: {answer.Code}");
    }

    // Asks for much and reads it late: the server must wait without holding the session.
    private async Task<string?> UnreadAsync(string session, Random random)
    {
        using var call = invoker.AsyncDuplexStreamingCall(s_execute.Method, null, new CallOptions(deadline: DateTime.UtcNow + s_deadline));
        ulong seq = 0;
        var make = new Wire.ExecuteRequest { SessionId = session, Commands = { new Wire.Command { Seq = ++seq, CreateTensor = new Wire.CreateTensor { Out = 300, Data = new Wire.TensorData { Dtype = Wire.DataType.Uint8, Shape = { 250_000 }, Data = ByteString.CopyFrom(new byte[250_000]) } } } } };
        try
        {
            await call.RequestStream.WriteAsync(make.ToByteArray());
            for (int i = 0; i < 60; i++) await call.RequestStream.WriteAsync(new Wire.ExecuteRequest { Commands = { new Wire.Command { Seq = ++seq, WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = 300 } } } }.ToByteArray());
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
        }
        // Somebody else uses the session meanwhile.
        var get = RawMethod.Of("/autograd.v1.AutogradService/GetTensor");
        var beside = await RawCalls.SendAsync(invoker, get, [new Wire.GetTensorRequest { SessionId = session, Tensor = 14 }.ToByteArray()], s_deadline);
        if (AnswerOracle.Check(get, beside, tally) is { } fault) return fault;
        if (beside.Code != StatusCode.OK) return $"a stream that is not read keeps others out of its session: {beside.Code}";
        if (random.Next(2) == 0) return null; // leaves without having read anything
        try
        {
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
        }
        return await ReadRestAsync(call);
    }

    private async Task<string?> OversizedAsync(string session, Random random)
    {
        var (method, messages) = Pick(session, random);
        messages.Insert(random.Next(messages.Count + 1), new byte[ServerUnderTest.MessageBytesMax + random.Next(2)]);
        return AnswerOracle.Check(method, await RawCalls.SendAsync(invoker, method, messages, s_deadline), tally);
    }

    private async Task<string?> ReadRestAsync(AsyncDuplexStreamingCall<byte[], byte[]> call)
    {
        var messages = new List<byte[]>();
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None)) messages.Add(call.ResponseStream.Current);
            return AnswerOracle.Check(s_execute, new Answer(StatusCode.OK, "", call.GetTrailers(), messages, default), tally);
        }
        catch (RpcException e)
        {
            return AnswerOracle.Check(s_execute, new Answer(e.StatusCode, e.Status.Detail, e.Trailers, messages, default), tally);
        }
    }

    private static (RawMethod Method, List<byte[]> Messages) Pick(string session, Random random)
    {
        var method = s_streams[random.Next(s_streams.Length)];
        var calls = SeedRequests.Of(method, session);
        return (method, [.. calls[random.Next(calls.Count)]]);
    }
}
