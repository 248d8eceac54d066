using System.Text.Json.Nodes;
using static AutogradService.Conformance.Cases.ErrorCases;

namespace AutogradService.Conformance.Cases;

/// <summary>Behaviour that one op alone does not show: accumulation, graphs freed, views, grad mode, failures of pipelined commands.</summary>
internal static class Programs
{
    /// <summary>The programs; what their expecting steps find is still to be found out.</summary>
    public static IEnumerable<JsonObject> All()
    {
        yield return Program("backward_accumulates", Leaf("x", [3]), Op("y", "mul", "x", "x"), Op("s", "sum", "y"), Backward("s", retain: true), Grad("x"), Backward("s"), Grad("x"),
            ZeroGrad(["x"], none: false), Grad("x"), ZeroGrad(["x"]), Grad("x"));
        yield return Program("two_losses", Leaf("x", [2, 2]), Op("a", "exp", "x"), Op("l1", "sum", "a"), Op("l2", "mean", "a"), Backward("l1", retain: true), Backward("l2"), Grad("x"));
        yield return Program("graph_is_freed", Leaf("x", [2]), Op("y", "exp", "x"), Op("s", "sum", "y"), Backward("s"), Backward("s"), Error(), Grad("x"));
        yield return Program("gradient_is_required", Leaf("x", [2]), Op("y", "exp", "x"), Backward("y"), Error(), Grad("x"));
        yield return Program("gradient_given", Leaf("x", [2]), Tensor("v", [2], 1, -3), Op("y", "tanh", "x"), BackwardWith("y", "v"), Grad("x"), Info("y"));
        yield return Program("gradient_of_another_shape", Leaf("x", [2]), Tensor("v", [3]), Op("y", "tanh", "x"), BackwardWith("y", "v"), Error());
        yield return Program("no_path", Tensor("x", [2]), Op("s", "sum", "x"), Backward("s"), Error());
        yield return Program("no_grad_records_nothing", Leaf("x", [2]), NoGrad("y", "mul", "x", "x"), Info("y"), Op("z", "add", "y", "x"), Op("s", "sum", "z"), Info("z"), Backward("s"), Grad("x"));
        yield return Program("leaf_in_place", Leaf("x", [2]), InPlace("add", "x", "x"), Error(), Value("x"), NoGradInPlace("add", "x", "x"), Value("x"), Info("x"));
        yield return Program("saved_tensor_modified", Leaf("x", [2]), Op("y", "exp", "x"), InPlace("add", "y", CaseValues.Number(1L)), Op("s", "sum", "y"), Info("y"), Backward("s"), Error(), Grad("x"));
        yield return Program("in_place_is_recorded", Leaf("x", [2]), Op("y", "mul", "x", CaseValues.Number(2.0)), InPlace("sin", "y"), InPlace("mul", "y", "x"), Info("y"), Op("s", "sum", "y"), Backward("s"), Grad("x"), Value("y"));
        yield return Program("view_shares_memory", Tensor("x", [2, 3]), With(Op("row", "select", "x"), ("dim", 0), ("index", 1)), Info("row"), InPlace("fill", "row", CaseValues.Number(9.0)), Value("x"), Info("x"));
        yield return Program("in_place_through_a_view", Leaf("x", [2, 3]), Op("y", "mul", "x", CaseValues.Number(3.0)), With(Op("row", "select", "y"), ("dim", 0), ("index", 0)), InPlace("tanh", "row"), Op("s", "sum", "y"), Info("y"), Info("row"), Backward("s"), Grad("x"));
        yield return Program("detach", Leaf("x", [3]), Op("y", "exp", "x"), Op("d", "detach", "y"), Info("d"), Op("z", "mul", "y", "d"), Op("s", "sum", "z"), Backward("s"), Grad("x"));
        yield return Program("detach_in_place", Leaf("x", [3]), Op("y", "exp", "x"), new JsonObject { ["do"] = "detach_in_place", ["tensor"] = "y" }, Info("y"), Op("s", "sum", "y"), Backward("s"), Error());
        yield return Program("double_backward", Leaf("x", [3]), Op("y", "pow", "x", CaseValues.Number(3L)), Op("s", "sum", "y"), GradOf("g", "s", "x", create: true), Info("g"), Op("gs", "sum", "g"), GradOf("h", "gs", "x", create: true), Value("h"), Op("hs", "sum", "h"), Backward("hs"), Grad("x"));
        yield return Program("grad_penalty", Leaf("x", [2, 2]), Leaf("w", [2, 2]), Op("y", "matmul", "x", "w"), Op("t", "tanh", "y"), Op("s", "sum", "t"), GradOf("g", "s", "x", create: true), Op("p", "mul", "g", "g"), Op("ps", "sum", "p"), Op("l", "add", "s", "ps"), Backward("l"), Grad("w"), Grad("x"));
        yield return Program("grad_of_unused_input", Leaf("x", [2]), Leaf("u", [2]), Op("s", "sum", "x"), GradOf("g", "s", "u"), Error());
        yield return Program("backward_into_inputs_only", Leaf("x", [2]), Leaf("w", [2]), Op("y", "mul", "x", "w"), Op("s", "sum", "y"), With(Backward("s"), ("inputs", new JsonArray("w"))), Grad("w"), Grad("x"));
        yield return Program("retain_grad", Leaf("x", [2]), Op("y", "mul", "x", "x"), new JsonObject { ["do"] = "retain_grad", ["tensor"] = "y" }, Op("z", "exp", "y"), Op("s", "sum", "z"), Backward("s"), Grad("y"), Grad("z"), Grad("x"));
        yield return Program("requires_grad_of_integers", Step("create", ("out", "i"), ("tensor", I64([2], 1, 2))), new JsonObject { ["do"] = "requires_grad", ["tensor"] = "i", ["value"] = true }, Error(), Info("i"));
        yield return Program("requires_grad_set_later", Tensor("x", [2]), Op("a", "exp", "x"), Info("a"), new JsonObject { ["do"] = "requires_grad", ["tensor"] = "x", ["value"] = true }, Op("y", "exp", "x"), Op("s", "sum", "y"), Info("s"), Backward("s"), Grad("x"));
        yield return Program("failure_poisons_what_depends", Tensor("x", [2, 3]), Tensor("k", [4]), Op("bad", "add", "x", "k"), Op("worse", "exp", "bad"), Op("fine", "exp", "x"), Error(), Value("fine"), Op("again", "mul", "fine", "x"), Value("again"));
        yield return Program("failed_in_place_changes_nothing", Tensor("x", [2, 3]), Tensor("k", [4]), InPlace("add", "x", "k"), Error(), Value("x"), Info("x"));
        yield return Program("promotion", Step("create", ("out", "i"), ("tensor", I64([3], 1, 2, 3))), Tensor("x", [3]), Op("a", "mul", "i", CaseValues.Number(2L)), Value("a"), Op("b", "mul", "i", CaseValues.Number(2.0)), Value("b"), Op("c", "add", "i", "x"), Value("c"), Op("d", "div", "i", "i"), Value("d"), Op("e", "mul", "i", CaseValues.Number(true)), Value("e"), Op("f", "gt", "i", CaseValues.Number(1.5)), Value("f"));
        yield return Program("broadcast_gradients", Leaf("x", [2, 3]), Leaf("b", [3]), Leaf("c", [2, 1]), Leaf("k", []), Op("a", "add", "x", "b"), Op("m", "mul", "a", "c"), Op("y", "div", "m", "k"), Op("s", "sum", "y"), Backward("s"), Grad("x"), Grad("b"), Grad("c"), Grad("k"));
        yield return Program("random_is_seeded", Seed(42), With(Op("a", "randn"), ("size", new JsonArray(2, 3))), With(Op("b", "rand"), ("size", new JsonArray(4))), Seed(42), With(Op("c", "randn"), ("size", new JsonArray(2, 3))), Value("a"), Value("b"), Value("c"));
        yield return Program("views_of_views", Leaf("x", [2, 3, 4]), With(Op("t", "transpose", "x"), ("dim0", 0), ("dim1", 2)), With(Op("r", "reshape", "t"), ("shape", new JsonArray(6, 4))), With(Op("n", "narrow", "r"), ("dim", 0), ("start", 1), ("length", 3)), Value("n"), Info("t"), Info("n"), Op("q", "mul", "n", "n"), Op("s", "sum", "q"), Backward("s"), Grad("x"));
        yield return Program("diamond", Leaf("x", []), Op("a", "sin", "x"), Op("b", "cos", "x"), Op("c", "mul", "a", "b"), Op("d", "add", "c", "a"), Op("e", "mul", "d", "d"), Backward("e"), Grad("x"), Info("e"));
        yield return Regression();
    }

