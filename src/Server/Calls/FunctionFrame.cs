using System.Buffers;
using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>A CallFunctionRequest or CallFunctionsRequest as it was received, in a pooled buffer.</summary>
internal sealed class FunctionFrame : IDisposable
{
    private byte[] _buffer;
    private int _length;

    private FunctionFrame(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>How frames are read.</summary>
    public static Marshaller<FunctionFrame> Marshaller { get; } = Marshalling.Received(static context =>
    {
        var payload = context.PayloadAsReadOnlySequence();
        var frame = new FunctionFrame(LargeBuffers.Rent((int)payload.Length), (int)payload.Length);
        payload.CopyTo(frame._buffer);
        return frame;
    });

    /// <summary>The bytes.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Finds the next call; its number is 1 in either message.</summary>
    /// <param name="at">Where to go on from; moved behind the call.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="count">Its bytes.</param>
    /// <returns>False if there is none.</returns>
    /// <exception cref="Errors.Refusal">MALFORMED_MESSAGE.</exception>
    public bool TryNext(ref int at, out int start, out int count)
    {
        var fields = new FieldReader(_buffer.AsSpan(0, _length), at);
        while (fields.Next(out int number))
        {
            if (number == Wire.CallFunctionsRequest.CallsFieldNumber)
            {
                (start, count) = fields.Bytes();
                at = start + count;
                return true;
            }
            fields.Skip();
        }
        at = _length;
        start = count = 0;
        return false;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        _length = 0;
        if (buffer.Length > 0) LargeBuffers.Return(buffer);
    }
}
