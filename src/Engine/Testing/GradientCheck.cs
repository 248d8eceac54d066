using System.Globalization;
using System.Text;

namespace AutogradService.Engine;

/// <summary>How derivatives are compared with finite differences; the defaults are torch.autograd.gradcheck's.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>The step of the central differences.</summary>
    public double Eps { get; init; } = 1e-6;

    /// <summary>Absolute tolerance.</summary>
    public double Atol { get; init; } = 1e-5;

    /// <summary>Tolerance relative to the finite difference.</summary>
    public double Rtol { get; init; } = 1e-3;

    /// <summary>How far two runs of the same backward may differ.</summary>
    public double NondetTol { get; init; }

    /// <summary>Compares a random projection of each Jacobian's rows, one backward an output, rather than every row.</summary>
    public bool FastMode { get; init; }

    /// <summary>Compares forward mode too.</summary>
    public bool CheckForwardAd { get; init; }
}

/// <summary>Compares derivatives with finite differences (torch.autograd.gradcheck and gradgradcheck). Made for float64: float32 fails by its rounding alone.</summary>
public static class GradientCheck
{
    // Jacobians are held whole: 128 MiB of float64.
    private const long ElementsMax = 1 << 24;

    /// <summary>Checks the first derivative of a function of some tensors.</summary>
    /// <param name="workspace">Where the tensors live.</param>
    /// <param name="function">Called again and again, with copies of the inputs that require grad.</param>
    /// <param name="inputs">float64 or float32; those that require grad are differentiated. Not modified.</param>
    /// <param name="options">Step and tolerances.</param>
    /// <returns>Null, or what differs.</returns>
    /// <exception cref="AutogradException">INVALID_ATTRIBUTE: no input requires grad, or Jacobians too large to hold; DTYPE_UNSUPPORTED; and whatever the function throws.</exception>
    public static string? First(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, GradientCheckOptions? options = null)
    {
        options ??= new GradientCheckOptions();
        using var scope = workspace.Scope();
        using var mode = workspace.EnableGrad();
        var x = new Tensor[inputs.Length];
        var variables = new List<int>();
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = inputs[i];
            if (!inputs[i].RequiresGrad) continue;
            if (inputs[i].DType is not (DType.Float64 or DType.Float32)) throw AutogradException.DTypeUnsupported("gradcheck", inputs[i].DType);
            x[i] = inputs[i].Detach().Clone("contiguous_format").SetRequiresGrad();
            variables.Add(i);
        }
        if (variables.Count == 0)
            throw AutogradException.Attribute("gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True.", TorchErrorType.ValueError);
        return Compare(workspace, function, x, variables, options);
    }

    /// <summary>Checks the second derivative: the first derivative as a function of the inputs and of the outputs' gradients.</summary>
    /// <inheritdoc cref="First" path="/param"/>
    /// <param name="workspace">Where the tensors live.</param>
    /// <param name="function">Called again and again.</param>
    /// <param name="inputs">As for <see cref="First"/>.</param>
    /// <param name="gradOutputs">A gradient for each output that requires grad; empty for random ones.</param>
    /// <param name="options">Step and tolerances.</param>
    /// <returns>Null, or what differs.</returns>
    /// <exception cref="AutogradException">As <see cref="First"/>; SHAPE_MISMATCH.</exception>
    public static string? Second(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> gradOutputs = default, GradientCheckOptions? options = null)
    {
        using var scope = workspace.Scope();
        using var mode = workspace.EnableGrad();
        int count = inputs.Length;
        var outputs = Array.FindAll(function(inputs.ToArray()), o => o.RequiresGrad);
        if (outputs.Length == 0) return null;
        if (gradOutputs.Length != 0 && gradOutputs.Length != outputs.Length)
            throw AutogradException.Attribute($"got {outputs.Length} tensors and {gradOutputs.Length} gradients");
        var random = new Philox(7);
        var cotangents = new Tensor[outputs.Length];
        for (int i = 0; i < cotangents.Length; i++)
        {
            cotangents[i] = (gradOutputs.Length > 0 ? gradOutputs[i] : Random(workspace, outputs[i], random)).Detach().SetRequiresGrad();
            if (!cotangents[i].Shape.Equals(outputs[i].Shape))
                throw AutogradException.Shape($"Mismatch in shape: grad_output[{i}] has a shape of torch.Size({cotangents[i].Shape}) and output[{i}] has a shape of torch.Size({outputs[i].Shape}).");
        }
        return First(workspace, all =>
        {
            var x = all[..count];
            var y = Array.FindAll(function(x), o => o.RequiresGrad);
            var gradients = workspace.Gradients(y, Array.FindAll(x, t => t.RequiresGrad), all.AsSpan(count), createGraph: true, allowUnused: true);
            return [.. gradients.Where(g => g is { RequiresGrad: true }).Select(g => g!)];
        }, [.. inputs, .. cotangents], options);
    }

    private static string? Compare(Workspace workspace, Func<Tensor[], Tensor[]> function, Tensor[] x, List<int> variables, GradientCheckOptions options)
    {
        var random = new Philox(3);
        var outputs = function(x);
        for (int o = 0; o < outputs.Length; o++)
        {
            // Beside outputs with a gradient, those without one are not looked at.
            if (!outputs[o].DType.IsFloatingPoint || !outputs[o].RequiresGrad && Array.Exists(outputs, t => t.RequiresGrad)) continue;
            // One projection of all rows, or every row.
            double[][] rows = options.FastMode ? [Random(workspace, outputs[o], random).ToDoubles()] : Units(outputs[o].Numel);
            foreach (int i in variables)
            {
                if (rows.LongLength * x[i].Numel > ElementsMax) throw AutogradException.Attribute($"a Jacobian of {rows.LongLength} x {x[i].Numel} elements is too large to be checked as a whole: use fast_mode");
                workspace.Cancellation.ThrowIfCancellationRequested();
                double[][] analytic = Analytic(workspace, outputs[o], x[i], rows);
                double[][] numeric = Numeric(workspace, function, x, i, o, rows, options.Eps);
                if (!outputs[o].RequiresGrad)
                {
                    if (Differ(numeric, analytic, options)) return "Numerical gradient for function expected to be zero";
                    continue;
                }
                if (Differ(analytic, numeric, options)) return Mismatch("Jacobian", o, i, numeric, analytic, options);
                if (Differ(Analytic(workspace, outputs[o], x[i], rows), analytic, options with { Atol = options.NondetTol, Rtol = 0 }))
                    return $"Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives different values, although analytical gradient matches numerical gradient. The tolerance for nondeterminism was {options.NondetTol.ToString(CultureInfo.InvariantCulture)}.";
                if (!options.CheckForwardAd) continue;
                double[][] forward = Forward(workspace, function, x, i, o, rows);
                if (Differ(forward, numeric, options)) return Mismatch("Jacobian computed with forward mode", o, i, numeric, forward, options);
            }
        }
        return null;
    }

    // By row: the gradient of the output's projection.
    private static double[][] Analytic(Workspace workspace, Tensor output, Tensor variable, double[][] rows)
    {
        var result = new double[rows.Length][];
        for (int r = 0; r < rows.Length; r++)
        {
            using var scope = workspace.Scope();
            var seed = workspace.FromArray<double>(rows[r], output.Shape, output.DType);
            var gradient = output.RequiresGrad ? workspace.Gradients([output], [variable], [seed], retainGraph: true, allowUnused: true)[0] : null;
            result[r] = gradient?.ToDoubles() ?? new double[variable.Numel];
        }
        return result;
    }

    private static double[][] Numeric(Workspace workspace, Func<Tensor[], Tensor[]> function, Tensor[] x, int input, int output, double[][] rows, double eps)
    {
        double[] values = x[input].ToDoubles();
        var result = Array.ConvertAll(rows, _ => new double[values.Length]);
        for (int k = 0; k < values.Length; k++)
        {
            double[] above = Projected(values[k] + eps), below = Projected(values[k] - eps);
            Set(x[input], k, values[k]);
            for (int r = 0; r < rows.Length; r++) result[r][k] = (above[r] - below[r]) / (2 * eps);

            double[] Projected(double value)
            {
                using var scope = workspace.Scope();
                Set(x[input], k, value);
                double[] y = function(x)[output].ToDoubles();
                return Array.ConvertAll(rows, row => Dot(row, y));
            }
        }
        return result;
    }

    private static double[][] Forward(Workspace workspace, Func<Tensor[], Tensor[]> function, Tensor[] x, int input, int output, double[][] rows)
    {
        double[][] units = Units(x[input].Numel);
        var result = Array.ConvertAll(rows, _ => new double[units.Length]);
        for (int k = 0; k < units.Length; k++)
        {
            using var scope = workspace.Scope();
            using var level = workspace.EnterDualLevel();
            var duals = (Tensor[])x.Clone();
            duals[input] = workspace.MakeDual(x[input], workspace.FromArray<double>(units[k], x[input].Shape, x[input].DType));
            double[]? tangent = function(duals)[output].Tangent?.ToDoubles();
            for (int r = 0; r < rows.Length; r++) result[r][k] = tangent is null ? 0 : Dot(rows[r], tangent);
        }
        return result;
    }

    private static double[][] Units(long count)
    {
        var units = new double[count][];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = new double[count];
            units[i][i] = 1;
        }
        return units;
    }

    private static double Dot(double[] a, double[] b)
    {
        // A zero weight takes no part: other elements of the output may well be infinite.
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            if (a[i] != 0) sum += a[i] * b[i];
        return sum;
    }

    private static bool Differ(double[][] a, double[][] b, GradientCheckOptions options)
    {
        for (int r = 0; r < a.Length; r++)
            for (int k = 0; k < a[r].Length; k++)
                if (!(Math.Abs(a[r][k] - b[r][k]) <= options.Atol + options.Rtol * Math.Abs(b[r][k])) && a[r][k] != b[r][k]) return true;
        return false;
    }

    private static string Mismatch(string what, int output, int input, double[][] numeric, double[][] analytic, GradientCheckOptions options)
    {
        string text = $"{what} mismatch for output {output} with respect to input {input},\nnumerical:{Text(numeric)}\nanalytical:{Text(analytic)}\n";
        return options.FastMode ? text + "The above quantities relating the numerical and analytical jacobians are computed in fast mode." : text;
    }

    // As PyTorch prints Jacobians: a row an input element. Long ones are cut.
    private static string Text(double[][] rows)
    {
        const int shown = 8;
        int inputs = rows.Length == 0 ? 0 : rows[0].Length;
        var text = new StringBuilder("tensor([");
        for (int k = 0; k < Math.Min(inputs, shown); k++)
        {
            text.Append(k == 0 ? "[" : ", [").AppendJoin(", ", rows.Take(shown).Select(r => r[k].ToString("G6", CultureInfo.InvariantCulture)));
            text.Append(rows.Length > shown ? ", ...]" : "]");
        }
        return text.Append(inputs > shown ? ", ...])" : "])").ToString();
    }

    // Behind autograd's back: the leaf stays the same leaf, and no version moves.
    private static unsafe void Set(Tensor t, int element, double value)
    {
        if (t.DType == DType.Float64) t.Pointer<double>()[element] = value;
        else t.Pointer<float>()[element] = (float)value;
    }

    private static Tensor Random(Workspace workspace, Tensor like, Philox random)
    {
        var values = new double[like.Numel];
        ulong first = random.Reserve(values.Length);
        for (int i = 0; i < values.Length; i++) values[i] = random.Uniform(first + (ulong)i) * 2 - 1;
        return workspace.FromArray<double>(values, like.Shape, like.DType);
    }
}
