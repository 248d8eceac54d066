namespace AutogradService.Engine.Ops;

/// <summary>
/// Random draws into a tensor. Element i takes block i of those reserved for the draw, so that the result depends on seed and counter alone.
/// </summary>
internal static class Draw
{
    /// <summary>Numbers in [from, to).</summary>
    public static void Uniform(Tensor y, double from, double to)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(y.Numel);
        bool single = y.DType == DType.Float32;
        // Of float32, only the 24 bits that it holds: rounding up could otherwise reach the upper bound.
        Kernels.Fill.Each(y, i =>
        {
            double u = random.Uniform(first + (ulong)i);
            if (single) u = Math.Floor(u * (1 << 24)) / (1 << 24);
            return from + (to - from) * u;
        });
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
