using System.Numerics;
using AutogradService.Engine.Kernels;
using Xunit;

namespace AutogradService.Engine.Tests.Kernels;

[Collection("WorkerPool")]
public sealed unsafe class ReduceTests
{
    public static TheoryData<int> Lengths => [1, 2, 3, 7, 8, 9, 31, 64, 100, 1000, 4095, 4097, 65535, 65537, 300_001];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_of_floats_are_accurate_and_those_of_integers_exact(int n)
    {
        var random = new Random(n);
        var floats = Fill(n, () => (float)random.NextDouble());
        var doubles = Fill(n, () => random.NextDouble() - 0.5);
        var longs = Fill(n, () => random.NextInt64());
        var bytes = Fill(n, () => (byte)random.Next(256));
        fixed (float* f = floats)
        fixed (double* d = doubles)
        fixed (long* l = longs)
        fixed (byte* b = bytes)
        {
            var exact = floats.Sum(x => (double)x);
            Assert.InRange(Reduce.Sum(f, n), exact * (1 - 1e-6), exact * (1 + 1e-6));
            Assert.Equal(doubles.Sum(), Reduce.Sum(d, n), 1e-10);
            Assert.Equal(longs.Aggregate(0L, (x, y) => unchecked(x + y)), Reduce.Sum(l, n));
            Assert.Equal(bytes.Aggregate((byte)0, (x, y) => unchecked((byte)(x + y))), Reduce.Sum(b, n));
        }
    }

