using System.Text.Json.Nodes;
using AutogradService.Engine;

namespace AutogradService.Conformance.Cases;

/// <summary>Calls that are refused: what the error table promises, by op.</summary>
internal static class ErrorCases
{
    /// <summary>The calls; what the refusals say is still to be found out.</summary>
    public static IEnumerable<JsonObject> All()
    {
        yield return Case("shapes_do_not_broadcast", "add", F32([2, 3]), F32([4]));
        yield return Case("inner_sizes_differ", "matmul", F32([2, 3]), F32([2, 3]));
        yield return Case("inner_sizes_differ_mm", "mm", F32([2, 3]), F32([4, 2]));
        yield return Case("batches_differ", "bmm", F32([2, 2, 3]), F32([3, 3, 2]));
        yield return Case("lengths_differ", "dot", F32([3]), F32([4]));
        yield return Attributed("view_of_another_size", "view", new JsonObject { ["size"] = Ints(7) }, F32([2, 3]));
        yield return Attributed("two_sizes_to_infer", "reshape", new JsonObject { ["shape"] = Ints(-1, -1) }, F32([2, 3]));
        yield return Attributed("expand_of_size_three", "expand", new JsonObject { ["size"] = Ints(4, 3) }, F32([2, 3]));
        yield return Attributed("dim_beyond_the_last", "softmax", new JsonObject { ["dim"] = 2 }, F32([2, 3]));
        yield return Attributed("dim_before_the_first", "sum", new JsonObject { ["dim"] = Ints(-3) }, F32([2, 3]));
        yield return Attributed("dim_twice", "sum", new JsonObject { ["dim"] = Ints(0, 0) }, F32([2, 3]));
        yield return Attributed("index_beyond_the_end", "select", new JsonObject { ["dim"] = 0, ["index"] = 5 }, F32([2, 3]));
        yield return Attributed("gather_index_out_of_range", "gather", new JsonObject { ["dim"] = 0 }, F32([3]), I64([2], 0, 9));
        yield return Attributed("gather_index_is_no_integer", "gather", new JsonObject { ["dim"] = 0 }, F32([3]), F32([2]));
        yield return Case("class_out_of_range", "cross_entropy", F32([2, 3]), I64([2], 0, 5));
        yield return Case("embedding_out_of_range", "embedding", F32([3, 2]), I64([2], 0, 3));
        yield return Attributed("reduction_unknown", "mse_loss", new JsonObject { ["reduction"] = "median" }, F32([2]), F32([2]));
        yield return Attributed("attribute_unknown", "relu", new JsonObject { ["slope"] = CaseValues.Number(0.5) }, F32([2]));
        yield return Attributed("attribute_of_the_wrong_kind", "sum", new JsonObject { ["keepdim"] = new JsonObject { ["float"] = 0.5 } }, F32([2]));
        yield return Case("operand_missing", "matmul", F32([2, 2]));
        yield return Case("operand_superfluous", "relu", F32([2]), F32([2]));
        yield return Attributed("probability_above_one", "dropout", new JsonObject { ["p"] = 1.5, ["training"] = true }, F32([2]));
        yield return Attributed("negative_size", "zeros", new JsonObject { ["size"] = Ints(-2) });
        yield return Attributed("step_of_zero", "arange.start_step", new JsonObject { ["start"] = CaseValues.Number(0L), ["end"] = CaseValues.Number(5L), ["step"] = CaseValues.Number(0L) });
        yield return Case("no_such_op", "fused_everything", F32([2]));
        yield return Case("integers_have_no_matrix_inverse", "linalg_inv", I64([2, 2], 1, 2, 3, 4));
        yield return Case("singular_matrix", "linalg_inv", F32([2, 2], 1, 2, 2, 4));
        yield return Case("not_positive_definite", "linalg_cholesky", F32([2, 2], 1, 2, 2, 1));
        yield return Case("not_square", "det", F32([2, 3]));
        yield return Attributed("nothing_to_join", "cat", new JsonObject { ["dim"] = 0 }, new JsonArray());
        yield return Attributed("joined_sizes_differ", "cat", new JsonObject { ["dim"] = 0 }, new JsonArray(F32([2, 3]), F32([2, 4])));
        yield return Attributed("stacked_sizes_differ", "stack", new JsonObject { ["dim"] = 0 }, new JsonArray(F32([2]), F32([3])));
        yield return Case("channels_differ", "conv2d", F32([1, 3, 4, 4]), F32([2, 2, 3, 3]));
        yield return Case("kernel_larger_than_input", "conv1d", F32([1, 1, 2]), F32([1, 1, 3]));
        yield return Case("maximum_of_nothing", "max", F32([0]));
        yield return Attributed("k_too_large", "topk", new JsonObject { ["k"] = 5 }, F32([3]));
        yield return Attributed("equation_malformed", "einsum", new JsonObject { ["equation"] = "ij,jk->il" }, new JsonArray(F32([2, 3]), F32([3, 2])));
        yield return Case("bits_of_floats", "bitwise_and", F32([2]), F32([2]));
        yield return Case("subtracting_truth_values", "sub", CaseValues.Tensor("bool", [2], [1, 0]), CaseValues.Tensor("bool", [2], [1, 1]));
        yield return Case("mean_of_integers", "mean", I64([2], 1, 2));
        yield return Case("condition_is_no_truth_value", "where", F32([2]), F32([2]), F32([2]));
        yield return Attributed("normalized_shape_differs", "layer_norm", new JsonObject { ["normalized_shape"] = Ints(4) }, F32([2, 3]));
        yield return Attributed("groups_do_not_divide", "group_norm", new JsonObject { ["num_groups"] = 2 }, F32([1, 3, 2]));
    }

    /// <summary>float32 values counting up from 0.5 in halves, or as given.</summary>
    public static JsonObject F32(long[] shape, params float[] values)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        float[] elements = values.Length > 0 || count == 0 ? values : [.. Enumerable.Range(1, (int)count).Select(i => i / 2f)];
        return CaseValues.Tensor("float32", shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes(elements.AsSpan()));
    }

    /// <summary>int64 values.</summary>
    public static JsonObject I64(long[] shape, params long[] values) => CaseValues.Tensor("int64", shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));

    private static JsonArray Ints(params long[] values) => new([.. values.Select(v => (JsonNode)v)]);

    private static JsonObject Case(string name, string op, params JsonNode?[] inputs) => Attributed(name, op, [], inputs);

    private static JsonObject Attributed(string name, string op, JsonObject attributes, params JsonNode?[] inputs) =>
        new() { ["name"] = name, ["op"] = op, ["attributes"] = attributes, ["inputs"] = new JsonArray(inputs) };
}
