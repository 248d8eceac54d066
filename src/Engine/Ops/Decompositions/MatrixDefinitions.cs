namespace AutogradService.Engine.Ops;

/// <summary>Plain definitions of linear algebra on batches of matrices, for tests.</summary>
internal static class MatrixDefinitions
{
    /// <summary>An array from each matrix of a batch.</summary>
    public static NdArray Each(NdArray x, Func<double[,], double[,]> f) => Each(x, null, (a, _) => f(a));

    /// <summary>An array from each pair of matrices, their batches broadcast.</summary>
    public static NdArray Each(NdArray x, NdArray? y, Func<double[,], double[,], double[,]> f)
    {
        var batch = Shape.Of(x.Shape.Sizes[..^2]);
        if (y is not null) batch = Shape.Broadcast(batch, Shape.Of(y.Shape.Sizes[..^2]));
        var probe = f(new double[x.Shape[-2], x.Shape[-1]], y is null ? new double[0, 0] : new double[y.Shape[-2], y.Shape[-1]]);
        var results = NdArray.Indices(batch).Select(i => f(Matrix(x, i), y is null ? new double[0, 0] : Matrix(y, i))).SelectMany(m => m.Cast<double>()).ToArray();
        return new NdArray(Shape.Of([.. batch.Sizes, probe.GetLength(0), probe.GetLength(1)]), results);
    }

    /// <summary>A number from each matrix of a batch.</summary>
    public static NdArray Number(NdArray x, Func<double[,], double> f)
    {
        var batch = Shape.Of(x.Shape.Sizes[..^2]);
        return new NdArray(batch, [.. NdArray.Indices(batch).Select(i => f(Matrix(x, i)))]);
    }

    /// <summary>Expansion along the first row.</summary>
    public static double Determinant(double[,] a)
    {
        int n = a.GetLength(0);
        if (n == 0) return 1;
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (j % 2 == 0 ? 1 : -1) * a[0, j] * Determinant(Minor(a, j));
        return sum;
    }

    /// <summary>X with A X = B, by Gauss and Jordan with pivoting.</summary>
    public static double[,] Solve(double[,] a, double[,] b)
    {
        int n = a.GetLength(0), m = b.GetLength(1);
        (a, b) = ((double[,])a.Clone(), (double[,])b.Clone());
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(a[i, k]));
            for (int j = 0; j < n; j++) (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            for (int j = 0; j < m; j++) (b[k, j], b[pivot, j]) = (b[pivot, j], b[k, j]);
            for (int i = 0; i < n; i++)
            {
                if (i == k) continue;
                double factor = a[i, k] / a[k, k];
                for (int j = 0; j < n; j++) a[i, j] -= factor * a[k, j];
                for (int j = 0; j < m; j++) b[i, j] -= factor * b[k, j];
            }
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++)
                b[i, j] /= a[i, i];
        return b;
    }

    /// <summary>The unit matrix.</summary>
    public static double[,] Identity(int n) => Build(n, n, (i, j) => i == j ? 1 : 0);

    /// <summary>Rows and columns exchanged.</summary>
    public static double[,] Transpose(double[,] a) => Build(a.GetLength(1), a.GetLength(0), (i, j) => a[j, i]);

    /// <summary>The product.</summary>
    public static double[,] Multiply(double[,] a, double[,] b) =>
        Build(a.GetLength(0), b.GetLength(1), (i, j) => Enumerable.Range(0, a.GetLength(1)).Sum(k => a[i, k] * b[k, j]));

    /// <summary>A matrix of f(i, j).</summary>
    public static double[,] Build(int rows, int columns, Func<int, int, double> f)
    {
        var result = new double[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                result[i, j] = f(i, j);
        return result;
    }

    /// <summary>One triangle, the diagonal as it is or 1, zeros elsewhere.</summary>
    public static double[,] Triangle(double[,] a, bool upper, bool unit) =>
        Build(a.GetLength(0), a.GetLength(1), (i, j) => i == j ? unit ? 1 : a[i, j] : upper == i < j ? a[i, j] : 0);

    /// <summary>L with L L^T = A, of the lower triangle.</summary>
    public static double[,] Cholesky(double[,] a)
    {
        int n = a.GetLength(0);
        var l = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double rest = a[i, j] - Enumerable.Range(0, j).Sum(k => l[i, k] * l[j, k]);
                l[i, j] = i == j ? Math.Sqrt(rest) : rest / l[j, j];
            }
        return l;
    }

    private static double[,] Matrix(NdArray x, long[] batch) => Build((int)x.Shape[-2], (int)x.Shape[-1], (i, j) =>
    {
        int own = x.Shape.Rank - 2;
        var index = new long[own + 2];
        for (int d = 0; d < own; d++) index[d] = x.Shape[d] == 1 ? 0 : batch[batch.Length - own + d];
        (index[own], index[own + 1]) = (i, j);
        return x[index];
    });

    private static double[,] Minor(double[,] a, int column) => Build(a.GetLength(0) - 1, a.GetLength(1) - 1, (i, j) => a[i + 1, j < column ? j : j + 1]);
}
