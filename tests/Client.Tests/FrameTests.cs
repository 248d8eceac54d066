using Wire = Autograd.V1;
using Google.Protobuf;

namespace AutogradService.Client.Tests;

/// <summary>What a frame writes by hand is what the generated code writes.</summary>
public sealed class FrameTests
{
    [Fact]
    public void Ops_are_written_as_the_generated_code_writes_them()
    {
        var random = new Random(1);
        for (int i = 0; i < 5000; i++)
        {
            var command = RandomCommand(random);
            var frame = new Frame();
            int added = frame.Append(command, Frame.SizeOf(command));
            byte[] expected = new Wire.ExecuteRequest { Commands = { command } }.ToByteArray();
            Assert.Equal(expected, frame.Bytes.ToArray());
            Assert.Equal((expected.Length, expected.Length, 1), (added, frame.CommandBytes, frame.Commands));
        }
    }

    [Fact]
    public void Releases_are_written_as_the_generated_code_writes_them()
    {
        var random = new Random(2);
        for (int i = 0; i < 2000; i++)
        {
            var handles = new ulong[random.Next(1, random.Next(4) == 0 ? 3000 : 8)];
            foreach (ref ulong handle in handles.AsSpan()) handle = random.Next(8) == 0 ? ulong.MaxValue >> random.Next(64) : (ulong)random.NextInt64() >> random.Next(1, 64);
            ulong seq = (ulong)random.NextInt64() >> random.Next(1, 64);
            var frame = new Frame();
            int added = frame.AppendRelease(seq, handles);
            byte[] expected = new Wire.ExecuteRequest { Commands = { new Wire.Command { Seq = seq, ReleaseTensors = new Wire.ReleaseTensors { Handles = { handles } } } } }.ToByteArray();
            Assert.Equal(expected, frame.Bytes.ToArray());
            Assert.Equal((expected.Length, expected.Length, 1), (added, frame.CommandBytes, frame.Commands));
        }
    }

    private static Wire.Command RandomCommand(Random random)
    {
        ulong Number() => random.Next(8) == 0 ? ulong.MaxValue >> random.Next(64) : (ulong)random.NextInt64() >> random.Next(1, 64);
        var apply = new Wire.ApplyOp { OpId = (uint)Number(), A = Number(), B = Number(), Out = Number(), InPlace = random.Next(2) == 0 };
        switch (random.Next(5))
        {
            case 0: apply.Scalar = random.NextDouble() - 0.5; break;
            case 1: apply.IntegerScalar = (long)Number(); break;
            case 2: apply.BoolScalar = random.Next(2) == 0; break;
            case 3: apply.Extra = new Wire.ApplyOpExtra { RequiresGrad = true }; break;
        }
        return new Wire.Command { Seq = Number(), WantResult = random.Next(2) == 0, NoGrad = random.Next(2) == 0, InferenceMode = random.Next(2) == 0, ApplyOp = apply };
    }
}