    // Three steps of gradient descent on a line, as a training loop does them.
    private static JsonObject Regression()
    {
        var steps = new List<JsonObject> { Tensor("x", [4, 2]), Tensor("t", [4, 1], 1, -1, 2, 0), Leaf("w", [2, 1]), Leaf("b", [1]) };
        for (int i = 0; i < 3; i++)
        {
            string n = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            steps.AddRange([Op("xw" + n, "matmul", "x", "w"), Op("y" + n, "add", "xw" + n, "b"), Op("l" + n, "mse_loss", "y" + n, "t"), Backward("l" + n), Value("l" + n),
                new JsonObject { ["do"] = "alias_grad", ["tensor"] = "w", ["out"] = "gw" + n }, new JsonObject { ["do"] = "alias_grad", ["tensor"] = "b", ["out"] = "gb" + n },
                With(NoGradInPlace("sub", "w", "gw" + n), ("attributes", new JsonObject { ["alpha"] = CaseValues.Number(0.05) })),
                With(NoGradInPlace("sub", "b", "gb" + n), ("attributes", new JsonObject { ["alpha"] = CaseValues.Number(0.05) })), ZeroGrad(["w", "b"])]);
        }
        return Program("gradient_descent", [.. steps, Value("w"), Value("b"), Info("w")]);
    }

