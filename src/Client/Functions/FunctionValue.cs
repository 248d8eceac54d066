using System.Collections.Immutable;

namespace AutogradService.Client;

/// <summary>A result of a function's call, as it came: dtype, shape, and elements row-major.</summary>
public sealed class FunctionValue
{
    private readonly Wire.TensorData _data;

    internal FunctionValue(Wire.TensorData data) => _data = data;

    /// <summary>Element type.</summary>
    public DType DType => (DType)_data.Dtype;

    /// <summary>Size of each dimension, outermost first; empty for a 0-d tensor.</summary>
    public ImmutableArray<long> Shape => [.. _data.Shape];

    /// <summary>The elements, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes => _data.Data.Memory;

    /// <summary>The elements with their shape; other dtypes are converted.</summary>
    /// <typeparam name="T">What to read them as.</typeparam>
    public TensorValue<T> As<T>() where T : unmanaged => new(Elements.Decode<T>(_data.Data.Span, DType), Shape);

    /// <summary>The elements, row-major, whatever the shape.</summary>
    public T[] ToArray<T>() where T : unmanaged => Elements.Decode<T>(_data.Data.Span, DType);

    /// <summary>The element of a one-element tensor.</summary>
    /// <exception cref="InvalidOperationException">There are more, or none.</exception>
    public T Item<T>() where T : unmanaged => As<T>().Item();

    /// <summary>The element of a one-element tensor.</summary>
    public static explicit operator float(FunctionValue value) => value.Item<float>();

    /// <summary>The elements, row-major, whatever the shape.</summary>
    public static explicit operator float[](FunctionValue value) => value.ToArray<float>();

    /// <summary>The elements of a matrix.</summary>
    public static explicit operator float[,](FunctionValue value) => value.As<float>();

    /// <inheritdoc/>
    public override string ToString() => $"{DType.Name}[{string.Join(", ", _data.Shape)}]";
}

/// <summary>A function's results, and the gradients of the first of them.</summary>
public sealed class ValueAndGrad
{
    private readonly string[] _names;

    internal ValueAndGrad(FunctionValue[] values, FunctionValue[] gradients, string[] names)
    {
        Values = values;
        Gradients = gradients;
        _names = names;
    }

    /// <summary>The first result.</summary>
    public FunctionValue Value => Values[0];

    /// <summary>All results.</summary>
    public IReadOnlyList<FunctionValue> Values { get; }

    /// <summary>The gradient with respect to each parameter that the function is differentiated by, in order.</summary>
    public IReadOnlyList<FunctionValue> Gradients { get; }

    /// <summary>The gradient with respect to a parameter.</summary>
    /// <exception cref="KeyNotFoundException">The function is not differentiated by a parameter of that name.</exception>
    public FunctionValue this[string parameter]
    {
        get
        {
            int i = Array.IndexOf(_names, parameter);
            return i >= 0 ? Gradients[i] : throw new KeyNotFoundException($"no gradient with respect to '{parameter}' was asked for");
        }
    }

    /// <summary>For <c>var (value, gradients) = ...</c>.</summary>
    public void Deconstruct(out FunctionValue value, out IReadOnlyList<FunctionValue> gradients) => (value, gradients) = (Value, Gradients);
}

/// <summary>What a call brought, as it was asked for by a <see cref="FunctionCall"/>.</summary>
public sealed class FunctionAnswer
{
    internal FunctionAnswer(FunctionValue[] values, FunctionValue[] grad, FunctionValue[] vjp, FunctionValue[] jvp, FunctionValue[] hvp, Tensor[] kept, double? gradientNorm)
    {
        Values = values;
        Grad = grad;
        Vjp = vjp;
        Jvp = jvp;
        Hvp = hvp;
        Kept = kept;
        GradientNorm = gradientNorm;
    }

    /// <summary>The results, if they were asked for.</summary>
    public IReadOnlyList<FunctionValue> Values { get; }

    /// <summary>The gradients of the first result.</summary>
    public IReadOnlyList<FunctionValue> Grad { get; }

    /// <summary>The cotangents times the Jacobian, by parameter.</summary>
    public IReadOnlyList<FunctionValue> Vjp { get; }

    /// <summary>The Jacobian times the tangents, by result.</summary>
    public IReadOnlyList<FunctionValue> Jvp { get; }

    /// <summary>The Hessian of the first result times the vectors, by parameter.</summary>
    public IReadOnlyList<FunctionValue> Hvp { get; }

    /// <summary>If they were to be kept in the session: all of these, in this order, as its tensors; the lists above are then empty.</summary>
    public IReadOnlyList<Tensor> Kept { get; }

    /// <summary>Of a call that takes a step of an optimizer and clips by norm: the norm of all gradients together, before clipping.</summary>
    public double? GradientNorm { get; }
}

/// <summary>A call of a function in full. What is not asked for costs nothing; all that is comes of one forward run.</summary>
public sealed record FunctionCall
{
    /// <summary>What the function is given, in order.</summary>
    public IReadOnlyList<FunctionInput> Inputs { get; init; } = [];

    /// <summary>Brings the results.</summary>
    public bool Value { get; init; }

    /// <summary>Brings the gradient of the first result with respect to these parameters.</summary>
    public IReadOnlyList<string> Grad { get; init; } = [];

    /// <summary>Brings the cotangents times the Jacobian with respect to these parameters.</summary>
    public IReadOnlyList<string> Vjp { get; init; } = [];

    /// <summary>One for each result, if <see cref="Vjp"/> is asked for.</summary>
    public IReadOnlyList<FunctionInput> Cotangents { get; init; } = [];

    /// <summary>Brings the Jacobian with respect to these parameters times the tangents.</summary>
    public IReadOnlyList<string> Jvp { get; init; } = [];

    /// <summary>One for each parameter of <see cref="Jvp"/>.</summary>
    public IReadOnlyList<FunctionInput> Tangents { get; init; } = [];

    /// <summary>Brings the Hessian of the first result with respect to these parameters times the vectors.</summary>
    public IReadOnlyList<string> Hvp { get; init; } = [];

    /// <summary>One for each parameter of <see cref="Hvp"/>.</summary>
    public IReadOnlyList<FunctionInput> Vectors { get; init; } = [];

    /// <summary>Seed of the random numbers; null: others in each call.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Keeps what is brought as tensors of the session, rather than sending it; for functions of a session.</summary>
    public bool Keep { get; init; }
}
