using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Powers of every numeric dtype.</summary>
internal readonly struct Power : IBinaryKernel
{
    /// <summary>a ^ b: IEEE 754's pow for floats; for integers the product, which wraps, and 0 or +-1 for negative exponents.</summary>
    public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? VectorMath.Pow(a, b) : Lanes.Map<T, OfIntegers>(a, b);

    private readonly struct OfIntegers : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (T.IsNegative(b))
            {
                if (a == T.One) return T.One;
                return a + T.One == T.Zero ? T.IsOddInteger(b) ? a : T.One : T.Zero;
            }
            T result = T.One, two = T.One + T.One;
            for (; b != T.Zero; b /= two, a *= a)
                if (T.IsOddInteger(b)) result *= a;
            return result;
        }
    }
}