    private static JsonObject Program(string name, params JsonObject[] steps) => new() { ["name"] = name, ["steps"] = new JsonArray(steps) };

    private static JsonObject Step(string what, params (string Key, JsonNode? Value)[] fields) => With(new JsonObject { ["do"] = what }, fields);

    private static JsonObject With(JsonObject step, params (string Key, JsonNode? Value)[] fields)
    {
        // Of an op, what is not one of the step's own fields is an attribute.
        foreach (var (key, value) in fields)
            if (step.ContainsKey("attributes") && key != "attributes") step["attributes"]![key] = value;
            else step[key] = value;
        return step;
    }

    private static JsonObject Tensor(string name, long[] shape, params float[] values) => Step("create", ("out", name), ("tensor", F32(shape, values)));

    private static JsonObject Leaf(string name, long[] shape, params float[] values)
    {
        var tensor = F32(shape, values);
        tensor["requires_grad"] = true;
        return Step("create", ("out", name), ("tensor", tensor));
    }

    private static JsonObject Op(string output, string op, params JsonNode[] inputs) =>
        new() { ["do"] = "apply", ["op"] = op, ["attributes"] = new JsonObject(), ["inputs"] = new JsonArray(inputs), ["out"] = new JsonArray(output) };

    private static JsonObject NoGrad(string output, string op, params JsonNode[] inputs)
    {
        var step = Op(output, op, inputs);
        step["no_grad"] = true;
        return step;
    }

    private static JsonObject InPlace(string op, params JsonNode[] inputs) =>
        new() { ["do"] = "apply", ["op"] = op, ["attributes"] = new JsonObject(), ["inputs"] = new JsonArray(inputs), ["in_place"] = true };

    private static JsonObject NoGradInPlace(string op, params JsonNode[] inputs)
    {
        var step = InPlace(op, inputs);
        step["no_grad"] = true;
        return step;
    }

    private static JsonObject Backward(string root, bool? retain = null)
    {
        var step = Step("backward", ("roots", new JsonArray(root)));
        if (retain is not null) step["retain_graph"] = retain;
        return step;
    }

    private static JsonObject BackwardWith(string root, string gradient) => With(Backward(root), ("gradients", new JsonArray(gradient)));

    private static JsonObject GradOf(string result, string output, string input, bool create = false)
    {
        var step = Step("grad", ("outputs", new JsonArray(output)), ("inputs", new JsonArray(input)), ("out", new JsonArray(result)));
        if (create) step["create_graph"] = true;
        return step;
    }

    private static JsonObject ZeroGrad(string[] tensors, bool none = true) => Step("zero_grad", ("tensors", new JsonArray([.. tensors.Select(t => (JsonNode)t)])), ("set_to_none", none));

    private static JsonObject Seed(long seed) => Step("seed", ("value", seed));

    private static JsonObject Value(string tensor) => Step("expect", ("tensor", tensor));

    private static JsonObject Grad(string tensor) => Step("expect_grad", ("tensor", tensor));

    private static JsonObject Info(string tensor) => Step("expect_info", ("tensor", tensor));

    private static JsonObject Error() => Step("expect_error");
}
