using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What the ops of layer normalisation share: the normalised dims are the last ones, and make up a row.</summary>
internal static unsafe class NormalizedRows
{
    /// <summary>Refuses shapes that do not fit each other.</summary>
    public static void Check(Tensor x, Dims shape, Tensor? weight, Tensor? bias)
    {
        if (shape.Count == 0) throw AutogradException.Shape($"Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = {shape}");
        if (weight is not null && !weight.Shape.Sizes.SequenceEqual(shape.Values))
            throw AutogradException.Shape($"Expected weight to be of same shape as normalized_shape, but got weight of shape {weight.Shape} and normalized_shape = {shape}");
        if (bias is not null && !bias.Shape.Sizes.SequenceEqual(shape.Values))
            throw AutogradException.Shape($"Expected bias to be of same shape as normalized_shape, but got bias of shape {bias.Shape} and normalized_shape = {shape}");
        if (x.Dim < shape.Count || !x.Shape.Sizes[^shape.Count..].SequenceEqual(shape.Values))
            throw AutogradException.Shape($"Given normalized_shape={shape}, expected input with shape [*, {string.Join(", ", shape)}], but got input of size{x.Shape}");
        if (!x.DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("LayerNormKernelImpl", x.DType);
        if (weight is not null && weight.DType != x.DType || bias is not null && bias.DType != x.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, "mixed dtype (CPU): all the parameters must have the same scalar type as the input");
    }

    /// <summary>y = the normalised rows of x.</summary>
    public static void Forward(Tensor x, Tensor? weight, Tensor? bias, Tensor y, Dims shape, double eps)
    {
        using var scope = y.Workspace.Scope();
        long n = Length(shape), rows = n == 0 ? 0 : y.Numel / n;
        var ws = y.Workspace;
        Tensor source = ws.RawContiguous(x);
        Tensor? w = weight is null ? null : ws.RawContiguous(weight), b = bias is null ? null : ws.RawContiguous(bias);
        if (y.DType == DType.Float32) Standardize.Forward(source.Pointer<float>(), Of<float>(w), Of<float>(b), y.Pointer<float>(), rows, n, eps);
        else Standardize.Forward(source.Pointer<double>(), Of<double>(w), Of<double>(b), y.Pointer<double>(), rows, n, eps);
    }

    /// <summary>y = the gradient in x for the result's gradient.</summary>
    public static void Backward(Tensor grad, Tensor x, Tensor? weight, Tensor y, Dims shape, double eps)
    {
        using var scope = y.Workspace.Scope();
        long n = Length(shape), rows = n == 0 ? 0 : y.Numel / n;
        var ws = y.Workspace;
        Tensor g = ws.RawContiguous(grad), source = ws.RawContiguous(x);
        var w = weight is null ? null : ws.RawContiguous(weight);
        if (y.DType == DType.Float32) Standardize.Backward(g.Pointer<float>(), source.Pointer<float>(), Of<float>(w), y.Pointer<float>(), rows, n, eps);
        else Standardize.Backward(g.Pointer<double>(), source.Pointer<double>(), Of<double>(w), y.Pointer<double>(), rows, n, eps);
    }

    private static long Length(Dims shape)
    {
        long n = 1;
        foreach (long size in shape.Values) n *= size;
        return n;
    }

    /// <summary>The dims that are normalised, and those before them.</summary>
    public static (Dims Normalized, Dims Leading) Split(int rank, int count)
    {
        long[] dims = new long[rank];
        for (int d = 0; d < rank; d++) dims[d] = d;
        return (Dims.Create(dims.AsSpan(rank - count)), Dims.Create(dims.AsSpan(0, rank - count)));
    }

    /// <summary>The definition.</summary>
    public static NdArray Define(NdArray x, int count, NdArray? weight, NdArray? bias, double eps)
    {
        var dims = Split(x.Shape.Rank, count).Normalized;
        var mean = x.Reduce(dims, true, v => v.Average());
        var variance = x.Reduce(dims, true, v => v.Sum(e => (e - v.Average()) * (e - v.Average())) / v.Length);
        return NdArray.Build(x.Shape, i => (x[i] - mean.Broadcast(i)) / Math.Sqrt(variance.Broadcast(i) + eps) * (weight?.Broadcast(i) ?? 1) + (bias?.Broadcast(i) ?? 0));
    }

    private static T* Of<T>(Tensor? t) where T : unmanaged => t is null ? null : t.Pointer<T>();
}
