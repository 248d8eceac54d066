namespace AutogradService.Engine.Ops;

/// <summary>Singular value decomposition self = U diag(S) V^T, the older form of linalg_svd: it gives V, not its transpose.</summary>
[Op("svd(self, some, compute_uv) -> (U, S, V)")]
public sealed partial record Svd(bool Some = true, bool ComputeUv = true) : CompositeMultiOp, IOp<Svd>
{
    /// <inheritdoc/>
    public static Reference Reference => LinalgSvdEx.Reference;

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Svd(), MatrixSamples.Any(s, 4, 3)), Sample.ForwardOnly(new Svd(false), MatrixSamples.Any(s, 2, 2, 3)), Sample.Of(new Svd(true, false), MatrixSamples.Any(s, 2, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim < 2) throw AutogradException.Shape($"linalg.svd: input should have at least 2 dimensions, but has {x[0].Dim} dimensions instead");
        if (ComputeUv)
        {
            var (u, s, vh) = x[0].LinalgSvd(!Some);
            return [u, s, vh.Transpose(-2, -1)];
        }
        var batch = MatrixBatch.BatchOf(x[0]);
        long m = x[0].Shape[-2], n = x[0].Shape[-1];
        return [workspace.RawFull(MatrixBatch.With(batch, m, m), 0.0, x[0].DType), x[0].LinalgSvdvals(), workspace.RawFull(MatrixBatch.With(batch, n, n), 0.0, x[0].DType)];
    }
}
