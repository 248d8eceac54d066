using System.Runtime.CompilerServices;

namespace AutogradService.Client;

// Functions that the server runs as a whole (checkpoint, torch.autograd.functional, gradcheck), forward mode, inference mode and anomaly detection.
public sealed partial class AutogradSession
{
    private FunctionTrace? _recording;

    /// <summary>torch.autograd.functional: Jacobians, Hessians and products with them. Each is one command.</summary>
    public FunctionalApi Functional => new(this);

    /// <summary>Whether commands given now run in inference mode; see <see cref="InferenceMode"/>.</summary>
    public bool IsInferenceMode { get; private set; }

    /// <summary>Whether a backward given now stops at the first node that makes a NaN; see <see cref="DetectAnomaly"/>.</summary>
    public bool IsAnomalyDetected { get; private set; }

    /// <summary>The function that this thread is recording, if it is.</summary>
    internal FunctionTrace? Recording => Volatile.Read(ref _recording) is { } trace && trace.Thread == Environment.CurrentManagedThreadId ? trace : null;

    /// <summary>Turns recording off, and makes tensors that can never be used in autograd, until the returned scope is disposed (torch.inference_mode).</summary>
    public GradScope InferenceMode()
    {
        var scope = new GradScope(this, IsGradEnabled, IsInferenceMode, IsAnomalyDetected);
        IsGradEnabled = false;
        IsInferenceMode = true;
        return scope;
    }

    /// <summary>
    /// Until the returned scope is disposed, a backward fails at the first node that makes a NaN, naming it and the line that recorded it (torch.autograd.detect_anomaly).
    /// Lines are kept for the commands given in the scope. Slows down.
    /// </summary>
    public GradScope DetectAnomaly()
    {
        var scope = new GradScope(this, IsGradEnabled, IsInferenceMode, IsAnomalyDetected);
        IsAnomalyDetected = true;
        Pipeline.KeepSources(true);
        return scope;
    }

