using System.Numerics;

namespace AutogradService.Engine.Ops;

/// <summary>
/// What ctc_loss records: -log p of each target, and log_alpha [N, T, 2 S + 1], the log probability of all beginnings of paths that are in a state at a frame.
/// States are the labels with blanks before, between and after them.
/// </summary>
[Op("_ctc_loss(log_probs, targets!, input_lengths!, target_lengths!, blank, zero_infinity) -> (neg_log_likelihood, log_alpha)", Hidden = true)]
public sealed partial record CtcLikelihood(long Blank, bool ZeroInfinity) : MultiOp, IOp<CtcLikelihood>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("ctc_loss is defined by it, and tested against a sum over all paths");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.ForwardOnly(new CtcLikelihood(0, false), s.Any(4, 2, 3), s.Integers(Shape.Of(2, 2), 1, 1, 2, 0), s.Integers(Shape.Of(2), 4, 3), s.Integers(Shape.Of(2), 2, 1))]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(4) | Engine.Saves.OutputAt(0) | Engine.Saves.OutputAt(1);

    internal override bool HasGradient(int output) => output == 0;

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        if (!x[0].DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("ctc_loss_cpu", x[0].DType);
        if (x[0].Dim != 3) throw AutogradException.Shape($"Expected 3-dimensional tensor, but got {x[0].Dim}-dimensional tensor for argument #1 'log_probs' (while checking arguments for ctc_loss_cpu)");
        var alignment = new CtcAlignment(x[0].Shape, x[1], x[2], x[3], Blank);
        return [new(Shape.Of(x[0].Shape[1]), x[0].DType), new(Shape.Of(x[0].Shape[1], x[0].Shape[0], 2 * alignment.TargetLengthMax + 1), x[0].DType)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        var logProbs = x[0].Workspace.RawContiguous(x[0]);
        var alignment = new CtcAlignment(x[0].Shape, x[1], x[2], x[3], Blank);
        Kernels.Fill.All(y[1], double.NegativeInfinity);
        if (logProbs.DType == DType.Float32) Run<float>(logProbs, alignment, y);
        else Run<double>(logProbs, alignment, y);
    }

    // -sum over the states s of class c of e^(alpha_t(s) + beta_t(s)) / (p e^lp_t(c)), and e^lp_t(c) for the log_softmax before it
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => grads[0]?.CtcLossBackward(
        saved.Input(0), saved.Input(1), saved.Input(2), saved.Input(3), saved.Output(0), saved.Output(1), Blank, ZeroInfinity);

    // alpha_t(s) = (alpha_{t-1}(s) + alpha_{t-1}(s-1) + alpha_{t-1}(s-2) where that skips a blank) e^lp_t(label of s), in logarithms.
    private static unsafe void Run<T>(Tensor logProbs, CtcAlignment alignment, Tensor[] y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long frames = logProbs.Shape[0], batch = logProbs.Shape[1], classes = logProbs.Shape[2], width = y[1].Shape[2];
        for (long b = 0; b < batch; b++)
        {
            long length = alignment.InputLengths[b], states = alignment.States(b);
            T* alpha = y[1].Pointer<T>() + b * frames * width;
            var row = new double[states];
            var next = new double[states];
            for (long t = 0; t < length; t++)
            {
                T* frame = logProbs.Pointer<T>() + (t * batch + b) * classes;
                for (long s = 0; s < states; s++)
                {
                    double sum = t == 0 ? s < 2 ? 0 : double.NegativeInfinity : row[s];
                    if (t > 0 && s > 0) sum = CtcAlignment.LogAdd(sum, row[s - 1]);
                    if (t > 0 && alignment.Skips(b, s)) sum = CtcAlignment.LogAdd(sum, row[s - 2]);
                    next[s] = sum + double.CreateTruncating(frame[alignment.Label(b, s)]);
                    alpha[t * width + s] = T.CreateTruncating(next[s]);
                }
                (row, next) = (next, row);
            }
            double end = length == 0 ? states == 1 ? 0 : double.NegativeInfinity : states == 1 ? row[0] : CtcAlignment.LogAdd(row[states - 1], row[states - 2]);
            y[0].Pointer<T>()[b] = T.CreateTruncating(-end);
        }
    }
}
