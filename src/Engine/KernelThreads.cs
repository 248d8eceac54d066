namespace AutogradService.Engine;

/// <summary>How many threads the kernels of all workspaces share.</summary>
public static class KernelThreads
{
    /// <summary>How many threads one kernel may use, the caller's included.</summary>
    public static int Count => Kernels.WorkerPool.Threads;

    /// <summary>Sets the number; without, it is the environment variable AUTOGRAD_THREADS, or else the number of processors.</summary>
    public static void Set(int count) => Kernels.WorkerPool.Configure(count);
}
