using System.Collections.Immutable;
using System.Globalization;

namespace AutogradService.Conformance.Recordings;

/// <summary>A Python value that occurs in a call or among its results.</summary>
internal abstract record PyValue
{
    /// <summary><c>None</c>.</summary>
    public sealed record None : PyValue
    {
        /// <summary>The one None.</summary>
        public static None Value { get; } = new();

        /// <inheritdoc/>
        public override string ToString() => "None";
    }

    /// <summary>A <c>bool</c>.</summary>
    public sealed record Bool(bool Value) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value ? "True" : "False";
    }

    /// <summary>An <c>int</c>.</summary>
    public sealed record Int(long Value) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A <c>float</c>, infinities and NaN included.</summary>
    public sealed record Float(double Value) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>A <c>complex</c>.</summary>
    public sealed record Complex(double Real, double Imaginary) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => $"complex({Real}, {Imaginary})";
    }

    /// <summary>A <c>str</c>.</summary>
    public sealed record Str(string Value) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => $"'{Value}'";
    }

    /// <summary>A <c>torch.dtype</c>, by its name without the prefix.</summary>
    public sealed record DType(string Name) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A <c>torch.device</c>.</summary>
    public sealed record Device(string Name) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => $"device({Name})";
    }

    /// <summary>A <c>torch.memory_format</c> or a <c>torch.layout</c>.</summary>
    public sealed record MemoryFormat(string Name) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A <c>slice</c>; absent bounds are null.</summary>
    public sealed record Slice(long? Start, long? Stop, long? Step) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Start}:{Stop}:{Step}";
    }

    /// <summary><c>...</c>.</summary>
    public sealed record Ellipsis : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => "...";
    }

    /// <summary>A sequence: a list, or a tuple where <see cref="IsTuple"/> says so (they differ as an index).</summary>
    public sealed record Sequence(ImmutableArray<PyValue> Items, bool IsTuple) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => IsTuple ? $"({string.Join(", ", Items)})" : $"[{string.Join(", ", Items)}]";
    }

    /// <summary>A <c>dict</c> with string keys.</summary>
    public sealed record Dict(ImmutableArray<KeyValuePair<string, PyValue>> Entries) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => $"{{{string.Join(", ", Entries.Select(e => $"{e.Key}: {e.Value}"))}}}";
    }

    /// <summary>A recorded tensor.</summary>
    public sealed record Tensor(TensorData Data) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => Data.ToString();
    }

    /// <summary>A tensor that lives in the backend under test.</summary>
    public sealed record Live(Backends.IVariable Variable) : PyValue
    {
        /// <inheritdoc/>
        public override string ToString() => $"Tensor[{string.Join(", ", Variable.Shape)}]";
    }

    /// <summary>The recorded tensors inside this value, in order.</summary>
    public IEnumerable<TensorData> Tensors() => this switch
    {
        Tensor tensor => [tensor.Data],
        Sequence sequence => sequence.Items.SelectMany(item => item.Tensors()),
        Dict dict => dict.Entries.SelectMany(entry => entry.Value.Tensors()),
        _ => [],
    };

    /// <summary>This value with every recorded tensor replaced.</summary>
    public PyValue MapTensors(Func<TensorData, PyValue> replace) => this switch
    {
        Tensor tensor => replace(tensor.Data),
        Sequence sequence => sequence with { Items = [.. sequence.Items.Select(item => item.MapTensors(replace))] },
        Dict dict => new Dict([.. dict.Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.MapTensors(replace)))]),
        _ => this,
    };

    /// <summary>Whether a value that <paramref name="predicate"/> accepts occurs anywhere inside.</summary>
    public bool Any(Func<PyValue, bool> predicate) => predicate(this) || this switch
    {
        Sequence sequence => sequence.Items.Any(item => item.Any(predicate)),
        Dict dict => dict.Entries.Any(entry => entry.Value.Any(predicate)),
        _ => false,
    };
}
