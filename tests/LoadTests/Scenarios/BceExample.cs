using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>The README's example as a function: x(5) @ w(5,3) + b, binary cross entropy with logits.</summary>
internal static class BceExample
{
    /// <summary>Its inputs: x, w, b.</summary>
    public static FunctionInput[] Inputs { get; } = [new float[] { 1, 1, 1, 1, 1 }, FunctionInput.Of(new float[5, 3]), new float[3]];

    /// <summary>Records it.</summary>
    public static Function Trace(AutogradClient client) =>
        client.Trace(static (x, w, b) => (x.Matmul(w) + b).BinaryCrossEntropyWithLogits(b.ZerosLike()), [5], [5, 3], [3]).DifferentiatedBy("w", "b");

    /// <summary>Looks at an answer: logits of nothing make sigmoid(0) / 3 for each bias.</summary>
    public static void Check(ValueAndGrad answer) => SessionLane.Require(Math.Abs(answer["b"].ToArray<float>()[2] - 0.5f / 3) < 1e-6f, "the gradient of the bias");
}
