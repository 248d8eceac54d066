using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Google.Protobuf;

namespace AutogradService.Server.Functions;

/// <summary>A function compiled for some shapes and for what is wanted of it.</summary>
internal sealed class FunctionPlan : IDisposable
{
    private readonly byte[] _wanted;
    private readonly long[] _sizes;
    private long _lastUsed = Environment.TickCount64;
    private int _users;
    private bool _dropped;

    private FunctionPlan(FunctionDefinition definition, WantedSet wanted, byte[] wantedBytes, long[] sizes, CompiledFunction compiled)
    {
        Definition = definition;
        Wanted = wanted;
        _wanted = wantedBytes;
        _sizes = sizes;
        Compiled = compiled;
        GivenBytes = [.. compiled.Parameters.Select(p => checked((int)(p.Shape.Numel * p.DType.ItemSize)))];
        Results = [.. compiled.Results.Select(r => new PlanResult(r))];
        AnswerBytes = Results.Sum(r => (long)r.WireBytes);
        Flops = compiled.Cost.Flops;
        IsQuick = compiled.Cost.Time.TotalMilliseconds < 0.1;
    }

    /// <summary>The function.</summary>
    public FunctionDefinition Definition { get; }

    /// <summary>What is wanted.</summary>
    public WantedSet Wanted { get; }

    /// <summary>What runs.</summary>
    public CompiledFunction Compiled { get; }

    /// <summary>Bytes of each tensor that a run is given.</summary>
    public int[] GivenBytes { get; }

    /// <summary>What a run brings.</summary>
    public PlanResult[] Results { get; }

    /// <summary>Bytes of a whole answer's tensors.</summary>
    public long AnswerBytes { get; }

    /// <summary>Floating-point operations of a run.</summary>
    public long Flops { get; }

    /// <summary>Whether a call is over before anybody could cancel it.</summary>
    public bool IsQuick { get; }

    /// <summary>The sizes of the symbols that it was compiled for.</summary>
    public ReadOnlySpan<long> Sizes => _sizes;

    /// <summary>When it was used last, in ticks of <see cref="Environment.TickCount64"/>.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Says in a span what is run.</summary>
    public void Describe(System.Diagnostics.Activity span)
    {
        span.SetTag("autograd.function.id", Definition.Id);
        span.SetTag("autograd.function.wanted", Wanted.ToString());
        span.SetTag("autograd.function.flops", Flops);
        if (_sizes.Length > 0) span.SetTag("autograd.function.sizes", string.Join(',', _sizes));
    }

    /// <summary>Compiles a function.</summary>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED, COST_TOO_HIGH.</exception>
    /// <exception cref="AutogradException">Whatever its ops refuse for these shapes.</exception>
    public static FunctionPlan Compile(FunctionDefinition definition, ReadOnlySpan<byte> wantedBytes, ReadOnlySpan<long> sizes, ServerOptions options, MemoryBudget memory)
    {
        var wanted = WantedSet.Of(definition, wantedBytes, options.Limits.ListLengthMax);
        var compile = OptionsOf(options.Functions, memory);
        var given = Given(definition, wanted, sizes, compile);
        // Compiling takes no memory that a run would take: what costs too much is refused here, with its cost.
        var compiled = CompiledFunction.Compile(given, wanted.Run, compile with { MemoryBytesMax = long.MaxValue });
        try
        {
            CheckCost(compiled.Cost, options.Functions);
            return new FunctionPlan(definition, wanted, wantedBytes.ToArray(), sizes.ToArray(), compiled);
        }
        catch
        {
            compiled.Dispose();
            throw;
        }
    }

    /// <summary>What a call would take.</summary>
    /// <inheritdoc cref="Compile"/>
    public static (Cost Cost, IReadOnlyList<TensorSpec> Results) Estimate(FunctionDefinition definition, ReadOnlySpan<byte> wantedBytes, ReadOnlySpan<long> sizes, ServerOptions options, MemoryBudget memory)
    {
        var wanted = WantedSet.Of(definition, wantedBytes, options.Limits.ListLengthMax);
        var compile = OptionsOf(options.Functions, memory) with { MemoryBytesMax = long.MaxValue };
        TensorSpec[] results = [];
        var cost = CompiledFunction.Estimate(Given(definition, wanted, sizes, compile), (workspace, x) =>
        {
            var made = wanted.Run(workspace, x);
            results = Array.ConvertAll(made, t => new TensorSpec(t.Shape, t.DType));
            return made;
        }, compile);
        return (cost, results);
    }

    /// <summary>How functions are compiled here.</summary>
    public static CompileOptions OptionsOf(FunctionOptions options, MemoryBudget memory) => new() { MemoryBytesMax = options.CallMemoryBytesMax, NodesMax = options.NodesMax, Memory = memory, RunsKept = options.RunsKept };

