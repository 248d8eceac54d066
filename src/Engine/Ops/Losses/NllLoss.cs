using System.Numerics;

namespace AutogradService.Engine.Ops;

/// <summary>
/// Negative log-likelihood: -weight[target] self[target], the classes in dim 1 of self (or its only dim). A mean divides by the weights of the targets; targets of ignore_index do not count.
/// </summary>
[Op("nll_loss(self, target!, weight?!, reduction, ignore_index)")]
public sealed partial record NllLoss(string Reduction = "mean", long IgnoreIndex = -100) : ComputeOp, IOp<NllLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NllLoss>((op, x) =>
    {
        var target = x[1];
        double total = 0, sum = 0;
        var elements = NdArray.Build(target.Shape, i =>
        {
            long c = (long)target[i];
            if (c == op.IgnoreIndex) return 0;
            double w = x[2] is null ? 1 : x[2][c];
            double loss = -w * x[0][i.Length == 0 ? [c] : [i[0], c, .. i[1..]]];
            total += w;
            sum += loss;
            return loss;
        });
        return op.Reduction == "none" ? elements : new NdArray(Shape.Scalar, [op.Reduction == "mean" ? sum / total : sum]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new NllLoss(), s.Any(3, 4), s.Index(4, 3), null),
            Sample.Of(new NllLoss("sum", 1), s.Any(5, 3), s.Index(3, 5), s.Positive(3)),
            Sample.Of(new NllLoss("none"), s.Strided(3, 4), s.Index(4, 3), s.Positive(4)),
            Sample.Of(new NllLoss("mean", 0), s.Any(5, 3), s.Integers(Shape.Of(5), 0, 1, 2, 0, 1), s.Positive(3)),
            Sample.Of(new NllLoss(), s.Any(4), s.Integers(Shape.Scalar, 2), null),
            Sample.Of(new NllLoss("none"), s.Any(2, 3, 2, 2), s.Index(3, 2, 2, 2), s.Positive(3)),
            Sample.Of(new NllLoss(), s.Any(2, 3, 4), s.Index(3, 2, 4), null),
            Sample.ForwardOnly(new NllLoss("mean", 1), s.Any(2, 3), s.Integers(Shape.Of(2), 1, 1), null),
        ]
        : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[0]!.Dim > 2 ? "NllLoss2DBackward0" : "NllLossBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        ClassTargets.Check(x[0], x[1], x.Optional(2));
        return new(LossReduction.Result(Reduction, x[1].Shape), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var targets = new ClassTargets(x[0].Shape, x[1], x.Optional(2), y.DType, IgnoreIndex);
        var input = y.Workspace.RawContiguous(x[0]);
        if (y.DType == DType.Float32) Run<float>(input, targets, y);
        else Run<double>(input, targets, y);
    }

    // The loss is linear in self: -weight / total at the target, nothing elsewhere.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        grad.NllLossBackward(saved.Input(0), saved.Input(1), saved.OptionalInput(2), Reduction, IgnoreIndex);

    private unsafe void Run<T>(Tensor input, ClassTargets targets, Tensor y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* x = input.Pointer<T>();
        T* to = y.Pointer<T>();
        double sum = 0, total = 0;
        for (long i = 0; i < targets.Count; i++)
        {
            bool counts = targets.Find(i, out long place, out double weight);
            double loss = counts ? -weight * double.CreateTruncating(x[place]) : 0;
            if (Reduction == "none") to[i] = T.CreateTruncating(loss);
            sum += loss;
            if (counts) total += weight;
        }
        if (Reduction != "none") *to = T.CreateTruncating(Reduction == "mean" ? sum / total : sum);
    }
}
