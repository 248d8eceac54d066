using System.Buffers;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>A FunctionCall on its way out: written by hand, its arrays' bytes straight into the message.</summary>
internal sealed class CallMessage
{
    private readonly byte[] _head;
    private readonly FunctionInput[] _inputs;
    private readonly int _cotangents;
    private readonly int _tangents;
    private readonly int _vectors;
    private readonly byte[] _tail;

    /// <summary>Puts a call together.</summary>
    /// <param name="head">The fields that say which function, what is wanted and which session; empty where a stream has said so.</param>
    /// <param name="inputs">Inputs, cotangents, tangents and vectors, one after another, in the dtypes of their parameters.</param>
    /// <param name="cotangents">Where cotangents start.</param>
    /// <param name="tangents">Where tangents start.</param>
    /// <param name="vectors">Where vectors start.</param>
    /// <param name="tail">The fields that come last: seed, handles, update.</param>
    public CallMessage(byte[] head, FunctionInput[] inputs, int cotangents, int tangents, int vectors, byte[] tail)
    {
        _head = head;
        _inputs = inputs;
        _cotangents = cotangents;
        _tangents = tangents;
        _vectors = vectors;
        _tail = tail;
        long size = head.Length + tail.Length;
        foreach (ref readonly var input in inputs.AsSpan()) size += Framed(SizeOf(input));
        Size = checked((int)size);
    }

    /// <summary>How a call is sent by itself, as a CallFunctionRequest.</summary>
    public static Marshaller<CallMessage> Marshaller { get; } = new(
        static (message, context) =>
        {
            context.SetPayloadLength(Framed(message.Size));
            message.WriteFramed(context.GetBufferWriter());
            context.Complete();
        },
        static _ => throw new NotSupportedException("requests are only sent"));

    /// <summary>How calls are sent together, as a CallFunctionsRequest.</summary>
    public static Marshaller<CallMessage[]> ManyMarshaller { get; } = new(
        static (messages, context) =>
        {
            long size = 0;
            foreach (var message in messages) size += Framed(message.Size);
            context.SetPayloadLength(checked((int)size));
            foreach (var message in messages) message.WriteFramed(context.GetBufferWriter());
            context.Complete();
        },
        static _ => throw new NotSupportedException("requests are only sent"));

    /// <summary>Bytes of the call.</summary>
    public int Size { get; }

    // The call's number is 1 in either request.
    private void WriteFramed(IBufferWriter<byte> writer)
    {
        int length = Framed(Size);
        var bytes = writer.GetSpan(length);
        int at = Head(bytes, 0, 1, Size);
        Put(bytes, ref at, _head);
        for (int i = 0; i < _inputs.Length; i++)
        {
            int field = i >= _vectors ? Wire.FunctionCall.VectorsFieldNumber : i >= _tangents ? Wire.FunctionCall.TangentsFieldNumber : i >= _cotangents ? Wire.FunctionCall.CotangentsFieldNumber : Wire.FunctionCall.InputsFieldNumber;
            at = Head(bytes, at, field, SizeOf(_inputs[i]));
            Write(bytes, ref at, _inputs[i]);
        }
        Put(bytes, ref at, _tail);
        writer.Advance(length);
    }

    private static int SizeOf(in FunctionInput input)
    {
        if (input.Tensor is { } tensor) return 1 + CodedOutputStream.ComputeUInt64Size(tensor.Handle);
        return Framed(input.ByteCount) + (input.Shape is { Length: > 0 } shape ? Framed(PackedSize(shape)) : 0);
    }

    private static void Write(Span<byte> bytes, ref int at, in FunctionInput input)
    {
        if (input.Tensor is { } tensor)
        {
            bytes[at++] = Wire.Argument.HandleFieldNumber << 3;
            Varint(bytes, ref at, tensor.Handle);
            return;
        }
        if (input.Shape is { Length: > 0 } shape)
        {
            at = Head(bytes, at, Wire.Argument.ShapeFieldNumber, PackedSize(shape));
            foreach (long size in shape) Varint(bytes, ref at, (ulong)size);
        }
        at = Head(bytes, at, Wire.Argument.DataFieldNumber, input.ByteCount);
        Put(bytes, ref at, input.Bytes);
    }

    private static int PackedSize(long[] shape)
    {
        int size = 0;
        foreach (long s in shape) size += CodedOutputStream.ComputeInt64Size(s);
        return size;
    }

    private static int Framed(int length) => 1 + CodedOutputStream.ComputeUInt32Size((uint)length) + length;

    private static int Head(Span<byte> bytes, int at, int field, int length)
    {
        bytes[at++] = (byte)(field << 3 | 2);
        Varint(bytes, ref at, (uint)length);
        return at;
    }

    private static void Put(Span<byte> bytes, ref int at, ReadOnlySpan<byte> content)
    {
        content.CopyTo(bytes[at..]);
        at += content.Length;
    }

    private static void Varint(Span<byte> bytes, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes[at++] = (byte)(value | 0x80);
        bytes[at++] = (byte)value;
    }
}