    /// <summary>Refuses what takes too much.</summary>
    /// <exception cref="Refusal">COST_TOO_HIGH.</exception>
    public static void CheckCost(in Cost cost, FunctionOptions options)
    {
        double milliseconds = cost.Time.TotalMilliseconds;
        if (cost.Flops > options.CallFlopsMax) throw TooHigh(cost, "flops", cost.Flops, options.CallFlopsMax);
        if (cost.MemoryBytes > options.CallMemoryBytesMax) throw TooHigh(cost, "memory_bytes", cost.MemoryBytes, options.CallMemoryBytesMax);
        if (milliseconds > options.CallMillisecondsMax) throw TooHigh(cost, "predicted_ms", milliseconds, options.CallMillisecondsMax);
    }

    /// <summary>Whether it was compiled for these.</summary>
    public bool Fits(ReadOnlySpan<byte> wanted, ReadOnlySpan<long> sizes) => sizes.SequenceEqual(_sizes) && wanted.SequenceEqual(_wanted);

    /// <summary>Takes hold of it, so that it is not disposed while it is used.</summary>
    /// <returns>False if it was dropped meanwhile.</returns>
    public bool TryUse()
    {
        if (Interlocked.Increment(ref _users) > 0)
        {
            Volatile.Write(ref _lastUsed, Environment.TickCount64);
            return true;
        }
        Interlocked.Decrement(ref _users);
        return false;
    }

    /// <summary>Lets go of it.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0 && Volatile.Read(ref _dropped)) Dispose();
    }

    /// <summary>Gives its memory back as soon as nobody uses it.</summary>
    public void Drop()
    {
        Volatile.Write(ref _dropped, true);
        Dispose();
    }

    /// <summary>Gives its memory back if nobody uses it; then nobody can use it any more.</summary>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _users, int.MinValue / 2, 0) == 0) Compiled.Dispose();
    }

    /// <summary>Shapes and dtypes of what a run is given.</summary>
    public static TensorSpec[] Given(FunctionDefinition definition, WantedSet wanted, ReadOnlySpan<long> sizes, CompileOptions compile)
    {
        if (wanted.Cotangents == 0) return wanted.Given(sizes, []);
        // What shapes the cotangents have only the results tell.
        var parameters = new TensorSpec[definition.Parameters.Length];
        for (int i = 0; i < parameters.Length; i++) parameters[i] = definition.SpecOf(i, sizes);
        TensorSpec[] results = [];
        CompiledFunction.Estimate(parameters, (workspace, x) =>
        {
            using var mode = workspace.NoGrad();
            var made = definition.Run(workspace, x);
            results = Array.ConvertAll(made, t => new TensorSpec(t.Shape, t.DType));
            return made;
        }, compile);
        return wanted.Given(sizes, results);
    }

    private static Refusal TooHigh(in Cost cost, string which, double value, double limit) =>
        new Refusal(Wire.ErrorReason.CostTooHigh, FormattableString.Invariant($"a call would take {value:G6} {which}, more than {limit:G6}"))
            .With("flops", cost.Flops).With("bytes", cost.BytesMoved).With("memory_bytes", cost.MemoryBytes)
            .With("predicted_ms", FormattableString.Invariant($"{cost.Time.TotalMilliseconds:G6}")).With("which", which).With("limit", FormattableString.Invariant($"{limit:G6}"));
}

/// <summary>A result of a plan: what it is, and the bytes that stand before its elements in an answer.</summary>
internal sealed class PlanResult
{
    public PlanResult(TensorSpec spec)
    {
        Spec = spec;
        ByteCount = checked((int)(spec.Shape.Numel * spec.DType.ItemSize));
        var head = new Wire.TensorData { Dtype = TensorDescription.ToWire(spec.DType) };
        foreach (long size in spec.Shape.Sizes) head.Shape.Add(size);
        byte[] fields = head.ToByteArray();
        int length = fields.Length + 1 + Varint.Size(ByteCount) + ByteCount;
        Head = new byte[1 + Varint.Size(length) + length - ByteCount];
        int at = 0;
        Head[at++] = Wire.FunctionAnswer.ValuesFieldNumber << 3 | 2;
        at += Varint.Write(Head.AsSpan(at), length);
        fields.CopyTo(Head, at);
        at += fields.Length;
        Head[at++] = Wire.TensorData.DataFieldNumber << 3 | 2;
        Varint.Write(Head.AsSpan(at), ByteCount);
    }

    /// <summary>Shape and dtype.</summary>
    public TensorSpec Spec { get; }

    /// <summary>Bytes of the elements.</summary>
    public int ByteCount { get; }

    /// <summary>What stands before them in a FunctionAnswer.</summary>
    public byte[] Head { get; }

    /// <summary>Bytes of both.</summary>
    public int WireBytes => Head.Length + ByteCount;
}

/// <summary>Lengths as protobuf writes them.</summary>
internal static class Varint
{
    /// <summary>Bytes that a number takes.</summary>
    public static int Size(int value) => CodedOutputStream.ComputeUInt32Size((uint)value);

    /// <summary>Writes a number.</summary>
    /// <returns>How many bytes it took.</returns>
    public static int Write(Span<byte> bytes, int value)
    {
        int at = 0;
        uint rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7) bytes[at++] = (byte)(rest | 0x80);
        bytes[at++] = (byte)rest;
        return at;
    }
}
