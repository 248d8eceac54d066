namespace AutogradService.Engine.Ops;

/// <summary>The labels and lengths of a batch of CTC: what each frame of log_probs [T, N, C] may be aligned with.</summary>
internal sealed class CtcAlignment
{
    private readonly long[] _targets, _starts;
    private readonly long _blank;

    /// <param name="logProbs">[T, N, C].</param>
    /// <param name="targets">[N, S], padded, or the targets of the batch one after the other.</param>
    /// <param name="inputLengths">N of them.</param>
    /// <param name="targetLengths">N of them.</param>
    /// <param name="blank">The class that stands for no label.</param>
    /// <exception cref="AutogradException">They do not fit each other; in PyTorch's words.</exception>
    public CtcAlignment(Shape logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths, long blank)
    {
        const string While = "(while checking arguments for ctc_loss_cpu)";
        long frames = logProbs[0], batch = logProbs[1], classes = logProbs[2];
        if (blank < 0 || blank >= classes) throw AutogradException.Attribute("blank must be in label range");
        if (inputLengths.Numel != batch) throw AutogradException.Shape("input_lengths must be of size batch_size");
        if (targetLengths.Numel != batch) throw AutogradException.Shape("target_lengths must be of size batch_size");
        _blank = blank;
        _targets = Numbers(targets);
        InputLengths = Numbers(inputLengths);
        TargetLengths = Numbers(targetLengths);
        _starts = new long[batch];
        foreach (long length in TargetLengths)
            if (length < 0) throw AutogradException.Attribute($"Expected target_lengths to have value at least 0, but got value {length} {While}");
        TargetLengthMax = TargetLengths.Length == 0 ? 0 : TargetLengths.Max();
        if (targets.Dim == 1)
        {
            for (int b = 1; b < _starts.Length; b++) _starts[b] = _starts[b - 1] + TargetLengths[b - 1];
            if (targets.Numel != TargetLengths.Sum())
                throw AutogradException.Shape($"Expected tensor to have size {TargetLengths.Sum()} at dimension 0, but got size {targets.Numel} for argument #2 'targets' {While}");
        }
        else
        {
            if (targets.Dim != 2 || targets.Shape[0] != batch)
                throw AutogradException.Shape($"Expected tensor to have size {batch} at dimension 0, but got size {(targets.Dim == 0 ? 1 : targets.Shape[0])} for argument #2 'targets' {While}");
            if (targets.Shape[1] < TargetLengthMax)
                throw AutogradException.Shape($"Expected tensor to have size at least {TargetLengthMax} at dimension 1, but got size {targets.Shape[1]} for argument #2 'targets' {While}");
            for (int b = 0; b < _starts.Length; b++) _starts[b] = b * targets.Shape[1];
        }
        foreach (long length in InputLengths)
        {
            if (length < 0) throw AutogradException.Attribute($"Expected input_lengths to have value at least 0, but got value {length} {While}");
            if (length > frames) throw AutogradException.Attribute($"Expected input_lengths to have value at most {frames}, but got value {length} {While}");
        }
        // PyTorch reads past the end of a frame here.
        for (int b = 0; b < _starts.Length; b++)
            for (long s = 0; s < TargetLengths[b]; s++)
                if (_targets[_starts[b] + s] is var label && (label < 0 || label >= classes)) throw AutogradException.Index($"Target {label} is out of bounds.");
    }

    /// <summary>How many frames of each element of the batch count.</summary>
    public long[] InputLengths { get; }

    /// <summary>How many labels each element of the batch has.</summary>
    public long[] TargetLengths { get; }

    /// <summary>The longest target.</summary>
    public long TargetLengthMax { get; }

    /// <summary>States of an element of the batch: its labels, with a blank before, between and after them.</summary>
    public long States(long b) => 2 * TargetLengths[b] + 1;

    /// <summary>The class of a state.</summary>
    public long Label(long b, long state) => state % 2 == 0 ? _blank : _targets[_starts[b] + state / 2];

    /// <summary>Whether a path may go from the state before last to this one: over a blank between two labels that differ.</summary>
    public bool Skips(long b, long state) => state >= 2 && state % 2 == 1 && Label(b, state) != Label(b, state - 2);

    /// <summary>log(e^a + e^b).</summary>
    public static double LogAdd(double a, double b)
    {
        double larger = Math.Max(a, b);
        return double.IsNegativeInfinity(larger) ? larger : larger + Math.Log(Math.Exp(a - larger) + Math.Exp(b - larger));
    }

    private static unsafe long[] Numbers(Tensor t)
    {
        using var scope = t.Workspace.Scope();
        return new ReadOnlySpan<long>(t.Workspace.RawContiguous(t.Workspace.RawCast(t, DType.Int64)).Pointer<long>(), checked((int)t.Numel)).ToArray();
    }
}
