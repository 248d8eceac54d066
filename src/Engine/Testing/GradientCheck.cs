namespace AutogradService.Engine;

/// <summary>Compares derivatives with finite differences (torch.autograd.gradcheck), in float64.</summary>
public static class GradientCheck
{
    private const double Step = 1e-6;

    /// <summary>Checks the first derivative of a function of some tensors.</summary>
    /// <param name="workspace">Where the tensors live.</param>
    /// <param name="inputs">Leaves that require grad, float64, contiguous; perturbed and restored.</param>
    /// <param name="function">Returns the outputs; called again and again.</param>
    /// <returns>Null, or what differs and by how much.</returns>
    public static string? First(Workspace workspace, Tensor[] inputs, Func<Tensor[]> function, double tolerance = 1e-5) =>
        Compare(workspace, inputs, function, tolerance);

    /// <summary>Checks the second derivative: the first derivative as a function of the inputs and of the output's gradient.</summary>
    public static string? Second(Workspace workspace, Tensor[] inputs, Func<Tensor[]> function, double tolerance = 1e-5)
    {
        var outputs = Array.FindAll(function(), o => o.RequiresGrad);
        if (outputs.Length == 0) return null;
        var random = new Philox(7);
        var cotangents = Array.ConvertAll(outputs, o => Random(workspace, o.Shape, random).SetRequiresGrad());
        Tensor[] all = [.. inputs, .. cotangents];
        return Compare(workspace, all, () =>
        {
            var y = Array.FindAll(function(), o => o.RequiresGrad);
            var gradients = workspace.Gradients(y, inputs, cotangents, createGraph: true, allowUnused: true);
            return [.. gradients.Where(g => g is { RequiresGrad: true }).Select(g => g!)];
        }, tolerance);
    }

    private static string? Compare(Workspace workspace, Tensor[] inputs, Func<Tensor[]> function, double tolerance)
    {
        var random = new Philox(3);
        using var scope = workspace.Scope();
        var outputs = function();
        for (int o = 0; o < outputs.Length; o++)
        {
            if (!outputs[o].RequiresGrad) continue;
            // A random projection of the Jacobian: every row takes part, with one backward an output.
            var weights = Random(workspace, outputs[o].Shape, random);
            double[] w = weights.ToDoubles();
            var analytic = workspace.Gradients([outputs[o]], inputs, [weights], retainGraph: true, allowUnused: true);
            for (int i = 0; i < inputs.Length; i++)
            {
                double[]? a = analytic[i]?.ToDoubles();
                double[] values = inputs[i].ToDoubles();
                for (int k = 0; k < values.Length; k++)
                {
                    double step = Step * Math.Max(1, Math.Abs(values[k]));
                    double numeric = (Projected(k, values[k] + step) - Projected(k, values[k] - step)) / (2 * step);
                    Set(inputs[i], k, values[k]);
                    double got = a?[k] ?? 0;
                    if (!(Math.Abs(got - numeric) <= tolerance * (1 + Math.Abs(numeric))))
                        return $"output {o}, input {i}, element {k}: derivative {got:R}, finite difference {numeric:R}";
                }

                double Projected(int element, double value)
                {
                    using var inner = workspace.Scope();
                    Set(inputs[i], element, value);
                    double[] y = function()[o].ToDoubles();
                    double sum = 0;
                    for (int n = 0; n < y.Length; n++) sum += y[n] * w[n];
                    return sum;
                }
            }
        }
        return null;
    }

    // Behind autograd's back: the leaf stays the same leaf, and no version moves.
    private static unsafe void Set(Tensor t, int element, double value) => t.Pointer<double>()[element] = value;

    private static Tensor Random(Workspace workspace, Shape shape, Philox random)
    {
        var values = new double[shape.Numel];
        ulong first = random.Reserve(values.Length);
        for (int i = 0; i < values.Length; i++) values[i] = random.Uniform(first + (ulong)i) * 2 - 1;
        return workspace.FromArray<double>(values, shape);
    }
}
