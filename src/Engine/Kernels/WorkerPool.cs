using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace AutogradService.Engine.Kernels;

/// <summary>Work on the half-open index range [from, to); a struct, so that a parallel loop allocates nothing.</summary>
internal interface IRangeBody
{
    void Invoke(long from, long to);
}

/// <summary>
/// The one pool of threads that kernels of all sessions share. A loop runs on all of them if the pool is free, and on the calling thread alone otherwise:
/// nobody ever waits for somebody else's loop, and there are never more busy threads than were configured (besides the callers' own).
/// </summary>
/// <remarks>
/// Where a loop is cut depends on the number of threads and on chance. Callers must therefore split only across independent outputs,
/// never along a sum: then results are the same bits for every thread count.
/// </remarks>
internal static unsafe class WorkerPool
{
    /// <summary>Each thread's share is cut at most this fine, so that a delayed thread can be relieved by the others.</summary>
    private const int ChunksPerShare = 4;

    private static readonly double SpinTicks = Stopwatch.Frequency * 20e-6;

    private static Crew _crew = new(DefaultThreads());

    /// <summary>0 when free, 1 while some caller's loop (or a reconfiguration) holds the pool.</summary>
    private static int _held;

    /// <summary>Pieces into which one thread cuts a loop that may be interrupted.</summary>
    private const int InterruptiblePieces = 16;

    [ThreadStatic]
    private static bool _isWorker;

    /// <summary>What loops begun by this thread are interrupted by.</summary>
    [ThreadStatic]
    private static CancellationToken _interruption;

    // What workers did for loops of this thread.
    [ThreadStatic]
    private static long _helped;

    // Only whoever holds the pool writes these two.
    private static long _loops;
    private static long _busyTicks;
    private static long _turnedAway;

    /// <summary>How many threads a loop may use, the caller included.</summary>
    public static int Threads => Volatile.Read(ref _crew).Threads;

    /// <summary>Loops that ran on several threads.</summary>
    public static long Loops => Volatile.Read(ref _loops);

    /// <summary>Loops that ran on their caller's thread alone because another one held the pool.</summary>
    public static long TurnedAway => Volatile.Read(ref _turnedAway);

    /// <summary>How long workers have worked, all of them together, in ticks of <see cref="Stopwatch"/>.</summary>
    public static long BusyTicks => Volatile.Read(ref _busyTicks);

    /// <summary>How much of that was for loops of the calling thread.</summary>
    public static long TicksForThisThread => _helped;

    /// <summary>
    /// Sets how many threads a loop may use, the caller included. Until then it is the environment variable AUTOGRAD_THREADS, or else the number of processors.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">threads is below 1 or above 1024.</exception>
    public static void Configure(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        while (Interlocked.CompareExchange(ref _held, 1, 0) != 0) Thread.Yield();
        try
        {
            if (_crew.Threads == threads) return;
            _crew.Dismiss();
            Volatile.Write(ref _crew, new Crew(threads));
        }
        finally
        {
            Volatile.Write(ref _held, 0);
        }
    }

    /// <summary>
    /// Runs the body over [0, count), in parallel where that may pay: on the calling thread alone if count is at most grain, on a worker, or while the pool
    /// is busy. No piece is shorter than grain except the last of a share. An exception of the body is thrown to the caller once no thread runs the body any more.
    /// </summary>
    public static void For<TBody>(long count, long grain, TBody body)
        where TBody : struct, IRangeBody
    {
        if (count <= 0) return;
        var crew = Volatile.Read(ref _crew);
        var interruption = _interruption;
        interruption.ThrowIfCancellationRequested();
        if (count <= grain || crew.Threads == 1 || _isWorker)
        {
            RunAlone(count, grain, body, interruption);
            return;
        }
        if (Interlocked.CompareExchange(ref _held, 1, 0) != 0)
        {
            Interlocked.Increment(ref _turnedAway);
            RunAlone(count, grain, body, interruption);
            return;
        }

        try
        {
            // The crew may have been replaced between the read above and taking hold.
            _crew.Run(count, Math.Max(1, grain), &Invoke<TBody>, Unsafe.AsPointer(ref body), interruption);
        }
        finally
        {
            Volatile.Write(ref _held, 0);
        }
    }

    /// <summary>
    /// Lets loops that this thread begins be interrupted, until the returned scope is disposed: they throw <see cref="OperationCanceledException"/> between two pieces, and leave what they write half
    /// written. Whoever writes over memory that outlives a failure gives <see cref="CancellationToken.None"/>.
    /// </summary>
    public static InterruptionScope Interruptible(CancellationToken token)
    {
        var scope = new InterruptionScope(_interruption);
        _interruption = token;
        return scope;
    }

    /// <summary>As the generic overload, for loops so long that the delegate's allocation does not matter.</summary>
    public static void For(long count, long grain, Action<long, long> body) => For(count, grain, new DelegateBody(body));

    /// <summary>For the inside of pieces that take long: throws if the loop is interrupted.</summary>
    public static void CheckInterruption() => _interruption.ThrowIfCancellationRequested();

    private static void RunAlone<TBody>(long count, long grain, TBody body, CancellationToken interruption)
        where TBody : struct, IRangeBody
    {
        if (!interruption.CanBeCanceled || count <= grain)
        {
            body.Invoke(0, count);
            return;
        }
        grain = Math.Max(1, grain);
        long step = Math.Max(1, count / grain / InterruptiblePieces) * grain;
        for (long from = 0; from < count; from += step)
        {
            interruption.ThrowIfCancellationRequested();
            body.Invoke(from, Math.Min(count, from + step));
        }
    }

    private static void Invoke<TBody>(void* body, long from, long to)
        where TBody : struct, IRangeBody => Unsafe.AsRef<TBody>(body).Invoke(from, to);

