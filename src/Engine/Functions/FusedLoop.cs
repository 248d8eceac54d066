using System.Runtime.CompilerServices;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Functions;

/// <summary>The code of a loop over tiles: made once, shared by all runs.</summary>
internal sealed class LoopCode
{
    // Elements of a vector's memory, whatever the dtype: tiles are multiples of this.
    private const int Granule = 64;
    private const int TileBytesMax = 24 << 10;

    private LoopCode(Instruction[] instructions, ElementKernel[] kernels, Place?[] places, Walk[] walks, long[] roomOffsets, long roomBytes, long numel, long tile, LoopSum[] sums)
    {
        Sums = sums;
        Instructions = instructions;
        Kernels = kernels;
        Places = places;
        Walks = walks;
        RoomOffsets = roomOffsets;
        RoomBytes = roomBytes;
        Numel = numel;
        Tile = tile;
        Unit = sums.Length == 0 ? tile : Math.Max(tile, sums.Max(s => s.BlockElements));
    }

    /// <summary>How a slot's pointer follows the tiles.</summary>
    public enum Walk : byte
    {
        /// <summary>It stays: one element, or memory of the tile's own.</summary>
        Stays,
        /// <summary>It advances with the elements.</summary>
        Advances,
    }

    public Instruction[] Instructions { get; }

    public ElementKernel[] Kernels { get; }

    /// <summary>The tensor in a slot; null for what lives in the tile only. Slot 0 holds the tile's first element's number.</summary>
    public Place?[] Places { get; }

    public Walk[] Walks { get; }

    /// <summary>Where in the tile's own memory a slot lies.</summary>
    public long[] RoomOffsets { get; }

    /// <summary>Bytes of a tile's own memory.</summary>
    public long RoomBytes { get; }

    public long Numel { get; }

    /// <summary>Elements of a tile.</summary>
    public long Tile { get; }

    /// <summary>The sums taken on the way.</summary>
    public LoopSum[] Sums { get; }

    /// <summary>Elements between which a loop may be cut: a tile, or a block of a sum.</summary>
    public long Unit { get; }

