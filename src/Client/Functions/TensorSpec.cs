using System.Collections;
using System.Runtime.CompilerServices;

namespace AutogradService.Client;

/// <summary>The size of a dimension: a number, or a name ("batch") for what each call tells. Made by conversion.</summary>
public readonly record struct Dim
{
    private Dim(long size, string? symbol)
    {
        Size = size;
        Symbol = symbol;
    }

    /// <summary>The size, if it is a number.</summary>
    public long Size { get; }

    /// <summary>The name, if it is one.</summary>
    public string? Symbol { get; }

    /// <summary>A size.</summary>
    public static implicit operator Dim(long size) => new(size, null);

    /// <summary>A size.</summary>
    public static implicit operator Dim(int size) => new(size, null);

    /// <summary>A name for a size; the same name means the same size.</summary>
    public static implicit operator Dim(string symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        return new(0, symbol);
    }

    /// <inheritdoc/>
    public override string ToString() => Symbol ?? Size.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Shape and dtype of a function's parameter. Written <c>["batch", 784]</c>, which is float32; other dtypes by <see cref="Of"/>.</summary>
[CollectionBuilder(typeof(TensorSpec), nameof(Create))]
public sealed class TensorSpec : IReadOnlyList<Dim>
{
    private readonly Dim[] _shape;

    private TensorSpec(DType dtype, Dim[] shape, string? name)
    {
        DType = dtype;
        _shape = shape;
        Name = name;
    }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>The parameter's name; null: that of the lambda's parameter.</summary>
    public string? Name { get; }

    /// <inheritdoc/>
    public int Count => _shape.Length;

    /// <inheritdoc/>
    public Dim this[int index] => _shape[index];

    /// <summary>A parameter of float32.</summary>
    /// <param name="shape">Size of each dimension, outermost first; none for a 0-d tensor.</param>
    public static TensorSpec Create(ReadOnlySpan<Dim> shape) => new(DType.Float32, shape.ToArray(), null);

    /// <summary>A parameter.</summary>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Size of each dimension, outermost first; none for a 0-d tensor.</param>
    public static TensorSpec Of(DType dtype, params ReadOnlySpan<Dim> shape) => new(dtype, shape.ToArray(), null);

    /// <summary>The same with a name.</summary>
    /// <param name="name">A letter or underscore, then letters, digits, underscores or dots; at most 64 characters.</param>
    public TensorSpec Named(string name) => new(DType, _shape, name);

    /// <inheritdoc/>
    public IEnumerator<Dim> GetEnumerator() => ((IEnumerable<Dim>)_shape).GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{DType.Name}[{string.Join(", ", _shape)}]";

    IEnumerator IEnumerable.GetEnumerator() => _shape.GetEnumerator();
}

/// <summary>Names a function for the server, so that others find it by that name: put it on the method that is given to Trace.</summary>
/// <param name="name">The name; at most 128 characters.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
