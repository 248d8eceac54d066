using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutogradService.Engine.Kernels;

/// <summary>Copies strided matrices into the panels that register tiles read: for every k, the panel's lines side by side, missing lines zero.</summary>
internal static unsafe class GemmPack
{
    /// <summary>
    /// Packs lines (rows of A or columns of B) into panels of the given width, one after another; line i at k stands at source + i lineStride + k depthStride.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels<T>(long lines, long depth, T* source, long lineStride, long depthStride, T* target, long width)
        where T : unmanaged
    {
        for (long line = 0; line < lines; line += width, source += width * lineStride, target += width * depth)
        {
            var count = Math.Min(width, lines - line);
            if (count == width && lineStride == 1) CopyLines(depth, source, depthStride, target, width * sizeof(T));
            else if (depthStride == 1) Transpose(count, depth, source, lineStride, target, width);
            else Gather(count, depth, source, lineStride, depthStride, target, width);
            if (count < width) Pad(count, depth, target, width);
        }
    }

    /// <summary>Lines already side by side: whole groups are copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLines<T>(long depth, T* source, long depthStride, T* target, long bytes)
        where T : unmanaged
    {
        var from = (byte*)source;
        var to = (byte*)target;
        depthStride *= sizeof(T);
        for (long k = 0; k < depth; k++, from += depthStride)
        {
            long i = 0;
            for (; i + 32 <= bytes; i += 32) Vector256.Store(Vector256.Load(from + i), to + i);
            if (i + 16 <= bytes)
            {
                Vector128.Store(Vector128.Load(from + i), to + i);
                i += 16;
            }

            for (; i < bytes; i += sizeof(T)) *(T*)(to + i) = *(T*)(from + i);
            to += bytes;
        }
    }

    /// <summary>Lines contiguous along k: small blocks are transposed in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(long lines, long depth, T* source, long lineStride, T* target, long width)
        where T : unmanaged
    {
        long line = 0;
        if (Sse2.IsSupported && sizeof(T) == 4)
        {
            for (; line + 4 <= lines; line += 4)
            {
                var from = (float*)(source + line * lineStride);
                var to = (float*)(target + line);
                long k = 0;
                for (; k + 4 <= depth; k += 4, from += 4, to += 4 * width)
                {
                    var x0 = Vector128.Load(from);
                    var x1 = Vector128.Load(from + lineStride);
                    var x2 = Vector128.Load(from + 2 * lineStride);
                    var x3 = Vector128.Load(from + 3 * lineStride);
                    var low01 = Sse.UnpackLow(x0, x1);
                    var high01 = Sse.UnpackHigh(x0, x1);
                    var low23 = Sse.UnpackLow(x2, x3);
                    var high23 = Sse.UnpackHigh(x2, x3);
                    Vector128.Store(Sse.MoveLowToHigh(low01, low23), to);
                    Vector128.Store(Sse.MoveHighToLow(low23, low01), to + width);
                    Vector128.Store(Sse.MoveLowToHigh(high01, high23), to + 2 * width);
                    Vector128.Store(Sse.MoveHighToLow(high23, high01), to + 3 * width);
                }

                Gather(4, depth - k, source + line * lineStride + k, lineStride, 1, target + line + k * width, width);
            }
        }

        if (Sse2.IsSupported && sizeof(T) == 8)
        {
            for (; line + 2 <= lines; line += 2)
            {
                var from = (double*)(source + line * lineStride);
                var to = (double*)(target + line);
                long k = 0;
                for (; k + 2 <= depth; k += 2, from += 2, to += 2 * width)
                {
                    var x0 = Vector128.Load(from);
                    var x1 = Vector128.Load(from + lineStride);
                    Vector128.Store(Sse2.UnpackLow(x0, x1), to);
                    Vector128.Store(Sse2.UnpackHigh(x0, x1), to + width);
                }

                Gather(2, depth - k, source + line * lineStride + k, lineStride, 1, target + line + k * width, width);
            }
        }

        Gather(lines - line, depth, source + line * lineStride, lineStride, 1, target + line, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T>(long lines, long depth, T* source, long lineStride, long depthStride, T* target, long width)
        where T : unmanaged
    {
        for (long k = 0; k < depth; k++, source += depthStride, target += width)
        {
            var from = source;
            for (long i = 0; i < lines; i++, from += lineStride) target[i] = *from;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pad<T>(long lines, long depth, T* target, long width)
        where T : unmanaged
    {
        for (long k = 0; k < depth; k++, target += width)
        {
            for (var i = lines; i < width; i++) target[i] = default;
        }
    }
}
