namespace AutogradService.Engine;

/// <summary>How many threads the kernels of all workspaces share.</summary>
public static class KernelThreads
{
    /// <summary>How many threads one kernel may use, the caller's included.</summary>
    public static int Count => Kernels.WorkerPool.Threads;

    /// <summary>Sets the number; without, it is the environment variable AUTOGRAD_THREADS, or else the number of processors.</summary>
    public static void Set(int count) => Kernels.WorkerPool.Configure(count);

    /// <summary>
    /// Lets long kernels that this thread begins be interrupted, until the returned scope is disposed: the op, or backward, that is under way throws <see cref="OperationCanceledException"/>.
    /// Whatever is written in place is written whole all the same.
    /// </summary>
    public static Scope Interruptible(CancellationToken token) => new(token);

    /// <summary>Ends what <see cref="Interruptible"/> began.</summary>
    public readonly ref struct Scope
    {
        private readonly Kernels.WorkerPool.InterruptionScope _scope;

        internal Scope(CancellationToken token) => _scope = Kernels.WorkerPool.Interruptible(token);

        /// <summary>Kernels are interrupted by what interrupted them before, or not at all.</summary>
        public void Dispose() => _scope.Dispose();
    }

    /// <summary>Loops that ran on several threads so far.</summary>
    public static long Loops => Kernels.WorkerPool.Loops;

    /// <summary>Loops that would have, but ran on their caller's thread alone because the threads were busy: nobody waits for them.</summary>
    public static long LoopsTurnedAway => Kernels.WorkerPool.TurnedAway;

    /// <summary>How long the threads have worked, the callers' own left out, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public static long BusyTicks => Kernels.WorkerPool.BusyTicks;

    /// <summary>How much of that was for loops of the calling thread.</summary>
    public static long TicksForThisThread => Kernels.WorkerPool.TicksForThisThread;
}
