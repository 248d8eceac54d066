using System.Reflection;
using System.Text.Json.Nodes;
using AutogradService.Engine;

namespace AutogradService.Conformance.Cases;

/// <summary>Cases of every op of the table, from the op's own samples; what they give is still to be found out.</summary>
internal static class OpCases
{
    private const int SamplesMax = 4;
    private const int ElementsMax = 96;
    private const int ElementsHardMax = 1200;
    private static readonly DType[] s_dtypes = [DType.Float32, DType.Float64, DType.Int64, DType.Bool];

    /// <summary>The cases of an op, small ones and different ones first chosen; none where nothing is defined (empty).</summary>
    public static IEnumerable<JsonObject> Of(OpEntry entry)
    {
        var op = entry.Schema;
        if (op.Hidden || op.Name.Contains("empty", StringComparison.Ordinal)) yield break;
        var seen = new HashSet<string>();
        foreach (var dtype in s_dtypes)
        {
            using var workspace = new Workspace();
            using var scope = workspace.Scope();
            int number = 0;
            foreach (var sample in Choose(entry.Samples(new Sampler(workspace, dtype)).ToArray()))
            {
                var body = new JsonObject { ["op"] = op.Name, ["attributes"] = Attributes(sample.Op), ["inputs"] = Inputs(sample) };
                // Creation ops do not look at the dtype under test.
                if (seen.Add(body.ToJsonString())) yield return new JsonObject([new("name", $"{op.Name}/{dtype.Name}/{number++}"), .. body.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))]);
            }
        }
    }

    private static IEnumerable<Sample> Choose(Sample[] samples)
    {
        var small = samples.Where(s => Elements(s) <= ElementsMax).ToArray();
        if (small.Length == 0) return samples.Where(s => Elements(s) <= ElementsHardMax).OrderBy(Elements).Take(1);
        // One for each set of attributes, then other shapes.
        var different = small.DistinctBy(s => Attributes(s.Op).ToJsonString()).Take(SamplesMax).ToArray();
        return [.. different, .. small.Except(different, ReferenceEqualityComparer.Instance).Cast<Sample>().Take(SamplesMax - different.Length)];
    }

    private static long Elements(Sample sample) => sample.Inputs.Sum(t => t?.Numel ?? 0);

    private static JsonArray Inputs(Sample sample)
    {
        var schema = sample.Op.Schema;
        var flat = sample.Inputs.Select((t, i) => Input(t, sample.Op.Differentiable && schema.Differentiates(i, sample.Inputs.Length))).ToArray();
        int listed = flat.Length - (schema.Inputs.Length - 1), next = 0;
        var inputs = new JsonArray();
        for (int i = 0; i < schema.Inputs.Length; i++)
        {
            int count = i == schema.ListIndex ? listed : 1;
            var part = flat.Skip(next).Take(count).ToArray();
            next += count;
            inputs.Add((JsonNode?)(i == schema.ListIndex ? new JsonArray(part) : part.Length == 0 ? null : (JsonNode?)part[0]));
        }
        while (inputs.Count > 0 && inputs[^1] is null) inputs.RemoveAt(inputs.Count - 1);
        return inputs;
    }

    private static JsonObject? Input(Tensor? tensor, bool differentiates)
    {
        if (tensor is null) return null;
        if (tensor.IsWrappedNumber)
        {
            double value = tensor.ToDoubles()[0];
            return tensor.DType switch { DType.Bool => CaseValues.Number(value != 0), DType.Int64 => CaseValues.Number((long)value), _ => CaseValues.Number(value) };
        }
        var bytes = new byte[tensor.ByteLength];
        tensor.CopyTo(bytes);
        return CaseValues.Tensor(tensor.DType.Name, tensor.Shape.Sizes, bytes, differentiates && tensor.DType.IsFloatingPoint);
    }

    private static JsonObject Attributes(Op op)
    {
        var json = new JsonObject();
        foreach (var attribute in op.Schema.Attributes)
        {
            var property = op.GetType().GetProperty(attribute.Name.Replace("_", "", StringComparison.Ordinal), BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase)!;
            var value = Value(attribute.Kind, property.GetValue(op));
            // What the schema says anyway is left to the schema.
            if (attribute.Optional && JsonNode.DeepEquals(value, Value(attribute.Kind, attribute.Default))) continue;
            json[attribute.Name] = value;
        }
        return json;
    }

    private static JsonNode? Value(ParameterKind kind, object? value) => value switch
    {
        null => null,
        Scalar { IsFloat: true } scalar => CaseValues.Number(scalar.Real),
        Scalar { DType: DType.Bool } scalar => CaseValues.Number(scalar.Integer != 0),
        Scalar scalar => CaseValues.Number(scalar.Integer),
        long integer when kind == ParameterKind.Scalar => CaseValues.Number(integer),
        double real when kind == ParameterKind.Scalar => CaseValues.Number(real),
        long integer when kind == ParameterKind.Float => CaseValues.Real(integer),
        long integer => CaseValues.Integer(integer),
        double real => CaseValues.Real(real),
        bool truth => truth,
        string text => text,
        DType dtype => dtype.Name,
        Dims dims => new JsonArray([.. dims.Values.ToArray().Select(d => CaseValues.Integer(d))]),
        _ => throw new NotSupportedException(value.GetType().Name),
    };
}
