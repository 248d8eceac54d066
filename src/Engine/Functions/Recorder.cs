using System.Runtime.InteropServices;

namespace AutogradService.Engine.Functions;

// Note [Recording]
// A function is recorded by running it once over tensors that have geometry but no memory (Storage.HasValues is false). The engine does what it always does: infers shapes,
// records nodes, derives. Where it would call a kernel (Elementwise, Transfer, Fill, an op's Forward), the kernel goes down as a step instead. An op's Forward is itself run in
// this way; if it is made of those kernels only, they are the steps, and if it reaches for memory (Storage.Data throws), the whole op is one. What does not depend on parameters
// has memory and is computed at once, so that constants fold by themselves, and a body that asks for the value of one gets it. A body that asks for a value that does not
// exist is refused by the same exception.
// Every write of a whole block makes a new block of it (static single assignment), so that in-place ops of the body do not bind the passes; a block that is written in part is
// pinned: the steps that touch it stay in order.

/// <summary>Takes down what the engine would compute.</summary>
internal sealed class Recorder : IDisposable
{
    // Larger constants are computed by every run rather than kept.
    private const long ConstantBytesMax = 1 << 16;

    private readonly Dictionary<Storage, Block> _blocks = [];
    private readonly Dictionary<Storage, Block> _constants = [];
    private readonly List<(Storage Storage, Block? Before)> _journal = [];
    private readonly List<Step> _steps = [];
    private readonly Workspace _workspace;
    private Op? _op;
    private int _nextBlock;
    private int _depth;

    private Recorder(WorkspaceLimits limits) => _workspace = new Workspace(limits, this);

    /// <summary>Records a function.</summary>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="body">What it does.</param>
    /// <param name="limits">Bounds of what it may ask for.</param>
    /// <exception cref="AutogradException">Whatever the body throws; VALUE_DEPENDENT.</exception>
    public static FunctionProgram Record(ReadOnlySpan<TensorSpec> parameters, Func<Workspace, Tensor[], Tensor[]> body, WorkspaceLimits limits)
    {
        using var recorder = new Recorder(limits);
        var workspace = recorder._workspace;
        using var scope = workspace.Scope();
        var given = new Tensor[parameters.Length];
        var blocks = new Block[parameters.Length];
        for (int i = 0; i < given.Length; i++)
        {
            given[i] = workspace.RawEmpty(parameters[i].Shape, parameters[i].DType);
            blocks[i] = new Block(recorder._nextBlock++, given[i].ByteLength) { Parameter = i };
            recorder._blocks[given[i].Storage] = blocks[i];
            if (given[i].ByteLength == 0) recorder._constants[given[i].Storage] = blocks[i];
        }
        var results = body(workspace, given);
        var places = Array.ConvertAll(results, recorder.Read);
        return new FunctionProgram(parameters.ToArray(), blocks, recorder._steps, places, workspace.PeakBytes);
    }

    /// <summary>Gives a tensor memory: a constant is about to be written to it.</summary>
    public void Fix(Tensor y)
    {
        _constants.Remove(y.Storage);
        if (!y.Storage.HasValues) _workspace.Pool.Materialize(y.Storage);
    }

    /// <summary>An op that is made of other ops, or has a kernel of its own, or is about to tell which kernels it is made of.</summary>
    public void Forward(ComputeOp op, Inputs x, Tensor y) => Take(op, x, [y], static (op, x, y) => ((ComputeOp)op).Forward(x, y[0]));

    /// <summary>As the other, for several results.</summary>
    public void Forward(MultiOp op, Inputs x, Tensor[] y) => Take(op, x, y, static (op, x, y) => ((MultiOp)op).Forward(x, y));

    /// <summary>An elementwise kernel.</summary>
    public void Element(ElementKernel kernel, Tensor y, params ReadOnlySpan<Tensor> x)
    {
        if (y.Numel == 0) return;
        var reads = new Place?[x.Length];
        for (int i = 0; i < reads.Length; i++) reads[i] = Read(x[i]);
        _steps.Add(new ElementStep(_op?.Schema.Name ?? "map", kernel, _op, reads, [Write(y)]));
    }

    /// <summary>A kernel that works on whole tensors.</summary>
    public void Kernel(IKernel kernel, long flops, Tensor y, params ReadOnlySpan<Tensor> x)
    {
        var reads = new Place?[x.Length];
        for (int i = 0; i < reads.Length; i++) reads[i] = Read(x[i]);
        _steps.Add(new KernelStep(_op?.Schema.Name ?? "kernel", kernel, reads, [Write(y)], flops));
    }

    /// <summary>A copy.</summary>
    public void Copy(Tensor from, Tensor to)
    {
        if (to.Numel == 0) return;
        if (from.Storage.HasValues && Now(to, () => Kernels.Transfer.Into(from, to))) return;
        var read = Read(from);
        _steps.Add(new CopyStep([read], [Write(to)]));
    }

    /// <summary>A number everywhere.</summary>
    public void Fill(Tensor to, Scalar value)
    {
        if (to.Numel == 0 || Now(to, () => Kernels.Fill.All(to, value))) return;
        _steps.Add(new FillStep([Write(to)], value));
    }

    /// <summary>A look at values, which every run takes.</summary>
    public void Check(Tensor tensor, Action<Tensor> check) => _steps.Add(new CheckStep([Read(tensor)], check));

    /// <summary>Gives back what is left of the recording.</summary>
    public void Dispose() => _workspace.Dispose();

    private static bool IsRandom(Op op) => op.Schema.Family == "Random";

    // Random draws are made by every run, whatever they depend on.
    private void Take(Op op, Inputs x, Tensor[] y, ForwardCall forward)
    {
        if (!IsRandom(op) && (IsKnown(x.Tensors) && ComputeNow(op, x, y, forward) || Decompose(op, x, y, forward))) return;
        Add(op, x, y);
    }