    /// <summary>Makes the code of a loop.</summary>
    /// <param name="stage">Its steps.</param>
    /// <param name="isKept">Whether a block is memory, rather than something that only this loop needs.</param>
    public static LoopCode Of(Stage stage, Func<Block, bool> isKept)
    {
        var instructions = new List<Instruction>();
        var kernels = new List<ElementKernel>();
        var places = new List<Place?> { null };
        var walks = new List<Walk> { Walk.Stays };
        var rooms = new List<int> { -1 };
        var slots = new Dictionary<Block, int>();
        var memory = new Dictionary<(Place Place, bool Advances), int>();
        var expanded = new Dictionary<(Place Place, Shape Shape), int>();
        var lastUse = new Dictionary<int, int>();
        var freeRooms = new Stack<int>();
        int roomCount = 0, width = 1;
        long numel = stage.Steps[0].Writes[0].Numel;

        // What operand x of a step is read from, and whether it steps.
        (int Slot, byte Step) Operand(Place x, Place y)
        {
            if (slots.TryGetValue(x.Block, out int own)) return (own, 1);
            if (x.Numel == 1) return (Memory(x, advances: false), 0);
            if (Fusion.LiesAs(x, y)) return (Memory(x, advances: true), 1);
            if (!expanded.TryGetValue((x, y.Shape), out int slot))
            {
                slot = Room();
                expanded[(x, y.Shape)] = slot;
                Emit(new Expansion(x, y.Shape), [Memory(x, advances: false)], [0], slot);
            }
            return (slot, 1);
        }

        int Memory(Place place, bool advances)
        {
            if (memory.TryGetValue((place, advances), out int slot)) return slot;
            slot = Slot(place, advances ? Walk.Advances : Walk.Stays, -1);
            return memory[(place, advances)] = slot;
        }

        int Slot(Place? place, Walk walk, int room)
        {
            places.Add(place);
            walks.Add(walk);
            rooms.Add(room);
            return places.Count - 1;
        }

        int Room() => Slot(null, Walk.Stays, int.MaxValue);

        void Emit(ElementKernel kernel, ReadOnlySpan<int> reads, ReadOnlySpan<byte> steps, int y)
        {
            kernels.Add(kernel);
            instructions.Add(new Instruction(reads[0], reads.Length > 1 ? reads[1] : 0, reads.Length > 2 ? reads[2] : 0, y,
                steps[0], steps.Length > 1 ? steps[1] : (byte)0, steps.Length > 2 ? steps[2] : (byte)0));
        }

        var sums = new List<LoopSum>();
        Span<int> reads = stackalloc int[3];
        Span<byte> steps = stackalloc byte[3];
        foreach (var step in stage.Steps)
        {
            var y = step.Writes[0];
            if (step is KernelStep)
            {
                sums.Add(LoopSum.Of(slots[step.Reads[0]!.Block], y));
                continue;
            }
            foreach (var x in step.Reads) width = Math.Max(width, x!.DType.ItemSize);
            width = Math.Max(width, y.DType.ItemSize);
            ElementKernel kernel;
            if (step is ElementStep element)
            {
                kernel = element.Kernel;
                for (int i = 0; i < step.Reads.Length; i++) (reads[i], steps[i]) = Operand(step.Reads[i]!, y);
            }
            else
            {
                kernel = new Expansion(step.Reads[0]!, y.Shape);
                bool inside = slots.TryGetValue(step.Reads[0]!.Block, out int own);
                // A view of what the loop itself makes cannot be expanded: Schedule put it into one loop only if it lies as the result does.
                if (inside || Fusion.LiesAs(step.Reads[0]!, y)) kernel = Move.Of(y.DType.ItemSize);
                (reads[0], steps[0]) = inside ? (own, (byte)1) : kernel is Expansion ? (Memory(step.Reads[0]!, advances: false), (byte)0) : (Memory(step.Reads[0]!, advances: true), (byte)1);
            }
            int slot = isKept(y.Block) ? Slot(y, Walk.Advances, -1) : Room();
            slots[y.Block] = slot;
            Emit(kernel, reads[..step.Reads.Length], steps[..step.Reads.Length], slot);
        }

        // A slot of the tile's own memory is free again after its last use.
        for (int i = 0; i < instructions.Count; i++)
            foreach (int slot in (int[])[instructions[i].A, instructions[i].B, instructions[i].C, instructions[i].Y]) lastUse[slot] = i;
        foreach (var sum in sums) lastUse[sum.Slot] = int.MaxValue; // read when the tile is done
        var ends = lastUse.Where(p => rooms[p.Key] >= 0).ToLookup(p => p.Value, p => p.Key);
        for (int i = 0; i < instructions.Count; i++)
        {
            int y = instructions[i].Y;
            if (rooms[y] == int.MaxValue) rooms[y] = freeRooms.TryPop(out int room) ? room : roomCount++;
            foreach (int slot in ends[i]) freeRooms.Push(rooms[slot]);
        }
        long tile = Math.Max(Granule, 8 * System.Numerics.Vector<byte>.Count / 4);
        while (tile * 2 * width * Math.Max(1, roomCount + 2) <= TileBytesMax && tile < numel) tile *= 2;
        // Not a power of two apart: places at the same offset of a page get in each other's way.
        long room1 = (Math.Min(tile, numel) * width + 63 & ~63L) + (numel > tile ? 192 : 0);
        return new LoopCode([.. instructions], [.. kernels], [.. places], [.. walks], [.. rooms.Select(r => r < 0 ? -1 : r * room1)], roomCount * room1, numel, tile, [.. sums]);
    }
}

/// <summary>A loop over tiles, with one run's memory.</summary>
internal sealed unsafe class FusedLoop : IDisposable
{
    // Element operations below which waking a thread costs more than it saves.
    private const long Grain = 1 << 17;

