using System.Runtime.InteropServices;
using AutogradService.Engine.Functions;
using AutogradService.Engine.Kernels;
using Xunit;

namespace AutogradService.Engine.Tests.Functions;

[Collection("WorkerPool")]
public sealed class CompiledFunctionTests
{
    private static TensorSpec Float(params long[] shape) => new(Shape.Of(shape), DType.Float32);

    private static Tensor[] ValueAndGradients(Workspace ws, Tensor[] parameters, int[] wanted, Func<Tensor[], Tensor> loss)
    {
        var x = (Tensor[])parameters.Clone();
        foreach (int i in wanted) x[i] = x[i].Detach().SetRequiresGrad();
        var value = loss(x);
        return [value, .. ws.Gradients([value], [.. wanted.Select(i => x[i])]).OfType<Tensor>()];
    }

    private static Tensor[] Chain(Workspace ws, Tensor[] p) => ValueAndGradients(ws, p, [0], x =>
    {
        var y = x[0];
        for (int i = 0; i < 500; i++) y = y * x[1] + x[2];
        return y.Sum();
    });

    private static Tensor[] Network(Workspace ws, Tensor[] p) => ValueAndGradients(ws, p, [2, 3, 4, 5], x => x[0].Linear(x[2], x[3]).Relu().Linear(x[4], x[5]).CrossEntropy(x[1]));

    private static TensorSpec[] NetworkParameters(long batch) => [Float(batch, 20), new(Shape.Of(batch), DType.Int64), Float(16, 20), Float(16), Float(5, 16), Float(5)];

    private static Tensor[] Gated(Workspace ws, Tensor[] p) => ValueAndGradients(ws, p, [0, 1], x => ((x[0] * x[1] + x[2]).Tanh() * x[0].Sigmoid()).Sum());

    private static void Fill(FunctionRun run, CompiledFunction function, int seed = 1)
    {
        var random = new Random(seed);
        for (int i = 0; i < function.Parameters.Count; i++)
        {
            var bytes = run.ParameterBytes(i);
            if (function.Parameters[i].DType == DType.Float32)
                foreach (ref float v in MemoryMarshal.Cast<byte, float>(bytes)) v = random.NextSingle() - 0.5f;
            else
                foreach (ref long v in MemoryMarshal.Cast<byte, long>(bytes)) v = random.Next(5);
        }
    }

    private static byte[][] Eager(CompiledFunction function, FunctionRun run, Func<Workspace, Tensor[], Tensor[]> body)
    {
        using var ws = new Workspace();
        var parameters = new Tensor[function.Parameters.Count];
        for (int i = 0; i < parameters.Length; i++) parameters[i] = ws.FromBytes(run.ParameterBytes(i), function.Parameters[i].Shape, function.Parameters[i].DType);
        return [.. body(ws, parameters).Select(r =>
        {
            var bytes = new byte[r.ByteLength];
            r.CopyTo(bytes);
            return bytes;
        })];
    }

    public static TheoryData<string> Bodies => ["chain", "network", "gated", "gated large"];

    private static (TensorSpec[] Parameters, Func<Workspace, Tensor[], Tensor[]> Body) Named(string name) => name switch
    {
        "chain" => ([Float(4), Float(4), Float(4)], Chain),
        "network" => (NetworkParameters(7), Network),
        "gated" => ([Float(33), Float(33), Float(33)], Gated),
        _ => ([Float(100_003), Float(100_003), Float(100_003)], Gated),
    };

    [Theory, MemberData(nameof(Bodies))]
    public void Gives_the_engines_bits_on_any_number_of_threads(string name)
    {
        var (parameters, body) = Named(name);
        using var function = CompiledFunction.Compile(parameters, body);
        using var run = function.Rent();
        Fill(run, function);
        var expected = Eager(function, run, body);
        int before = WorkerPool.Threads;
        try
        {
            foreach (int threads in (int[])[1, 2, 4])
            {
                WorkerPool.Configure(threads);
                run.Run();
                for (int i = 0; i < expected.Length; i++) Assert.True(expected[i].AsSpan().SequenceEqual(run.ResultBytes(i)), $"result {i} on {threads} threads\n{function.Print()}");
            }
        }
        finally
        {
            WorkerPool.Configure(before);
        }
    }

    [Theory, MemberData(nameof(Bodies))]
    public void A_run_allocates_nothing_after_the_first(string name)
    {
        var (parameters, body) = Named(name);
        using var function = CompiledFunction.Compile(parameters, body);
        using var run = function.Rent();
        Fill(run, function);
        for (int i = 0; i < 3; i++) run.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) run.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_chain_of_elementwise_ops_becomes_one_loop_that_keeps_nothing_in_memory_but_its_result()
    {
        using var function = CompiledFunction.Compile([Float(1000), Float(1000)], (_, p) => [((p[0] * p[1]).Tanh() + p[0]).Sigmoid()]);
        Assert.Equal(1, function.Cost.Steps);
        Assert.Contains("in the tile", function.Print(), StringComparison.Ordinal);
        using var run = function.Rent();
        Assert.True(function.Cost.MemoryBytes < 3 * 4096 + 24 * 1024, function.Print());
    }

