using System.Globalization;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What the arange overloads share: how many steps there are, and their values.</summary>
internal static class Steps
{
    /// <summary>int64 if all bounds are integers, the default float otherwise.</summary>
    public static TensorSpec Spec(Scalar start, Scalar end, Scalar step, DType? dtype)
    {
        if (step.Real == 0) throw AutogradException.Attribute("step must be nonzero");
        if (!double.IsFinite(start.Real) || !double.IsFinite(end.Real))
            throw AutogradException.Attribute($"unsupported range: {Text(start)} -> {Text(end)}");
        if (step.Real > 0 ? end.Real < start.Real : end.Real > start.Real)
            throw AutogradException.Attribute("upper bound and larger bound inconsistent with step sign");
        bool integers = !start.IsFloat && !end.IsFloat && !step.IsFloat;
        double length = integers
            ? (double)(((Int128)end.Integer - start.Integer + step.Integer - Math.Sign(step.Integer)) / step.Integer)
            : Math.Ceiling((end.Real - start.Real) / step.Real);
        if (!(length < long.MaxValue)) throw AutogradException.Attribute("invalid size, possible overflow?");
        return new(Shape.Of((long)length), dtype ?? (integers ? DType.Int64 : DTypes.DefaultFloat));
    }

    /// <summary>start + i step, in int64 where the dtype is an integer one.</summary>
    public static void Write(Tensor y, Scalar start, Scalar step)
    {
        if (y.DType.IsFloatingPoint) Kernels.Fill.Each(y, i => start.Real + i * step.Real);
        else Kernels.Fill.EachInteger(y, i => start.Integer + i * step.Integer);
    }

    /// <summary>The definition, for tests.</summary>
    public static NdArray Definition(Scalar start, Scalar end, Scalar step) =>
        NdArray.Build(Spec(start, end, step, null).Shape, i => start.Real + i[0] * step.Real);

    private static string Text(Scalar number) =>
        double.IsInfinity(number.Real) ? number.Real > 0 ? "inf" : "-inf" : double.IsNaN(number.Real) ? "nan" : number.Real.ToString("R", CultureInfo.InvariantCulture);
}
