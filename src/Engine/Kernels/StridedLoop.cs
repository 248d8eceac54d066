using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Walks several operands of one shape, each with its own strides: neighbouring dims that are contiguous for all operands become one,
/// the last dim is left to the caller as the inner loop. Operand 0 is the output.
/// </summary>
internal unsafe struct StridedLoop
{
    private readonly long* _sizes;
    private readonly long* _strides;
    private readonly int _operands;
    private Counters _index;
    private Offsets _offsets;
    private int _rank;

    /// <param name="sizes">Room for rank + 1 sizes.</param>
    /// <param name="strides">Room for operands x (rank + 1) strides.</param>
    /// <param name="operands">1 to 4.</param>
    public StridedLoop(long* sizes, long* strides, int operands)
    {
        _sizes = sizes;
        _strides = strides;
        _operands = operands;
    }

    public readonly long InnerSize => _sizes[_rank - 1];

    public readonly long InnerStride(int operand) => _strides[(_rank - 1) * _operands + operand];

    public readonly long Offset(int operand) => _offsets[operand];

    public void Load(Shape shape, long[] s0, long[] s1) => Load(shape, s0, s1, s1, s1);

    public void Load(Shape shape, long[] s0, long[] s1, long[] s2) => Load(shape, s0, s1, s2, s2);

    public void Load(Shape shape, long[] s0, long[] s1, long[] s2, long[] s3)
    {
        int rank = 0;
        // From the dim in which the output steps furthest, so that neighbours in memory meet, whatever the order of dims.
        Span<int> order = stackalloc int[shape.Rank];
        for (int i = 0; i < order.Length; i++)
        {
            int at = i;
            for (; at > 0 && s0[order[at - 1]] < s0[i]; at--) order[at] = order[at - 1];
            order[at] = i;
        }
        foreach (int i in order)
        {
            long size = shape[i];
            if (size == 1) continue;
            bool merges = rank > 0;
            for (int k = 0; k < _operands && merges; k++)
                merges = _strides[(rank - 1) * _operands + k] == Pick(k, i) * size;
            if (merges) _sizes[--rank] *= size;
            else _sizes[rank] = size;
            for (int k = 0; k < _operands; k++) _strides[rank * _operands + k] = Pick(k, i);
            rank++;
        }
        if (rank == 0)
        {
            _sizes[0] = 1;
            for (int k = 0; k < _operands; k++) _strides[k] = 1;
            rank = 1;
        }
        _rank = rank;

        long Pick(int operand, int dim) => operand switch { 0 => s0[dim], 1 => s1[dim], 2 => s2[dim], _ => s3[dim] };
    }

    /// <summary>Steps to the next inner loop; false when all were seen.</summary>
    public bool Next()
    {
        for (int d = _rank - 2; d >= 0; d--)
        {
            long* step = _strides + d * _operands;
            for (int k = 0; k < _operands; k++) _offsets[k] += step[k];
            if (++_index[d] < _sizes[d]) return true;
            for (int k = 0; k < _operands; k++) _offsets[k] -= step[k] * _sizes[d];
            _index[d] = 0;
        }
        return false;
    }

    [InlineArray(Shape.RankMax)]
    private struct Counters
    {
        private long _first;
    }

    [InlineArray(4)]
    private struct Offsets
    {
        private long _first;
    }
}

/// <summary>Arithmetic on strides that ops and kernels share.</summary>
internal static class Strided
{
    /// <summary>The strides with which a tensor is read as if it had the target's shape: 0 where it broadcasts.</summary>
    public static long[] BroadcastStrides(Tensor tensor, Shape target)
    {
        if (ReferenceEquals(tensor.Shape, target) || tensor.Shape.Equals(target)) return tensor.StridesArray;
        var strides = new long[target.Rank];
        int shift = target.Rank - tensor.Dim;
        for (int i = 0; i < tensor.Dim; i++)
            strides[i + shift] = tensor.Shape[i] == 1 && target[i + shift] != 1 ? 0 : tensor.StridesArray[i];
        return strides;
    }
}
