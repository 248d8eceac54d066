namespace AutogradService.Engine.Ops;

/// <summary>What PyTorch's linear algebra refuses, in its words.</summary>
internal static class MatrixChecks
{
    /// <summary>Refuses what is no batch of matrices.</summary>
    public static void RequireMatrix(Tensor t, string op, string name = "A")
    {
        if (t.Dim < 2) throw AutogradException.Shape($"{op}: The input tensor {name} must have at least 2 dimensions.");
    }

    /// <summary>Refuses what is no batch of square matrices.</summary>
    public static void RequireSquare(Tensor t, string op, string name = "A")
    {
        RequireMatrix(t, op, name);
        if (t.Shape[-1] != t.Shape[-2])
            throw AutogradException.Shape($"{op}: {name} must be batches of square matrices, but they are {t.Shape[-2]} by {t.Shape[-1]} matrices");
    }

    /// <summary>Refuses dtypes that decompositions do not take: all but float32 and float64, or all but floating ones.</summary>
    public static void RequireFloat(Tensor t, string op, bool halfToo = false)
    {
        if (!t.DType.IsFloatingPoint)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"{op}: Expected a floating point or complex tensor as input. Got {t.DType.TorchName}");
        if (!halfToo && t.DType.ComputeType != t.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"{op}: Low precision dtypes not supported. Got {t.DType.TorchName}");
    }

    /// <summary>Refuses operands of different dtypes.</summary>
    public static void RequireSameDType(Tensor a, Tensor b, string op)
    {
        if (a.DType != b.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"{op}: Expected A and B to have the same dtype, but found A of type {a.DType.TorchName} and B of type {b.DType.TorchName} instead");
    }

    /// <summary>Refuses a system whose sides do not fit: A X = B, or X A = B.</summary>
    public static void RequireSystem(Tensor a, Tensor b, bool left, string op)
    {
        RequireMatrix(b, op, "B");
        if (a.Shape[-2] != b.Shape[left ? -2 : -1])
            throw AutogradException.Shape($"{op}: Incompatible shapes of A and B for the equation {(left ? "AX = B" : "XA = B")} ({a.Shape[-2]}x{a.Shape[-1]} and {b.Shape[-2]}x{b.Shape[-1]})");
    }

    /// <summary>Throws what the first failure in a batch of info values means for the op; -4 says that an element was not finite.</summary>
    public static void Throw(string op, ReadOnlySpan<int> infos, bool single)
    {
        int at = infos.IndexOfAnyExcept(0);
        if (at < 0) return;
        string where = single ? op : $"{op}: (Batch element {at})";
        int info = infos[at];
        string text = op switch
        {
            _ when info == -4 => "The algorithm failed to converge because the input matrix contained non-finite values.",
            _ when op.Contains("inv", StringComparison.Ordinal) => $"The diagonal element {info} is zero, the inversion could not be completed because the input matrix is singular.",
            _ when op.Contains("solve", StringComparison.Ordinal) => "The solver failed because the input matrix is singular.",
            _ when op.Contains("cholesky", StringComparison.Ordinal) => $"The factorization could not be completed because the input is not positive-definite (the leading minor of order {info} is not positive-definite).",
            _ when op.Contains("eig", StringComparison.Ordinal) => $"The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated eigenvalues (error code: {info}).",
            _ when op.Contains("svd", StringComparison.Ordinal) => $"The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated singular values (error code: {info}).",
            _ when op.Contains("lstsq", StringComparison.Ordinal) => $"The least squares problem could not be solved because the input matrix does not have full rank (error code: {info}).",
            _ => $"U[{info},{info}] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)",
        };
        throw AutogradException.Attribute($"{where}: {text}");
    }

    /// <summary>As the other overload, for a tensor of infos.</summary>
    public static void Throw(string op, Tensor info) => info.Workspace.Check(info, infos => Throw(op, infos.ToArray<int>(), infos.Dim == 0));

    /// <summary>Refuses pivots that name rows which the matrix does not have: they are followed blindly.</summary>
    /// <param name="pivots">Row numbers from 1, contiguous.</param>
    /// <param name="rows">Rows of each matrix.</param>
    /// <param name="op">For the message.</param>
    public static unsafe void RequirePivots(Tensor pivots, long rows, string op)
    {
        int* p = pivots.Pointer<int>();
        for (long i = 0; i < pivots.Numel; i++)
            if (p[i] < 1 || p[i] > rows)
                throw AutogradException.Attribute($"pivots passed to {op} must be between 1 and LU.size(-2) inclusive.Did you properly pass the result of lu_factor?");
    }
}
