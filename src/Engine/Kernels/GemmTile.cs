using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// The register tile of the matrix product: up to <see cref="ISimd{TVector, T}.RowsMax"/> rows by two vectors of C stay in registers while k runs.
/// Every element is one chain of fused multiply-adds in the order of k, whatever the tile's shape, so tiles of all shapes give the same bits.
/// </summary>
internal static unsafe class GemmTile<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// C (+)= A B (+ bias) for a tile of the given number of rows and one or two vectors of columns. Element (i, p) of A stands at a + i aRow + p aColumn,
    /// row p of B at b + p bRow, row i of C at c + i cRow; bias is null or holds one number per column. A packed A has its rows side by side (aRow = 1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TPacked>(long rows, long vectors, long k, T* a, long aRow, long aColumn, T* b, long bRow, T* c, long cRow, bool accumulate, T* bias)
        where TPacked : struct, IConstant
    {
        if (vectors == 2) Run<Constant2, TPacked>(rows, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias);
        else Run<Constant1, TPacked>(rows, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TVectors, TPacked>(long rows, long k, T* a, long aRow, long aColumn, T* b, long bRow, T* c, long cRow, bool accumulate, T* bias)
        where TVectors : struct, IConstant
        where TPacked : struct, IConstant
    {
        switch (rows)
        {
            case 1: Multiply<Constant1, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 2: Multiply<Constant2, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 3: Multiply<Constant3, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 4: Multiply<Constant4, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 5: Multiply<Constant5, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 6: Multiply<Constant6, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 7: Multiply<Constant7, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 8: Multiply<Constant8, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 9: Multiply<Constant9, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 10: Multiply<Constant10, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 11: Multiply<Constant11, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            case 12: Multiply<Constant12, TVectors, TPacked>(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, bias); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Multiply<TRows, TVectors, TPacked>(long k, T* a, long aRow, long aColumn, T* b, long bRow, T* c, long cRow, bool accumulate, T* bias)
        where TRows : struct, IConstant
        where TVectors : struct, IConstant
        where TPacked : struct, IConstant
    {
        TVector c0x0 = TSimd.Zero, c0x1 = TSimd.Zero;
        TVector c1x0 = TSimd.Zero, c1x1 = TSimd.Zero;
        TVector c2x0 = TSimd.Zero, c2x1 = TSimd.Zero;
        TVector c3x0 = TSimd.Zero, c3x1 = TSimd.Zero;
        TVector c4x0 = TSimd.Zero, c4x1 = TSimd.Zero;
        TVector c5x0 = TSimd.Zero, c5x1 = TSimd.Zero;
        TVector c6x0 = TSimd.Zero, c6x1 = TSimd.Zero;
        TVector c7x0 = TSimd.Zero, c7x1 = TSimd.Zero;
        TVector c8x0 = TSimd.Zero, c8x1 = TSimd.Zero;
        TVector c9x0 = TSimd.Zero, c9x1 = TSimd.Zero;
        TVector c10x0 = TSimd.Zero, c10x1 = TSimd.Zero;
        TVector c11x0 = TSimd.Zero, c11x1 = TSimd.Zero;
        // Row i of an unpacked A stands at a pointer for every third row plus 0, 1 or 2 strides: what an x86 address can express without spilling.
        T* a0 = a, a3 = a + 3 * aRow, a6 = a + 6 * aRow, a9 = a + 9 * aRow;
        var aRow2 = 2 * aRow;
        for (; k > 0; k--)
        {
            var b0 = TSimd.Load(b);
            var b1 = TVectors.Value > 1 ? TSimd.Load(b + TSimd.Count) : TSimd.Zero;
            TVector x;
            x = TSimd.Broadcast(a0);
            c0x0 = TSimd.MultiplyAdd(x, b0, c0x0);
            if (TVectors.Value > 1) c0x1 = TSimd.MultiplyAdd(x, b1, c0x1);

            if (TRows.Value > 1)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 1 : a0 + aRow);
                c1x0 = TSimd.MultiplyAdd(x, b0, c1x0);
                if (TVectors.Value > 1) c1x1 = TSimd.MultiplyAdd(x, b1, c1x1);
            }

            if (TRows.Value > 2)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 2 : a0 + aRow2);
                c2x0 = TSimd.MultiplyAdd(x, b0, c2x0);
                if (TVectors.Value > 1) c2x1 = TSimd.MultiplyAdd(x, b1, c2x1);
            }

            if (TRows.Value > 3)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 3 : a3);
                c3x0 = TSimd.MultiplyAdd(x, b0, c3x0);
                if (TVectors.Value > 1) c3x1 = TSimd.MultiplyAdd(x, b1, c3x1);
            }

            if (TRows.Value > 4)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 4 : a3 + aRow);
                c4x0 = TSimd.MultiplyAdd(x, b0, c4x0);
                if (TVectors.Value > 1) c4x1 = TSimd.MultiplyAdd(x, b1, c4x1);
            }

            if (TRows.Value > 5)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 5 : a3 + aRow2);
                c5x0 = TSimd.MultiplyAdd(x, b0, c5x0);
                if (TVectors.Value > 1) c5x1 = TSimd.MultiplyAdd(x, b1, c5x1);
            }

            if (TRows.Value > 6)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 6 : a6);
                c6x0 = TSimd.MultiplyAdd(x, b0, c6x0);
                if (TVectors.Value > 1) c6x1 = TSimd.MultiplyAdd(x, b1, c6x1);
            }

            if (TRows.Value > 7)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 7 : a6 + aRow);
                c7x0 = TSimd.MultiplyAdd(x, b0, c7x0);
                if (TVectors.Value > 1) c7x1 = TSimd.MultiplyAdd(x, b1, c7x1);
            }

            if (TRows.Value > 8)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 8 : a6 + aRow2);
                c8x0 = TSimd.MultiplyAdd(x, b0, c8x0);
                if (TVectors.Value > 1) c8x1 = TSimd.MultiplyAdd(x, b1, c8x1);
            }

            if (TRows.Value > 9)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 9 : a9);
                c9x0 = TSimd.MultiplyAdd(x, b0, c9x0);
                if (TVectors.Value > 1) c9x1 = TSimd.MultiplyAdd(x, b1, c9x1);
            }

            if (TRows.Value > 10)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 10 : a9 + aRow);
                c10x0 = TSimd.MultiplyAdd(x, b0, c10x0);
                if (TVectors.Value > 1) c10x1 = TSimd.MultiplyAdd(x, b1, c10x1);
            }

            if (TRows.Value > 11)
            {
                x = TSimd.Broadcast(TPacked.Value > 0 ? a0 + 11 : a9 + aRow2);
                c11x0 = TSimd.MultiplyAdd(x, b0, c11x0);
                if (TVectors.Value > 1) c11x1 = TSimd.MultiplyAdd(x, b1, c11x1);
            }

            b += bRow;
            a0 += aColumn;
            if (TPacked.Value == 0)
            {
                if (TRows.Value > 3) a3 += aColumn;
                if (TRows.Value > 6) a6 += aColumn;
                if (TRows.Value > 9) a9 += aColumn;
            }
        }

        Finish<TVectors>(c0x0, c0x1, c, accumulate, bias);
        if (TRows.Value > 1) Finish<TVectors>(c1x0, c1x1, c + cRow, accumulate, bias);
        if (TRows.Value > 2) Finish<TVectors>(c2x0, c2x1, c + 2 * cRow, accumulate, bias);
        if (TRows.Value > 3) Finish<TVectors>(c3x0, c3x1, c + 3 * cRow, accumulate, bias);
        if (TRows.Value > 4) Finish<TVectors>(c4x0, c4x1, c + 4 * cRow, accumulate, bias);
        if (TRows.Value > 5) Finish<TVectors>(c5x0, c5x1, c + 5 * cRow, accumulate, bias);
        if (TRows.Value > 6) Finish<TVectors>(c6x0, c6x1, c + 6 * cRow, accumulate, bias);
        if (TRows.Value > 7) Finish<TVectors>(c7x0, c7x1, c + 7 * cRow, accumulate, bias);
        if (TRows.Value > 8) Finish<TVectors>(c8x0, c8x1, c + 8 * cRow, accumulate, bias);
        if (TRows.Value > 9) Finish<TVectors>(c9x0, c9x1, c + 9 * cRow, accumulate, bias);
        if (TRows.Value > 10) Finish<TVectors>(c10x0, c10x1, c + 10 * cRow, accumulate, bias);
        if (TRows.Value > 11) Finish<TVectors>(c11x0, c11x1, c + 11 * cRow, accumulate, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TVectors>(TVector x0, TVector x1, T* c, bool accumulate, T* bias)
        where TVectors : struct, IConstant
    {
        if (accumulate)
        {
            x0 = TSimd.Add(TSimd.Load(c), x0);
            if (TVectors.Value > 1) x1 = TSimd.Add(TSimd.Load(c + TSimd.Count), x1);
        }

        if (bias != null)
        {
            x0 = TSimd.Add(x0, TSimd.Load(bias));
            if (TVectors.Value > 1) x1 = TSimd.Add(x1, TSimd.Load(bias + TSimd.Count));
        }

        TSimd.Store(x0, c);
        if (TVectors.Value > 1) TSimd.Store(x1, c + TSimd.Count);
    }
}
