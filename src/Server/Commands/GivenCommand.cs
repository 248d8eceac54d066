using Action = Autograd.V1.Command.ActionOneofCase;

namespace AutogradService.Server.Commands;

/// <summary>
/// A command as the interpreter takes it. Every command can be one; the common one, an op on one or two operands, needs no message behind it.
/// </summary>
internal readonly struct GivenCommand
{
    private readonly Wire.Command? _message;
    private readonly OpCall _call;

    /// <summary>A command that was read into a message.</summary>
    public GivenCommand(Wire.Command message)
    {
        _message = message;
        Seq = message.Seq;
        WantResult = message.WantResult;
        NoGrad = message.NoGrad;
        InferenceMode = message.InferenceMode;
        Action = message.ActionCase;
        if (Action == Action.ApplyOp) _call = OpCall.Of(message.ApplyOp);
    }

    /// <summary>An op that was read from the bytes.</summary>
    public GivenCommand(ulong seq, bool wantResult, bool noGrad, bool inferenceMode, in OpCall call)
    {
        Seq = seq;
        WantResult = wantResult;
        NoGrad = noGrad;
        InferenceMode = inferenceMode;
        Action = Action.ApplyOp;
        _call = call;
    }

    public ulong Seq { get; }

    public bool WantResult { get; }

    public bool NoGrad { get; }

    public bool InferenceMode { get; }

    /// <summary>What to do.</summary>
    public Action Action { get; }

    /// <summary>The op to apply; of an ApplyOp only.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref readonly OpCall Call => ref _call;

    /// <summary>The message; of anything but an ApplyOp.</summary>
    public Wire.Command Message => _message!;
}
