namespace AutogradService.Engine.Ops;

/// <summary>Outer product of two vectors: y[i, j] = self[i] * vec2[j].</summary>
[Op("outer(self, vec2)")]
public sealed partial record Outer : CompositeOp, IOp<Outer>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Outer>((_, x) => NdArray.Build(Shape.Of(x[0].Shape[0], x[1].Shape[0]), i => x[0][i[0]] * x[1][i[1]]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Outer(), s.Any(3), s.Any(4)), Sample.Of(new Outer(), s.Any(0), s.Any(4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim != 1) throw AutogradException.Shape($"outer: Expected 1-D argument self, but got {x[0].Dim}-D");
        if (x[1].Dim != 1) throw AutogradException.Shape($"outer: Expected 1-D argument vec2, but got {x[1].Dim}-D");
        return x[0].Reshape([x[0].Numel, 1]).Mul(x[1]);
    }
}
