using Google.Protobuf;

namespace AutogradService.Server.Tests;

/// <summary>The same program, by unary calls, as a batch and as a stream, gives the same bytes.</summary>
public sealed class ParityTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly ulong[] s_read = [1, 2, 4, 5, 6, 7, 9];

    [Fact]
    public async Task Unary_calls_a_batch_and_a_stream_agree_bit_for_bit()
    {
        var unary = await UnaryAsync();
        Assert.Equal(2 * s_read.Length, unary.Count);
        Assert.Equal(unary, await BatchAsync(1000));
        Assert.Equal(unary, await StreamAsync(1));
        Assert.Equal(unary, await StreamAsync(3));
        Assert.Equal(unary, await StreamAsync(1000));
    }

    private static List<Wire.Command> Program()
    {
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1))];
        return
        [
            TestSession.Create(1, Values(12), [3, 4], true),
            TestSession.Create(2, Values(4), [4], true),
            TestSession.Op("mul", 4, 1, 2),
            TestSession.Op("exp", 5, 4),
            new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "mul", A = 5, Scalar = 0.1, Out = 6 } },
            new Wire.Command { NoGrad = true, ApplyOp = new Wire.ApplyOp { Op = "add", A = 6, B = 6, Out = 9 } },
            TestSession.Op("sum", 7, 6),
            new Wire.Command { Backward = new Wire.Backward { Roots = { 7 }, RetainGraph = true } },
            new Wire.Command { Backward = new Wire.Backward { Roots = { 7 } } },
        ];
    }

    private static IEnumerable<Wire.Command> Reads() => s_read.SelectMany<ulong, Wire.Command>(handle =>
        [TestSession.Read(handle), new Wire.Command { WantResult = true, ReadGrad = new Wire.ReadGrad { Tensor = handle } }]);

    private async Task<List<ByteString>> UnaryAsync()
    {
        var s = await fixture.SessionAsync();
        foreach (var command in Program())
            switch (command.ActionCase)
            {
                case Wire.Command.ActionOneofCase.CreateTensor: await s.Autograd.CreateTensorAsync(new Wire.CreateTensorRequest { SessionId = s.Id, CreateTensor = command.CreateTensor }); break;
                case Wire.Command.ActionOneofCase.ApplyOp: await s.Autograd.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = s.Id, NoGrad = command.NoGrad, ApplyOp = command.ApplyOp }); break;
                default: await s.Autograd.BackwardAsync(new Wire.BackwardRequest { SessionId = s.Id, Backward = command.Backward }); break;
            }
        var values = new List<ByteString>();
        foreach (ulong handle in s_read)
        {
            values.Add((await s.Autograd.GetTensorAsync(new Wire.GetTensorRequest { SessionId = s.Id, Tensor = handle })).Data.ToByteString());
            values.Add((await s.Autograd.GetGradAsync(new Wire.GetGradRequest { SessionId = s.Id, Tensor = handle })).Grad.ToByteString());
        }
        return values;
    }

    private async Task<List<ByteString>> BatchAsync(int size)
    {
        var s = await fixture.SessionAsync();
        var values = new List<ByteString>();
        foreach (var chunk in Program().Concat(Reads()).Chunk(size)) values.AddRange(Values((await s.RunAsync(chunk)).Results));
        return values;
    }

    private async Task<List<ByteString>> StreamAsync(int size)
    {
        var s = await fixture.SessionAsync();
        using var call = s.Autograd.Execute();
        ulong seq = 0;
        foreach (var chunk in Program().Concat(Reads()).Select(c => ExecuteTests.Numbered(c, ++seq)).Chunk(size))
            await call.RequestStream.WriteAsync(ExecuteTests.Frame(s, chunk, chunk[0].Seq == 1));
        await call.RequestStream.CompleteAsync();
        return [.. Values((await ExecuteTests.AllAsync(call)).SelectMany(a => a.Results))];
    }

    private static IEnumerable<ByteString> Values(IEnumerable<Wire.CommandResult> results) => results.Select(r =>
    {
        Assert.Null(r.Error);
        return r.Tensor?.ToByteString() ?? r.Grad.ToByteString();
    });
}
