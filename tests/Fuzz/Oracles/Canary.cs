using AutogradService.Fuzz.Cases;
using Grpc.Net.Client;

namespace AutogradService.Fuzz.Oracles;

/// <summary>A well-behaved client beside the attacks, on a connection of its own: it must get the same right bits every time.</summary>
internal sealed class Canary(GrpcChannel channel)
{
    private readonly Grpc.Core.CallInvoker _invoker = channel.CreateCallInvoker();
    private byte[]? _first;

    /// <summary>What is wrong; null if nothing is.</summary>
    public async Task<string?> SingAsync()
    {
        try
        {
            string id = await SessionSeed.OpenAsync(_invoker);
            var request = new Wire.RunCommandsRequest { SessionId = id };
            request.Commands.Add(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "matmul", A = 1, B = 3, Out = 100 } });
            request.Commands.Add(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "tanh", A = 100, Out = 101 } });
            request.Commands.Add(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "sum", A = 101, Out = 102 } });
            request.Commands.Add(new Wire.Command { Backward = new Wire.Backward { Roots = { 102 } } });
            request.Commands.Add(new Wire.Command { WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = 101 } });
            request.Commands.Add(new Wire.Command { WantResult = true, ReadGrad = new Wire.ReadGrad { Tensor = 1 } });
            byte[] answer = await SessionSeed.CallAsync(_invoker, "AutogradService/RunCommands", request);
            await SessionSeed.CloseAsync(_invoker, id);
            var response = Wire.RunCommandsResponse.Parser.ParseFrom(answer);
            if (response.Failed > 0) return $"the canary failed: {response}";
            if (response.Results[1].Grad.Grad.Data.Length != 48) return "the canary has no gradient";
            _first ??= answer;
            return _first.AsSpan().SequenceEqual(answer) ? null : "the canary got other bits";
        }
        catch (InvalidOperationException e)
        {
            return $"the canary was refused: {e.Message}";
        }
    }
}
