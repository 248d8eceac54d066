using System.Globalization;
using System.Reflection;
using System.Text;
using AutogradService.Engine;

namespace AutogradService.Generate;

/// <summary>What only running an op tells: its dtypes, whether it has a derivative, an example.</summary>
/// <param name="DTypes">The dtypes that its first operand may have, in words.</param>
/// <param name="IsDifferentiable">Whether gradients flow through it.</param>
/// <param name="Example">A call and its result; empty where no sample is small enough to be read.</param>
internal sealed record OpFacts(string DTypes, bool IsDifferentiable, string Example)
{
    private const int ElementsShown = 12;
    private static readonly DType[] s_floats = [DType.Float32, DType.Float64, DType.Float16, DType.BFloat16];
    private static readonly DType[] s_integers = [DType.Int64, DType.Int32, DType.Int16, DType.Int8, DType.UInt8];

    public static OpFacts Of(OpSchema op)
    {
        var entry = OpTable.Get(op.Name);
        using var workspace = new Workspace();
        var samples = entry.Samples(new Sampler(workspace, DType.Float64)).ToArray();
        return new OpFacts(DTypesOf(entry, workspace, samples), op.Differentiable && samples[0].Op.Differentiable, ExampleOf(op, workspace, samples));
    }

    private static string DTypesOf(OpEntry entry, Workspace workspace, Sample[] samples)
    {
        var taken = Enum.GetValues<DType>().Where(dtype => Takes(entry, workspace, samples, dtype)).ToHashSet();
        if (taken.Count == Enum.GetValues<DType>().Length) return "all";
        var parts = new List<string>();
        if (s_floats.All(taken.Contains)) parts.Add("floating");
        else parts.AddRange(s_floats.Where(taken.Contains).Select(d => d.Name));
        if (s_integers.All(taken.Contains)) parts.Add("integers");
        else parts.AddRange(s_integers.Where(taken.Contains).Select(d => d.Name));
        if (taken.Contains(DType.Bool)) parts.Add("bool");
        return parts.Count == 0 ? "none" : string.Join(", ", parts);
    }

    // A sample of that dtype or, if the op has none, a float sample converted to it.
    private static bool Takes(OpEntry entry, Workspace workspace, Sample[] floats, DType dtype)
    {
        using var scope = workspace.Scope();
        var own = entry.Samples(new Sampler(workspace, dtype)).ToArray();
        foreach (var sample in own.Length > 0 ? own : floats)
        {
            try
            {
                workspace.ApplyMany(sample.Op, Array.ConvertAll(sample.Inputs, t => t is { DType: DType.Float64, IsWrappedNumber: false } && own.Length == 0 ? t.To(dtype) : t));
                return true;
            }
            catch (AutogradException)
            {
                // Another sample may have a shape or a value that this dtype takes.
            }
        }
        return false;
    }

    // float64, so that no machine's rounding shows in the digits.
    private static string ExampleOf(OpSchema op, Workspace workspace, Sample[] samples)
    {
        foreach (var sample in samples)
        {
            if (sample.Inputs.Any(t => t is not null && t.Numel is 0 or > ElementsShown)) continue;
            Tensor[] outputs;
            try
            {
                outputs = workspace.ApplyMany(sample.Op, sample.Inputs);
            }
            catch (AutogradException)
            {
                continue;
            }
            if (outputs.Length == 0 || outputs.Any(t => t.Numel is 0 or > 2 * ElementsShown)) continue;
            return $"{Call(op, sample)} = {(outputs.Length == 1 ? Text(outputs[0]) : $"({string.Join(", ", outputs.Select(Text))})")}";
        }
        return "";
    }

    private static string Call(OpSchema op, Sample sample)
    {
        var arguments = new List<string>();
        int next = 0;
        foreach (var input in op.Inputs)
        {
            int count = input.Kind == ParameterKind.TensorList ? sample.Inputs.Length - (op.Inputs.Length - 1) : 1;
            var given = sample.Inputs.Skip(next).Take(count).ToArray();
            next += count;
            string[] texts = Array.ConvertAll(given, t => t is null ? "None" : Text(t));
            if (input.Kind == ParameterKind.TensorList) arguments.Add($"[{string.Join(", ", texts)}]");
            else if (texts is [not "None"]) arguments.Add(arguments.Contains("") ? $"{input.Name}={texts[0]}" : texts[0]);
            else arguments.Add("");
        }
        arguments.RemoveAll(a => a.Length == 0);
        foreach (var attribute in op.Attributes)
        {
            object? value = Property(sample.Op, attribute.Name);
            if (value is not null && !Equals(value, attribute.Default)) arguments.Add($"{attribute.Name}={Text(value)}");
        }
        return $"{op.Name.Split('.')[0]}({string.Join(", ", arguments)})";
    }

    private static object? Property(Op op, string name)
    {
        string wanted = name.Replace("_", "", StringComparison.Ordinal);
        return op.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).FirstOrDefault(p => string.Equals(p.Name, wanted, StringComparison.OrdinalIgnoreCase))?.GetValue(op);
    }

    private static string Text(object value) => value switch
    {
        bool truth => truth ? "True" : "False",
        double number => Number(number),
        string text => $"'{text}'",
        DType dtype => dtype.Name,
        Dims dims => $"[{string.Join(", ", dims.Values.ToArray())}]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Text(Tensor tensor)
    {
        double[] values = tensor.ToDoubles();
        var text = new StringBuilder();
        int at = 0;
        Write(0);
        return text.ToString();

        void Write(int dim)
        {
            if (dim == tensor.Dim)
            {
                double value = values[at++];
                text.Append(tensor.DType == DType.Bool ? value != 0 ? "True" : "False" : Number(value));
                return;
            }
            text.Append('[');
            for (long i = 0; i < tensor.Shape[dim]; i++)
            {
                if (i > 0) text.Append(", ");
                Write(dim + 1);
            }
            text.Append(']');
        }
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? value > 0 ? "inf" : "-inf" : value.ToString("G4", CultureInfo.InvariantCulture);
}