    [Fact]
    public void Repeated_work_is_done_once_and_unused_work_not_at_all()
    {
        using var function = CompiledFunction.Compile([Float(10)], (workspace, p) =>
        {
            _ = p[0].Exp();
            return [p[0].Tanh() + p[0].Tanh() * 1.0];
        });
        string text = function.Print();
        Assert.Equal(1, text.Split("= tanh(").Length - 1);
        Assert.DoesNotContain("exp(", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mul(", text, StringComparison.Ordinal);
        Assert.Equal(2, function.Print(optimized: false).Split("= tanh(").Length - 1);
    }

    [Fact]
    public void What_depends_on_no_parameter_is_computed_while_recording()
    {
        using var function = CompiledFunction.Compile([Float(3)], (ws, p) => [p[0] + ws.Arange(3L).Exp().Sum().Log()]);
        Assert.Equal(1, function.Cost.Steps);
        using var run = function.Rent();
        Fill(run, function);
        run.Run();
        Assert.Equal(Eager(function, run, (ws, p) => [p[0] + ws.Arange(3L).Exp().Sum().Log()])[0], run.ResultBytes(0).ToArray());
    }

    [Fact]
    public void Writes_in_place_to_wholes_and_parts_and_constants_are_what_the_engine_makes_of_them()
    {
        static Tensor[] Body(Workspace ws, Tensor[] p)
        {
            var zeros = ws.Zeros([4, 3], DType.Float32);
            var copy = p[0].Clone();
            zeros.Narrow(0, 1, 2).CopyInPlace(p[0].Narrow(0, 0, 2));
            copy.MulInPlace(2.0);
            copy.Select(1, 1).AddInPlace(zeros.Select(1, 0));
            zeros.AddInPlace(copy);
            return [zeros, copy, p[0]];
        }
        using var function = CompiledFunction.Compile([Float(4, 3)], Body);
        using var run = function.Rent();
        Fill(run, function);
        var expected = Eager(function, run, Body);
        for (int repeat = 0; repeat < 3; repeat++)
        {
            run.Run();
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], run.ResultBytes(i).ToArray());
        }
    }

    [Fact]
    public void A_bound_tensor_is_read_from_its_own_memory_and_others_are_copied()
    {
        using var ws = new Workspace();
        using var function = CompiledFunction.Compile([Float(2, 3), Float(3)], (_, p) => [p[0] * p[1]]);
        using var run = function.Rent();
        var whole = ws.FromArray<float>([1, 2, 3, 4, 5, 6], Shape.Of(2, 3));
        var part = ws.FromArray<float>([0, 10, 20, 30], Shape.Of(4)).Narrow(0, 1, 3);
        run.Bind(0, whole);
        run.Bind(1, part);
        run.Run();
        Assert.Equal([10, 40, 90, 40, 100, 180], run.Result(0).ToArray<float>());
        whole.MulInPlace(2.0);
        run.Run();
        Assert.Equal([20, 80, 180, 80, 200, 360], run.Result(0).ToArray<float>());
        Assert.Equal(ErrorReason.ShapeMismatch, Assert.Throws<AutogradException>(() => run.Bind(1, whole)).Reason);
        Assert.Equal(ErrorReason.DtypeUnsupported, Assert.Throws<AutogradException>(() => run.Bind(1, part.To(DType.Float64))).Reason);
    }

    [Fact]
    public void A_parameter_that_was_never_set_is_refused()
    {
        using var function = CompiledFunction.Compile([Float(2)], (_, p) => [p[0] + p[0]]);
        using var run = function.Rent();
        Assert.Throws<InvalidOperationException>(() => run.Run());
    }

    [Fact]
    public void What_depends_on_values_is_refused_while_recording()
    {
        Func<Workspace, Tensor[], Tensor[]>[] bodies =
        [
            (_, p) => [p[0].Item() > 0 ? p[0] : p[0].Neg()],
            (_, p) => [p[0].Nonzero()],
            (_, p) => [p[0].MaskedSelect(p[0].Gt(0.0))],
        ];
        foreach (var body in bodies)
            Assert.Equal(ErrorReason.ValueDependent, Assert.Throws<AutogradException>(() => CompiledFunction.Compile([Float()], body)).Reason);
    }

    [Fact]
    public void What_the_engine_refuses_is_refused_in_the_same_words()
    {
        var refusal = Assert.Throws<AutogradException>(() => CompiledFunction.Compile([Float(2, 3), Float(2, 3)], (_, p) => [p[0].Mm(p[1])]));
        Assert.Equal(ErrorReason.ShapeMismatch, refusal.Reason);
        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", refusal.Message);
    }

