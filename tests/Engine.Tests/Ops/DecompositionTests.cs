using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>Decompositions multiplied back, on friendly and unfriendly matrices; their derivatives on matrices that stay symmetric; what is refused, in PyTorch's words.</summary>
public sealed class DecompositionTests
{
    private static readonly (long M, long N)[] s_sizes = [(1, 1), (2, 2), (5, 5), (5, 3), (3, 5), (12, 4), (4, 12), (30, 30), (100, 100), (130, 70), (70, 130)];

    public static TheoryData<string, long, long, DType> Matrices
    {
        get
        {
            var data = new TheoryData<string, long, long, DType>();
            foreach (string kind in (string[])["random", "rank one", "graded", "clustered", "zero", "huge", "tiny"])
                foreach (var (m, n) in s_sizes)
                    foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
                        data.Add(kind, m, n, dtype);
            return data;
        }
    }

    [Theory, MemberData(nameof(Matrices))]
    public void Singular_value_decomposition_multiplies_back(string kind, long m, long n, DType dtype)
    {
        using var ws = new Workspace();
        var a = Matrix(ws, kind, m, n, dtype);
        foreach (bool full in (bool[])[false, true])
        {
            var (u, s, vh) = a.LinalgSvd(full);
            long k = Math.Min(m, n);
            AssertClose(a, u.Narrow(-1, 0, k).Mul(s.Unsqueeze(-2)).Matmul(vh.Narrow(-2, 0, k)), a);
            AssertOrthonormal(u);
            AssertOrthonormal(vh.Transpose(-2, -1));
            double[] values = s.ToDoubles();
            Assert.True(values.All(v => v >= 0) && values.Zip(values.Skip(1)).All(p => p.First >= p.Second), string.Join(" ", values));
            AssertClose(s, a.LinalgSvdvals(), a);
        }
    }

    [Theory, MemberData(nameof(Matrices))]
    public void Qr_multiplies_back(string kind, long m, long n, DType dtype)
    {
        using var ws = new Workspace();
        var a = Matrix(ws, kind, m, n, dtype);
        foreach (string mode in (string[])["reduced", "complete"])
        {
            var (q, r) = a.LinalgQr(mode);
            AssertClose(a, q.Matmul(r), a);
            AssertOrthonormal(q);
            Assert.Equal(r.ToDoubles(), r.Triu().ToDoubles());
        }
        Assert.Equal(a.LinalgQr().R.ToDoubles(), a.LinalgQr("r").R.ToDoubles());
    }

    [Theory, MemberData(nameof(Matrices))]
    public void Lu_multiplies_back(string kind, long m, long n, DType dtype)
    {
        using var ws = new Workspace();
        var a = Matrix(ws, kind, m, n, dtype);
        var (p, l, u) = a.LinalgLu();
        AssertClose(a, p.Matmul(l.Matmul(u)), a);
        Assert.True(l.Abs().Max().Item() <= 1);
        Assert.Equal(1.0, p.Sum([0]).Min().Item());
    }

