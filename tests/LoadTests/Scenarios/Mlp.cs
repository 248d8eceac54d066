using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>The network that the training scenarios train, and a batch for it.</summary>
internal static class Mlp
{
    /// <summary>Examples in a batch.</summary>
    public const int Batch = 64;

    /// <summary>Features of an example.</summary>
    public const int Features = 784;

    private const int Hidden = 512;
    private const int Classes = 10;

    /// <summary>Inputs of a batch, row by row.</summary>
    public static float[] Inputs { get; } = [.. Enumerable.Range(0, Batch * Features).Select(static i => i % 7 * 0.1f)];

    /// <summary>Labels of a batch.</summary>
    public static long[] Labels { get; } = [.. Enumerable.Range(0, Batch).Select(static i => (long)(i % Classes))];

    /// <summary>Weights and biases, in turn.</summary>
    public static Tensor[] Weights(AutogradSession session)
    {
        int[] sizes = [Features, Hidden, Hidden, Classes];
        var weights = new List<Tensor>();
        session.ManualSeed(1);
        for (int i = 0; i + 1 < sizes.Length; i++)
        {
            using (session.NoGrad()) weights.Add(session.Randn([sizes[i + 1], sizes[i]]).Mul(0.05).SetRequiresGrad());
            weights.Add(session.Zeros([sizes[i + 1]], requiresGrad: true));
        }
        return [.. weights];
    }

    /// <summary>The loss of a batch.</summary>
    public static Tensor Loss(Tensor x, Tensor labels, Tensor[] weights) =>
        x.Linear(weights[0], weights[1]).Relu().Linear(weights[2], weights[3]).Relu().Linear(weights[4], weights[5]).CrossEntropy(labels);
}