    [Fact]
    public void What_a_kernel_refuses_is_refused_by_the_run_and_the_next_run_is_whole()
    {
        using var function = CompiledFunction.Compile([Float(3), new(Shape.Of(2), DType.Int64)], (_, p) => [p[0].IndexSelect(0, p[1])]);
        using var run = function.Rent();
        MemoryMarshal.Cast<byte, float>(run.ParameterBytes(0))[2] = 5;
        MemoryMarshal.Cast<byte, long>(run.ParameterBytes(1))[0] = 3;
        MemoryMarshal.Cast<byte, long>(run.ParameterBytes(1))[1] = 0;
        Assert.Equal(ErrorReason.DimOutOfRange, Assert.Throws<AutogradException>(() => run.Run()).Reason);
        MemoryMarshal.Cast<byte, long>(run.ParameterBytes(1))[0] = 2;
        run.Run();
        Assert.Equal(5, run.Result(0).ToArray<float>()[0]);
    }

    [Fact]
    public void Random_numbers_differ_from_run_to_run_and_repeat_with_the_seed()
    {
        using var function = CompiledFunction.Compile([Float(100)], (_, p) => [p[0].Dropout(0.5), p[0].Dropout(0.5)]);
        using var run = function.Rent();
        MemoryMarshal.Cast<byte, float>(run.ParameterBytes(0)).Fill(1);
        run.Run(seed: 3);
        byte[] first = run.ResultBytes(0).ToArray(), second = run.ResultBytes(1).ToArray();
        Assert.NotEqual(first, second);
        run.Run();
        Assert.NotEqual(first, run.ResultBytes(0).ToArray());
        run.Run(seed: 3);
        Assert.Equal(first, run.ResultBytes(0).ToArray());
        Assert.Equal(second, run.ResultBytes(1).ToArray());
    }

