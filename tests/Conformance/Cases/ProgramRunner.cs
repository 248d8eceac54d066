using System.Text.Json.Nodes;
using AutogradService.Client;

namespace AutogradService.Conformance.Cases;

/// <summary>Runs a program, a sequence of steps on named tensors, and writes into its expecting steps what was found.</summary>
internal static class ProgramRunner
{
    /// <summary>Runs a program in a session of its own.</summary>
    /// <returns>The program with what its steps found.</returns>
    public static async Task<JsonObject> RunAsync(AutogradSession session, JsonObject program)
    {
        var result = program.DeepClone().AsObject();
        var tensors = new Dictionary<string, Tensor>();
        session.ManualSeed(CaseRunner.Seed);
        foreach (var step in result["steps"]!.AsArray()) await StepAsync(session, tensors, step!.AsObject());
        return result;
    }

    private static async Task StepAsync(AutogradSession session, Dictionary<string, Tensor> tensors, JsonObject step)
    {
        switch ((string)step["do"]!)
        {
            case "create":
                tensors[(string)step["out"]!] = CaseValues.Send(session, step["tensor"]!.AsObject());
                break;
            case "apply":
                Apply(session, tensors, step);
                break;
            case "backward":
                session.Backward(List("roots")!, List("gradients", optional: true), Flag("retain_graph"), Flag("create_graph") ?? false, List("inputs"));
                break;
            case "grad":
                var gradients = session.Grad(List("outputs")!, List("inputs")!, List("gradients", optional: true), Flag("retain_graph"), Flag("create_graph") ?? false);
                foreach (var (name, gradient) in step["out"]!.AsArray().Zip(gradients)) tensors[(string)name!] = gradient;
                break;
            case "alias_grad":
                tensors[(string)step["out"]!] = One("tensor").Grad;
                break;
            case "zero_grad":
                session.ZeroGrad(List("tensors"), Flag("set_to_none") ?? true);
                break;
            case "requires_grad":
                One("tensor").SetRequiresGrad(Flag("value") ?? true);
                break;
            case "retain_grad":
                One("tensor").RetainGrad();
                break;
            case "detach_in_place":
                One("tensor").DetachInPlace();
                break;
            case "seed":
                session.ManualSeed((ulong)(long)step["value"]!);
                break;
            case "expect":
                step["value"] = await CaseValues.ReadAsync(One("tensor"));
                break;
            case "expect_grad":
                step["value"] = await One("tensor").GradAsync() is { } grad ? await CaseValues.ReadAsync(grad) : null;
                break;
            case "expect_info":
                step["value"] = Info(await One("tensor").DescribeAsync());
                break;
            case "expect_error":
                step["error"] = await ErrorAsync(session);
                break;
            default:
                throw new NotSupportedException((string)step["do"]!);
        }

        Tensor One(string key) => tensors[(string)step[key]!];
        bool? Flag(string key) => (bool?)step[key];
        Tensor[]? List(string key, bool optional = false) => step[key] is JsonArray names ? [.. names.Select(name => name is null ? optional ? null! : throw new NotSupportedException() : tensors[(string)name!])] : null;
    }

    private static void Apply(AutogradSession session, Dictionary<string, Tensor> tensors, JsonObject step)
    {
        string op = (string)step["op"]!;
        Operand[] operands = [.. step["inputs"]!.AsArray().Select(input => input switch
        {
            null => Operand.None,
            JsonObject number => CaseValues.NumberOf(number),
            JsonArray list => Operand.List([.. list.Select(name => tensors[(string)name!])]),
            _ => tensors[(string)input!],
        })];
        var attributes = CaseRunner.Attributes(op, step["attributes"]?.AsObject() ?? []);
        using var mode = session.SetGradEnabled((bool?)step["no_grad"] != true);
        if ((bool?)step["in_place"] == true)
        {
            session.ApplyInPlace(op, operands, attributes);
            return;
        }
        var outputs = session.Apply(op, operands, attributes);
        foreach (var (name, output) in step["out"]!.AsArray().Zip(outputs)) tensors[(string)name!] = output;
    }

    private static JsonObject Info(TensorInfo info) => new()
    {
        ["dtype"] = info.DType.Name,
        ["shape"] = new JsonArray([.. info.Shape.Select(size => (JsonNode)size)]),
        ["requires_grad"] = info.RequiresGrad,
        ["is_leaf"] = info.IsLeaf,
        ["grad_fn"] = info.GradFn,
        ["has_grad"] = info.HasGrad,
        ["is_view"] = info.IsView,
        ["version"] = info.Version,
    };

    private static async Task<JsonObject?> ErrorAsync(AutogradSession session)
    {
        try
        {
            await session.FlushAsync();
            return null;
        }
        catch (AutogradException refusal)
        {
            // The text may hold handles, which are each client's own.
            return CaseValues.Error(refusal, withMessage: false);
        }
    }
}
