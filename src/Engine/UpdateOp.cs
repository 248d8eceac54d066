using AutogradService.Engine.Kernels;

namespace AutogradService.Engine;

/// <summary>
/// An op that rewrites several of its inputs in one pass, as an optimizer's step does with a parameter and its state. Its in-place form writes to every
/// input that the signature marks with &amp;; its plain form leaves them alone and gives their new values, in the signature's order. It has no derivative.
/// </summary>
public abstract record UpdateOp : Op
{
    /// <inheritdoc/>
    public sealed override bool Differentiable => false;

    /// <summary>Refuses inputs and attributes that do not fit.</summary>
    public abstract void Check(Inputs x);

    /// <summary>Writes the new values over the mutable inputs; all inputs are contiguous, half types have become float32.</summary>
    public abstract void Update(Inputs x);

    internal sealed override Tensor? BackwardEdge(int edge, Grads grads, Saved saved) => throw NoDerivative();

    internal sealed override Tensor Run(Workspace workspace, ReadOnlySpan<Tensor?> inputs) => RunMany(workspace, inputs)[0];

    internal sealed override Tensor[] RunMany(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        if (workspace.Recorder is not null) throw new AutogradException(ErrorReason.ValueDependent, $"'{Schema.Name}' is an optimizer's step: it is taken outside of recorded functions, which have no state of their own");
        Check(new Inputs(inputs, default));
        var results = new List<Tensor>();
        for (int i = 0; i < inputs.Length; i++)
            if (Schema.Writes(i) && inputs[i] is { } t) results.Add(workspace.RawEmpty(t.Shape, t.DType));
        using (workspace.Scope())
        {
            var prepared = new Tensor?[inputs.Length];
            for (int i = 0, next = 0; i < inputs.Length; i++)
            {
                if (inputs[i] is not { } t) continue;
                if (!Schema.Writes(i)) prepared[i] = Prepare(workspace, t);
                else
                {
                    var result = results[next++];
                    prepared[i] = result.DType.ComputeType == result.DType ? result : workspace.RawEmpty(t.Shape, t.DType.ComputeType);
                    Transfer.Into(t, prepared[i]!);
                }
            }
            Update(new Inputs(prepared, default));
            for (int i = 0, next = 0; i < inputs.Length; i++)
            {
                if (inputs[i] is null || !Schema.Writes(i)) continue;
                var result = results[next++];
                if (!ReferenceEquals(result, prepared[i])) Transfer.Into(prepared[i]!, result);
            }
        }
        return [.. results];
    }

    /// <summary>Rewrites the mutable inputs. Nothing has changed if it refuses.</summary>
    /// <returns>The first input.</returns>
    /// <exception cref="AutogradException">
    /// LEAF_MODIFIED and the other refusals of in-place writes; NOT_DIFFERENTIABLE where the update would have to be recorded or pushed through by tangents.
    /// </exception>
    internal Tensor RunInPlace(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        var x = new Inputs(inputs, default);
        var self = x[0];
        bool watched = false, direct = true;
        foreach (var t in inputs)
        {
            if (t is null) continue;
            watched |= workspace.GradEnabled && t.RequiresGrad;
            if (workspace.HasDuals && t.Tangent is not null)
                throw new AutogradException(ErrorReason.NotDifferentiable, $"Trying to use forward AD with {Schema.Name} that does not support it because it has not been implemented yet.", TorchErrorType.NotImplementedError);
        }
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } t) continue;
            direct &= t.IsContiguous && (t.DType.ComputeType == t.DType || t.IsWrappedNumber);
            if (!Schema.Writes(i)) continue;
            t.CheckInPlace(watched);
            MemoryOverlap.CheckWrite(t, [t, .. inputs[..i], .. inputs[(i + 1)..]]);
            for (int k = 0; k < inputs.Length; k++)
                if (k != i && inputs[k] is { } other && t.Numel > 0 && ReferenceEquals(t.Storage, other.Storage) && MemoryOverlap.IsSame(t, other))
                    throw new AutogradException(ErrorReason.ViewModified, $"unsupported operation: '{Schema.SlotName(i, inputs.Length)}' and '{Schema.SlotName(k, inputs.Length)}' refer to a single memory location. Please clone() the tensor before performing the operation.");
        }
        if (watched) throw NoDerivative();
        Check(x);
        if (direct) Update(x);
        else UpdateCopies(workspace, inputs);
        for (int i = 0; i < inputs.Length; i++)
            if (Schema.Writes(i)) inputs[i]?.Written();
        return self;
    }

    private void UpdateCopies(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        using var scope = workspace.Scope();
        var prepared = new Tensor?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { } t) prepared[i] = Prepare(workspace, t);
        Update(new Inputs(prepared, default));
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { } t && Schema.Writes(i) && !ReferenceEquals(t, prepared[i])) Transfer.Into(prepared[i]!, t);
    }

    private static Tensor Prepare(Workspace workspace, Tensor t) => t.IsWrappedNumber ? t : workspace.RawContiguous(workspace.RawCast(t, t.DType.ComputeType));
}
