namespace AutogradService.Engine.Ops;

/// <summary>
/// One step of a gated recurrent unit: r = sigmoid(W_ir x + b_ir + W_hr h + b_hr), z alike, n = tanh(W_in x + b_in + r (W_hn h + b_hn)), and h' = (1 - z) n + z h.
/// The weights hold r, z and n one above the other.
/// </summary>
[Op("gru_cell(input, hx, w_ih, w_hh, b_ih?, b_hh?)", Page = "torch.nn.GRUCell")]
public sealed partial record GruCell : CompositeOp, IOp<GruCell>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<GruCell>((_, x) => NdArray.Build(x[1].Shape, i =>
    {
        double[] a = Gates.Define(x[0], x[2], x[4], i[0]), b = Gates.Define(x[1], x[3], x[5], i[0]);
        long k = i[1], n = x[1].Shape[1];
        double r = Gates.Logistic(a[k] + b[k]), z = Gates.Logistic(a[n + k] + b[n + k]);
        return (1 - z) * Math.Tanh(a[2 * n + k] + r * b[2 * n + k]) + z * x[1][i];
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new GruCell(), s.Any(2, 3), s.Any(2, 2), s.Any(6, 3), s.Any(6, 2), s.Any(6), s.Any(6)), Sample.Of(new GruCell(), s.Any(1, 2), s.Any(1, 2), s.Strided(6, 2), s.Any(6, 2), null, null)]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor mapped = Gates.OfInput(x, 2), hidden = Gates.OfHidden(x, 2);
        Tensor[] a = Gates.Split(mapped, 3, x[1]), b = Gates.Split(hidden, 3, x[1]);
        Tensor r = a[0].Add(b[0]).Sigmoid(), z = a[1].Add(b[1]).Sigmoid(), n = a[2].Add(r.Mul(b[2])).Tanh();
        return x[1].Sub(n).Mul(z).Add(n);
    }
}
