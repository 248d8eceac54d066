using Action = Autograd.V1.Command.ActionOneofCase;

namespace AutogradService.Server.Commands;

/// <summary>
/// A command as the interpreter takes it. Every command can be one; the common one, an op on one or two operands, needs no message behind it.
/// </summary>
internal struct GivenCommand
{
    private Wire.Command? _message;
    private OpCall _call;

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

    /// <summary>Becomes an op that was read from the bytes: where it is to be, because copies of so much add up.</summary>
    /// <returns>The call, to be filled in.</returns>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref OpCall BecomeOp(ulong seq, bool wantResult, bool noGrad, bool inferenceMode)
    {
        _message = null;
        Seq = seq;
        WantResult = wantResult;
        NoGrad = noGrad;
        InferenceMode = inferenceMode;
        Action = Action.ApplyOp;
        return ref _call;
    }

    public ulong Seq { readonly get; private set; }

    public bool WantResult { readonly get; private set; }

    public bool NoGrad { readonly get; private set; }

    public bool InferenceMode { readonly get; private set; }

    /// <summary>What to do.</summary>
    public Action Action { readonly get; private set; }

    /// <summary>The op to apply; of an ApplyOp only.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ref readonly OpCall Call => ref _call;

    /// <summary>The message; of anything but an ApplyOp.</summary>
    public readonly Wire.Command Message => _message!;
}
