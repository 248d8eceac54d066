namespace AutogradService.Engine;

/// <summary>How the tangents of an op's inputs become those of its outputs (its Jacobian-vector product).</summary>
public enum JvpRule
{
    /// <summary>By transposing the vector-Jacobian product: that is linear in the output's gradient v, and the derivative of ⟨vjp(v), u⟩ with respect to v is J u. Serves every op whose backward can be differentiated.</summary>
    Transposed,
    /// <summary>The Jacobian is diagonal, thus its own transpose: the sum of vjp(u) over the inputs.</summary>
    Pointwise,
    /// <summary>The op is linear in its only input: the op of the tangent. A view's tangent so is a view of its base's.</summary>
    Linear,
    /// <summary>The output takes no tangent.</summary>
    None,
}

// Note [Forward mode]
// A dual tensor carries a tangent: the directional derivative of its value. An op that is given one records its node as for backward, whether or not anything
// requires grad, and asks the node's VJPs for the tangents of the outputs: there is no second set of derivatives. Tangents are ordinary tensors, so that they can
// be differentiated themselves. They lie in memory as their primals do, so that a view of a dual tensor has as its tangent the same view of the tangent, and an
// in-place write goes through to the base's.

/// <summary>Pushes tangents through ops.</summary>
internal static class ForwardMode
{
    /// <summary>Whether an input that the op differentiates has a tangent.</summary>
    public static bool Concerns(Op op, Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        if (!workspace.HasDuals) return false;
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { Tangent: not null } && op.Differentiates(i, inputs.Length)) return true;
        return false;
    }

    /// <summary>Gives outputs their tangents.</summary>
    /// <param name="op">What was applied.</param>
    /// <param name="node">Its node, with what it saved.</param>
    /// <param name="inputs">What it was applied to.</param>
    /// <param name="outputs">What came out; only those that carry a gradient get tangents.</param>
    public static void Push(Op op, OpNode node, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        var tangents = Compute(op, node, inputs, outputs);
        for (int i = 0; i < outputs.Length; i++)
            if (tangents[i] is { } tangent) outputs[i].SetTangent(tangent);
        node.SaveTangents(outputs);
    }

    /// <summary>After an in-place write: brings the tangent of what was written up to date.</summary>
    public static void PushInPlace(Op op, OpNode? node, ReadOnlySpan<Tensor?> inputs, Tensor self)
    {
        var tangent = node is null ? null : Compute(op, node, inputs, new ReadOnlySpan<Tensor>(in self))[0];
        if (self.Tangent is not { } own)
        {
            if (tangent is null) return;
            if (self.ViewBase is not { } origin)
            {
                self.SetTangent(tangent);
                return;
            }
            origin.SetTangent(self.Workspace.RawFull(origin.Shape, 0.0, origin.DType));
            own = self.Tangent ?? throw new InvalidOperationException("a view finds its base's tangent");
        }
        else if (tangent is not null && !self.IsView && own.Storage.References == 1)
        {
            self.SetTangent(tangent);
            return;
        }
        if (tangent is null) own.ZeroInPlace();
        else own.CopyInPlace(tangent);
    }

    private static Tensor?[] Compute(Op op, OpNode node, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        var workspace = node.Workspace;
        var tangents = new Tensor?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            if (op.Differentiates(i, inputs.Length)) tangents[i] = inputs[i]?.Tangent;
        Tensor?[] results;
        using (workspace.Scope())
        using (workspace.SuspendDuals())
        {
            try
            {
                results = op.Jvp == JvpRule.Pointwise ? [Pointwise(node, tangents, outputs[0])] : Transposed(op, node, tangents, outputs);
            }
            catch (AutogradException e) when (e.Reason == ErrorReason.NotDifferentiable)
            {
                throw new AutogradException(ErrorReason.NotDifferentiable, $"Trying to use forward AD with {op.Schema.Name} that does not support it because it has not been implemented yet.", TorchErrorType.NotImplementedError);
            }
            foreach (var result in results) result?.Retain();
        }
        foreach (var result in results)
            if (result is not null) workspace.Autorelease(result);
        return results;
    }

    private static Tensor Pointwise(OpNode node, Tensor?[] tangents, Tensor output)
    {
        bool record = output.Workspace.GradEnabled;
        Tensor? sum = null;
        for (int i = 0; i < tangents.Length; i++)
        {
            if (tangents[i] is not { } tangent) continue;
            if (!tangent.Shape.Equals(output.Shape)) tangent = tangent.Expand(Dims.Of(output.Shape));
            if (tangent.DType != output.DType) tangent = tangent.To(output.DType);
            if (node.Vjp(i, [tangent], record) is { } part) sum = sum is null ? part : sum.Add(part);
        }
        if (sum is null) return output.Workspace.RawFull(output.Shape, 0.0, output.DType);
        if (!sum.Shape.Equals(output.Shape)) sum = sum.Expand(Dims.Of(output.Shape));
        return sum.DType == output.DType ? sum : sum.To(output.DType);
    }

    private static Tensor?[] Transposed(Op op, OpNode node, Tensor?[] tangents, ReadOnlySpan<Tensor> outputs)
    {
        var workspace = node.Workspace;
        bool record = workspace.GradEnabled;
        using var mode = workspace.EnableGrad();
        long since = workspace.NextSequenceNumber() + 1;
        var cotangents = new Tensor?[outputs.Length];
        var variables = new List<Tensor>();
        for (int i = 0; i < outputs.Length; i++)
            if (outputs[i].DType.IsFloatingPoint && op.HasGradient(i))
                variables.Add(cotangents[i] = workspace.RawFull(outputs[i].Shape, 0.0, outputs[i].DType).SetRequiresGrad());
        var products = new List<Tensor>();
        var directions = new List<Tensor?>();
        for (int i = 0; i < tangents.Length; i++)
        {
            if (tangents[i] is not { } tangent || node.Vjp(i, cotangents, record) is not { } product) continue;
            ref readonly var edge = ref node.EdgeAt(i);
            product = Workspace.ReduceTo(product, edge.Shape, edge.DType);
            if (!product.RequiresGrad || product.GradientEdge().Node is not { } maker || maker.CreatedAt < since) continue; // does not depend on the cotangents
            products.Add(product);
            directions.Add(tangent);
        }
        var results = new Tensor?[outputs.Length];
        if (products.Count > 0)
        {
            var gradients = workspace.GradientsSince(since, [.. products], [.. variables], [.. directions], createGraph: record, allowUnused: true);
            for (int i = 0, v = 0; i < outputs.Length; i++)
                if (cotangents[i] is not null) results[i] = gradients[v++];
        }
        for (int i = 0; i < outputs.Length; i++)
            if (cotangents[i] is not null) results[i] ??= workspace.RawFull(outputs[i].Shape, 0.0, outputs[i].DType);
        return results;
    }
}
