using System.Numerics;
using System.Runtime.InteropServices;

namespace AutogradService.Engine;

/// <summary>
/// A block of native memory that tensors view: 64-byte aligned, reference-counted, with the version counter that views and detached tensors share.
/// Given back to its pool when the last holder lets go, not when the garbage collector feels like it.
/// </summary>
internal sealed unsafe class Storage
{
    private readonly StoragePool _pool;
    private byte* _data;
    private int _references;

    internal Storage(StoragePool pool, byte* data, int sizeClass, long capacity)
    {
        _pool = pool;
        _data = data;
        SizeClass = sizeClass;
        Capacity = capacity;
    }

    /// <summary>First byte.</summary>
    /// <exception cref="AutogradException">VALUE_DEPENDENT: a function is being recorded, and the block has no values.</exception>
    public byte* Data => _data is not null ? _data : throw Valueless();

    /// <summary>Whether there is memory behind the block: Note [Recording].</summary>
    public bool HasValues => _data is not null;

    /// <summary>Bytes in use by the tensor that asked for it.</summary>
    public long Bytes { get; private set; }

    /// <summary>Counts in-place writes; checked when a saved tensor is unpacked.</summary>
    public int Version { get; set; }

    /// <summary>How many tensors and saved slots hold this block.</summary>
    public int References => _references;

    internal int SizeClass { get; }

    /// <summary>Bytes of the block.</summary>
    internal long Capacity { get; }

    /// <summary>Bytes charged for the tensor that asked for it.</summary>
    internal long Charged { get; private set; }

    /// <summary>The next block of its size that is kept for reuse.</summary>
    internal Storage? Next { get; set; }

    /// <summary>Its place among all blocks of the pool.</summary>
    internal int Index { get; set; }

    public void Retain() => _references++;

    public void Release()
    {
        if (--_references == 0) _pool.Return(this);
    }

    internal void Begin(long bytes, long charged)
    {
        Bytes = bytes;
        Charged = charged;
        Version = 0;
        _references = 1;
    }

    internal void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }

    /// <summary>Lets the block show other memory, which it does not own.</summary>
    internal void Show(byte* data) => _data = data;

    private static AutogradException Valueless() =>
        new(ErrorReason.ValueDependent, "a function that is recorded cannot depend on the values of tensors, as indices made of a mask, .item() and data-dependent shapes do: they do not exist while it is recorded");
}

/// <summary>Bytes of native memory that several workspaces share, blocks kept for reuse included. Safe to use from any thread.</summary>
/// <param name="bytesMax">How many there are.</param>
/// <param name="within">A budget that this one is a part of: what is taken here is taken there too.</param>
/// <param name="holder">Whose memory it is, for messages.</param>
public sealed class MemoryBudget(long bytesMax, MemoryBudget? within = null, string holder = "the server")
{
    private long _used;

    /// <summary>Bytes that workspaces have taken from the system.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>How many there are.</summary>
    public long BytesMax => bytesMax;

    internal bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= bytesMax && within?.TryTake(bytes) != false) return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    internal void Give(long bytes)
    {
        Interlocked.Add(ref _used, -bytes);
        within?.Give(bytes);
    }

    /// <summary>Why so many bytes cannot be taken: the part's own limit, which others' giving back does not help, or the whole's.</summary>
    internal AutogradException Refuse(long bytes)
    {
        if (within is not null && Used + bytes <= bytesMax) return within.Refuse(bytes);
        return new(within is null ? ErrorReason.QuotaServerMemory : ErrorReason.QuotaBytes, $"{holder} may hold {bytesMax} bytes of tensors: {Used} are in use and {bytes} more were asked for");
    }
}

/// <summary>
/// The memory of one workspace: charges its quota before it allocates, keeps freed blocks by size class for reuse up to a bound,
/// and can free everything at once.
/// </summary>
internal sealed unsafe class StoragePool(long bytesMax, MemoryBudget? shared = null)
{
    private const int Alignment = 64;
    private const int SmallestClass = 4 * 6; // of 64 bytes
    private readonly long _cachedBytesMax = 256L << 20;
    private readonly Storage?[] _free = new Storage?[4 * 64];
    private readonly List<Storage> _all = [];
    private long _cachedBytes;

    /// <summary>Whether blocks are only counted, with no memory behind them: Note [Recording]. Decided once.</summary>
    public bool Valueless
    {
        get => _cachedBytesMax < 0;
        init => _cachedBytesMax = value ? -1 : _cachedBytesMax;
    }

    /// <summary>Whether blocks of a valueless pool get memory all the same.</summary>
    public bool Materializes { get; set; }

