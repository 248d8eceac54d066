namespace AutogradService.Engine;

/// <summary>One call of an op, for tests and documentation.</summary>
/// <param name="Op">The op with attributes.</param>
/// <param name="Inputs">Its inputs, null where absent.</param>
/// <param name="CheckGradients">False where the derivative is not that of the function: a kink, a random result.</param>
public sealed record Sample(Op Op, Tensor?[] Inputs, bool CheckGradients = true)
{
    /// <summary>A sample whose gradients are checked too.</summary>
    public static Sample Of(Op op, params Tensor?[] inputs) => new(op, inputs);

    /// <summary>A sample for the forward only.</summary>
    public static Sample ForwardOnly(Op op, params Tensor?[] inputs) => new(op, inputs, false);
}

/// <summary>What an op must bring along beside its computation.</summary>
/// <typeparam name="TSelf">The op.</typeparam>
public interface IOp<TSelf> where TSelf : Op
{
    /// <summary>Calls that cover its attributes, broadcasting, and shapes down to zero size.</summary>
    static abstract IEnumerable<Sample> Samples(Sampler s);

    /// <summary>The plain definition, to test the forward against.</summary>
    static abstract Reference Reference { get; }
}

/// <summary>Makes the tensors of samples, in the dtype under test.</summary>
public sealed class Sampler(Workspace workspace, DType dtype, ulong seed = 1)
{
    private readonly Philox _random = new(seed);

    /// <summary>The workspace.</summary>
    public Workspace Workspace => workspace;

    /// <summary>The dtype under test.</summary>
    public DType DType => dtype;

    /// <summary>Whether the dtype under test is floating.</summary>
    public bool IsFloat => dtype.IsFloatingPoint;

    /// <summary>Values in (-2, 2); small integers for integer dtypes.</summary>
    public Tensor Any(params long[] shape) => Draw(dtype, shape, u => dtype.IsFloatingPoint ? 4 * u - 2 : dtype is DType.UInt8 or DType.Bool ? Math.Floor(5 * u) : Math.Floor(9 * u) - 4);

    /// <summary>Values in (0.2, 2.2); integers from 1 to 4.</summary>
    public Tensor Positive(params long[] shape) => Draw(dtype, shape, u => dtype.IsFloatingPoint ? 0.2 + 2 * u : 1 + Math.Floor(4 * u));

    /// <summary>Values in (-0.9, 0.9).</summary>
    public Tensor Small(params long[] shape) => Draw(dtype, shape, u => 1.8 * u - 0.9);

    /// <summary>Values in (0.05, 0.95).</summary>
    public Tensor Probability(params long[] shape) => Draw(dtype, shape, u => 0.05 + 0.9 * u);

    /// <summary>Values in (low, high).</summary>
    public Tensor Between(double low, double high, params long[] shape) => Draw(dtype, shape, u => low + (high - low) * u);

    /// <summary>As <see cref="Any"/>, laid out column-major, so that it is not contiguous.</summary>
    public Tensor Strided(long rows, long columns) => Any(columns, rows).Transpose(0, 1);

    /// <summary>int64 in [0, bound).</summary>
    public Tensor Index(long bound, params long[] shape) => Draw(DType.Int64, shape, u => Math.Floor(u * bound));

    /// <summary>Truth values.</summary>
    public Tensor Mask(params long[] shape) => Draw(DType.Bool, shape, u => u < 0.5 ? 0 : 1);

    /// <summary>A number where an operand is expected.</summary>
    public Tensor Number(double value) => workspace.WrappedNumber(value);

    /// <summary>An integer where an operand is expected.</summary>
    public Tensor Number(long value) => workspace.WrappedNumber(value);

    /// <summary>int64 values as given.</summary>
    public Tensor Integers(Shape shape, params long[] values) => workspace.FromArray<long>(values, shape);

    /// <summary>Values as given, in the dtype under test.</summary>
    public Tensor Values(Shape shape, params double[] values) => workspace.FromArray<double>(values, shape, dtype);

    private Tensor Draw(DType of, long[] shape, Func<double, double> f)
    {
        var s = Shape.Of(shape);
        var values = new double[s.Numel];
        ulong first = _random.Reserve(values.Length);
        for (int i = 0; i < values.Length; i++) values[i] = f(_random.Uniform(first + (ulong)i));
        return workspace.FromArray<double>(values, s, of);
    }
}
