namespace AutogradService.Engine.Ops;

/// <summary>A loss that is a function of an input and a target, element by element, and then reduced.</summary>
/// <param name="Reduction">none, mean or sum.</param>
public abstract record PointwiseLoss(string Reduction) : ComputeOp
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        LossReduction.Check(Reduction);
        var shape = Shape.Broadcast(x[0].Shape, x[1].Shape);
        if (!x.CommonDType.IsFloatingPoint) throw AutogradException.DTypeUnsupported(Schema.Name + "_cpu", x.CommonDType);
        return new(LossReduction.Result(Reduction, shape), x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (Reduction == "none")
        {
            Elements(x, y);
            return;
        }
        using var scope = y.Workspace.Scope();
        var elements = y.Workspace.RawEmpty(x.BroadcastShape(), y.DType);
        Elements(x, elements);
        LossReduction.Finish(elements, y, Reduction);
    }

    /// <summary>Refuses weights that the elements of the loss cannot be multiplied with in place.</summary>
    private protected static void CheckWeight(Shape elements, Shape weighted)
    {
        if (!weighted.Equals(elements)) throw AutogradException.Shape($"output with shape {elements} doesn't match the broadcast shape {weighted}");
    }

    private protected abstract void Elements(Inputs x, Tensor y);
}

/// <summary>The derivative of a <see cref="PointwiseLoss"/> in its input, times the loss's gradient: d(x, t) g, divided by n for a mean.</summary>
/// <param name="Reduction">none, mean or sum.</param>
public abstract record PointwiseLossBackward(string Reduction) : ComputeOp
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Broadcast(x[1].Shape, x[2].Shape), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elements(x, y, LossReduction.Share(Reduction, y.Numel));

    // It is linear in g: for g itself, the same with G in its place (summed where g was one number). It depends on x and t through their difference alone.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(1), t = saved.Input(2);
        if (input == 0) return saved.Workspace.Apply(this, grad, x, t);
        var second = SecondDerivative(grad.Mul(saved.Input(0)), x, t);
        double share = LossReduction.Share(Reduction, grad.Numel);
        if (share != 1) second = second.Mul(share);
        return input == 1 ? second : second.Neg();
    }

    private protected abstract void Elements(Inputs x, Tensor y, double share);

    private protected abstract Tensor SecondDerivative(Tensor grad, Tensor x, Tensor target);
}