    [Fact]
    public void Second_derivatives_and_tangents_compile_too()
    {
        static Tensor[] Hvp(Workspace ws, Tensor[] p)
        {
            var (outputs, products) = Functional.Hvp(ws, x => [x[0].Tanh().Mul(x[0]).Sum()], [p[0]], [p[1]]);
            return [.. outputs, .. products];
        }
        using var function = CompiledFunction.Compile([Float(9), Float(9)], Hvp);
        using var run = function.Rent();
        Fill(run, function);
        var expected = Eager(function, run, Hvp);
        run.Run();
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], run.ResultBytes(i).ToArray());
    }

    [Fact]
    public void Too_much_is_refused_before_any_memory_is_taken()
    {
        var budget = new MemoryBudget(1 << 20);
        var refusal = Assert.Throws<AutogradException>(() => CompiledFunction.Compile([Float(1 << 20, 1 << 20)], (_, p) => [p[0].Mm(p[0])], new CompileOptions { MemoryBytesMax = 1 << 30, Memory = budget }));
        Assert.Equal(ErrorReason.QuotaBytes, refusal.Reason);
        Assert.Equal(0, budget.Used);
        var cost = CompiledFunction.Estimate([Float(1 << 20, 1 << 20)], (_, p) => [p[0].Mm(p[0])]);
        Assert.Equal(1L << 61, cost.Flops);
        Assert.True(cost.Time > TimeSpan.FromDays(1));
    }

    [Fact]
    public void Memory_is_charged_while_runs_live_and_given_back_after()
    {
        var budget = new MemoryBudget(64 << 20);
        var (parameters, body) = Named("network");
        using (var function = CompiledFunction.Compile(parameters, body, new CompileOptions { Memory = budget, RunsKept = 1 }))
        {
            var runs = Enumerable.Range(0, 3).Select(_ => function.Rent()).ToArray();
            foreach (var run in runs)
            {
                Fill(run, function);
                run.Run();
            }
            Assert.True(budget.Used > 3 * function.Cost.MemoryBytes);
            foreach (var run in runs) run.Dispose();
            Assert.InRange(budget.Used, function.Cost.MemoryBytes, 2 * function.Cost.MemoryBytes + (1 << 20));
        }
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void Cancelled_between_steps()
    {
        var (parameters, body) = Named("network");
        using var function = CompiledFunction.Compile(parameters, body);
        using var run = function.Rent();
        Fill(run, function);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => run.Run(cancellation: cancelled.Token));
    }

    [Fact]
    public async Task Runs_at_once_do_not_disturb_each_other()
    {
        using var function = CompiledFunction.Compile([Float(512)], (_, p) => [(p[0] * p[0]).Tanh().Sum()]);
        await Parallel.ForEachAsync(Enumerable.Range(0, 64), (seed, cancellation) =>
        {
            using var run = function.Rent();
            Fill(run, function, seed);
            run.Run(cancellation: cancellation);
            Assert.Equal(Eager(function, run, (_, p) => [(p[0] * p[0]).Tanh().Sum()])[0], run.ResultBytes(0).ToArray());
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Prints_and_draws_before_and_after()
    {
        var (parameters, body) = Named("network");
        using var function = CompiledFunction.Compile(parameters, body);
        Assert.Contains("addmm", function.Print(), StringComparison.Ordinal);
        Assert.Contains("FLOP", function.Print(optimized: false), StringComparison.Ordinal);
        foreach (string graph in (string[])[function.Draw(), function.Draw(optimized: false)])
        {
            Assert.StartsWith("digraph", graph, StringComparison.Ordinal);
            Assert.Equal(graph.Count(c => c == '{'), graph.Count(c => c == '}'));
        }
    }

    [Fact]
    public void Random_programs_give_the_engines_bits()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var body = RandomProgram(seed);
            using var function = CompiledFunction.Compile([Float(6, 5), Float(5), Float(6, 1)], body);
            using var run = function.Rent();
            Fill(run, function, seed);
            var expected = Eager(function, run, body);
            run.Run();
            for (int i = 0; i < expected.Length; i++) Assert.True(expected[i].AsSpan().SequenceEqual(run.ResultBytes(i)), $"program {seed}, result {i}\n{function.Print(false)}\n{function.Print()}");
        }
    }

    [Fact]
    public void Rows_that_do_not_meet_are_told_from_rows_that_do()
    {
        (bool Independent, Func<Workspace, Tensor[], Tensor[]> Body)[] cases =
        [
            (true, (_, p) => [p[0].Linear(p[1], p[2]).Relu()]),
            (true, (_, p) => [p[0].Linear(p[1], p[2]).LogSoftmax(-1)]),
            (true, (_, p) => [(p[0] * 2.0).Tanh().Sum([1])]),
            (true, (_, p) => [p[0].Reshape([-1, 2, 2]).Exp().Sum([2]) + 1.0]),
            (false, (_, p) => [p[0].Softmax(0)]),
            (false, (_, p) => [p[0] - p[0].Mean()]),
            (false, (_, p) => [p[0].Mm(p[0].T())]),
            (false, (_, p) => [p[0].Flip([0])]),
            (false, (_, p) => [p[0].Cumsum(0)]),
            (false, (_, p) => [p[1]]),
            (false, (_, p) => [p[0].Sum([0])]),
            (false, (_, p) => [p[0].Dropout(0.5)]),
        ];
        for (int i = 0; i < cases.Length; i++)
        {
            using var function = CompiledFunction.Compile([Float(13, 4), Float(3, 4), Float(3)], cases[i].Body);
            Assert.True(cases[i].Independent == function.RowsIndependent([true, false, false])[0], $"case {i}\n{function.Print()}");
        }
    }

    // Broadcasts, views, transposes, reductions, in-place ops on parts: whatever comes.
    private static Func<Workspace, Tensor[], Tensor[]> RandomProgram(int seed) => (ws, p) =>
    {
        var random = new Random(seed);
        var leaves = p.Select(t => t.Detach().SetRequiresGrad()).ToArray();
        var pool = new List<Tensor>(leaves);
        for (int i = 0; i < 25; i++)
        {
            Tensor a = pool[random.Next(pool.Count)], b = pool[random.Next(pool.Count)];
            try
            {
                pool.Add(random.Next(12) switch
                {
                    0 => a + b,
                    1 => a * b,
                    2 => a.Tanh(),
                    3 => a.Sigmoid() - b,
                    4 => a.Transpose(0, -1),
                    5 => a.Sum([0], keepdim: true),
                    6 => a.Mm(b),
                    7 => a.Softmax(-1),
                    8 => a.Narrow(0, 0, Math.Max(1, a.Shape[0] / 2)).Mul(0.5),
                    9 => a.Clone().MulInPlace(b),
                    10 => Part(a, b),
                    _ => a.Reshape([-1]).Exp().Clamp(0L, 3L),
                });
            }
            catch (AutogradException refusal) when (refusal.Reason is ErrorReason.ShapeMismatch or ErrorReason.DimOutOfRange or ErrorReason.InvalidAttribute or ErrorReason.InvalidShape)
            {
                // These two do not fit.
            }
        }
        var loss = pool.Where(t => t.RequiresGrad).Select(t => t.Sin().Mean()).Aggregate((x, y) => x + y);
        return [loss, .. pool.Skip(3), .. ws.Gradients([loss], leaves, allowUnused: true).OfType<Tensor>()];

        static Tensor Part(Tensor a, Tensor b)
        {
            var y = a.Clone();
            y.Select(0, 0).MulInPlace(b.Mean());
            return y;
        }
    };
}
