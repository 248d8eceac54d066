namespace AutogradService.Engine.Ops;

/// <summary>
/// Cross-entropy of logits, classes in dim 1 (or the only dim): nll_loss(log_softmax(self), target). A target of self's shape holds class probabilities;
/// label_smoothing mixes every target with the uniform distribution.
/// </summary>
[Op("cross_entropy(self, target, weight?!, reduction, ignore_index, label_smoothing)")]
public sealed partial record CrossEntropyLoss(string Reduction = "mean", long IgnoreIndex = -100, double LabelSmoothing = 0) : CompositeOp, IOp<CrossEntropyLoss>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CrossEntropyLoss>(Define);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new CrossEntropyLoss(), s.Any(3, 4), s.Index(4, 3), null),
            Sample.Of(new CrossEntropyLoss("mean", 1, 0.3), s.Any(5, 3), s.Integers(Shape.Of(5), 0, 1, 2, 0, 1), s.Positive(3)),
            Sample.Of(new CrossEntropyLoss("mean", 1, 0.3), s.Any(5, 3), s.Integers(Shape.Of(5), 0, 1, 2, 0, 1), null),
            Sample.Of(new CrossEntropyLoss("sum"), s.Any(3, 4), s.Probability(3, 4), null),
            Sample.Of(new CrossEntropyLoss("none", LabelSmoothing: 0.2), s.Any(3, 4, 2), s.Probability(3, 4, 2), s.Positive(4)),
            Sample.Of(new CrossEntropyLoss("none", LabelSmoothing: 0.2), s.Any(2, 3, 2, 2), s.Index(3, 2, 2, 2), null),
            Sample.Of(new CrossEntropyLoss(), s.Any(4), s.Integers(Shape.Scalar, 2), null),
            Sample.Of(new CrossEntropyLoss(), s.Any(3, 4), s.Probability(3, 4), s.Positive(4)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        LossReduction.Check(Reduction);
        Tensor self = x[0], target = x[1];
        var weight = x.Optional(2);
        if (LabelSmoothing is < 0 or > 1) throw AutogradException.Attribute($"label_smoothing must be between 0.0 and 1.0. Got: {LabelSmoothing}");
        int classDim = self.Dim == 1 ? 0 : 1;
        if (self.Shape.Equals(target.Shape)) return OfProbabilities(self, target, weight, classDim);
        if (self.Dim == 0) ClassTargets.Check(self, target, weight);
        var log = self.LogSoftmax(classDim);
        var loss = log.NllLoss(target, weight, Reduction, IgnoreIndex);
        return LabelSmoothing > 0 ? Smoothed(loss, log, target, weight, classDim) : loss;
    }

    private Tensor OfProbabilities(Tensor self, Tensor target, Tensor? weight, int classDim)
    {
        if (!target.DType.IsFloatingPoint)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"Expected floating point type for target with class probabilities, got {target.DType.TorchName}");
        if (IgnoreIndex >= 0) throw AutogradException.Attribute("ignore_index is not supported for floating point target");
        long classes = self.Dim == 0 ? 1 : self.Shape[classDim];
        if (weight is not null && (weight.Dim != 1 || weight.Numel != classes))
            throw AutogradException.Shape($"cross_entropy: weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of shape: {weight.Shape}");
        var log = self.LogSoftmax(classDim);
        if (LabelSmoothing > 0) target = target.Mul(1 - LabelSmoothing).Add(LabelSmoothing / classes);
        var product = log.Mul(target);
        if (weight is not null) product = product.Mul(PerClass(weight, self.Dim));
        return Reduction switch
        {
            "mean" => Divided(product.Sum().Neg(), self.Numel == 0 ? double.NaN : self.Numel / classes),
            "sum" => product.Sum().Neg(),
            _ => product.Sum([classDim]).Neg(),
        };
    }

    private static Tensor Divided(Tensor x, double by) => x.Workspace.Apply(new DivScalar(by), x);

    // (1 - e) times the loss, plus e / classes times the loss summed over every class, normalised as the loss itself is.
    private Tensor Smoothed(Tensor loss, Tensor log, Tensor target, Tensor? weight, int classDim)
    {
        var smooth = (weight is null ? log : log.Mul(PerClass(weight, log.Dim))).Sum([classDim]).Neg();
        var ignored = target.Eq(IgnoreIndex);
        smooth = smooth.MaskedFill(ignored, 0L);
        if (Reduction == "mean")
        {
            var counted = ignored.LogicalNot();
            smooth = smooth.Sum().Div(weight is null ? counted.Sum() : weight.Gather(0, target.MaskedFill(ignored, 0L).Flatten()).MaskedFill(ignored.Flatten(), 0L).Sum());
        }
        else if (Reduction == "sum")
        {
            smooth = smooth.Sum();
        }
        return loss.Mul(1 - LabelSmoothing).Add(smooth.Mul(LabelSmoothing / log.Shape[classDim]));
    }

    private static Tensor PerClass(Tensor weight, int rank)
    {
        if (rank <= 1) return weight;
        var sizes = new long[rank];
        Array.Fill(sizes, 1);
        sizes[1] = weight.Numel;
        return weight.View(Dims.Create(sizes));
    }

    private static NdArray Define(CrossEntropyLoss op, NdArray[] x)
    {
        int c = x[0].Shape.Rank == 1 ? 0 : 1;
        long classes = x[0].Shape[c];
        var sum = x[0].Reduce([c], true, v => Math.Log(v.Sum(Math.Exp)));
        bool probabilities = x[0].Shape.Equals(x[1].Shape);
        double total = 0;
        // Per element and class: the target's probability times -log softmax times the class's weight.
        var elements = NdArray.Build(x[0].Shape, i =>
        {
            double w = x[2] is null ? 1 : x[2][i[c]];
            double loss = -w * (x[0][i] - sum.Broadcast(i));
            if (probabilities) return loss * (x[1][i] * (1 - op.LabelSmoothing) + op.LabelSmoothing / classes);
            long target = (long)x[1][i.Length == 1 ? [] : [i[0], .. i[2..]]];
            if (target == op.IgnoreIndex) return 0;
            if (target == i[c]) total += w;
            return loss * ((target == i[c] ? 1 - op.LabelSmoothing : 0) + op.LabelSmoothing / classes);
        });
        if (op.Reduction == "none") return elements.Reduce([c], false, v => v.Sum());
        double all = elements.Values.Sum();
        return new NdArray(Shape.Scalar, [op.Reduction == "sum" ? all : all / (probabilities ? x[0].Shape.Numel / classes : total)]);
    }
}
