using System.Numerics;

namespace AutogradService.Engine.Ops;

/// <summary>
/// The derivative of ctc_loss in log_probs, for normalized ones: grad (e^lp_t(c) - sum over the states s of class c of e^(alpha_t(s) + beta_t(s) - lp_t(c)) / p).
/// Cannot be differentiated again.
/// </summary>
[Op("_ctc_loss_backward(grad, log_probs, targets!, input_lengths!, target_lengths!, neg_log_likelihood!, log_alpha!, blank, zero_infinity)", Hidden = true)]
public sealed partial record CtcLossBackward(long Blank, bool ZeroInfinity) : ComputeOp, IOp<CtcLossBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("the derivative of ctc_loss: CtcLossTests compares it with finite differences through log_softmax");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        if (!s.IsFloat) yield break;
        Tensor logProbs = s.Any(4, 2, 3), targets = s.Integers(Shape.Of(2, 2), 1, 1, 2, 0), frames = s.Integers(Shape.Of(2), 4, 3), labels = s.Integers(Shape.Of(2), 2, 1);
        var y = s.Workspace.ApplyMany(new CtcLikelihood(0, false), [logProbs, targets, frames, labels]);
        yield return Sample.ForwardOnly(new CtcLossBackward(0, false), s.Any(2), logProbs, targets, frames, labels, y[0], y[1]);
    }

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x[1].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var alignment = new CtcAlignment(x[1].Shape, x[2], x[3], x[4], Blank);
        Tensor grad = y.Workspace.RawContiguous(x[0]), logProbs = y.Workspace.RawContiguous(x[1]), losses = y.Workspace.RawContiguous(x[5]), logAlpha = y.Workspace.RawContiguous(x[6]);
        Kernels.Fill.All(y, 0.0);
        if (y.DType == DType.Float32) Run<float>(grad, logProbs, losses, logAlpha, alignment, y);
        else Run<double>(grad, logProbs, losses, logAlpha, alignment, y);
    }

    // beta is alpha from the other end: beta_t(s) = (beta_{t+1}(s) + beta_{t+1}(s+1) + beta_{t+1}(s+2) where that skips a blank) e^lp_t(label of s).
    private unsafe void Run<T>(Tensor grad, Tensor logProbs, Tensor losses, Tensor logAlpha, CtcAlignment alignment, Tensor y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long frames = y.Shape[0], batch = y.Shape[1], classes = y.Shape[2], width = logAlpha.Shape[2];
        var through = new double[classes];
        for (long b = 0; b < batch; b++)
        {
            double loss = double.CreateTruncating(losses.Pointer<T>()[b]), share = double.CreateTruncating(grad.Pointer<T>()[b]);
            if (ZeroInfinity && double.IsPositiveInfinity(loss)) continue;
            long states = alignment.States(b), last = alignment.InputLengths[b] - 1;
            T* alpha = logAlpha.Pointer<T>() + b * frames * width;
            var row = new double[states];
            var next = new double[states];
            for (long t = last; t >= 0; t--)
            {
                T* frame = logProbs.Pointer<T>() + (t * batch + b) * classes;
                Array.Fill(through, double.NegativeInfinity);
                for (long s = 0; s < states; s++)
                {
                    double sum = t == last ? s >= states - 2 ? 0 : double.NegativeInfinity : row[s];
                    if (t < last && s + 1 < states) sum = CtcAlignment.LogAdd(sum, row[s + 1]);
                    if (t < last && s + 2 < states && alignment.Skips(b, s + 2)) sum = CtcAlignment.LogAdd(sum, row[s + 2]);
                    long label = alignment.Label(b, s);
                    next[s] = sum + double.CreateTruncating(frame[label]);
                    through[label] = CtcAlignment.LogAdd(through[label], double.CreateTruncating(alpha[t * width + s]) + next[s]);
                }
                (row, next) = (next, row);
                for (long c = 0; c < classes; c++)
                {
                    double lp = double.CreateTruncating(frame[c]);
                    y.Pointer<T>()[(t * batch + b) * classes + c] = T.CreateTruncating(share * (Math.Exp(lp) - Math.Exp(through[c] + loss - lp)));
                }
            }
        }
    }
}
