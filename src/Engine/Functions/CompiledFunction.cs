using System.Runtime.InteropServices;

namespace AutogradService.Engine.Functions;

/// <summary>What running a function once takes, told from shapes alone.</summary>
/// <param name="Flops">Floating-point operations.</param>
/// <param name="BytesMoved">Bytes read and written by its stages.</param>
/// <param name="MemoryBytes">Bytes of memory that one run holds beside its parameters.</param>
/// <param name="Steps">Kernels run: loops over tiles, and ops of their own.</param>
/// <param name="Time">Predicted time, from the machine's measured rates.</param>
public readonly record struct Cost(long Flops, long BytesMoved, long MemoryBytes, int Steps, TimeSpan Time);

/// <summary>How a function is compiled.</summary>
public sealed record CompileOptions
{
    /// <summary>What one run may hold beside its parameters, in bytes.</summary>
    public long MemoryBytesMax { get; init; } = long.MaxValue;

    /// <summary>Graph nodes that deriving it may record.</summary>
    public long NodesMax { get; init; } = 1_000_000;

    /// <summary>Memory that the function's runs share with others.</summary>
    public MemoryBudget? Memory { get; init; }

    /// <summary>Runs kept ready for concurrent callers; more are made when they are needed, and dropped after.</summary>
    public int RunsKept { get; init; } = 2;
}

/// <summary>
/// A computation over tensors of fixed shapes, prepared to be run often. The body is run once, over tensors that have shapes but no values; whatever the engine does meanwhile,
/// derivatives included, becomes the steps: Note [Recording]. Safe to use from any thread.
/// </summary>
public sealed class CompiledFunction : IDisposable
{
    private readonly Stack<FunctionRun> _idle = new();
    private bool _disposed;

    private CompiledFunction(FunctionPlan plan, CompileOptions options)
    {
        Plan = plan;
        Options = options;
        Constants = new FunctionConstants(plan.Constants);
    }

    /// <summary>Shapes and dtypes of the parameters.</summary>
    public IReadOnlyList<TensorSpec> Parameters => Plan.Program.Parameters;

    /// <summary>Shapes and dtypes of the results.</summary>
    public IReadOnlyList<TensorSpec> Results => Plan.ResultSpecs;

    /// <summary>What a run takes.</summary>
    public Cost Cost => Plan.Cost;

    internal FunctionPlan Plan { get; }

    internal CompileOptions Options { get; }

    internal FunctionConstants Constants { get; }

    /// <summary>Compiles a function.</summary>
    /// <param name="parameters">Shapes and dtypes of the parameters.</param>
    /// <param name="body">The computation: given a workspace and the parameters, tensors without history, it returns the results. It must not read values.</param>
    /// <param name="options">Bounds.</param>
    /// <exception cref="AutogradException">Whatever the body throws; QUOTA_BYTES and QUOTA_NODES if it asks for too much; VALUE_DEPENDENT if it reads values.</exception>
    public static CompiledFunction Compile(ReadOnlySpan<TensorSpec> parameters, Func<Workspace, Tensor[], Tensor[]> body, CompileOptions? options = null)
    {
        options ??= new CompileOptions();
        var plan = FunctionPlan.Of(parameters, body, options);
        if (plan.MemoryBytes > options.MemoryBytesMax)
            throw new AutogradException(ErrorReason.QuotaBytes, $"a run of the function takes {plan.MemoryBytes} bytes, and {options.MemoryBytesMax} are allowed");
        return new CompiledFunction(plan, options);
    }

    /// <summary>What running it would take, without running or keeping anything.</summary>
    /// <inheritdoc cref="Compile"/>
    public static Cost Estimate(ReadOnlySpan<TensorSpec> parameters, Func<Workspace, Tensor[], Tensor[]> body, CompileOptions? options = null) =>
        FunctionPlan.Of(parameters, body, options ?? new CompileOptions()).Cost;

    /// <summary>
    /// For each result, whether row i (along dim 0) comes of row i of the batched parameters and of all of the others, so that calls can be answered by one run over their rows
    /// put together. Ask a function that was compiled for a prime number of rows, so that no size is a multiple of it by chance. The bits are those of separate runs of two rows or
    /// more; a single row's matrix products are added up in another order.
    /// </summary>
    /// <param name="batched">Which parameters have the rows.</param>
    public bool[] RowsIndependent(IReadOnlyList<bool> batched) => BatchAnalysis.Run(Plan.Program, batched);

    /// <summary>A run to fill, start and read; dispose it to give it back.</summary>
    /// <exception cref="AutogradException">QUOTA_SERVER_MEMORY.</exception>
    public FunctionRun Rent()
    {
        lock (_idle)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.TryPop(out var run)) return run;
        }
        return new FunctionRun(this);
    }

    internal void Return(FunctionRun run)
    {
        lock (_idle)
            if (!_disposed && _idle.Count < Options.RunsKept)
            {
                _idle.Push(run);
                return;
            }
        run.Free();
    }

    /// <summary>The steps as text, one a line, with bytes and FLOPs.</summary>
    /// <param name="optimized">After the passes, or as they were recorded.</param>
    public string Print(bool optimized = true) => FunctionPicture.Text(Plan, optimized);

    /// <summary>The steps as a Graphviz graph.</summary>
    /// <param name="optimized">After the passes, or as they were recorded.</param>
    public string Draw(bool optimized = true) => FunctionPicture.Graph(Plan, optimized);

    /// <summary>Gives the memory of idle runs back; those rented give theirs back when they are returned.</summary>
    public void Dispose()
    {
        lock (_idle)
        {
            _disposed = true;
            while (_idle.TryPop(out var run)) run.Free();
        }
    }
}

/// <summary>The constants of a function, which all its runs read: native memory that goes when the last of them does.</summary>
internal sealed unsafe class FunctionConstants
{
    private readonly Dictionary<Block, nint> _memory = [];

    public FunctionConstants(IReadOnlyList<Block> blocks)
    {
        foreach (var block in blocks)
        {
            // To the end of the last vector.
            byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(block.Bytes + 127 & ~63L), 64);
            block.Constant.CopyTo(new Span<byte>(memory, (int)block.Bytes));
            _memory[block] = (nint)memory;
        }
    }

    /// <summary>Frees the memory.</summary>
    ~FunctionConstants()
    {
        foreach (nint memory in _memory.Values) NativeMemory.AlignedFree((void*)memory);
    }

    /// <summary>Where a constant's bytes are.</summary>
    public byte* Of(Block block) => (byte*)_memory[block];
}
