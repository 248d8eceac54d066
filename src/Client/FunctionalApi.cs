using System.Runtime.CompilerServices;

namespace AutogradService.Client;

/// <summary>
/// torch.autograd.functional: derivatives of functions. The function is recorded and differentiated on the server, in one command; it touches no .grad. Failures are told by
/// the next awaited call.
/// </summary>
public readonly struct FunctionalApi
{
    private readonly AutogradSession _session;

    internal FunctionalApi(AutogradSession session) => _session = session;

    /// <summary>The Jacobian of a function.</summary>
    /// <param name="function">Only ops on tensors; any shapes.</param>
    /// <param name="input">Where to differentiate.</param>
    /// <param name="createGraph">Whether the result can itself be differentiated.</param>
    /// <param name="strict">Refuses a result that does not depend on the input (NO_GRAD_PATH), rather than giving zeros.</param>
    /// <returns>A tensor of the result's shape followed by the input's.</returns>
    /// <exception cref="InvalidOperationException">The function does something that cannot be recorded.</exception>
    public Tensor Jacobian(Func<Tensor, Tensor> function, Tensor input, bool createGraph = false, bool strict = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Jacobian(x => [function(x[0])], [input], createGraph, strict, sourceFile, sourceLine, sourceMember)[0][0];

    /// <summary>The Jacobian of each result with respect to each input.</summary>
    /// <returns>By result, then by input: a tensor of the result's shape followed by the input's.</returns>
    /// <inheritdoc cref="Jacobian(Func{Tensor, Tensor}, Tensor, bool, bool, string, int, string)"/>
    /// <param name="inputs">Where to differentiate.</param>
    public Tensor[][] Jacobian(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, bool createGraph = false, bool strict = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Matrix(Wire.Derivative.Jacobian, "jacobian", function, inputs, createGraph, strict, new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>The Hessian of a function with a result of one element.</summary>
    /// <returns>A tensor of the input's shape, twice.</returns>
    /// <inheritdoc cref="Jacobian(Func{Tensor, Tensor}, Tensor, bool, bool, string, int, string)"/>
    public Tensor Hessian(Func<Tensor, Tensor> function, Tensor input, bool createGraph = false, bool strict = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Hessian(x => [function(x[0])], [input], createGraph, strict, sourceFile, sourceLine, sourceMember)[0][0];

    /// <summary>The second derivatives of a function with a result of one element, by every pair of inputs.</summary>
    /// <returns>By input, then by input: a tensor of the first's shape followed by the second's.</returns>
    /// <inheritdoc cref="Jacobian(Func{Tensor[], Tensor[]}, IReadOnlyList{Tensor}, bool, bool, string, int, string)"/>
    public Tensor[][] Hessian(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, bool createGraph = false, bool strict = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Matrix(Wire.Derivative.Hessian, "hessian", function, inputs, createGraph, strict, new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>Vectors times the Jacobian.</summary>
    /// <param name="function">Only ops on tensors.</param>
    /// <param name="inputs">Where to differentiate.</param>
    /// <param name="v">A vector for each result, of its shape; null only if there is one result of one element.</param>
    /// <param name="createGraph">Whether the products can themselves be differentiated.</param>
    /// <param name="strict">Refuses a result that does not depend on an input, rather than giving zeros.</param>
    /// <returns>The function's results, and a product for each input.</returns>
    /// <exception cref="InvalidOperationException">The function does something that cannot be recorded.</exception>
    public (Tensor[] Outputs, Tensor[] Products) Vjp(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? v = null, bool createGraph = false, bool strict = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Products(Wire.Derivative.Vjp, "vjp", function, inputs, v, createGraph, strict, new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>The Jacobian times vectors.</summary>
    /// <param name="v">A vector for each input, of its shape; null only if there is one input of one element.</param>
    /// <returns>The function's results, and a product for each of them.</returns>
    /// <inheritdoc cref="Vjp"/>
    public (Tensor[] Outputs, Tensor[] Products) Jvp(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? v = null, bool createGraph = false, bool strict = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Products(Wire.Derivative.Jvp, "jvp", function, inputs, v, createGraph, strict, new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>The Hessian of a function with a result of one element, times vectors.</summary>
    /// <param name="v">A vector for each input, of its shape; null only if there is one input of one element.</param>
    /// <inheritdoc cref="Vjp"/>
    public (Tensor[] Outputs, Tensor[] Products) Hvp(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? v = null, bool createGraph = false, bool strict = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Products(Wire.Derivative.Hvp, "hvp", function, inputs, v, createGraph, strict, new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>Vectors times the Hessian of a function with a result of one element.</summary>
    /// <param name="v">A vector for each input, of its shape; null only if there is one input of one element.</param>
    /// <inheritdoc cref="Vjp"/>
    public (Tensor[] Outputs, Tensor[] Products) Vhp(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? v = null, bool createGraph = false, bool strict = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Products(Wire.Derivative.Vhp, "vhp", function, inputs, v, createGraph, strict, new Source(sourceFile, sourceLine, sourceMember));

    private Tensor[][] Matrix(Wire.Derivative derivative, string name, Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, bool createGraph, bool strict, in Source source)
    {
        var differentiate = Start(derivative, function, inputs, null, createGraph, strict, out object used);
        int rows = derivative == Wire.Derivative.Hessian ? inputs.Count : differentiate.Segment.Results.Count;
        var all = Give(differentiate, rows * inputs.Count, name, source);
        GC.KeepAlive((used, inputs));
        return [.. all.Chunk(Math.Max(inputs.Count, 1))];
    }

    private (Tensor[] Outputs, Tensor[] Products) Products(Wire.Derivative derivative, string name, Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? vectors, bool createGraph, bool strict, in Source source)
    {
        var differentiate = Start(derivative, function, inputs, vectors, createGraph, strict, out object used);
        int outputs = differentiate.Segment.Results.Count;
        var all = Give(differentiate, outputs + (derivative == Wire.Derivative.Jvp ? outputs : inputs.Count), name, source);
        GC.KeepAlive((used, inputs, vectors));
        return (all[..outputs], all[outputs..]);
    }

    private Wire.Differentiate Start(Wire.Derivative derivative, Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? vectors, bool createGraph, bool strict, out object used)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        (var segment, var captured) = FunctionTrace.Record(_session, function, inputs.Count);
        used = captured;
        var differentiate = new Wire.Differentiate { Segment = segment, Derivative = derivative, CreateGraph = createGraph, Strict = strict };
        foreach (var input in inputs) differentiate.Inputs.Add(_session.HandleOf(input));
        foreach (var vector in vectors ?? []) differentiate.Vectors.Add(_session.HandleOf(vector));
        return differentiate;
    }

    private Tensor[] Give(Wire.Differentiate differentiate, int count, string name, in Source source)
    {
        var results = _session.NewTensors(count);
        foreach (var result in results) differentiate.Out.Add(result.Handle);
        _session.Give(new Wire.Command { Differentiate = differentiate }, name, source);
        return results;
    }
}
