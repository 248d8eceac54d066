using System.Runtime.InteropServices;

namespace AutogradService.Engine.Kernels;

/// <summary>A thread's buffer for packed operands: 64-byte aligned, grown on demand up to what one blocking needs, freed when the thread is gone.</summary>
internal sealed unsafe class GemmScratch
{
    [ThreadStatic]
    private static GemmScratch? _current;

    private byte* _data;
    private nuint _bytes;

    private GemmScratch()
    {
    }

    ~GemmScratch() => NativeMemory.AlignedFree(_data);

    /// <summary>At least the given number of bytes, with undefined content; valid until the same thread asks again.</summary>
    public static byte* Get(nuint bytes)
    {
        var scratch = _current ??= new GemmScratch();
        if (scratch._bytes < bytes)
        {
            NativeMemory.AlignedFree(scratch._data);
            scratch._data = null;
            scratch._bytes = 0;
            scratch._data = (byte*)NativeMemory.AlignedAlloc(bytes, 64);
            scratch._bytes = bytes;
        }

        return scratch._data;
    }
}
