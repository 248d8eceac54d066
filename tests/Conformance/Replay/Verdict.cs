namespace AutogradService.Conformance.Replay;

/// <summary>What of a case is judged.</summary>
internal enum Stage
{
    /// <summary>The values, dtypes and shapes of the outputs.</summary>
    Forward,

    /// <summary>The gradients of the inputs.</summary>
    Gradient,

    /// <summary>The gradients of the gradients.</summary>
    DoubleGradient,

    /// <summary>That a call is refused, with PyTorch's kind of exception.</summary>
    Error,

    /// <summary>The names of grad_fn, and is_view; judged apart from the values.</summary>
    Metadata,

    /// <summary>That a refusal is worded as PyTorch words it; for information.</summary>
    Message,
}

/// <summary>How a judgement went.</summary>
internal enum Verdict
{
    /// <summary>As PyTorch.</summary>
    Passed,

    /// <summary>Other than PyTorch.</summary>
    Failed,

    /// <summary>The catalogue has no such op, or not in this form.</summary>
    NotSupported,

    /// <summary>Complex dtypes, memory formats, other devices.</summary>
    OutOfScope,
}

/// <summary>One judgement of one case; <paramref name="Note"/> says why it did not pass, or what is worth knowing though it did.</summary>
internal sealed record Finding(Recordings.OpCase Case, Stage Stage, Verdict Verdict, string? Note = null);
