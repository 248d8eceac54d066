namespace AutogradService.Client;

/// <summary>
/// A function while it is recorded rather than run: what it calls becomes the steps of a segment that the server runs, once or often. Values do not exist meanwhile,
/// so what would read one is refused.
/// </summary>
internal sealed class FunctionTrace
{
    private readonly Wire.Segment _segment = new();
    private readonly Dictionary<ulong, Tensor> _used = [];

    /// <summary>Where the function runs: what other threads give meanwhile is sent as ever.</summary>
    public int Thread { get; } = Environment.CurrentManagedThreadId;

    /// <summary>Records a function.</summary>
    /// <param name="session">The session.</param>
    /// <param name="function">The function.</param>
    /// <param name="inputs">How many tensors it takes.</param>
    /// <returns>The segment, and the session's own tensors that it uses, by handle, to be kept alive until it was given.</returns>
    /// <exception cref="InvalidOperationException">It reads a value, or does anything else that is no op.</exception>
    public static (Wire.Segment Segment, IReadOnlyDictionary<ulong, Tensor> Used) Record(AutogradSession session, Func<Tensor[], Tensor[]> function, int inputs)
    {
        ArgumentNullException.ThrowIfNull(function);
        var trace = new FunctionTrace();
        using var modes = session.BeginTrace(trace);
        try
        {
            var parameters = new Tensor[inputs];
            for (int i = 0; i < inputs; i++)
            {
                parameters[i] = session.NewResult();
                trace._segment.Parameters.Add(parameters[i].Handle);
            }
            foreach (var result in function(parameters)) trace._segment.Results.Add(session.HandleOf(result));
        }
        finally
        {
            session.EndTrace();
        }
        return (trace._segment, trace._used);
    }

    /// <summary>Adds a step.</summary>
    public void Add(Wire.Command command)
    {
        if (command.InferenceMode) throw FunctionTrace.Refuse("inference_mode");
        _segment.Steps.Add(new Wire.SegmentStep { ApplyOp = command.ApplyOp.Clone(), NoGrad = command.NoGrad });
    }

    /// <summary>Keeps a tensor of the session alive as long as the segment needs it.</summary>
    public void Use(Tensor tensor) => _used[tensor.Handle] = tensor;

    /// <summary>The refusal of what a recorded function cannot do.</summary>
    public static InvalidOperationException Refuse(string what) =>
        new($"'{what}' inside a function that is recorded: only ops on tensors can be, and what they do cannot depend on values. Read values outside, or use ops such as Where");
}
