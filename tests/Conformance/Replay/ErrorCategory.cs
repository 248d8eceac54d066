namespace AutogradService.Conformance.Replay;

/// <summary>The categories under which the programs' recordings file PyTorch's refusals, told by PyTorch's wording.</summary>
internal static class ErrorCategory
{
    private const string Other = "other";

    /// <summary>In order: the first wording that occurs decides.</summary>
    private static readonly (string Wording, string Category)[] s_wordings =
    [
        ("you can only change requires_grad flags of leaf variables", "leaf_flag"),
        ("Mismatch in shape: grad_output", "shape_grad"),
        ("leaf Variable that requires grad is being used in an in-place operation", "leaf_inplace"),
        ("does not require grad and does not have a grad_fn", "no_grad_fn"),
        ("cannot register a hook on a tensor that doesn't require gradient", "hook_no_grad"),
        ("The size of tensor a", "bcast"),
        ("doesn't match the broadcast shape", "bcast_out"),
        ("can't retain_grad on Tensor", "retain_grad"),
        ("has been modified by an inplace operation", "version"),
        ("A view was created in no_grad mode", "view_no_grad"),
        ("This view is the output of a function that returns multiple views", "multi_view"),
        ("exceeds dimension size", "size"),
        ("inconsistent tensor size", "size"),
        ("grad can be implicitly created only for scalar outputs", "non_scalar"),
        ("One of the differentiated Tensors does not require grad", "input_no_grad"),
        ("more than one element of the written-to tensor", "overlap"),
        ("Trying to backward through the graph a second time", "freed"),
        ("appears to not have been used in the graph", "unused"),
        ("shapes cannot be multiplied", "shape"),
        ("view size is not compatible", "view_size"),
        ("Can't detach views in-place", "detach_view"),
    ];

    /// <summary>The category of a message; <c>other</c> where no wording is known.</summary>
    public static string Of(string message)
    {
        foreach (var (wording, category) in s_wordings)
            if (message.Contains(wording, StringComparison.Ordinal))
                return category;
        return Other;
    }
}
