namespace AutogradService.Engine.Ops;

/// <summary>What becomes of a loss's elements: none leaves them, mean and sum make one number of them.</summary>
internal static class LossReduction
{
    /// <summary>Refuses any other word.</summary>
    public static void Check(string reduction)
    {
        if (reduction is not ("none" or "mean" or "sum")) throw AutogradException.Attribute($"{reduction} is not a valid value for reduction", TorchErrorType.ValueError);
    }

    /// <summary>The shape of the result.</summary>
    public static Shape Result(string reduction, Shape elements)
    {
        Check(reduction);
        return reduction == "none" ? elements : Shape.Scalar;
    }

    /// <summary>The part of the loss's gradient that reaches each element: 1/n for a mean.</summary>
    public static double Share(string reduction, long count) => reduction == "mean" ? 1.0 / count : 1;

    /// <summary>Elements to a result, as recorded ops.</summary>
    public static Tensor Apply(Tensor elements, string reduction)
    {
        Check(reduction);
        return reduction switch { "mean" => elements.Mean(), "sum" => elements.Sum(), _ => elements };
    }

    /// <summary>Elements to a result, without history.</summary>
    public static void Finish(Tensor elements, Tensor y, string reduction)
    {
        ReductionBlocks.Of(elements, null).Sum(y);
        if (reduction == "mean") Kernels.Elementwise.MapFloat("mean", y, y, new Quotient(elements.Numel));
    }

    /// <summary>The definition.</summary>
    public static NdArray Define(NdArray elements, string reduction) => reduction switch
    {
        "mean" => elements.Reduce(null, false, v => v.Sum() / v.Length),
        "sum" => elements.Reduce(null, false, v => v.Sum()),
        _ => elements,
    };

    private readonly struct Quotient(long n) : Kernels.IFloatUnaryKernel
    {
        public System.Numerics.Vector<T> Invoke<T>(System.Numerics.Vector<T> x) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>, System.Numerics.IMinMaxValue<T> =>
            x / System.Numerics.Vector.Create(T.CreateTruncating(n));
    }
}
