namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>The recorded lines that are no tests here, each with the reason.</summary>
internal static class NotTested
{
    private const string TypeChecked = "C# knows the type at compile time: there is no such call";
    private const string Python = "Python's own protocol";
    private const string CustomFunction = "user code as a node of the graph: ops of this engine are records of its table";
    private const string Data = "tensor.data writes behind the version counter's back, and is left out on purpose; detach() is there";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["leaf.complex_ok"] = "complex dtypes are out of scope",
        ["backward.not_tensor"] = TypeChecked,
        ["acc.assign_nontensor"] = TypeChecked,
        ["hook.wrong_type"] = TypeChecked,
        ["numpy_requires_grad"] = Python,
        ["float_multi"] = Python,
        ["bool_multi"] = Python,
        ["misc.deepcopy_nonleaf"] = Python,
        ["name.type_vs_name"] = Python,
        ["name.repr"] = "printing is the client's: PrinterTests",
        ["grad.only_inputs_false"] = "a deprecated argument that PyTorch ignores",
        ["hook.saved_tensors"] = "pack and unpack hooks are user code",
        ["vc.data_not_shared"] = Data,
        ["vc.data_inplace_silently_wrong"] = Data,
        ["fn.basic"] = CustomFunction,
        ["fn.too_many_grads"] = CustomFunction,
        ["fn.wrong_shape"] = CustomFunction,
        ["fn.once_differentiable"] = CustomFunction,
    };
}
