namespace AutogradService.Engine.Functions;

/// <summary>The memory of one run of a <see cref="CompiledFunction"/>: set every parameter, run, read the results. For one thread at a time.</summary>
public sealed class FunctionRun : IDisposable
{
    private readonly CompiledFunction _function;
    private readonly Func<Workspace, Tensor[], Tensor[]> _body;
    private readonly Workspace _workspace;
    private readonly Tensor[] _parameters;
    private Tensor[] _results = [];

    internal FunctionRun(CompiledFunction function, Func<Workspace, Tensor[], Tensor[]> body, CompileOptions options)
    {
        _function = function;
        _body = body;
        _workspace = new Workspace(new WorkspaceLimits { BytesMax = options.MemoryBytesMax, NodesMax = options.NodesMax, Shared = options.Memory }, (ulong)Random.Shared.NextInt64());
        _parameters = [.. function.Parameters.Select(p => _workspace.RawFull(p.Shape, 1.0, p.DType).Retain())];
    }

    internal IReadOnlyList<TensorSpec> Results => [.. _results.Select(r => new TensorSpec(r.Shape, r.DType))];

    /// <summary>The memory of a parameter, row-major, to be filled by the caller; a tensor bound before is let go.</summary>
    public Span<byte> ParameterBytes(int parameter) => _parameters[parameter].Bytes;

    /// <summary>Has the function read a parameter from a tensor's own memory if that is row-major, from a copy otherwise. The tensor must not be written or released until the run is done.</summary>
    /// <param name="parameter">Which parameter.</param>
    /// <param name="tensor">A tensor of the parameter's shape and dtype, of any workspace.</param>
    /// <exception cref="AutogradException">SHAPE_MISMATCH, DTYPE_UNSUPPORTED.</exception>
    public void Bind(int parameter, Tensor tensor)
    {
        var spec = _function.Parameters[parameter];
        if (!tensor.Shape.Equals(spec.Shape)) throw AutogradException.Shape($"parameter {parameter} has shape {spec.Shape}, but got {tensor.Shape}");
        if (tensor.DType != spec.DType) throw new AutogradException(ErrorReason.DtypeUnsupported, $"parameter {parameter} is {spec.DType.Name}, but got {tensor.DType.Name}");
        tensor.CopyTo(_parameters[parameter].Bytes);
    }

    /// <summary>Runs the steps.</summary>
    /// <param name="seed">Seed of the random numbers; without, they go on from run to run.</param>
    /// <param name="cancellation">Looked at between steps and inside long ones.</param>
    /// <exception cref="AutogradException">What a kernel refuses (an index out of range).</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run(ulong? seed = null, CancellationToken cancellation = default)
    {
        foreach (var result in _results) result.Release();
        _results = [];
        if (seed is { } s) _workspace.Random.ManualSeed(s);
        _workspace.Cancellation = cancellation;
        using var scope = _workspace.Scope();
        _results = [.. _body(_workspace, [.. _parameters.Select(p => p.Detach())]).Select(r => _workspace.RawContiguous(r).Retain())];
    }

    /// <summary>A result's elements, row-major, little-endian; valid until the next run or until the run is given back.</summary>
    public ReadOnlySpan<byte> ResultBytes(int result) => _results[result].Bytes;

    /// <summary>A result as a tensor over the run's memory; valid as long as <see cref="ResultBytes"/>.</summary>
    public Tensor Result(int result) => _results[result];

    /// <summary>Gives the run back to its function.</summary>
    public void Dispose() => _function.Return(this);

    internal void Free() => _workspace.Dispose();
}
