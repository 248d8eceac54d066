using System.Runtime.InteropServices;
using System.Text;
using AutogradService.Server.Calls;

namespace AutogradService.Server.Functions;

/// <summary>A FunctionCall as it was received: read by hand, its tensors' bytes where they are. Used again and again, so that a call leaves no garbage.</summary>
internal sealed class GivenCall
{
    private readonly List<ulong> _shapes = [];
    private byte[] _buffer = [];
    private (int Start, int Count) _function;
    private (int Start, int Count) _wanted;

    /// <summary>The session's id; empty: none.</summary>
    public string SessionId { get; private set; } = "";

    /// <summary>One for each parameter.</summary>
    public List<GivenArgument> Inputs { get; } = [];

    /// <summary>For VJP.</summary>
    public List<GivenArgument> Cotangents { get; } = [];

    /// <summary>For JVP.</summary>
    public List<GivenArgument> Tangents { get; } = [];

    /// <summary>For HVP.</summary>
    public List<GivenArgument> Vectors { get; } = [];

    /// <summary>How many arguments there are.</summary>
    public int Arguments => Inputs.Count + Cotangents.Count + Tangents.Count + Vectors.Count;

    /// <summary>An argument by its place in what a run is given: inputs, then cotangents, tangents, vectors.</summary>
    /// <param name="at">Its place.</param>
    /// <param name="field">The field that it stands in.</param>
    public ref readonly GivenArgument ArgumentAt(int at, out string field)
    {
        field = "call.inputs";
        var arguments = Inputs;
        if (at >= arguments.Count) (at, arguments, field) = (at - arguments.Count, Cotangents, "call.cotangents");
        if (at >= arguments.Count) (at, arguments, field) = (at - arguments.Count, Tangents, "call.tangents");
        if (at >= arguments.Count) (at, arguments, field) = (at - arguments.Count, Vectors, "call.vectors");
        return ref CollectionsMarshal.AsSpan(arguments)[at];
    }

    /// <summary>Seed of the random numbers.</summary>
    public ulong? Seed { get; private set; }

    /// <summary>Handles to bind the answer's tensors to.</summary>
    public List<ulong> Out { get; } = [];

    /// <summary>An update of parameters, where one is asked for.</summary>
    public Wire.Update? Update { get; private set; }

    /// <summary>The function's id or name, in UTF-8.</summary>
    public ReadOnlySpan<byte> Function => _buffer.AsSpan(_function.Start, _function.Count);

    /// <summary>The bytes of what is wanted.</summary>
    public ReadOnlySpan<byte> Wanted => _buffer.AsSpan(_wanted.Start, _wanted.Count);

    /// <summary>Reads a call.</summary>
    /// <param name="buffer">Holds the message; must live as long as this is used.</param>
    /// <param name="start">Where the call starts.</param>
    /// <param name="count">Its bytes.</param>
    /// <exception cref="Errors.Refusal">MALFORMED_MESSAGE.</exception>
    /// <exception cref="Google.Protobuf.InvalidProtocolBufferException">So is the update.</exception>
    public void Read(byte[] buffer, int start, int count)
    {
        Clear();
        _buffer = buffer;
        var fields = new FieldReader(buffer.AsSpan(0, start + count), start);
        while (fields.Next(out int number))
        {
            switch (number)
            {
                case Wire.FunctionCall.FunctionFieldNumber: _function = fields.Bytes(); break;
                case Wire.FunctionCall.WantedFieldNumber: _wanted = fields.Bytes(); break;
                case Wire.FunctionCall.SessionIdFieldNumber:
                    var (at, length) = fields.Bytes();
                    SessionId = Encoding.UTF8.GetString(buffer.AsSpan(at, length));
                    break;
                case Wire.FunctionCall.InputsFieldNumber: Inputs.Add(ReadArgument(fields.Bytes())); break;
                case Wire.FunctionCall.CotangentsFieldNumber: Cotangents.Add(ReadArgument(fields.Bytes())); break;
                case Wire.FunctionCall.TangentsFieldNumber: Tangents.Add(ReadArgument(fields.Bytes())); break;
                case Wire.FunctionCall.VectorsFieldNumber: Vectors.Add(ReadArgument(fields.Bytes())); break;
                case Wire.FunctionCall.SeedFieldNumber: Seed = fields.Varint(); break;
                case Wire.FunctionCall.OutFieldNumber: fields.Varints(Out); break;
                case Wire.FunctionCall.UpdateFieldNumber:
                    (at, length) = fields.Bytes();
                    Update = Wire.Update.Parser.ParseFrom(buffer.AsSpan(at, length));
                    break;
                default: fields.Skip(); break;
            }
        }
    }

    /// <summary>Reads a batch of a training: arguments only.</summary>
    /// <inheritdoc cref="Read"/>
    public void ReadBatch(byte[] buffer, int start, int count)
    {
        Clear();
        _buffer = buffer;
        var fields = new FieldReader(buffer.AsSpan(0, start + count), start);
        while (fields.Next(out int number))
        {
            if (number == Wire.TrainingBatch.InputsFieldNumber) Inputs.Add(ReadArgument(fields.Bytes()));
            else fields.Skip();
        }
    }

    /// <summary>An argument's sizes; empty if none are given.</summary>
    public ReadOnlySpan<ulong> ShapeOf(in GivenArgument argument) => CollectionsMarshal.AsSpan(_shapes).Slice(argument.ShapeStart, argument.ShapeCount);

    /// <summary>An argument's elements.</summary>
    public ReadOnlySpan<byte> DataOf(in GivenArgument argument) => _buffer.AsSpan(argument.DataStart, argument.DataCount);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _buffer = [];
        _shapes.Clear();
        _function = _wanted = default;
        SessionId = "";
        Inputs.Clear();
        Cotangents.Clear();
        Tangents.Clear();
        Vectors.Clear();
        Out.Clear();
        Seed = null;
        Update = null;
    }

    private GivenArgument ReadArgument((int Start, int Count) place)
    {
        ulong handle = 0, dtype = 0;
        int shapeStart = _shapes.Count;
        (int Start, int Count) data = default;
        var fields = new FieldReader(_buffer.AsSpan(0, place.Start + place.Count), place.Start);
        while (fields.Next(out int number))
        {
            switch (number)
            {
                case Wire.Argument.HandleFieldNumber: handle = fields.Varint(); break;
                case Wire.Argument.DtypeFieldNumber: dtype = fields.Varint(); break;
                case Wire.Argument.ShapeFieldNumber: fields.Varints(_shapes); break;
                case Wire.Argument.DataFieldNumber: data = fields.Bytes(); break;
                default: fields.Skip(); break;
            }
        }
        return new GivenArgument(handle, dtype, shapeStart, _shapes.Count - shapeStart, data.Start, data.Count);
    }
}

/// <summary>A tensor given to a function, by handle or as bytes.</summary>
/// <param name="Handle">The session's tensor; 0: the bytes.</param>
/// <param name="DType">The element type as the wire numbers it; 0: not said.</param>
/// <param name="ShapeStart">Where its sizes are.</param>
/// <param name="ShapeCount">How many there are.</param>
/// <param name="DataStart">Where its bytes are.</param>
/// <param name="DataCount">How many there are.</param>
internal readonly record struct GivenArgument(ulong Handle, ulong DType, int ShapeStart, int ShapeCount, int DataStart, int DataCount);
