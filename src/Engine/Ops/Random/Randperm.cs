namespace AutogradService.Engine.Ops;

/// <summary>A random permutation of 0, ..., n - 1; int64 unless a dtype is given.</summary>
[Op("randperm(n, dtype)")]
public sealed partial record Randperm(long N, DType? DType = null) : ComputeOp, IOp<Randperm>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random numbers: RandomTests checks that it is a permutation, and repeatability");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Randperm(5)), Sample.Of(new Randperm(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => N >= 0 ? new(Shape.Of(N), DType ?? Engine.DType.Int64) : throw AutogradException.Attribute($"n must be non-negative, got{N}");

    /// <summary>Fisher and Yates' shuffle.</summary>
    public override void Forward(Inputs x, Tensor y)
    {
        var random = y.Workspace.Random;
        ulong first = random.Reserve(N);
        var order = new long[N];
        for (long i = 0; i < N; i++)
        {
            long j = random.Integer(first + (ulong)i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        Kernels.Fill.EachInteger(y, i => order[i]);
    }
}
