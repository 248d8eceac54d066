namespace AutogradService.Engine.Ops;

/// <summary>Of a vector, the matrix that has it as a diagonal; of a matrix, a copy of its diagonal.</summary>
[Op("diag(self, diagonal)")]
public sealed partial record Diag(long Diagonal = 0) : CompositeOp, IOp<Diag>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Diag>((op, x) =>
        x[0].Shape.Rank == 1 ? DiagEmbed.Reference.Compute(new DiagEmbed(op.Diagonal), x)[0] : Ops.Diagonal.Definition(x[0], op.Diagonal, 0, 1));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Diag(), s.Any(3)), Sample.Of(new Diag(1), s.Any(3, 4)), Sample.Of(new Diag(-2), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim switch
    {
        1 => x[0].DiagEmbed(Diagonal, 0, 1),
        2 => x[0].DiagonalCopy(Diagonal, 0, 1),
        _ => throw AutogradException.Shape($"diag(): Supports 1D or 2D tensors. Got {x[0].Dim}D"),
    };
}
