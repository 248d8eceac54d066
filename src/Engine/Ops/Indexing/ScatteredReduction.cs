using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Combining several values for one place: what scatter_reduce and index_reduce share. The index has the shape of the source, or of a part of it.</summary>
internal static class ScatteredReduction
{
    /// <summary>Combines the source into y, which holds self.</summary>
    /// <param name="y">Self, to be changed.</param>
    /// <param name="dim">The dim along which the index leads.</param>
    /// <param name="index">Checked places.</param>
    /// <param name="source">The values.</param>
    /// <param name="reduce">sum, prod, mean, amax or amin.</param>
    /// <param name="includeSelf">Whether what y holds counts as a value too, where others come.</param>
    public static void Run(Tensor y, int dim, Tensor index, Tensor source, string reduce, bool includeSelf)
    {
        if (index.Numel == 0) return;
        var workspace = y.Workspace;
        if (!includeSelf) AlongDim.Scatter(y, dim, index, workspace.RawFull(Shape.Scalar, Identity(reduce, y.DType), y.DType));
        switch (reduce)
        {
            case "prod": AlongDim.Reduce(y, dim, index, source, new Product()); break;
            case "amax": AlongDim.Reduce(y, dim, index, source, new Largest()); break;
            case "amin": AlongDim.Reduce(y, dim, index, source, new Smallest()); break;
            default: AlongDim.Add(y, dim, index, source); break;
        }
        if (reduce != "mean") return;
        using var mode = workspace.NoGrad();
        var counts = workspace.RawFull(y.Shape, includeSelf ? 1L : 0L, y.DType);
        AlongDim.Reduce(counts, dim, index, workspace.RawFull(Shape.Scalar, 1L, y.DType), new AlongDim.Sum());
        counts = counts.ClampMin(1L);
        var sum = y.Alias();
        Transfer.Into(y.DType.IsFloatingPoint ? sum.Div(counts) : sum.FloorDivide(counts), y);
    }

    /// <summary>The gradient for self (input 0) or the source, as scatter_reduce's: extrema are shared evenly by all that are equal to them, products go around zeros.</summary>
    public static Tensor Vjp(bool forSelf, Tensor grad, Tensor self, Tensor source, Tensor result, Tensor index, int dim, string reduce, bool includeSelf, Func<Tensor, Tensor, Tensor> again)
    {
        Tensor answer;
        switch (reduce)
        {
            case "sum":
                answer = forSelf ? grad : grad.Gather(dim, index);
                break;
            case "prod":
                answer = forSelf ? ProductOfOthers(grad, self, source, again) : ProductForSource(grad, self, source, result, index, dim, again);
                break;
            case "mean":
                var counts = self.Detach().NewFull(Dims.Of(self.Shape), includeSelf ? 1L : 0L).ScatterAdd(dim, index, source.Detach().OnesLike());
                var share = grad.Div(counts.MaskedFill(counts.Eq(0L), 1L));
                answer = forSelf ? share : share.Gather(dim, index);
                break;
            default:
                var selfWins = self.Eq(result).To(grad.DType);
                var sourceWins = source.Eq(result.Gather(dim, index)).To(grad.DType);
                var shared = grad.Div(selfWins.ScatterAdd(dim, index, sourceWins));
                answer = forSelf ? selfWins.Mul(shared) : sourceWins.Mul(shared.Gather(dim, index));
                break;
        }
        return forSelf && !includeSelf ? answer.Scatter(dim, index, 0.0) : answer;
    }

    /// <summary>For definitions: the combination of all values for one place.</summary>
    public static double Define(string reduce, IReadOnlyCollection<double> values) => reduce switch
    {
        "sum" => values.Sum(),
        "prod" => values.Aggregate(1.0, (a, b) => a * b),
        "mean" => values.Sum() / values.Count,
        "amax" => values.Max(),
        _ => values.Min(),
    };

    // d of a product in self is the product of the others; where self is 0, as if it were 1.
    private static Tensor ProductOfOthers(Tensor grad, Tensor self, Tensor source, Func<Tensor, Tensor, Tensor> again)
    {
        var filled = self.MaskedFill(self.Eq(0L), 1L);
        return grad.Mul(again(filled, source)).Div(filled);
    }

    // An element of source gets the product divided by itself; the only zero of a place gets the product of the others, one of several zeros gets nothing.
    private static Tensor ProductForSource(Tensor grad, Tensor self, Tensor source, Tensor result, Tensor index, int dim, Func<Tensor, Tensor, Tensor> again)
    {
        var zero = source.Eq(0L);
        var zeros = self.Detach().ZerosLike().ScatterAdd(dim, index, zero.To(self.DType)).Gather(dim, index);
        var single = zero.LogicalAnd(zeros.Eq(1L));
        var others = grad.Mul(again(self, source.MaskedFill(single, 1L))).Gather(dim, index);
        return single.Where(others, grad.Mul(result).Gather(dim, index).Div(source.MaskedFill(zero, 1L)));
    }

    private static Scalar Identity(string reduce, DType dtype) => reduce switch
    {
        "prod" => 1L,
        "amax" => dtype.IsFloatingPoint ? (Scalar)double.NegativeInfinity : Extreme(dtype, false),
        "amin" => dtype.IsFloatingPoint ? (Scalar)double.PositiveInfinity : Extreme(dtype, true),
        _ => 0L,
    };

    private static long Extreme(DType dtype, bool largest) => dtype switch
    {
        DType.Bool => largest ? 1 : 0,
        DType.UInt8 => largest ? byte.MaxValue : 0,
        DType.Int8 => largest ? sbyte.MaxValue : sbyte.MinValue,
        DType.Int16 => largest ? short.MaxValue : short.MinValue,
        DType.Int32 => largest ? int.MaxValue : int.MinValue,
        _ => largest ? long.MaxValue : long.MinValue,
    };

    internal readonly struct Product : AlongDim.IReduceKernel
    {
        public T Invoke<T>(T old, T value) where T : unmanaged, INumber<T> => old * value;
    }

    private readonly struct Largest : AlongDim.IReduceKernel
    {
        public T Invoke<T>(T old, T value) where T : unmanaged, INumber<T> => T.Max(old, value);
    }

    private readonly struct Smallest : AlongDim.IReduceKernel
    {
        public T Invoke<T>(T old, T value) where T : unmanaged, INumber<T> => T.Min(old, value);
    }
}
