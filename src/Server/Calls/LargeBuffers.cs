using System.Buffers;
using System.Numerics;
using AutogradService.Server.Hosting;

namespace AutogradService.Server.Calls;

/// <summary>Pooled buffers for messages. Those that are large for this machine's heap are not pooled: the pool keeps one of each size for each thread, which may be all that there is.</summary>
internal static class LargeBuffers
{
    private static readonly int s_pooledMax = (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(MemoryShares.Heap / 64, 1 << 16, 1 << 30));

    /// <summary>A buffer of so many bytes at least.</summary>
    public static byte[] Rent(int length) => length <= s_pooledMax ? ArrayPool<byte>.Shared.Rent(Math.Max(length, 1)) : GC.AllocateUninitializedArray<byte>(length);

    /// <summary>Gives one back.</summary>
    public static void Return(byte[] buffer)
    {
        if (buffer.Length <= s_pooledMax) ArrayPool<byte>.Shared.Return(buffer);
    }
}