    [Theory, MemberData(nameof(Matrices))]
    public void Symmetric_eigenvectors_diagonalize(string kind, long m, long n, DType dtype)
    {
        using var ws = new Workspace();
        if (m != n) return;
        var a = Matrix(ws, kind, n, n, dtype);
        a = a * 0.5 + a.Transpose(0, 1) * 0.5;
        foreach (string uplo in (string[])["L", "U"])
        {
            // The other triangle is not read.
            var read = uplo == "L" ? a.Tril() : a.Triu();
            var (values, v) = read.LinalgEigh(uplo);
            AssertOrthonormal(v);
            AssertClose(a, v.Mul(values.Unsqueeze(-2)).Matmul(v.Transpose(0, 1)), a);
            double[] sorted = values.ToDoubles();
            Assert.Equal(sorted.Order(), sorted);
            AssertClose(values, read.LinalgEigvalsh(uplo), a);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(150)]
    public void Cholesky_multiplies_back(long n)
    {
        using var ws = new Workspace();
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var root = ws.Randn([n, n], dtype: dtype);
            var a = root.Matmul(root.Transpose(0, 1)) + ws.Eye(n, dtype: dtype);
            var l = a.Tril().LinalgCholesky();
            AssertClose(a, l.Matmul(l.Transpose(0, 1)), a);
            Assert.Equal(l.ToDoubles(), l.Tril().ToDoubles());
            var u = a.Triu().LinalgCholesky(true);
            AssertClose(a, u.Transpose(0, 1).Matmul(u), a);
            var b = ws.Randn([n, 3], dtype: dtype);
            AssertClose(b, a.Matmul(b.CholeskySolve(l)), a, 1e3);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(60)]
    [InlineData(150)]
    public void Systems_are_solved(long n)
    {
        using var ws = new Workspace();
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            Tensor a = ws.Randn([2, n, n], dtype: dtype) + ws.Eye(n, dtype: dtype) * 4.0, b = ws.Randn([2, n, 3], dtype: dtype);
            AssertClose(b, a.Matmul(a.LinalgSolve(b)), a, 1e3);
            var c = b.Transpose(1, 2);
            AssertClose(c, a.LinalgSolve(c, left: false).Matmul(a), a, 1e3);
            AssertClose(ws.Eye(n, dtype: dtype).Expand([2, n, n]), a.Matmul(a.LinalgInv()), a, 1e3);
            var (lu, pivots) = a.LinalgLuFactor();
            foreach (bool left in (bool[])[true, false])
                foreach (bool adjoint in (bool[])[true, false])
                {
                    var side = left ? b : c;
                    var x = lu.LinalgLuSolve(pivots, side, left, adjoint);
                    var factor = adjoint ? a.Transpose(1, 2) : a;
                    AssertClose(side, left ? factor.Matmul(x) : x.Matmul(factor), a, 1e3);
                }
            foreach (bool upper in (bool[])[true, false])
                foreach (bool left in (bool[])[true, false])
                {
                    var triangle = (upper ? a.Triu() : a.Tril()) * 0.1 + ws.Eye(n, dtype: dtype) * 3.0;
                    var side = left ? b : c;
                    var x = triangle.LinalgSolveTriangular(side, upper, left);
                    AssertClose(side, left ? triangle.Matmul(x) : x.Matmul(triangle), a, 1e3);
                }
        }
    }

    [Theory]
    [InlineData("gels")]
    [InlineData("gelsy")]
    [InlineData("gelsd")]
    [InlineData("gelss")]
    public void Least_squares_meets_the_normal_equations(string driver)
    {
        using var ws = new Workspace();
        foreach (var (m, n) in ((long, long)[])[(7, 3), (4, 4), (3, 7)])
        {
            Tensor a = ws.Randn([2, m, n], dtype: DType.Float64), b = ws.Randn([2, m, 2], dtype: DType.Float64);
            var (x, residuals, rank, values) = a.LinalgLstsq(b, driver: driver);
            var rest = a.Matmul(x) - b;
            AssertClose(ws.Zeros([2, n, 2], dtype: DType.Float64), a.Transpose(1, 2).Matmul(rest), a, 1e3);
            // The shortest solution lies in the space of A's rows.
            AssertClose(x, a.LinalgPinv().Matmul(b), a, 1e3);
            Assert.Equal(driver == "gels" ? [] : [Math.Min(m, n), Math.Min(m, n)], rank.ToDoubles());
            Assert.Equal(driver is "gelsd" or "gelss" ? 2 * Math.Min(m, n) : 0, values.Numel);
            Assert.Equal(m > n && driver != "gelsy" ? 4 : 0, residuals.Numel);
            if (residuals.Numel > 0) AssertClose(rest.Square().Sum([-2]), residuals, a, 1e3);
        }
    }

    [Fact]
    public void Small_singular_values_are_accurate()
    {
        using var ws = new Workspace();
        double[] wanted = [1, 1e-3, 1e-6, 1e-9, 1e-12];
        var q = ws.Randn([5, 5], dtype: DType.Float64).LinalgQr().Q;
        var a = q.Mul(ws.FromArray<double>(wanted, Shape.Of(5)));
        var values = a.LinalgSvdvals().ToDoubles();
        for (int i = 0; i < 5; i++) Assert.Equal(wanted[i], values[i], 1e-15);
    }

