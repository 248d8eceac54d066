namespace AutogradService.Engine;

/// <summary>How a view came to be: decides whether it may be modified in place later.</summary>
internal enum ViewOrigin
{
    /// <summary>A single view, recorded.</summary>
    Recorded,
    /// <summary>Made under no_grad.</summary>
    NoGrad,
    /// <summary>Made in inference mode.</summary>
    Inference,
    /// <summary>One of several outputs of unbind, split or chunk.</summary>
    MultiOutput,
}

/// <summary>A differentiable view's tie to its base: views of views point to the same root.</summary>
internal sealed class ViewMeta(Tensor @base, ViewOrigin origin, int version)
{
    public Tensor Base => @base;

    public ViewOrigin Origin { get; set; } = origin;

    /// <summary>The version at which the view's grad_fn was right; when the counter moved on, the history is made anew from the base's.</summary>
    public int HistoryVersion { get; set; } = version;
}