    private readonly LoopCode _code;
    private readonly Tensor?[] _tensors;
    private readonly byte** _slots;
    private readonly byte* _room;
    private readonly byte*[] _partials;
    private readonly Tensor[] _totals;

    public FusedLoop(LoopCode code, Func<Place, Tensor> tensorOf)
    {
        _code = code;
        _tensors = Array.ConvertAll(code.Places, p => p is null ? null : tensorOf(p));
        _slots = (byte**)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)code.Places.Length, (nuint)sizeof(byte*));
        _room = (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)code.RoomBytes + 64, 64);
        Place(_slots, _room);
        _totals = Array.ConvertAll(code.Sums, s => tensorOf(s.Result));
        _partials = new byte*[code.Sums.Length];
        for (int i = 0; i < _partials.Length; i++)
            _partials[i] = (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)((code.Numel / code.Sums[i].BlockElements + 1) * code.Sums[i].PartialBytes), 64);
    }

    [SkipLocalsInit]
    public void Run()
    {
        for (int i = 1; i < _tensors.Length; i++)
            if (_tensors[i] is { } t) _slots[i] = t.Data;
        byte* state = stackalloc byte[LoopSum.StateBytes];
        if (_code.Numel <= _code.Tile)
        {
            _slots[0] = null;
            Tile(_slots, _code.Numel);
            for (int i = 0; i < _partials.Length; i++)
            {
                LoopSum.Begin(state);
                _code.Sums[i].Add(state, _slots[_code.Sums[i].Slot], _code.Numel);
                _code.Sums[i].End(state, _partials[i]);
            }
        }
        else
        {
            long unit = _code.Unit, units = (_code.Numel + unit - 1) / unit;
            WorkerPool.For(units, Math.Max(1, Grain / (unit * _code.Kernels.Length)), new Body(this));
        }
        for (int i = 0; i < _partials.Length; i++) _code.Sums[i].Finish(_partials[i], _code.Numel, _totals[i].Data);
    }

    public void Dispose()
    {
        System.Runtime.InteropServices.NativeMemory.Free(_slots);
        System.Runtime.InteropServices.NativeMemory.AlignedFree(_room);
        foreach (byte* partial in _partials) System.Runtime.InteropServices.NativeMemory.AlignedFree(partial);
    }

    private void Place(byte** slots, byte* room)
    {
        for (int i = 0; i < _code.RoomOffsets.Length; i++)
            if (_code.RoomOffsets[i] >= 0) slots[i] = room + _code.RoomOffsets[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile(byte** slots, long n)
    {
        var kernels = _code.Kernels;
        var instructions = _code.Instructions;
        for (int i = 0; i < kernels.Length; i++) kernels[i].Run(slots, in instructions[i], n);
    }

    private void Add(int sum, byte* state, byte** slots, long start, long n)
    {
        var code = _code.Sums[sum];
        long block = code.BlockElements;
        if (start % block == 0) LoopSum.Begin(state);
        code.Add(state, slots[code.Slot], n);
        if ((start + n) % block == 0 || start + n == _code.Numel) code.End(state, _partials[sum] + start / block * code.PartialBytes);
    }

    private readonly struct Body(FusedLoop loop) : IRangeBody
    {
        public void Invoke(long from, long to)
        {
            var code = loop._code;
            int count = code.Places.Length;
            byte** slots = stackalloc byte*[count];
            byte* room = stackalloc byte[(int)code.RoomBytes + 64];
            room = (byte*)((nint)room + 63 & ~63);
            for (int i = 0; i < count; i++) slots[i] = loop._slots[i];
            loop.Place(slots, room);
            byte* states = stackalloc byte[LoopSum.StateBytes * Math.Max(1, code.Sums.Length)];
            long unit = code.Unit;
            long end = Math.Min(to * unit, code.Numel);
            for (long start = from * unit; start < end; start += code.Tile)
            {
                long n = Math.Min(code.Tile, code.Numel - start);
                slots[0] = (byte*)start;
                for (int i = 1; i < count; i++)
                    if (code.Walks[i] == LoopCode.Walk.Advances) slots[i] = loop._slots[i] + start * code.Places[i]!.DType.ItemSize;
                loop.Tile(slots, n);
                for (int i = 0; i < code.Sums.Length; i++) loop.Add(i, states + i * LoopSum.StateBytes, slots, start, n);
            }
        }
    }
}

/// <summary>Brings the elements of a broadcast or strided tensor into row-major order.</summary>
internal sealed unsafe class Expansion : ElementKernel
{
    private readonly long[] _sizes;
    private readonly long[] _strides;
    private readonly int _width;

    public Expansion(Place source, Shape shape)
    {
        // Neighbouring dims that are one run in memory become one.
        var sizes = new List<long>();
        var strides = new List<long>();
        int lead = shape.Rank - source.Shape.Rank;
        for (int d = 0; d < shape.Rank; d++)
        {
            if (shape[d] == 1) continue;
            long stride = d < lead || source.Shape[d - lead] == 1 ? 0 : source.Strides[d - lead];
            if (sizes.Count > 0 && strides[^1] == stride * shape[d])
            {
                sizes[^1] *= shape[d];
                strides[^1] = stride;
                continue;
            }
            sizes.Add(shape[d]);
            strides.Add(stride);
        }
        if (sizes.Count == 0)
        {
            sizes.Add(1);
            strides.Add(0);
        }
        _sizes = [.. sizes];
        _strides = [.. strides];
        _width = source.DType.ItemSize;
    }

    public override bool Pads => false;

    public override void Run(byte** slots, in Instruction i, long n)
    {
        switch (_width)
        {
            case 1: Gather((byte*)slots[i.A], (byte*)slots[i.Y], (long)slots[0], n); break;
            case 2: Gather((short*)slots[i.A], (short*)slots[i.Y], (long)slots[0], n); break;
            case 4: Gather((int*)slots[i.A], (int*)slots[i.Y], (long)slots[0], n); break;
            default: Gather((long*)slots[i.A], (long*)slots[i.Y], (long)slots[0], n); break;
        }
    }

    public override void Run(ReadOnlySpan<Tensor> x, Tensor y) => Transfer.Into(x[0], y);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather<T>(T* x, T* y, long start, long n) where T : unmanaged
    {
        int rank = _sizes.Length;
        long* index = stackalloc long[rank];
        long offset = 0;
        for (int d = rank - 1; d >= 0; d--)
        {
            index[d] = start % _sizes[d];
            start /= _sizes[d];
            offset += index[d] * _strides[d];
        }
        long inner = _strides[rank - 1];
        while (n > 0)
        {
            long count = Math.Min(n, _sizes[rank - 1] - index[rank - 1]);
            T* from = x + offset;
            if (inner == 1) Unsafe.CopyBlockUnaligned(y, from, (uint)(count * sizeof(T)));
            else if (inner == 0) new Span<T>(y, (int)count).Fill(*from);
            else
                for (long k = 0; k < count; k++) y[k] = from[k * inner];
            y += count;
            n -= count;
            offset -= index[rank - 1] * inner;
            index[rank - 1] = 0;
            for (int d = rank - 2; d >= 0; d--)
            {
                offset += _strides[d];
                if (++index[d] < _sizes[d]) break;
                offset -= _sizes[d] * _strides[d];
                index[d] = 0;
            }
        }
    }
}

/// <summary>Copies elements as they lie.</summary>
internal sealed unsafe class Move : ElementKernel
{
    private static readonly Move s_1 = new(1), s_2 = new(2), s_4 = new(4), s_8 = new(8);
    private readonly int _width;

    private Move(int width) => _width = width;

    public override bool Pads => false;

    public static Move Of(int width) => width switch { 1 => s_1, 2 => s_2, 4 => s_4, _ => s_8 };

    public override void Run(byte** slots, in Instruction i, long n) => Unsafe.CopyBlockUnaligned(slots[i.Y], slots[i.A], (uint)(n * _width));

    public override void Run(ReadOnlySpan<Tensor> x, Tensor y) => Transfer.Into(x[0], y);
}
