namespace AutogradService.Engine.Ops;

/// <summary>
/// One step of long short-term memory: with the gates i, f, g, o = W_ih x + b_ih + W_hh h + b_hh, c' = sigmoid(f) c + sigmoid(i) tanh(g), and h' = sigmoid(o) tanh(c').
/// The weights hold the gates one above the other.
/// </summary>
/// <remarks>Hochreiter, Schmidhuber, "Long Short-Term Memory", 1997.</remarks>
[Op("lstm_cell(input, hx, cx, w_ih, w_hh, b_ih?, b_hh?) -> (hy, cy)", Page = "torch.nn.LSTMCell")]
public sealed partial record LstmCell : CompositeMultiOp, IOp<LstmCell>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<LstmCell>((_, x) =>
    {
        var cy = NdArray.Build(x[2].Shape, i => Gates.Logistic(Gate(x, i, 1)) * x[2][i] + Gates.Logistic(Gate(x, i, 0)) * Math.Tanh(Gate(x, i, 2)));
        return [NdArray.Build(cy.Shape, i => Gates.Logistic(Gate(x, i, 3)) * Math.Tanh(cy[i])), cy];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new LstmCell(), s.Any(2, 3), s.Any(2, 2), s.Any(2, 2), s.Any(8, 3), s.Any(8, 2), s.Any(8), s.Any(8)),
            Sample.Of(new LstmCell(), s.Any(1, 2), s.Any(1, 1), s.Any(1, 1), s.Strided(4, 2), s.Any(4, 1), null, null),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        Gates.RequireState(x[2], x[1], "c");
        var gates = Gates.Split(Gates.OfInput(x, 3).Add(Gates.OfHidden(x, 3)), 4, x[1]);
        var cy = gates[1].Sigmoid().Mul(x[2]).Add(gates[0].Sigmoid().Mul(gates[2].Tanh()));
        return [gates[3].Sigmoid().Mul(cy.Tanh()), cy];
    }

    private static double Gate(NdArray[] x, long[] i, long gate)
    {
        long k = gate * x[2].Shape[1] + i[1];
        return Gates.Define(x[0], x[3], x[5], i[0])[k] + Gates.Define(x[1], x[4], x[6], i[0])[k];
    }
}