    /// <summary>Opens the session's level of forward mode (torch.autograd.forward_ad.dual_level); its end drops all tangents.</summary>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE if one is open, told by the next awaited call.</exception>
    public DualLevel DualLevel([CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        Give(new Wire.Command { SetDualLevel = new Wire.SetDualLevel { Entered = true } }, "dual_level", new Source(sourceFile, sourceLine, sourceMember));
        return new DualLevel(this);
    }

    /// <summary>A tensor with the primal's value and history that carries a tangent through every op (torch.autograd.forward_ad.make_dual).</summary>
    /// <param name="primal">The value.</param>
    /// <param name="tangent">The direction, of the value's shape and dtype.</param>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE outside a level, SHAPE_MISMATCH, told by the next awaited call.</exception>
    public Tensor MakeDual(Tensor primal, Tensor tangent, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        var dual = NewTensor();
        Give(new Wire.Command { MakeDual = new Wire.MakeDual { Primal = HandleOf(primal), Tangent = HandleOf(tangent), Out = dual.Handle } }, "make_dual", new Source(sourceFile, sourceLine, sourceMember));
        GC.KeepAlive((primal, tangent));
        return dual;
    }

    /// <summary>The value and the tangent of a tensor (torch.autograd.forward_ad.unpack_dual); zeros where no tangent arrived.</summary>
    /// <param name="tensor">The tensor.</param>
    public (Tensor Primal, Tensor Tangent) UnpackDual(Tensor tensor, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        Tensor primal = NewTensor(), tangent = NewTensor();
        Give(new Wire.Command { UnpackDual = new Wire.UnpackDual { Tensor = HandleOf(tensor), Primal = primal.Handle, Tangent = tangent.Handle, Materialize = true } }, "unpack_dual", new Source(sourceFile, sourceLine, sourceMember));
        GC.KeepAlive(tensor);
        return (primal, tangent);
    }

    /// <summary>
    /// Runs a function without keeping what backward needs; backward runs it again, with the random numbers of the first time (torch.utils.checkpoint). Gradients are equal,
    /// also those of tensors of the session that the function uses beside its inputs.
    /// </summary>
    /// <param name="function">Only ops on tensors: it is recorded, and run by the server.</param>
    /// <param name="inputs">What it is given.</param>
    /// <returns>Its results.</returns>
    /// <exception cref="InvalidOperationException">The function does something that cannot be recorded.</exception>
    /// <exception cref="AutogradException">Whatever its ops refuse, told by the next awaited call.</exception>
    public Tensor[] Checkpoint(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var (segment, used) = FunctionTrace.Record(this, function, inputs.Count);
        var checkpoint = new Wire.Checkpoint { Segment = segment };
        foreach (var input in inputs) checkpoint.Inputs.Add(HandleOf(input));
        var results = NewTensors(segment.Results.Count);
        foreach (var result in results) checkpoint.Out.Add(result.Handle);
        Give(new Wire.Command { Checkpoint = checkpoint }, "checkpoint", new Source(sourceFile, sourceLine, sourceMember));
        GC.KeepAlive((used, inputs));
        return results;
    }

    /// <summary>As the other form, for one input and one result.</summary>
    /// <inheritdoc cref="Checkpoint(Func{Tensor[], Tensor[]}, IReadOnlyList{Tensor}, string, int, string)"/>
    /// <param name="input">What it is given.</param>
    public Tensor Checkpoint(Func<Tensor, Tensor> function, Tensor input, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Checkpoint(x => [function(x[0])], [input], sourceFile, sourceLine, sourceMember)[0];

    /// <summary>Compares a function's derivatives with finite differences (torch.autograd.gradcheck).</summary>
    /// <param name="function">Only ops on tensors: it is recorded, and run by the server, twice for each element of the inputs.</param>
    /// <param name="inputs">Where to check; those that require grad are differentiated. float64, or rounding alone fails the check.</param>
    /// <param name="options">Step and tolerances.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether they agree, and what differs if not.</returns>
    /// <exception cref="AutogradException">No input requires grad, or whatever the function's ops refuse.</exception>
    public Task<GradientCheckResult> GradCheckAsync(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, GradientCheckOptions? options = null, CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        CheckAsync("gradcheck", secondOrder: false, function, inputs, [], options, new Source(sourceFile, sourceLine, sourceMember), cancellation);

    /// <summary>Compares a function's second derivatives with finite differences (torch.autograd.gradgradcheck).</summary>
    /// <inheritdoc cref="GradCheckAsync"/>
    /// <param name="function">Only ops on tensors.</param>
    /// <param name="inputs">Where to check.</param>
    /// <param name="gradOutputs">A gradient for each result that requires grad; null for random ones.</param>
    /// <param name="options">Step and tolerances.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<GradientCheckResult> GradGradCheckAsync(Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? gradOutputs = null, GradientCheckOptions? options = null, CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        CheckAsync("gradgradcheck", secondOrder: true, function, inputs, gradOutputs ?? [], options, new Source(sourceFile, sourceLine, sourceMember), cancellation);

    // Inside, grad mode starts out on: what it is outside is the command's.
    internal GradScope BeginTrace(FunctionTrace trace)
    {
        if (Interlocked.CompareExchange(ref _recording, trace, null) is not null) throw FunctionTrace.Refuse("recording another function");
        var modes = new GradScope(this, IsGradEnabled, IsInferenceMode, IsAnomalyDetected);
        IsGradEnabled = true;
        IsInferenceMode = false;
        return modes;
    }

    internal void EndTrace() => Volatile.Write(ref _recording, null);

    internal Tensor[] NewTensors(int count)
    {
        var tensors = new Tensor[count];
        for (int i = 0; i < count; i++) tensors[i] = NewTensor();
        return tensors;
    }

    private async Task<GradientCheckResult> CheckAsync(string name, bool secondOrder, Func<Tensor[], Tensor[]> function, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> gradOutputs, GradientCheckOptions? options, Source source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new GradientCheckOptions();
        var (segment, used) = FunctionTrace.Record(this, function, inputs.Count);
        var check = new Wire.CheckGradients
        {
            Segment = segment,
            SecondOrder = secondOrder,
            Eps = options.Eps,
            Atol = options.Atol,
            Rtol = options.Rtol,
            NondetTol = options.NondetTol,
            FastMode = options.FastMode,
            CheckForwardAd = options.CheckForwardAd,
        };
        foreach (var input in inputs) check.Inputs.Add(HandleOf(input));
        foreach (var gradient in gradOutputs) check.GradOutputs.Add(HandleOf(gradient));
        var result = await AskAsync(new Wire.Command { CheckGradients = check }, name, source, cancellation).ConfigureAwait(false);
        GC.KeepAlive((used, inputs, gradOutputs));
        return new GradientCheckResult(result.GradientCheck.Passed, result.GradientCheck.Message);
    }
}

/// <summary>Closes the session's level of forward mode when it is disposed: tensors stay, their tangents go.</summary>
public readonly struct DualLevel : IDisposable
{
    private readonly AutogradSession _session;

    internal DualLevel(AutogradSession session) => _session = session;

    /// <summary>Drops all tangents.</summary>
    public void Dispose() => _session?.Give(new Wire.Command { SetDualLevel = new Wire.SetDualLevel() }, "dual_level", default);
}

/// <summary>How derivatives are compared with finite differences; the defaults are torch.autograd.gradcheck's.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>The step of the central differences.</summary>
    public double Eps { get; init; } = 1e-6;

    /// <summary>Absolute tolerance.</summary>
    public double Atol { get; init; } = 1e-5;

    /// <summary>Tolerance relative to the finite difference.</summary>
    public double Rtol { get; init; } = 1e-3;

    /// <summary>How far two runs of the same backward may differ.</summary>
    public double NondetTol { get; init; }

    /// <summary>Compares a random projection of each Jacobian rather than all of it.</summary>
    public bool FastMode { get; init; }

    /// <summary>Compares forward mode too.</summary>
    public bool CheckForwardAd { get; init; }
}

/// <summary>What a comparison with finite differences found.</summary>
/// <param name="Passed">Whether they agree.</param>
/// <param name="Message">If not, what differs, in PyTorch's words.</param>
public sealed record GradientCheckResult(bool Passed, string Message);
