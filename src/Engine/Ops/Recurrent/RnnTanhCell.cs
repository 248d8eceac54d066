namespace AutogradService.Engine.Ops;

/// <summary>One step of an Elman network: tanh(W_ih input + b_ih + W_hh hx + b_hh). input is [N, in], hx [N, hidden].</summary>
[Op("rnn_tanh_cell(input, hx, w_ih, w_hh, b_ih?, b_hh?)", Page = "torch.nn.RNNCell")]
public sealed partial record RnnTanhCell : CompositeOp, IOp<RnnTanhCell>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<RnnTanhCell>((_, x) => NdArray.Build(x[1].Shape, i =>
    {
        double sum = Gates.Define(x[0], x[2], x[4], i[0])[i[1]] + Gates.Define(x[1], x[3], x[5], i[0])[i[1]];
        return Math.Tanh(sum);
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new RnnTanhCell(), s.Any(2, 3), s.Any(2, 4), s.Any(4, 3), s.Any(4, 4), s.Any(4), s.Any(4)), Sample.Of(new RnnTanhCell(), s.Any(1, 2), s.Any(1, 2), s.Strided(2, 2), s.Any(2, 2), null, null)]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Gates.OfInput(x, 2).Add(Gates.OfHidden(x, 2)).Tanh();
}
