using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>(x - center)^2.</summary>
internal readonly unsafe struct SquaredDistance<T>(T center) : IBlockSum<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Padding => center;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector<T> Sum(T* x, long vectors)
    {
        var centers = Vector.Create(center);
        Vector<T> s0 = default, s1 = default;
        for (; vectors >= 2; vectors -= 2, x += 2 * Vector<T>.Count)
        {
            Vector<T> d0 = Vector.Load(x) - centers, d1 = Vector.Load(x + Vector<T>.Count) - centers;
            s0 += d0 * d0;
            s1 += d1 * d1;
        }
        if (vectors > 0)
        {
            var d = Vector.Load(x) - centers;
            s0 += d * d;
        }
        return s0 + s1;
    }
}
