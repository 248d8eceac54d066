namespace AutogradService.Engine.Ops;

/// <summary>Group normalisation: the channels (dim 1) fall into groups, each standardised over all its elements of a sample: (x - mean) / sqrt(variance + eps) * weight + bias.</summary>
[Op("group_norm(input, num_groups, weight?, bias?, eps)")]
public sealed partial record GroupNorm(long NumGroups, double Eps = 1e-5) : CompositeOp, IOp<GroupNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<GroupNorm>((op, x) => Define(x[0], x[1], x[2], op.NumGroups, op.Eps));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new GroupNorm(2, 0.1), s.Any(2, 4, 3), s.Any(4), s.Any(4))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var input = x[0];
        if (input.Dim < 2) throw AutogradException.Shape($"Expected at least 2 dimensions for input tensor but received {input.Dim}");
        long channels = input.Shape[1];
        if (NumGroups <= 0) throw AutogradException.Attribute($"Expected num groups to be greater than 0, got {NumGroups}");
        if (channels % NumGroups != 0)
            throw AutogradException.Attribute($"Expected number of channels in input to be divisible by num_groups, but got input of shape {input.Shape} and num_groups={NumGroups}");
        Check(x.Optional(1), "weight", channels);
        Check(x.Optional(2), "bias", channels);
        return input.Numel == 0 ? input.Clone() : workspace.Apply(new NativeGroupNorm(NumGroups, Eps), input, x.Optional(1), x.Optional(2));
    }

    /// <summary>The definition.</summary>
    internal static NdArray Define(NdArray x, NdArray? weight, NdArray? bias, long groups, double eps)
    {
        var rows = new NdArray(Shape.Of(x.Shape[0] * groups, x.Shape.Numel / (x.Shape[0] * groups)), x.Values);
        var standard = new NdArray(x.Shape, NormalizedRows.Define(rows, 1, null, null, eps).Values);
        return NdArray.Build(x.Shape, i => standard[i] * (weight?[i[1]] ?? 1) + (bias?[i[1]] ?? 0));
    }

    private static void Check(Tensor? t, string name, long channels)
    {
        if (t is not null && (t.Dim != 1 || t.Numel != channels))
            throw AutogradException.Shape($"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of shape {t.Shape} and input of shape with {channels} channels");
    }
}