    private static bool IsKnown(ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var t in tensors)
            if (t is { Storage.HasValues: false }) return false;
        return true;
    }

    // What depends on nothing is computed while recording, if it is small and covers its memory.
    private bool Now(Tensor y, Action compute)
    {
        if (!MayBeConstant(y)) return false;
        Fix(y);
        using (Suspend()) compute();
        return true;
    }

    private static bool MayBeConstant(Tensor y) => y.Storage.HasValues || y.ByteLength <= ConstantBytesMax && FillsBlock(y);

    private bool ComputeNow(Op op, Inputs x, Tensor[] y, ForwardCall forward)
    {
        foreach (var t in y)
            if (!MayBeConstant(t)) return false;
        ulong drawn = _workspace.Random.Counter;
        foreach (var t in y) Fix(t);
        using (Suspend()) forward(op, x, y);
        return drawn == _workspace.Random.Counter ? true : throw new InvalidOperationException($"{op.Schema.Name} draws random numbers and is not of the family Random");
    }

    private delegate void ForwardCall(Op op, Inputs x, Tensor[] y);

    // Has the op's forward tell which kernels it is made of; false if it has one of its own.
    private bool Decompose(Op op, Inputs x, Tensor[] y, ForwardCall forward)
    {
        int steps = _steps.Count, journal = _journal.Count;
        ulong drawn = _workspace.Random.Counter;
        foreach (var t in y) Forget(t);
        var outer = _op;
        _op = op;
        _depth++;
        try
        {
            using (_workspace.Scope()) forward(op, x, y);
            foreach (var t in y)
                if (t.Numel > 0 && !t.Storage.HasValues && !_blocks.ContainsKey(t.Storage)) throw Opaque();
            if (drawn != _workspace.Random.Counter) throw Opaque();
            return true;
        }
        catch (AutogradException e) when (e.Reason == ErrorReason.ValueDependent)
        {
            _steps.RemoveRange(steps, _steps.Count - steps);
            for (int i = _journal.Count - 1; i >= journal; i--)
            {
                var (storage, before) = _journal[i];
                if (before is null) _blocks.Remove(storage);
                else _blocks[storage] = before;
            }
            return false;
        }
        finally
        {
            _op = outer;
            if (--_depth == 0) _journal.Clear();
        }
    }

    private static AutogradException Opaque() => new(ErrorReason.ValueDependent, "the op does not tell what it does");

    private void Add(Op op, Inputs x, Tensor[] y)
    {
        var reads = new Place?[x.Count];
        var specs = new TensorSpec[x.Count];
        for (int i = 0; i < reads.Length; i++)
        {
            if (x.Optional(i) is not { } t) continue;
            reads[i] = Read(t);
            specs[i] = new TensorSpec(t.Shape, t.DType);
        }
        long flops = y.Length == 0 ? 0 : op.Flops(specs, new TensorSpec(y[0].Shape, y[0].DType));
        _steps.Add(new OpStep(op, x.CommonDType, reads, Array.ConvertAll(y, Write), flops) { IsRandom = IsRandom(op) });
    }

    private Place Read(Tensor t)
    {
        var storage = t.Storage;
        if (!storage.HasValues) return Describe(t, _blocks.TryGetValue(storage, out var block) ? block : Begin(storage, pinned: true));
        if (!_constants.TryGetValue(storage, out var constant))
        {
            var bytes = new byte[storage.Bytes];
            unsafe
            {
                Marshal.Copy((nint)storage.Data, bytes, 0, bytes.Length);
            }
            constant = _constants[storage] = new Block(_nextBlock++, storage.Bytes) { Constant = bytes };
        }
        return Describe(t, constant);
    }

    private Place Write(Tensor t)
    {
        var storage = t.Storage;
        Forget(t);
        if (FillsBlock(t)) return Describe(t, Begin(storage, pinned: false));
        var block = _blocks.TryGetValue(storage, out var known) ? known : Begin(storage, pinned: true);
        if (block.Constant is not null || block.Parameter >= 0)
        {
            // Written in part: a copy is.
            var whole = new Place(block, Shape.Of(storage.Bytes / t.DType.ItemSize), [1], 0, t.DType);
            block = Begin(storage, pinned: true);
            _steps.Add(new CopyStep([whole], [whole with { Block = block }]));
        }
        block.IsPinned = true;
        return Describe(t, block);
    }

    // A constant becomes a variable that begins as the constant.
    private void Forget(Tensor t)
    {
        var storage = t.Storage;
        if (!storage.HasValues || storage.Bytes == 0) return;
        _blocks[storage] = Read(t).Block;
        _constants.Remove(storage);
        _workspace.Pool.Dematerialize(storage);
    }

    private static bool FillsBlock(Tensor t) => Describe(t, new Block(-1, t.Storage.Bytes)).FillsBlock;

    private Block Begin(Storage storage, bool pinned)
    {
        _journal.Add((storage, _blocks.GetValueOrDefault(storage)));
        return _blocks[storage] = new Block(_nextBlock++, storage.Bytes) { IsPinned = pinned };
    }

    private static Place Describe(Tensor t, Block block) => new(block, t.Shape, t.StridesArray, t.Offset, t.DType);

    private Suspension Suspend()
    {
        _workspace.Recorder = null;
        _workspace.Pool.Materializes = true;
        return new Suspension(this);
    }

    private readonly struct Suspension(Recorder recorder) : IDisposable
    {
        public void Dispose()
        {
            recorder._workspace.Recorder = recorder;
            recorder._workspace.Pool.Materializes = false;
        }
    }
}
