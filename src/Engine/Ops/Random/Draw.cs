namespace AutogradService.Engine.Ops;

/// <summary>
/// Random draws into a tensor. Element i takes block i of those reserved for the draw, so that the result depends on seed and counter alone.
/// </summary>
internal static class Draw
{
    /// <summary>Numbers in [from, to).</summary>
    /// <param name="y">Takes the numbers.</param>
    /// <param name="from">The lower bound.</param>
    /// <param name="to">The upper bound.</param>
    /// <param name="held">The dtype in which they will be kept, if not y's: a half type is drawn as float32.</param>
    public static void Uniform(Tensor y, double from, double to, DType? held = null)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        // Only the bits that the dtype holds: rounding up could otherwise reach the upper bound.
        double steps = 1L << ((held ?? y.DType) switch { DType.BFloat16 => 8, DType.Float16 => 11, DType.Float32 => 24, _ => 53 });
        Kernels.Fill.Each(y, i => from + (to - from) * (Math.Floor(random.Uniform(first + (ulong)i) * steps) / steps));
    }

    /// <summary>Normal numbers.</summary>
    public static void Normal(Tensor y, double mean, double std)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.Each(y, i => mean + std * random.Normal(first + (ulong)i));
    }

    /// <summary>Integers in [low, high).</summary>
    public static void Integer(Tensor y, long low, long high)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        Kernels.Fill.EachInteger(y, i => low + random.Integer(first + (ulong)i, high - low));
    }

    /// <summary>The dtype of a floating draw.</summary>
    /// <exception cref="AutogradException">DTYPE_UNSUPPORTED.</exception>
    public static DType FloatOr(string op, DType? dtype, DType otherwise) =>
        (dtype ?? otherwise) is { IsFloatingPoint: true } floating ? floating : throw AutogradException.DTypeUnsupported(op, dtype ?? otherwise);

    /// <summary>The dtype of an integer draw, once its bounds are known to be in order.</summary>
    public static DType Integers(long low, long high, DType? dtype) => low < high
        ? dtype ?? DType.Int64
        : throw AutogradException.Attribute($"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}");

    /// <summary>Refuses a negative standard deviation.</summary>
    public static DType Deviation(double std, DType dtype) => std >= 0
        ? dtype
        : throw AutogradException.Attribute($"normal expects std >= 0.0, but found std {std.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
}
