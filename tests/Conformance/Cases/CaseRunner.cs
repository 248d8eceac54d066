using System.Text.Json.Nodes;
using AutogradService.Client;
using AutogradService.Engine;
using AutogradException = AutogradService.Client.AutogradException;
using Dims = AutogradService.Client.Dims;
using Operand = AutogradService.Client.Operand;
using Tensor = AutogradService.Client.Tensor;

namespace AutogradService.Conformance.Cases;

/// <summary>Runs one case of an op through the C# client. Making cases and replaying them is the same run.</summary>
internal static class CaseRunner
{
    /// <summary>What the session's random numbers are seeded with before every case and every program.</summary>
    public const int Seed = 7;

    /// <summary>What the op gives for a case's inputs and attributes: outputs and, where there are any, gradients, or the error.</summary>
    public static async Task<JsonObject> RunAsync(AutogradSession session, JsonObject @case)
    {
        using var scope = session.Scope();
        session.ManualSeed(Seed);
        var leaves = new List<Tensor>();
        Operand[] operands = [.. @case["inputs"]!.AsArray().Select(input => OperandOf(session, input, leaves))];
        Tensor[] outputs;
        try
        {
            outputs = await session.ApplyAsync((string)@case["op"]!, operands, Attributes((string)@case["op"]!, @case["attributes"]!.AsObject()));
        }
        catch (AutogradException refusal)
        {
            return new JsonObject { ["error"] = CaseValues.Error(refusal) };
        }
        var values = new JsonArray();
        foreach (var output in outputs) values.Add((JsonNode)await CaseValues.ReadAsync(output));
        var result = new JsonObject { ["outputs"] = values };
        if (outputs.Length > 0 && leaves.Count > 0 && await GradientsAsync(session, @case, outputs[0], leaves) is { } gradients) result["gradients"] = gradients;
        return result;
    }

    /// <summary>Operand of a call.</summary>
    public static Operand OperandOf(AutogradSession session, JsonNode? input, List<Tensor> leaves) => input switch
    {
        null => Operand.None,
        JsonArray list => Operand.List([.. list.Select(element => element is null ? null : TensorOf(session, element.AsObject(), leaves))]),
        JsonObject number when CaseValues.IsNumber(number) => CaseValues.NumberOf(number),
        _ => TensorOf(session, input.AsObject(), leaves),
    };

    /// <summary>Attributes of a call; the schema tells which type each has on the wire.</summary>
    public static Dictionary<string, OpArgument> Attributes(string op, JsonObject json)
    {
        var schema = OpTable.Contains(op) ? OpTable.Get(op).Schema : null;
        return json.ToDictionary(attribute => attribute.Key, attribute => Attribute(schema?.Attributes.FirstOrDefault(a => a.Name == attribute.Key)?.Kind, attribute.Value));
    }

    private static OpArgument Attribute(ParameterKind? kind, JsonNode? value) => (kind, value) switch
    {
        (_, null) => OpArgument.None,
        (ParameterKind.DType, _) => CaseValues.DTypeOf((string)value!),
        (ParameterKind.Float, not JsonObject) => CaseValues.RealOf(value),
        (ParameterKind.Int, not JsonObject) => CaseValues.IntegerOf(value),
        (_, JsonArray list) => Dims.Create([.. list.Select(element => CaseValues.IntegerOf(element!))]),
        (_, JsonObject number) => (Number?)CaseValues.NumberOf(number),
        _ when value.GetValueKind() == System.Text.Json.JsonValueKind.String => (string)value!,
        _ => (bool)value,
    };

    private static Tensor TensorOf(AutogradSession session, JsonObject json, List<Tensor> leaves)
    {
        var tensor = CaseValues.Send(session, json);
        if (json["requires_grad"] is not null) leaves.Add(tensor);
        return tensor;
    }

    private static async Task<JsonObject?> GradientsAsync(AutogradSession session, JsonObject @case, Tensor output, List<Tensor> leaves)
    {
        var info = await output.DescribeAsync();
        if (!info.RequiresGrad || !info.DType.IsFloatingPoint) return null;
        Tensor?[] gradients;
        try
        {
            gradients = await session.GradAsync([output.Sum()], leaves);
        }
        catch (AutogradException)
        {
            return null; // no derivative here
        }
        var values = new Queue<JsonObject?>();
        foreach (var gradient in gradients) values.Enqueue(gradient is null ? null : await CaseValues.ReadAsync(gradient));
        // As the inputs are nested, null where an input takes no gradient or gets none.
        var nested = new JsonArray([.. @case["inputs"]!.AsArray().Select(input => input is JsonArray list ? new JsonArray([.. list.Select(Next)]) : Next(input))]);
        return new JsonObject { ["of"] = "sum", ["inputs"] = nested };

        JsonNode? Next(JsonNode? input) => input is JsonObject tensor && tensor.ContainsKey("requires_grad") ? values.Dequeue() : null;
    }
}