    private static int DefaultThreads() =>
        int.TryParse(Environment.GetEnvironmentVariable("AUTOGRAD_THREADS"), out var threads) && threads is >= 1 and <= 1024
            ? threads
            : Environment.ProcessorCount;

    /// <summary>Ends what <see cref="Interruptible"/> began.</summary>
    public readonly ref struct InterruptionScope(CancellationToken before)
    {
        public void Dispose() => _interruption = before;
    }

    private readonly struct DelegateBody(Action<long, long> action) : IRangeBody
    {
        public void Invoke(long from, long to) => action(from, to);
    }

    /// <summary>What is left of one thread's share of the loop; a cache line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Share
    {
        [FieldOffset(0)]
        public long Next;

        [FieldOffset(8)]
        public long End;
    }

    /// <summary>A fixed set of threads and the loop they are working on. Only the holder of the pool calls Run and Dismiss.</summary>
    private sealed class Crew
    {
        private readonly Share[] _shares;
        private readonly Worker[] _workers;
        private delegate*<void*, long, long, void> _invoke;
        private void* _body;
        private long _chunk;
        private long _generation;
        private volatile bool _open;
        private volatile bool _dismissed;
        private int _inside;
        private long _ticks;
        private ExceptionDispatchInfo? _failure;
        private CancellationToken _interrupted;

        public Crew(int threads)
        {
            Threads = threads;
            _shares = new Share[threads];
            _workers = new Worker[threads - 1];
            for (var i = 0; i < _workers.Length; i++) _workers[i] = new Worker(this, i + 1);
        }

        public int Threads { get; }

        public void Run(long count, long grain, delegate*<void*, long, long, void> invoke, void* body, CancellationToken interruption)
        {
            var pieces = (count + grain - 1) / grain;
            var shares = (int)Math.Min(Threads, pieces);
            for (var i = 0; i < Threads; i++)
            {
                // Shares begin at multiples of the grain; thread i always gets the same one, so that its cache stays warm from loop to loop.
                _shares[i].Next = i < shares ? pieces * i / shares * grain : count;
                _shares[i].End = i < shares ? Math.Min(count, pieces * (i + 1) / shares * grain) : count;
            }

            _chunk = Math.Max(1, pieces / shares / ChunksPerShare) * grain;
            _invoke = invoke;
            _body = body;
            _failure = null;
            _interrupted = interruption;
            _open = true;
            Interlocked.Increment(ref _generation);
            for (var i = 0; i < shares - 1; i++) _workers[i].Wake();
            Work(0);
            // All indices are taken. A worker that enters from here on finds the loop closed; those inside are finishing their last piece.
            _open = false;
            Interlocked.MemoryBarrier();
            var spin = new SpinWait();
            while (Volatile.Read(ref _inside) != 0) spin.SpinOnce(sleep1Threshold: -1);
            _body = null;
            _loops++;
            _busyTicks += _ticks;
            _helped += _ticks;
            _ticks = 0;
            _failure?.Throw();
        }

        public void Dismiss()
        {
            _dismissed = true;
            Interlocked.Increment(ref _generation);
            foreach (var worker in _workers) worker.Wake();
        }

        private void Work(int first)
        {
            for (var i = 0; i < _shares.Length; i++)
            {
                ref var share = ref _shares[(first + i) % _shares.Length];
                while (Volatile.Read(ref share.Next) < share.End)
                {
                    var from = Interlocked.Add(ref share.Next, _chunk) - _chunk;
                    if (from >= share.End) break;
                    if (_failure is not null) continue;
                    try
                    {
                        _interrupted.ThrowIfCancellationRequested();
                        _invoke(_body, from, Math.Min(share.End, from + _chunk));
                    }
                    catch (Exception failure)
                    {
                        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
                    }
                }
            }
        }

        private sealed class Worker
        {
            private readonly Crew _crew;
            private readonly int _index;
            private readonly object _gate = new();
            private bool _parked;

            public Worker(Crew crew, int index)
            {
                _crew = crew;
                _index = index;
                new Thread(Live, maxStackSize: 1 << 20) { IsBackground = true, Name = $"kernel worker {index}" }.Start();
            }

            public void Wake()
            {
                if (!Volatile.Read(ref _parked)) return;
                lock (_gate)
                {
                    _parked = false;
                    Monitor.Pulse(_gate);
                }
            }

            private void Live()
            {
                _isWorker = true;
                var seen = 0L;
                while (true)
                {
                    seen = AwaitGeneration(seen);
                    if (_crew._dismissed) return;
                    Interlocked.Increment(ref _crew._inside);
                    if (_crew._open)
                    {
                        _interruption = _crew._interrupted;
                        long from = Stopwatch.GetTimestamp();
                        _crew.Work(_index);
                        Interlocked.Add(ref _crew._ticks, Stopwatch.GetTimestamp() - from);
                    }
                    Interlocked.Decrement(ref _crew._inside);
                }
            }

            private long AwaitGeneration(long seen)
            {
                var start = Stopwatch.GetTimestamp();
                while (Volatile.Read(ref _crew._generation) == seen)
                {
                    if (Stopwatch.GetTimestamp() - start < SpinTicks)
                    {
                        Thread.SpinWait(8);
                        continue;
                    }

                    lock (_gate)
                    {
                        // The flag is up before the generation is read, and Run raises the generation before it reads the flag: one of the two sees the other.
                        _parked = true;
                        Interlocked.MemoryBarrier();
                        if (Volatile.Read(ref _crew._generation) != seen) _parked = false;
                        while (_parked) Monitor.Wait(_gate);
                    }
                }

                return Volatile.Read(ref _crew._generation);
            }
        }
    }
}
