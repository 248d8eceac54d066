using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// NumPy's advanced indexing, as PyTorch has it: index tensors broadcast against each other; truth values count as their nonzero places; the indexed dims are
/// replaced by the shape of the indices where they stand next to each other, else it comes first. Holds where each element lies in the indexed tensor.
/// </summary>
internal sealed unsafe class AdvancedIndex
{
    private readonly long[] _before;
    private readonly long[] _places;
    private readonly long[] _after;
    private readonly bool _afterIsRun;

    /// <summary>Resolves indices against a tensor's shape and strides.</summary>
    /// <exception cref="AutogradException">With PyTorch's wording.</exception>
    public AdvancedIndex(Tensor self, ReadOnlySpan<Tensor?> indices) : this(self, indices, shapeOnly: false)
    {
    }

    /// <summary>Resolves indices against a tensor's shape and strides.</summary>
    /// <param name="self">The tensor to be read or written.</param>
    /// <param name="indices">One for each leading dim, null for "all"; a mask covers as many dims as it has.</param>
    /// <exception cref="AutogradException">With PyTorch's wording.</exception>
    /// <param name="shapeOnly">Find the shape, and look at no index.</param>
    private AdvancedIndex(Tensor self, ReadOnlySpan<Tensor?> indices, bool shapeOnly)
    {
        using var scope = self.Workspace.Scope();
        var byDim = Expand(self, indices);
        Shape? shape = null;
        foreach (var index in byDim)
        {
            if (index is null) continue;
            try
            {
                shape = shape is null ? index.Shape : Shape.Broadcast(shape, index.Shape);
            }
            catch (AutogradException)
            {
                throw AutogradException.Index($"shape mismatch: indexing tensors could not be broadcast together with shapes {string.Join(", ", byDim.Where(i => i is not null).Select(i => i!.Shape))}");
            }
        }
        int first = Array.FindIndex(byDim, i => i is not null), last = Array.FindLastIndex(byDim, i => i is not null);
        if (first < 0)
        {
            // Only "all" everywhere: one place at the front.
            (first, last, shape) = (0, -1, Shape.Scalar);
        }
        bool adjacent = last - first + 1 == byDim.Count(i => i is not null);
        var before = new List<int>();
        var after = new List<int>();
        for (int d = 0; d < self.Dim; d++)
            if (d >= byDim.Length || byDim[d] is null)
                (adjacent && d < first ? before : after).Add(d);
        _before = Offsets(self, before);
        _after = Offsets(self, after);
        _afterIsRun = IsRun(_after);
        _places = shapeOnly ? [] : Places(self, byDim, shape!);
        Shape = Shape.Of([.. before.Select(d => self.Shape[d]), .. shape!.Sizes, .. after.Select(d => self.Shape[d])]);
    }

    /// <summary>The shape of what indices select.</summary>
    /// <exception cref="AutogradException">With PyTorch's wording.</exception>
    public static Shape ShapeOf(Tensor self, ReadOnlySpan<Tensor?> indices) => new AdvancedIndex(self, indices, shapeOnly: true).Shape;

    /// <summary>The shape of what is selected.</summary>
    public Shape Shape { get; }

    /// <summary>Copies what is selected out of x, which has the geometry that was indexed, to contiguous y.</summary>
    public void Read(Tensor x, Tensor y)
    {
        if (Shape.Numel > 0) StorageTypes.Dispatch(x.DType, new ReadAction(this, x, y));
    }

    /// <summary>Writes contiguous values over what is selected; of several to one place the last one stays.</summary>
    public void Write(Tensor y, Tensor values)
    {
        if (Shape.Numel > 0) StorageTypes.Dispatch(y.DType, new WriteAction(this, y, values));
    }

    /// <summary>Adds contiguous values to what is selected, in their order.</summary>
    public void Add(Tensor y, Tensor values)
    {
        if (Shape.Numel > 0) DTypes.Dispatch(y.DType, new AddAction(this, y, values));
    }

