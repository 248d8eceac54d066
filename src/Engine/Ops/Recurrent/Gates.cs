namespace AutogradService.Engine.Ops;

/// <summary>What the recurrent cells share: the affine maps of input [N, in] and hidden state [N, hidden] to the cell's gates.</summary>
internal static class Gates
{
    /// <summary>W_ih x + b_ih.</summary>
    public static Tensor OfInput(Inputs x, int weights) => Mapped("input", x[0], x[weights], x.Optional(weights + 2));

    /// <summary>W_hh h + b_hh.</summary>
    public static Tensor OfHidden(Inputs x, int weights) => Mapped("hidden", x[1], x[weights + 1], x.Optional(weights + 3));

    /// <summary>The definition: all gates of a row.</summary>
    public static double[] Define(NdArray x, NdArray weight, NdArray? bias, long row) => [.. Enumerable.Range(0, (int)weight.Shape[0]).Select(g =>
        (bias?[g] ?? 0) + Enumerable.Range(0, (int)weight.Shape[1]).Sum(i => weight[g, i] * x[row, i]))];

    /// <summary>The logistic function.</summary>
    public static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Refuses a state that is not of the hidden state's shape.</summary>
    public static void RequireState(Tensor state, Tensor hidden, string what)
    {
        if (!state.Shape.Equals(hidden.Shape)) throw AutogradException.Shape($"{what} must be of the hidden state's shape {hidden.Shape}, but is of shape {state.Shape}");
    }

    /// <summary>Takes what was mapped apart into gates of the hidden state's size.</summary>
    public static Tensor[] Split(Tensor mapped, int gates, Tensor hidden)
    {
        if (mapped.Shape[1] != gates * hidden.Shape[1]) throw AutogradException.Shape($"weights for {gates} gates of hidden_size {hidden.Shape[1]} have {gates * hidden.Shape[1]} rows, but these have {mapped.Shape[1]}");
        return mapped.Chunk(gates, 1);
    }

    private static Tensor Mapped(string what, Tensor x, Tensor weight, Tensor? bias)
    {
        if (x.Dim != 2) throw AutogradException.Shape($"{what} must be of shape [N, {what}_size], but is of shape {x.Shape}");
        if (weight.Dim != 2) throw AutogradException.Shape($"the weights of {what} must be a matrix, but are of shape {weight.Shape}");
        if (bias is not null && (bias.Dim != 1 || bias.Shape[0] != weight.Shape[0])) throw AutogradException.Shape($"the bias of {what} must be of shape [{weight.Shape[0]}], but is of shape {bias.Shape}");
        if (x.Shape[-1] != weight.Shape[1]) throw AutogradException.Shape($"{what} has inconsistent {what}_size: got {x.Shape[-1]} expected {weight.Shape[1]}");
        return x.Linear(weight, bias);
    }
}
