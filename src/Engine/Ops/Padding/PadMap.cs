using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Padding that repeats elements of the input: for each of the last dims, which index of the input each index of the output shows.</summary>
internal static unsafe class PadMap
{
    /// <summary>The padded shape, once the padding is known to fit.</summary>
    /// <exception cref="AutogradException">With PyTorch's wording.</exception>
    public static Shape Target(Shape shape, Dims pad, bool reflect)
    {
        int dims = pad.Count / 2;
        PoolGeometry.RequireModest("pad", pad.Values);
        var sizes = shape.Sizes.ToArray();
        for (int k = 0; k < dims; k++)
        {
            int d = shape.Rank - 1 - k;
            long before = pad[2 * k], after = pad[2 * k + 1];
            if (reflect && (before >= shape[d] || after >= shape[d]))
                throw AutogradException.Shape($"Argument #{4 + 2 * k}: Padding size should be less than the corresponding input dimension, but got: padding ({before}, {after}) at dimension {d} of input {shape}");
            sizes[d] += before + after;
            if (sizes[d] < 1 || shape[d] == 0)
                throw AutogradException.Shape($"input (size: {shape[d]}) at dimension {d} is too small for padding ({before}, {after}): calculated output size {sizes[d]}");
        }
        return Shape.Of(sizes);
    }

    /// <summary>The input's index behind each index of an output dim.</summary>
    public static long[] Of(Shape input, Dims pad, bool reflect, int dim)
    {
        int k = input.Rank - 1 - dim;
        long size = input[dim], before = 2 * k < pad.Count ? pad[2 * k] : 0, after = 2 * k < pad.Count ? pad[2 * k + 1] : 0;
        var map = new long[size + before + after];
        for (long i = 0; i < map.Length; i++)
        {
            long at = i - before;
            if (reflect && at < 0) at = -at;
            if (reflect && at >= size) at = 2 * (size - 1) - at;
            map[i] = Math.Clamp(at, 0, size - 1);
        }
        return map;
    }

    /// <summary>y[i] = x[map(i)], both contiguous.</summary>
    public static void Read(Tensor x, Tensor y, Dims pad, bool reflect)
    {
        if (y.Numel > 0) StorageTypes.Dispatch(y.DType, new ReadAction(x, y, Maps(x.Shape, pad, reflect)));
    }

    /// <summary>x[map(i)] += y[i], both contiguous.</summary>
    public static void Add(Tensor y, Tensor x, Dims pad, bool reflect)
    {
        if (y.Numel > 0) DTypes.Dispatch(y.DType, new AddAction(x, y, Maps(x.Shape, pad, reflect)));
    }

    private static long[][] Maps(Shape input, Dims pad, bool reflect)
    {
        var maps = new long[input.Rank][];
        for (int d = 0; d < maps.Length; d++) maps[d] = Of(input, pad, reflect, d);
        return maps;
    }

    /// <summary>Where the input's row behind each output row starts, in order.</summary>
    private static IEnumerable<long> Rows(Shape input, long[][] maps)
    {
        int rank = maps.Length - 1;
        var index = new long[rank];
        while (true)
        {
            long row = 0;
            for (int d = 0; d < rank; d++) row = row * input[d] + maps[d][index[d]];
            yield return row * input[-1];
            int at = rank - 1;
            for (; at >= 0 && ++index[at] == maps[at].Length; at--) index[at] = 0;
            if (at < 0) yield break;
        }
    }

    private readonly ref struct ReadAction(Tensor x, Tensor y, long[][] maps) : IStorageAction
    {
        private readonly Tensor _x = x, _y = y;
        private readonly long[][] _maps = maps;

        public void Run<T>() where T : unmanaged
        {
            T* y = _y.Pointer<T>();
            foreach (long row in Rows(_x.Shape, _maps))
                foreach (long at in _maps[^1]) *y++ = _x.Pointer<T>()[row + at];
        }
    }

    private readonly ref struct AddAction(Tensor x, Tensor y, long[][] maps) : IDTypeAction
    {
        private readonly Tensor _x = x, _y = y;
        private readonly long[][] _maps = maps;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T* y = _y.Pointer<T>();
            foreach (long row in Rows(_x.Shape, _maps))
                foreach (long at in _maps[^1]) _x.Pointer<T>()[row + at] += *y++;
        }
    }
}
