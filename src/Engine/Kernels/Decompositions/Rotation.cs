using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>The little problems of two rows or columns that eigenvalue and singular value iterations are made of, with LAPACK's signs.</summary>
internal static class Rotation
{
    /// <summary>The rotation with c f + s g = r and c g - s f = 0, where c is not negative (LAPACK's lartg since 3.10).</summary>
    public static void Make<T>(T f, T g, out T c, out T s, out T r) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g == T.Zero) (c, s, r) = (T.One, T.Zero, f);
        else if (f == T.Zero) (c, s, r) = (T.Zero, T.CopySign(T.One, g), T.Abs(g));
        else
        {
            T d = T.Hypot(f, g);
            c = T.Abs(f) / d;
            r = T.CopySign(d, f);
            s = g / r;
        }
    }

    /// <summary>Eigenvalues of [[a, b], [b, c]], the larger in size first, and the unit eigenvector (cs, sn) of that one (laev2).</summary>
    public static void Eigen<T>(T a, T b, T c, out T first, out T second, out T cs, out T sn) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T two = T.One + T.One, half = T.One / two;
        T sum = a + c, difference = a - c, size = T.Abs(difference), tb = b + b, ab = T.Abs(tb);
        (T larger, T smaller) = T.Abs(a) > T.Abs(c) ? (a, c) : (c, a);
        T root = size > ab ? size * T.Sqrt(T.One + ab / size * (ab / size)) : size < ab ? ab * T.Sqrt(T.One + size / ab * (size / ab)) : ab * T.Sqrt(two);
        int sign = sum < T.Zero ? -1 : 1;
        if (sum == T.Zero) (first, second) = (half * root, -half * root);
        else
        {
            first = half * (sum < T.Zero ? sum - root : sum + root);
            second = larger / first * smaller - b / first * b;
        }
        int direction = difference >= T.Zero ? 1 : -1;
        T cosine = difference >= T.Zero ? difference + root : difference - root;
        if (T.Abs(cosine) > ab)
        {
            T cotangent = -tb / cosine;
            sn = T.One / T.Sqrt(T.One + cotangent * cotangent);
            cs = cotangent * sn;
        }
        else if (ab == T.Zero) (cs, sn) = (T.One, T.Zero);
        else
        {
            T tangent = -cosine / tb;
            cs = T.One / T.Sqrt(T.One + tangent * tangent);
            sn = tangent * cs;
        }
        if (sign == direction) (cs, sn) = (-sn, cs);
    }

    /// <summary>The smaller singular value of [[f, g], [0, h]] (las2).</summary>
    public static T SmallestSingularValue<T>(T f, T g, T h) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T two = T.One + T.One;
        T fa = T.Abs(f), ga = T.Abs(g), ha = T.Abs(h), small = T.Min(fa, ha), large = T.Max(fa, ha);
        if (small == T.Zero) return T.Zero;
        T s = T.One + small / large, t = (large - small) / large;
        if (ga < large)
        {
            T u = ga / large * (ga / large);
            return small * (two / (T.Sqrt(s * s + u) + T.Sqrt(t * t + u)));
        }
        T ratio = large / ga;
        if (ratio == T.Zero) return small * large / ga;
        T c = T.One / (T.Sqrt(T.One + s * ratio * (s * ratio)) + T.Sqrt(T.One + t * ratio * (t * ratio)));
        return two * (small * c * ratio);
    }

    /// <summary>The singular value decomposition of [[f, g], [0, h]]: values with signs, and the rotations of both sides (lasv2).</summary>
    public static void Singular<T>(T f, T g, T h, out T smallest, out T largest, out T sinRight, out T cosRight, out T sinLeft, out T cosLeft) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T two = T.One + T.One, four = two + two, half = T.One / two;
        T ft = f, fa = T.Abs(f), ht = h, ha = T.Abs(h), gt = g, ga = T.Abs(g);
        bool swap = ha > fa;
        if (swap) (ft, ht, fa, ha) = (ht, ft, ha, fa);
        int place = swap ? 3 : 1;
        T cl = T.One, cr = T.One, sl = T.Zero, sr = T.Zero;
        (smallest, largest) = (ha, fa);
        if (ga != T.Zero)
        {
            if (ga > fa) place = 2;
            if (ga > fa && fa / ga < Precision<T>.Epsilon)
            {
                largest = ga;
                smallest = ha > T.One ? fa / (ga / ha) : fa / ga * ha;
                (cl, sl, sr, cr) = (T.One, ht / gt, T.One, ft / gt);
            }
            else
            {
                T d = fa - ha, l = d == fa ? T.One : d / fa, m = gt / ft, t = two - l, mm = m * m;
                T s = T.Sqrt(t * t + mm), r = l == T.Zero ? T.Abs(m) : T.Sqrt(l * l + mm), a = half * (s + r);
                (smallest, largest) = (ha / a, fa * a);
                if (mm != T.Zero) t = (m / (s + t) + m / (r + l)) * (T.One + a);
                else t = l == T.Zero ? T.CopySign(two, ft) * T.CopySign(T.One, gt) : gt / T.CopySign(d, ft) + m / t;
                l = T.Sqrt(t * t + four);
                cr = two / l;
                sr = t / l;
                cl = (cr + sr * m) / a;
                sl = ht / ft * sr / a;
            }
        }
        (cosLeft, sinLeft, cosRight, sinRight) = swap ? (sr, cr, sl, cl) : (cl, sl, cr, sr);
        T sign = place switch
        {
            1 => T.CopySign(T.One, cosRight) * T.CopySign(T.One, cosLeft) * T.CopySign(T.One, f),
            2 => T.CopySign(T.One, sinRight) * T.CopySign(T.One, cosLeft) * T.CopySign(T.One, g),
            _ => T.CopySign(T.One, sinRight) * T.CopySign(T.One, sinLeft) * T.CopySign(T.One, h),
        };
        largest = T.CopySign(largest, sign);
        smallest = T.CopySign(smallest, sign * T.CopySign(T.One, f) * T.CopySign(T.One, h));
    }
}