    /// <summary>One int64 tensor for each dim, masks replaced by the coordinates of what they let through.</summary>
    private static Tensor?[] Expand(Tensor self, ReadOnlySpan<Tensor?> indices)
    {
        var byDim = new List<Tensor?>();
        foreach (var index in indices)
        {
            if (index is null)
            {
                byDim.Add(null);
            }
            else if (index.DType is DType.Bool or DType.UInt8)
            {
                for (int d = 0; d < index.Dim; d++)
                    if (byDim.Count + d >= self.Dim || index.Shape[d] != self.Shape[byDim.Count + d])
                        throw AutogradException.Index($"The shape of the mask {index.Shape} at index {d} does not match the shape of the indexed tensor {self.Shape} at index {byDim.Count + d}");
                var coordinates = index.Nonzero();
                for (int d = 0; d < index.Dim; d++) byDim.Add(Part.Over(coordinates, Part.Select(coordinates, 1, d)));
            }
            else if (index.DType is DType.Int64 or DType.Int32)
            {
                byDim.Add(index);
            }
            else
            {
                throw AutogradException.Index("tensors used as indices must be long, int, byte or bool tensors");
            }
        }
        if (byDim.Count > self.Dim) throw AutogradException.Index($"too many indices for tensor of dimension {self.Dim}");
        for (int d = 0; d < byDim.Count; d++)
        {
            if (byDim[d] is not { } index) continue;
            int dim = d;
            long size = self.Shape[d];
            byDim[d] = AlongDim.Checked(index, size, i => AutogradException.Index($"index {i} is out of bounds for dimension {dim} with size {size}"), wraps: true);
        }
        return [.. byDim];
    }

    private static long[] Places(Tensor self, Tensor?[] byDim, Shape shape)
    {
        var places = new long[shape.Numel];
        for (int d = 0; d < byDim.Length; d++)
        {
            if (byDim[d] is not { } index) continue;
            long stride = self.Strides[d];
            if (shape.Numel > 0) Accumulate(index, shape, stride, places);
        }
        return places;
    }

    private static void Accumulate(Tensor index, Shape shape, long stride, long[] places)
    {
        long* sizes = stackalloc long[shape.Rank + 1];
        long* steps = stackalloc long[2 * (shape.Rank + 1)];
        var loop = new StridedLoop(sizes, steps, 2);
        loop.Load(shape, shape.ContiguousStrides, Strided.BroadcastStrides(index, shape));
        long n = 0;
        do
        {
            long* p = index.Pointer<long>() + loop.Offset(1);
            for (long i = 0; i < loop.InnerSize; i++) places[n++] += p[i * loop.InnerStride(1)] * stride;
        }
        while (loop.Next());
    }

    /// <summary>Offsets of every index of some dims, row-major.</summary>
    private static long[] Offsets(Tensor self, List<int> dims)
    {
        long[] offsets = [0];
        foreach (int d in dims)
        {
            var next = new long[offsets.Length * self.Shape[d]];
            for (int i = 0; i < offsets.Length; i++)
                for (long k = 0; k < self.Shape[d]; k++) next[i * self.Shape[d] + k] = offsets[i] + k * self.Strides[d];
            offsets = next;
        }
        return offsets;
    }

    private static bool IsRun(long[] offsets)
    {
        for (int i = 0; i < offsets.Length; i++)
            if (offsets[i] != i) return false;
        return true;
    }

    private readonly ref struct ReadAction(AdvancedIndex index, Tensor x, Tensor y) : IStorageAction
    {
        private readonly AdvancedIndex _index = index;
        private readonly Tensor _x = x, _y = y;

        public void Run<T>() where T : unmanaged
        {
            T* y = _y.Pointer<T>();
            long run = _index._after.Length;
            foreach (long before in _index._before)
                foreach (long place in _index._places)
                {
                    T* x = _x.Pointer<T>() + before + place;
                    if (_index._afterIsRun) Buffer.MemoryCopy(x, y, run * sizeof(T), run * sizeof(T));
                    else
                        for (long i = 0; i < run; i++) y[i] = x[_index._after[i]];
                    y += run;
                }
        }
    }

    private readonly ref struct WriteAction(AdvancedIndex index, Tensor y, Tensor values) : IStorageAction
    {
        private readonly AdvancedIndex _index = index;
        private readonly Tensor _y = y, _values = values;

        public void Run<T>() where T : unmanaged
        {
            T* values = _values.Pointer<T>();
            foreach (long before in _index._before)
                foreach (long place in _index._places)
                {
                    T* y = _y.Pointer<T>() + before + place;
                    foreach (long after in _index._after) y[after] = *values++;
                }
        }
    }

    private readonly ref struct AddAction(AdvancedIndex index, Tensor y, Tensor values) : IDTypeAction
    {
        private readonly AdvancedIndex _index = index;
        private readonly Tensor _y = y, _values = values;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T* values = _values.Pointer<T>();
            bool truth = _y.DType == DType.Bool;
            foreach (long before in _index._before)
                foreach (long place in _index._places)
                {
                    T* y = _y.Pointer<T>() + before + place;
                    foreach (long after in _index._after)
                    {
                        y[after] = truth ? T.Max(y[after], *values) : y[after] + *values;
                        values++;
                    }
                }
        }
    }
}
