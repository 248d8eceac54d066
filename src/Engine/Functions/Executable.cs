using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Functions;

/// <summary>A stage with one run's tensors.</summary>
internal abstract class Executable : IDisposable
{
    public abstract void Run();

    public virtual void Dispose()
    {
    }

    /// <summary>Makes the executable of a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="code">Its code, if it is a loop.</param>
    /// <param name="tensorOf">This run's tensors.</param>
    public static Executable Of(Stage stage, LoopCode? code, Func<Place, Tensor> tensorOf)
    {
        if (code is not null) return new Loop(new FusedLoop(code, tensorOf));
        var step = stage.Steps[0];
        var x = Array.ConvertAll(step.Reads, p => p is null ? null : tensorOf(p));
        var y = Array.ConvertAll(step.Writes, p => tensorOf(p));
        return step switch
        {
            ElementStep s => new Kernel(s.Kernel, x!, y[0]),
            KernelStep s => new Kernel(s.Kernel, x!, y[0]),
            CopyStep => new Copy(x[0]!, y[0]),
            CheckStep s => new Look(x[0]!, s.Check),
            FillStep s => new Fill(y[0], s.Value),
            OpStep { Op: ComputeOp op } s => new Single(op, s.Common, x, y[0]),
            OpStep { Op: MultiOp op } s => new Several(op, s.Common, x, y),
            _ => throw new InvalidOperationException($"{step} cannot be run"),
        };
    }

    private sealed class Loop(FusedLoop loop) : Executable
    {
        public override void Run() => loop.Run();

        public override void Dispose()
        {
            loop.Dispose();
            base.Dispose();
        }
    }

    private sealed class Kernel(IKernel kernel, Tensor[] x, Tensor y) : Executable
    {
        public override void Run() => kernel.Run(x, y);
    }

    private sealed class Copy(Tensor x, Tensor y) : Executable
    {
        public override void Run() => Transfer.Into(x, y);
    }

    private sealed class Look(Tensor x, Action<Tensor> check) : Executable
    {
        public override void Run() => check(x);
    }

    private sealed class Fill(Tensor y, Scalar value) : Executable
    {
        public override void Run() => Kernels.Fill.All(y, value);
    }

    private sealed class Single(ComputeOp op, DType common, Tensor?[] x, Tensor y) : Executable
    {
        public override void Run()
        {
            using var scope = y.Workspace.Scope();
            op.Forward(new Inputs(x, common), y);
        }
    }

    private sealed class Several(MultiOp op, DType common, Tensor?[] x, Tensor[] y) : Executable
    {
        public override void Run()
        {
            using var scope = y[0].Workspace.Scope();
            op.Forward(new Inputs(x, common), y);
        }
    }
}
