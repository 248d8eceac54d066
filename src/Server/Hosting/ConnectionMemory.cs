using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace AutogradService.Server.Hosting;

/// <summary>
/// The memory that connections read into and write from, in larger blocks than Kestrel's 4 KiB: each block is a call of the kernel, and large tensors came in at half the speed. Blocks are lent
/// only while there is something in them, so an idle connection holds none; those that are given back are kept, up to a bound.
/// </summary>
/// <param name="keptBytesMax">Bytes of blocks that are kept.</param>
internal sealed class ConnectionMemory(long keptBytesMax) : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 64 << 10;
    private readonly ConcurrentQueue<Block> _kept = new();
    private int _count;

    /// <summary>Bytes of a block.</summary>
    public override int MaxBufferSize => BlockBytes;

    /// <summary>Blocks that are kept.</summary>
    public int Kept => Volatile.Read(ref _count);

    /// <summary>The same pool for every listener, so that the bound is the server's.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <summary>Lends a block.</summary>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (!_kept.TryDequeue(out var block)) return new Block(this);
        Interlocked.Decrement(ref _count);
        block.Lend();
        return block;
    }

    /// <summary>Nothing: a listener that ends must not take the others' memory.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private void Keep(Block block)
    {
        if (Interlocked.Increment(ref _count) <= keptBytesMax / BlockBytes) _kept.Enqueue(block);
        else Interlocked.Decrement(ref _count);
    }

    // Sockets pin what they read into: memory that never moves leaves the collector no holes to work around.
    private sealed class Block(ConnectionMemory pool) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
        private int _lent = 1;

        public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(_bytes, 0, BlockBytes);

        public void Lend() => Volatile.Write(ref _lent, 1);

        public void Dispose()
        {
            // Given back twice it would be lent to two at once.
            if (Interlocked.Exchange(ref _lent, 0) == 1) pool.Keep(this);
        }
    }
}