    /// <summary>Bytes charged to live blocks.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>The highest <see cref="LiveBytes"/> so far.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The quota, in bytes.</summary>
    public long BytesMax => bytesMax;

    /// <summary>Takes a block; its contents are undefined.</summary>
    /// <exception cref="AutogradException">QUOTA_BYTES, before anything is allocated.</exception>
    public Storage Take(long bytes)
    {
        long charged = Charge(bytes);
        if (charged > bytesMax - LiveBytes) throw OverQuota(charged);
        int sizeClass = charged == Alignment ? SmallestClass : SizeClassOf(charged);
        var block = _free[sizeClass];
        if (block is not null)
        {
            _free[sizeClass] = block.Next;
            _cachedBytes -= block.Capacity;
        }
        else
        {
            block = Valueless ? Count(sizeClass, bytes) : Allocate(sizeClass);
        }
        block.Begin(bytes, charged);
        LiveBytes += charged;
        if (LiveBytes > PeakBytes) PeakBytes = LiveBytes;
        return block;
    }

    internal void Return(Storage block)
    {
        LiveBytes -= block.Charged;
        long capacity = block.Capacity;
        if (_cachedBytes + capacity > _cachedBytesMax)
        {
            Free(block);
            return;
        }
        _cachedBytes += capacity;
        block.Next = _free[block.SizeClass];
        _free[block.SizeClass] = block;
    }

    /// <summary>Frees the blocks that are kept for reuse.</summary>
    public void Trim()
    {
        for (int i = 0; i < _free.Length; i++)
        {
            for (var block = _free[i]; block is not null;)
            {
                var next = block.Next;
                Free(block);
                block = next;
            }
            _free[i] = null;
        }
        _cachedBytes = 0;
    }

    /// <summary>Frees everything, live blocks included: no tensor of this pool may be used afterwards.</summary>
    public void FreeAll()
    {
        for (int i = _all.Count - 1; i >= 0; i--) Free(_all[i]);
        Array.Clear(_free);
        _cachedBytes = 0;
        LiveBytes = 0;
    }

    /// <summary>Puts memory behind a block that had none.</summary>
    public void Materialize(Storage block)
    {
        block.Show((byte*)NativeMemory.AlignedAlloc((nuint)block.Capacity, Alignment));
        block.Index = _all.Count;
        _all.Add(block);
    }

    /// <summary>Takes the memory behind a block away.</summary>
    public void Dematerialize(Storage block)
    {
        var last = _all[^1];
        _all[block.Index] = last;
        last.Index = block.Index;
        _all.RemoveAt(_all.Count - 1);
        block.Free();
    }

    private Storage Count(int sizeClass, long bytes)
    {
        var block = new Storage(this, null, sizeClass, CapacityOf(sizeClass));
        if (bytes == 0 || Materializes) Materialize(block);
        return block;
    }

    private AutogradException OverQuota(long charged) =>
        new(ErrorReason.QuotaBytes, $"the session may hold {bytesMax} bytes of tensors: {LiveBytes} are in use and {charged} more were asked for");

    private Storage Allocate(int sizeClass)
    {
        long capacity = CapacityOf(sizeClass);
        if (shared is not null && !shared.TryTake(capacity))
        {
            Trim();
            if (!shared.TryTake(capacity)) throw shared.Refuse(capacity);
        }
        try
        {
            var block = new Storage(this, (byte*)NativeMemory.AlignedAlloc((nuint)capacity, Alignment), sizeClass, capacity) { Index = _all.Count };
            _all.Add(block);
            return block;
        }
        catch
        {
            shared?.Give(capacity);
            throw;
        }
    }

    private void Free(Storage block)
    {
        if (!Valueless)
        {
            Dematerialize(block);
            shared?.Give(block.Capacity);
        }
        else if (block.HasValues)
        {
            Dematerialize(block);
        }
    }

    private static long Charge(long bytes) => Math.Max((bytes + Alignment - 1) & ~(Alignment - 1L), Alignment);

    // Four classes to the power of two: at most a quarter of a block is lost to rounding.
    private static int SizeClassOf(long charged)
    {
        int log = BitOperations.Log2((ulong)charged);
        int quarter = log - 2; // charged is at least 64 bytes
        int step = (int)(charged - (1L << log) + (1L << quarter) - 1 >> quarter);
        return step == 4 ? 4 * (log + 1) : 4 * log + step;
    }

    private static long CapacityOf(int sizeClass)
    {
        long power = 1L << (sizeClass >> 2);
        return (power + (power >> 2) * (sizeClass & 3) + Alignment - 1) & ~(Alignment - 1L);
    }
}
