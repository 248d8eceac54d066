using AutogradService.Server.Calls;
using AutogradService.Server.Commands;
using Google.Protobuf;

namespace AutogradService.Server.Tests;

/// <summary>Frames read by hand mean what the generated parser says that they mean, whatever the bytes.</summary>
public sealed class FrameReaderTests
{
    private const int Most = 64;

    [Fact]
    public void Common_ops_are_read_without_a_message()
    {
        var command = new Wire.Command { Seq = 1 << 20, NoGrad = true, WantResult = true, ApplyOp = new Wire.ApplyOp { OpId = 300, A = 7, IntegerScalar = -5, Out = 1UL << 40 } };
        GivenCommand given = default;
        Assert.True(FrameReader.TryReadOp(command.ToByteArray(), ref given));
        Assert.Equal(Say(new GivenCommand(command)), Say(given));
        command.ApplyOp.Extra = new Wire.ApplyOpExtra();
        Assert.False(FrameReader.TryReadOp(command.ToByteArray(), ref given));
    }

    [Fact]
    public void A_command_has_one_fingerprint_however_it_was_read()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            var command = RandomCommand(random);
            GivenCommand given = default;
            if (FrameReader.TryReadOp(command.ToByteArray(), ref given))
                Assert.Equal(new GivenCommand(command).Call.Mix(1), given.Call.Mix(1));
        }
    }

    [Fact]
    public void No_more_commands_are_kept_than_may_be_but_all_are_counted()
    {
        using var reader = new FrameReader();
        var frame = new Wire.ExecuteRequest { Commands = { Enumerable.Range(1, Most + 9).Select(i => new Wire.Command { Seq = (ulong)i }) } };
        reader.Read(frame.ToByteArray(), Most);
        Assert.Equal((Most + 9, Most), (reader.Count, reader.Commands.Length));
    }

    [Fact]
    public void Elements_of_a_large_tensor_stay_where_they_are()
    {
        var command = LargeCreate(new Random(1));
        var frame = new Wire.ExecuteRequest { Commands = { command } }.ToByteArray();
        using var reader = new FrameReader();
        reader.Read(frame, Most);
        Assert.Equal(Say(new GivenCommand(command)), Say(reader.Commands[0]));
        frame[^1] ^= 1;
        Assert.NotEqual(Say(new GivenCommand(command)), Say(reader.Commands[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_large_commands_are_read_or_refused_as_the_generated_parser_does(int seed)
    {
        var random = new Random(seed);
        using var reader = new FrameReader();
        int refused = 0, read = 0;
        for (int i = 0; i < 3000; i++)
        {
            var head = LargeCreate(random).ToByteArray().AsSpan(..^(18 << 10));
            // The damage is done to what stands before the elements, where there is something to misread.
            byte[] bytes = [.. Damage(head.ToArray(), random), .. new byte[18 << 10]];
            Wire.Command? expected = null;
            try
            {
                expected = Wire.Command.Parser.ParseFrom(bytes);
                read++;
            }
            catch (InvalidProtocolBufferException)
            {
                refused++;
            }
            var frame = new Wire.ExecuteRequest { SessionId = "abc" }.ToByteArray().AsSpan();
            byte[] length = [(byte)(bytes.Length & 0x7f | 0x80), (byte)(bytes.Length >> 7 & 0x7f | 0x80), (byte)(bytes.Length >> 14)];
            byte[] message = [.. frame, 3 << 3 | 2, .. length, .. bytes];
            if (expected is null)
            {
                Assert.Throws<InvalidProtocolBufferException>(() => reader.Read(message, Most));
                continue;
            }
            reader.Read(message, Most);
            Assert.Equal(Say(new GivenCommand(expected)), Say(reader.Commands[0]));
        }
        Assert.InRange(refused, 100, 2900);
        Assert.InRange(read, 100, 2900);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Damaged_frames_are_read_or_refused_as_the_generated_parser_does(int seed)
    {
        var random = new Random(seed);
        using var reader = new FrameReader();
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            var frame = new Wire.ExecuteRequest { SessionId = random.Next(2) == 0 ? "" : "abc", FailFast = random.Next(4) == 0 };
            for (int n = random.Next(4); n >= 0; n--) frame.Commands.Add(RandomCommand(random));
            var bytes = Damage(frame.ToByteArray(), random);
            (string? Session, bool FailFast, List<string> Commands, string? Error) expected = (null, false, [], null), got = (null, false, [], null);
            try
            {
                var parsed = Wire.ExecuteRequest.Parser.ParseFrom(bytes);
                expected = (parsed.SessionId, parsed.FailFast, [.. parsed.Commands.Select(c => Say(new GivenCommand(c)))], null);
            }
            catch (InvalidProtocolBufferException e)
            {
                expected.Error = e.Message;
                refused++;
            }
            try
            {
                reader.Read(bytes, Most);
                got = (reader.SessionId, reader.FailFast, [.. reader.Commands.ToArray().Select(c => Say(c))], null);
            }
            catch (InvalidProtocolBufferException e)
            {
                got.Error = e.Message;
            }
            Assert.Equal((expected.Session, expected.FailFast, string.Join('\n', expected.Commands), expected.Error), (got.Session, got.FailFast, string.Join('\n', got.Commands), got.Error));
        }
        Assert.InRange(refused, 100, 19_900);
    }

    private static string Say(in GivenCommand c)
    {
        string head = $"{c.Seq} {c.WantResult} {c.NoGrad} {c.InferenceMode} {c.Action} ";
        if (c.Action != Wire.Command.ActionOneofCase.ApplyOp) return head + c.Message;
        ref readonly var call = ref c.Call;
        return head + $"{call.OpId} '{call.Op}' {call.A} {call.B} {call.Number} {call.NumberBits} {call.Out} {call.InPlace} {call.Extra}";
    }

    private static Wire.Command RandomCommand(Random random)
    {
        var command = new Wire.Command { Seq = Number(random), WantResult = random.Next(4) == 0, NoGrad = random.Next(4) == 0, InferenceMode = random.Next(8) == 0 };
        switch (random.Next(10))
        {
            case 0: command.ReleaseTensors = new Wire.ReleaseTensors { Handles = { Number(random), Number(random) } }; return command;
            case 1: command.ReadTensor = new Wire.ReadTensor { Tensor = Number(random) }; return command;
            case 2: return command;
        }
        var apply = command.ApplyOp = new Wire.ApplyOp { OpId = (uint)Number(random), A = Number(random), Out = Number(random), InPlace = random.Next(4) == 0 };
        switch (random.Next(6))
        {
            case 0: apply.B = Number(random); break;
            case 1: apply.Scalar = random.NextDouble() - 0.5; break;
            case 2: apply.IntegerScalar = (long)Number(random) * (random.Next(2) == 0 ? 1 : -1); break;
            case 3: apply.BoolScalar = random.Next(2) == 0; break;
            case 4: apply.Op = "add"; break;
        }
        if (random.Next(8) == 0) apply.Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "dim", Value = new Wire.AttributeValue { IntValue = 1 } } } };
        return command;
    }

    private static Wire.Command LargeCreate(Random random)
    {
        var elements = new byte[18 << 10];
        random.NextBytes(elements);
        var data = new Wire.TensorData { Dtype = Wire.DataType.Uint8, Shape = { 18, 1 << 10 }, Data = ByteString.CopyFrom(elements) };
        return new Wire.Command { Seq = Number(random), NoGrad = random.Next(2) == 0, CreateTensor = new Wire.CreateTensor { Out = Number(random), RequiresGrad = random.Next(2) == 0, Data = data } };
    }

    private static ulong Number(Random random) => (ulong)random.NextInt64() >> random.Next(1, 64);

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var list = bytes.ToList();
        for (int n = random.Next(4); n > 0 && list.Count > 0; n--)
        {
            int at = random.Next(list.Count);
            switch (random.Next(6))
            {
                case 0: list[at] = (byte)random.Next(256); break;
                case 1: list[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: list.RemoveAt(at); break;
                case 3: list.Insert(at, (byte)random.Next(256)); break;
                case 4: list.RemoveRange(at, random.Next(list.Count - at)); break;
                default: list.InsertRange(at, list.GetRange(random.Next(list.Count), 1).Concat(list.GetRange(at, random.Next(list.Count - at))).ToList()); break;
            }
        }
        return [.. list];
    }
}
