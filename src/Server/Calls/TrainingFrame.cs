using System.Buffers;
using AutogradService.Server.Functions;
using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>A TrainRequest as it was received: the setup parsed, a batch's bytes where they are in a pooled buffer.</summary>
internal sealed class TrainingFrame : IDisposable
{
    private byte[] _buffer;
    private int _start;
    private int _count;

    private TrainingFrame(byte[] buffer) => _buffer = buffer;

    /// <summary>How frames are read.</summary>
    public static Marshaller<TrainingFrame> Marshaller { get; } = Marshalling.Received(Read);

    /// <summary>The setup; null if this is a batch.</summary>
    public Wire.TrainingSetup? Setup { get; private set; }

    /// <summary>Whether this is a batch.</summary>
    public bool IsBatch { get; private set; }

    /// <summary>Bytes of the batch.</summary>
    public int Length => _count;

    /// <summary>Reads the batch.</summary>
    /// <param name="into">Is good for as long as the frame.</param>
    /// <exception cref="Errors.Refusal">MALFORMED_MESSAGE.</exception>
    public void ReadBatch(GivenCall into) => into.ReadBatch(_buffer, _start, _count);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0) LargeBuffers.Return(buffer);
    }

    private static TrainingFrame Read(DeserializationContext context)
    {
        var payload = context.PayloadAsReadOnlySequence();
        int length = (int)payload.Length;
        var frame = new TrainingFrame(LargeBuffers.Rent(length));
        try
        {
            payload.CopyTo(frame._buffer);
            var fields = new FieldReader(frame._buffer.AsSpan(0, length), 0);
            while (fields.Next(out int number))
            {
                switch (number)
                {
                    case Wire.TrainRequest.SetupFieldNumber:
                        var (start, count) = fields.Bytes();
                        frame.Setup = Wire.TrainingSetup.Parser.ParseFrom(frame._buffer.AsSpan(start, count));
                        frame.IsBatch = false;
                        break;
                    case Wire.TrainRequest.BatchFieldNumber:
                        (frame._start, frame._count) = fields.Bytes();
                        frame.Setup = null;
                        frame.IsBatch = true;
                        break;
                    default:
                        fields.Skip();
                        break;
                }
            }
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }
}
