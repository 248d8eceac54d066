using AutogradService.Engine.Kernels;
using Xunit;

namespace AutogradService.Engine.Tests.Kernels;

// One collection for all that change the number of threads: the pool is one for the process.
[Collection("WorkerPool")]
public class WorkerPoolTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(1000, 1)]
    [InlineData(1001, 16)]
    [InlineData(100_000, 4096)]
    public void Every_index_is_visited_exactly_once(long count, long grain)
    {
        for (var repeat = 0; repeat < 200; repeat++)
        {
            var visits = new int[count];
            WorkerPool.For(count, grain, (from, to) =>
            {
                for (var i = from; i < to; i++) Interlocked.Increment(ref visits[i]);
            });
            Assert.All(visits, v => Assert.Equal(1, v));
            if (count > 10_000 && repeat > 20) break;
        }
    }

    [Fact]
    public void Loops_of_several_callers_and_nested_loops_all_finish()
    {
        var total = 0L;
        var callers = Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            for (var repeat = 0; repeat < 200; repeat++)
            {
                WorkerPool.For(64, 1, (from, to) =>
                {
                    for (var i = from; i < to; i++) WorkerPool.For(10, 1, (f, t) => Interlocked.Add(ref total, t - f));
                });
            }
        })).ToList();
        callers.ForEach(t => t.Start());
        callers.ForEach(t => t.Join());
        Assert.Equal(6L * 200 * 64 * 10, total);
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_pool_stays_usable()
    {
        for (var repeat = 0; repeat < 50; repeat++)
        {
            Assert.Throws<InvalidOperationException>(() => WorkerPool.For(100, 1, (_, to) =>
            {
                if (to > 50) throw new InvalidOperationException();
            }));
        }

        var count = 0L;
        WorkerPool.For(100, 1, (from, to) => Interlocked.Add(ref count, to - from));
        Assert.Equal(100, count);
    }

    [Fact]
    public void The_number_of_threads_can_be_changed_between_loops()
    {
        var before = WorkerPool.Threads;
        try
        {
            foreach (var threads in new[] { 1, 4, 2, 3 })
            {
                WorkerPool.Configure(threads);
                Assert.Equal(threads, WorkerPool.Threads);
                var count = 0L;
                WorkerPool.For(1000, 1, (from, to) => Interlocked.Add(ref count, to - from));
                Assert.Equal(1000, count);
            }
        }
        finally
        {
            WorkerPool.Configure(before);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Configure(0));
    }
}