    [Fact]
    public void Tolerances_decide_the_rank()
    {
        using var ws = new Workspace();
        var a = ws.FromArray<double>([1, 1e-3, 1e-20], Shape.Of(3)).Diag();
        Assert.Equal(2, a.LinalgMatrixRank().Item());
        Assert.Equal(1, a.LinalgMatrixRank(rtol: 0.01).Item());
        Assert.Equal(1, a.LinalgMatrixRank(atol: 0.01).Item());
        Assert.Equal(3, a.LinalgMatrixRank(atol: 1e-30).Item());
        Assert.Equal(3, a.LinalgMatrixRank(rtol: 0.0).Item());
        Assert.Equal(2, a.Neg().LinalgMatrixRank(hermitian: true).Item());
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0], a.LinalgPinv(rtol: 0.01).ToDoubles());
    }

    [Fact]
    public void Derivatives_on_symmetric_matrices()
    {
        using var ws = new Workspace();
        var x = (ws.Rand([2, 3, 3], dtype: DType.Float64) - 0.5).Detach().SetRequiresGrad();
        Tensor Symmetric() => x + x.Transpose(-2, -1) + ws.FromArray<double>([1, 3, 6], Shape.Of(3)).Diag();
        Check(() => [Symmetric().LinalgCholesky()]);
        Check(() => [Symmetric().LinalgCholesky(true)]);
        Check(() => [Symmetric().Cholesky()]);
        Check(() => [Symmetric().LinalgEigvalsh()]);
        Check(() => [Symmetric().LinalgEigh().Eigenvectors]);
        Check(() => [Symmetric().LinalgEigh("U").Eigenvalues, Symmetric().LinalgEigh("U").Eigenvectors.Abs()]);
        Check(() => [Symmetric().LinalgPinv(hermitian: true)]);
        Check(() => [Symmetric().LinalgSvd().U, Symmetric().LinalgSvd().Vh]);

        void Check(Func<Tensor[]> f)
        {
            Assert.Null(GradientCheck.First(ws, _ => f(), [x]));
            Assert.Null(GradientCheck.Second(ws, _ => f(), [x]));
        }
    }

    [Fact]
    public void Determinants_of_singular_matrices_have_derivatives()
    {
        using var ws = new Workspace();
        var rankTwo = ws.FromArray<double>([1, 2, 3, 4, 5, 6, 7, 8, 9], Shape.Of(3, 3)).SetRequiresGrad();
        var gradient = ws.Gradients([rankTwo.LinalgDet()], [rankTwo])[0]!;
        AssertClose(ws.FromArray<double>([-3, 6, -3, 6, -12, 6, -3, 6, -3], Shape.Of(3, 3)), gradient, rankTwo, 1e4);
        var again = ws.Gradients([rankTwo.LinalgDet()], [rankTwo], createGraph: true)[0]!;
        AssertClose(gradient, again, rankTwo, 1e4);
        var zero = ws.Zeros([2, 2], dtype: DType.Float64).SetRequiresGrad();
        Assert.Equal(0, zero.LinalgDet().Item());
        var (sign, log) = zero.LinalgSlogdet();
        Assert.Equal((0, double.NegativeInfinity), (sign.Item(), log.Item()));
        Assert.Equal(double.NaN, ws.FromArray<double>([-2], Shape.Of(1, 1)).Logdet().Item());
    }

    [Fact]
    public void Tensor_equations_hold()
    {
        using var ws = new Workspace();
        Tensor a = ws.Randn([2, 3, 6], dtype: DType.Float64), b = ws.Randn([2, 3], dtype: DType.Float64);
        AssertClose(b, a.Reshape([6, 6]).Matmul(a.LinalgTensorsolve(b)).Reshape([2, 3]), a, 1e4);
        var moved = a.Permute([2, 0, 1]);
        AssertClose(a.LinalgTensorsolve(b), moved.LinalgTensorsolve(b, [0]), a, 1e4);
        var m = ws.Randn([3, 3], dtype: DType.Float64);
        AssertClose(m.LinalgMatrixNorm("fro").Mul(m.LinalgInv().LinalgMatrixNorm("fro")), m.LinalgCond("fro"), m, 1e4);
        AssertClose(m.LinalgMatrixNorm(2L).Mul(m.LinalgInv().LinalgMatrixNorm(2L)), m.LinalgCond(), m, 1e5);
        Assert.Equal(double.PositiveInfinity, ws.Zeros([2, 2]).LinalgCond(1L).Item());
    }

    [Fact]
    public void Refusals_are_worded_as_in_PyTorch()
    {
        using var ws = new Workspace();
        var zero = ws.Zeros([2, 2]);
        var batch = ws.Eye(2).Expand([3, 2, 2]).Clone("contiguous_format");
        batch.Select(0, 1).FillInPlace(0.0);
        Refused("linalg.inv: The diagonal element 1 is zero, the inversion could not be completed because the input matrix is singular.", () => zero.LinalgInv());
        Refused("linalg.inv: (Batch element 1): The diagonal element 1 is zero, the inversion could not be completed because the input matrix is singular.", () => batch.Inverse());
        Refused("torch.linalg.solve: The solver failed because the input matrix is singular.", () => zero.LinalgSolve(ws.Ones([2])));
        Refused("linalg.cholesky: The factorization could not be completed because the input is not positive-definite (the leading minor of order 1 is not positive-definite).", () => zero.LinalgCholesky());
        Refused("linalg.inv: A must be batches of square matrices, but they are 2 by 3 matrices", () => ws.Ones([2, 3]).LinalgInv());
        Refused("linalg.det: The input tensor A must have at least 2 dimensions.", () => ws.Ones([2]).LinalgDet());
        Refused("linalg.inv: Expected a floating point or complex tensor as input. Got Long", () => ws.Ones([2, 2], DType.Int64).LinalgInv());
        Refused("linalg.svd: Low precision dtypes not supported. Got Half", () => ws.Ones([2, 2], DType.Float16).LinalgSvd());
        Refused("linalg.svd: The algorithm failed to converge because the input matrix contained non-finite values.", () => ws.Full([2, 2], double.NaN).LinalgSvd());
        Refused("linalg.cross: inputs dimension -1 must have length 3. Got 2 and 2", () => zero.LinalgCross(zero));
        Refused("multi_dot(): expected at least 2 tensors but got 1", () => ws.LinalgMultiDot(zero));
        Refused("linalg.matrix_norm: Order 3 not supported.", () => zero.LinalgMatrixNorm(3L));

        static void Refused(string message, Action call) => Assert.Equal(message, Assert.Throws<AutogradException>(call).Message);
    }

    private static Tensor Matrix(Workspace ws, string kind, long m, long n, DType dtype)
    {
        Tensor Random() => ws.Randn([m, n], dtype: DType.Float64);
        double huge = dtype == DType.Float64 ? 1e200 : 1e30;
        Tensor a = kind switch
        {
            "rank one" => ws.Randn([m, 1], dtype: DType.Float64).Matmul(ws.Randn([1, n], dtype: DType.Float64)),
            "graded" => Random().Mul(ws.Arange(n).To(DType.Float64).Mul(-0.3).Exp()),
            "clustered" => ws.Eye(m, n, dtype: DType.Float64) + Random() * 1e-9,
            "zero" => ws.Zeros([m, n], dtype: DType.Float64),
            "huge" => Random() * huge,
            "tiny" => Random() / huge,
            _ => Random(),
        };
        return a.To(dtype);
    }

    private static void AssertOrthonormal(Tensor q)
    {
        var product = q.Transpose(-2, -1).Matmul(q);
        AssertClose(q.Workspace.Eye(q.Shape[-1], dtype: q.DType), product, product);
    }

    // To some roundings of the size of the matrix that it is about.
    private static void AssertClose(Tensor expected, Tensor actual, Tensor about, double factor = 20)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double size = about.ToDoubles().DefaultIfEmpty().Max(Math.Abs), order = Math.Max(about.Shape.Sizes[^1], 1);
        double tolerance = factor * order * (about.DType == DType.Float64 ? 2.3e-16 : 1.2e-7) * Math.Max(size, factor > 20 ? 1 : 0);
        double[] e = expected.ToDoubles(), a = actual.ToDoubles();
        for (int i = 0; i < e.Length; i++)
            Assert.True(Math.Abs(e[i] - a[i]) <= tolerance, $"element {i} is {a[i]:R}, expected {e[i]:R} within {tolerance:R}");
    }
}
