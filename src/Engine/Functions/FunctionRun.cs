using System.Runtime.InteropServices;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Functions;

/// <summary>The memory of one run of a <see cref="CompiledFunction"/>: set every parameter, run, read the results. For one thread at a time.</summary>
public sealed unsafe class FunctionRun : IDisposable
{
    private const long Alignment = 64;

    private readonly CompiledFunction _function;
    private readonly Workspace _workspace;
    private readonly byte* _memory;
    private readonly long _charged;
    private readonly Dictionary<Block, Storage> _storages = [];
    private readonly Dictionary<Place, Tensor> _tensors = [];
    private readonly Storage[] _parameters;
    private readonly nint[] _own;
    private readonly Executable[] _stages;
    private readonly Tensor[] _results;
    private bool _freed;

    internal FunctionRun(CompiledFunction function)
    {
        _function = function;
        var plan = function.Plan;
        var budget = function.Options.Memory;
        _workspace = new Workspace(new WorkspaceLimits { Shared = budget }, (ulong)Random.Shared.NextInt64());
        _workspace.SetGradEnabled(false);
        _charged = plan.MemoryBytes + Alignment;
        if (budget is not null && !budget.TryTake(_charged)) throw budget.Refuse(_charged);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(plan.Memory.Bytes + Alignment), (nuint)Alignment);
        _own = new nint[function.Parameters.Count];
        _parameters = Array.ConvertAll(plan.Program.ParameterBlocks, StorageOf);
        _stages = new Executable[plan.Stages.Count];
        for (int i = 0; i < _stages.Length; i++) _stages[i] = Executable.Of(plan.Stages[i], plan.Code[i], TensorOf);
        _results = Array.ConvertAll(plan.Program.Results, TensorOf);
    }

    /// <summary>The memory of a parameter, row-major, to be filled by the caller; a tensor bound before is let go.</summary>
    public Span<byte> ParameterBytes(int parameter)
    {
        long bytes = _function.Plan.Program.ParameterBlocks[parameter].Bytes;
        if (_own[parameter] == 0)
        {
            long padded = Padded(bytes);
            if (_function.Options.Memory is { } budget && !budget.TryTake(padded)) throw budget.Refuse(padded);
            _own[parameter] = (nint)NativeMemory.AlignedAlloc((nuint)padded, (nuint)Alignment);
        }
        _parameters[parameter].Show((byte*)_own[parameter]);
        return new Span<byte>((void*)_own[parameter], checked((int)bytes));
    }

    /// <summary>Has the function read a parameter from a tensor's own memory if that is row-major, from a copy otherwise. The tensor must not be written or released until the run is done.</summary>
    /// <param name="parameter">Which parameter.</param>
    /// <param name="tensor">A tensor of the parameter's shape and dtype, of any workspace.</param>
    /// <exception cref="AutogradException">SHAPE_MISMATCH, DTYPE_UNSUPPORTED.</exception>
    public void Bind(int parameter, Tensor tensor)
    {
        var spec = _function.Parameters[parameter];
        if (!tensor.Shape.Equals(spec.Shape)) throw AutogradException.Shape($"parameter {parameter} has shape {spec.Shape}, but got {tensor.Shape}");
        if (tensor.DType != spec.DType) throw new AutogradException(ErrorReason.DtypeUnsupported, $"parameter {parameter} is {spec.DType.Name}, but got {tensor.DType.Name}");
        // Loops read to the end of the last vector: memory that begins at a boundary reaches that far.
        if (tensor.IsContiguous && tensor.Numel > 0 && (nint)tensor.Data % Alignment == 0) _parameters[parameter].Show(tensor.Data);
        else tensor.CopyTo(ParameterBytes(parameter));
    }

    /// <summary>Runs the steps.</summary>
    /// <param name="seed">Seed of the random numbers; without, they go on from run to run.</param>
    /// <param name="cancellation">Looked at between steps and inside long ones.</param>
    /// <exception cref="AutogradException">What a kernel refuses (an index out of range).</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">A parameter was not set.</exception>
    public void Run(ulong? seed = null, CancellationToken cancellation = default)
    {
        foreach (var parameter in _parameters)
            if (!parameter.HasValues) throw new InvalidOperationException($"parameter {Array.IndexOf(_parameters, parameter)} was not set");
        if (seed is { } s) _workspace.Random.ManualSeed(s);
        _workspace.Cancellation = cancellation;
        // All that the run writes is its own.
        using var interruption = WorkerPool.Interruptible(cancellation);
        foreach (var stage in _stages)
        {
            cancellation.ThrowIfCancellationRequested();
            stage.Run();
        }
    }

    /// <summary>A result's elements, row-major, little-endian; valid until the next run or until the run is given back.</summary>
    public ReadOnlySpan<byte> ResultBytes(int result) => _results[result].Numel == 0 ? default : _results[result].Bytes;

    /// <summary>A result as a tensor over the run's memory; valid as long as <see cref="ResultBytes"/>.</summary>
    public Tensor Result(int result) => _results[result];

    /// <summary>Gives the run back to its function.</summary>
    public void Dispose()
    {
        // What was bound belongs to others.
        for (int i = 0; i < _parameters.Length; i++) _parameters[i].Show((byte*)_own[i]);
        _function.Return(this);
    }

    internal void Free()
    {
        if (_freed) return;
        _freed = true;
        foreach (var stage in _stages) stage.Dispose();
        var budget = _function.Options.Memory;
        for (int i = 0; i < _own.Length; i++)
        {
            if (_own[i] == 0) continue;
            NativeMemory.AlignedFree((void*)_own[i]);
            budget?.Give(Padded(_function.Plan.Program.ParameterBlocks[i].Bytes));
        }
        NativeMemory.AlignedFree(_memory);
        budget?.Give(_charged);
        _workspace.Dispose();
    }

    private static long Padded(long bytes) => Math.Max(Alignment, bytes + Alignment - 1 & ~(Alignment - 1));

    private Tensor TensorOf(Place place)
    {
        if (_tensors.TryGetValue(place, out var tensor)) return tensor;
        var storage = StorageOf(place.Block);
        storage.Retain();
        var strides = place.IsContiguous ? place.Shape.ContiguousStrides : place.Strides;
        return _tensors[place] = new Tensor(_workspace, storage, place.Shape, strides, place.Offset, place.DType).Retain();
    }

    private Storage StorageOf(Block block)
    {
        if (_storages.TryGetValue(block, out var storage)) return storage;
        var plan = _function.Plan;
        byte* data = null;
        if (block.Constant is not null) data = _function.Constants.Of(block);
        else if (block.Parameter < 0 && plan.Memory.OffsetOf(block) is >= 0 and var offset) data = _memory + offset;
        storage = new Storage(_workspace.Pool, data, 0, 0);
        storage.Begin(block.Bytes, 0); // held by the run for good: it never goes back to a pool
        return _storages[block] = storage;
    }
}