    [Fact]
    public void Ten_million_floats_sum_to_the_last_digits()
    {
        var values = new float[10_000_000];
        fixed (float* x = values)
        {
            Array.Fill(values, 1f);
            Assert.Equal(1e7f, Reduce.Sum(x, values.Length));
            Array.Fill(values, 0.1f);
            Assert.InRange(Reduce.Sum(x, values.Length), 1_000_000f * (1 - 1e-6f), 1_000_000f * (1 + 1e-6f));
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(100, 1000)]
    [InlineData(5000, 3)]
    [InlineData(65, 700)]
    [InlineData(4097, 530)]
    public void Rows_and_columns_reduce_alike_for_every_number_of_threads(int rows, int columns)
    {
        var random = new Random(rows + columns);
        var stride = columns + 3;
        var matrix = Fill(rows * stride + 1, () => (float)random.NextDouble() - 0.25f);
        var before = WorkerPool.Threads;
        float[]? firstColumns = null;
        try
        {
            foreach (var threads in new[] { 1, 2, 5 })
            {
                WorkerPool.Configure(threads);
                var byRow = new float[rows];
                var byColumn = new float[columns];
                fixed (float* x = matrix)
                fixed (float* r = byRow)
                fixed (float* c = byColumn)
                {
                    Reduce.SumRows(x, rows, columns, stride, r);
                    Reduce.SumColumns(x, rows, columns, stride, c);
                    for (var i = 0; i < rows; i++)
                    {
                        // The sum of a row does not depend on where the row stands.
                        var copy = matrix.AsSpan(i * stride, columns).ToArray();
                        fixed (float* p = copy) Assert.Equal(Reduce.Sum(p, columns), byRow[i]);
                        Assert.Equal(copy.Sum(v => (double)v), byRow[i], 1e-5 * columns);
                    }

                    for (var j = 0; j < columns; j++)
                    {
                        var exact = 0.0;
                        for (var i = 0; i < rows; i++) exact += matrix[i * stride + j];
                        Assert.Equal(exact, byColumn[j], 1e-6 * (rows + 1));
                    }

                    firstColumns ??= byColumn.ToArray();
                    Assert.Equal(firstColumns, byColumn);
                    if (rows == 0) continue;
                    Reduce.MaxRows(x, rows, columns, stride, r);
                    Reduce.MinColumns(x, rows, columns, stride, c);
                    for (var i = 0; i < rows; i++) Assert.Equal(matrix.AsSpan(i * stride, columns).ToArray().Max(), r[i]);
                    for (var j = 0; j < columns; j++) Assert.Equal(Enumerable.Range(0, rows).Min(i => matrix[i * stride + j]), c[j]);
                    Reduce.MinRows(x, rows, columns, stride, r);
                    Reduce.MaxColumns(x, rows, columns, stride, c);
                    for (var i = 0; i < rows; i++) Assert.Equal(matrix.AsSpan(i * stride, columns).ToArray().Min(), r[i]);
                    for (var j = 0; j < columns; j++) Assert.Equal(Enumerable.Range(0, rows).Max(i => matrix[i * stride + j]), c[j]);
                }
            }
        }
        finally
        {
            WorkerPool.Configure(before);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(200)]
    public void Extrema_propagate_NaN_wherever_it_stands_and_report_the_first_index(int n)
    {
        var random = new Random(n);
        // Few distinct values, so that ties are common; all negative, so that padding with zeros would show.
        var values = Fill(n, () => -1f - random.Next(4));
        var integers = Fill(n, () => random.Next(-5, -1));
        fixed (float* x = values)
        fixed (int* k = integers)
        {
            Assert.Equal(values.Max(), Reduce.Max(x, n));
            Assert.Equal(values.Min(), Reduce.Min(x, n));
            Assert.Equal(Array.IndexOf(values, values.Max()), Reduce.ArgMax(x, n));
            Assert.Equal(Array.IndexOf(values, values.Min()), Reduce.ArgMin(x, n));
            Assert.Equal(integers.Max(), Reduce.Max(k, n));
            Assert.Equal(Array.IndexOf(integers, integers.Min()), Reduce.ArgMin(k, n));
            var column = new float[1];
            for (var i = 0; i < n; i++)
            {
                var kept = values[i];
                values[i] = float.NaN;
                Assert.True(float.IsNaN(Reduce.Max(x, n)));
                Assert.True(float.IsNaN(Reduce.Min(x, n)));
                Assert.Equal(i, Reduce.ArgMax(x, n));
                Assert.Equal(i, Reduce.ArgMin(x, n));
                fixed (float* y = column)
                {
                    Reduce.MaxColumns(x, n, 1, 1, y);
                    Assert.True(float.IsNaN(column[0]));
                }

                values[i] = kept;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(1000)]
    [InlineData(70_001)]
    public void Softmax_is_stable_and_normalised(int n)
    {
        CheckSoftmax<float>(n, 3e-6);
        CheckSoftmax<double>(n, 1e-13);
    }

    [Fact]
    public void Softmax_of_nothing_but_minus_infinity_is_NaN_and_a_masked_element_gets_zero()
    {
        float[] masked = [1000f, float.NegativeInfinity, 1000f];
        float[] hopeless = [float.NegativeInfinity, float.NegativeInfinity];
        float[] poisoned = [1f, float.NaN, 2f];
        fixed (float* x = masked)
        {
            Reduce.Softmax(x, x, 3);
            Assert.Equal([0.5f, 0f, 0.5f], masked);
        }

        foreach (var row in new[] { hopeless, poisoned })
        {
            var result = new float[row.Length];
            fixed (float* x = row)
            fixed (float* y = result)
            {
                Reduce.Softmax(x, y, row.Length);
                Assert.All(result, v => Assert.True(float.IsNaN(v)));
                Reduce.LogSoftmax(x, y, row.Length);
                Assert.All(result, v => Assert.True(float.IsNaN(v)));
            }
        }
    }

    private static void CheckSoftmax<T>(int n, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(n);
        var values = Fill(2 * n, () => T.CreateChecked(1000 + random.NextDouble() * 20));
        var soft = new T[2 * n];
        var log = new T[2 * n];
        fixed (T* x = values)
        fixed (T* y = soft)
        fixed (T* z = log)
        {
            Reduce.SoftmaxRows(x, n, y, n, 2, n);
            Reduce.LogSoftmaxRows(x, n, z, n, 2, n);
        }

        for (var row = 0; row < 2; row++)
        {
            var doubles = values.Skip(row * n).Take(n).Select(double.CreateChecked).ToArray();
            var max = doubles.Max();
            var sum = doubles.Sum(v => Math.Exp(v - max));
            for (var i = 0; i < n; i++)
            {
                var expected = Math.Exp(doubles[i] - max) / sum;
                Assert.Equal(expected, double.CreateChecked(soft[row * n + i]), expected * tolerance);
                Assert.Equal(doubles[i] - max - Math.Log(sum), double.CreateChecked(log[row * n + i]), tolerance * 30);
            }
        }
    }

    private static T[] Fill<T>(int n, Func<T> next)
    {
        var values = new T[n];
        for (var i = 0; i < n; i++) values[i] = next();
        return values;
    }
}
