using AutogradService.Engine;

namespace AutogradService.Benchmarks;

/// <summary>The engine by itself, in this process.</summary>
internal static class EngineSuite
{
    public static IEnumerable<Row> Rows()
    {
        var ws = new Workspace();
        foreach (int n in (int[])[64, 256, 1024])
        {
            var a = Random(ws, n, n);
            var b = Random(ws, n, n);
            yield return Sync($"matmul {n}x{n} float32", ws, () => a.Matmul(b), flops: 2.0 * n * n * n);
        }
        foreach (int n in (int[])[1_000, 100_000, 10_000_000])
        {
            var a = Random(ws, n);
            var b = Random(ws, n);
            yield return Sync($"add {n:N0} float32", ws, () => a.Add(b), bytes: 12.0 * n);
        }
        var x = Random(ws, 100_000);
        yield return Sync("exp 100,000 float32", ws, () => x.Exp(), bytes: 8e5);
        yield return Sync("tanh 100,000 float32", ws, () => x.Tanh(), bytes: 8e5);
        var m = Random(ws, 100, 1000);
        yield return Sync("softmax 100x1000 float32", ws, () => m.Softmax(1), bytes: 8e5);
        yield return Sync("sum over dim 0, 100x1000 float32", ws, () => m.Sum([0]), bytes: 4e5);
        yield return Chain(ws);
        foreach (int batch in (int[])[64, 1]) yield return Mlp(ws, batch);
    }

    private static Row Sync(string name, Workspace ws, Func<Tensor> call, double flops = 0, double bytes = 0) => new("engine", name, () =>
    {
        using (ws.Scope()) call();
        return ValueTask.CompletedTask;
    }, Flops: flops, Bytes: bytes);

    private static Row Chain(Workspace ws)
    {
        var x = Random(ws, 4).SetRequiresGrad();
        var a = Random(ws, 4);
        var b = Random(ws, 4);
        return new Row("engine", "chain of 1,000 ops on 4 elements, forward and backward", () =>
        {
            using (ws.Scope())
            {
                var y = x;
                for (int i = 0; i < 500; i++) y = y * a + b;
                ws.Backward([y.Sum()]);
                x.SetGrad(null);
            }
            return ValueTask.CompletedTask;
        }, Per: 1000, Unit: "op");
    }

    private static Row Mlp(Workspace ws, int batch)
    {
        int[] sizes = [784, 512, 512, 10];
        var weights = new List<Tensor>();
        for (int i = 0; i < 3; i++)
        {
            weights.Add(Random(ws, sizes[i + 1], sizes[i]).Mul(0.05).Detach().SetRequiresGrad().Retain());
            weights.Add(Random(ws, sizes[i + 1]).SetRequiresGrad());
        }
        var x = Random(ws, batch, 784);
        var labels = ws.FromArray<long>(Enumerable.Range(0, batch).Select(i => (long)(i % 10)).ToArray(), Shape.Of(batch)).Retain();
        double flops = 0;
        for (int i = 0; i < 3; i++) flops += 2.0 * batch * sizes[i] * sizes[i + 1] * (i == 0 ? 2 : 3);
        return new Row("engine", $"MLP 784-512-512-10, batch {batch}, forward and backward", () =>
        {
            using (ws.Scope())
            {
                var h = x.Linear(weights[0], weights[1]).Relu().Linear(weights[2], weights[3]).Relu().Linear(weights[4], weights[5]);
                ws.Backward([h.CrossEntropy(labels)]);
                foreach (var w in weights) w.SetGrad(null);
            }
            return ValueTask.CompletedTask;
        }, Flops: flops);
    }

    private static Tensor Random(Workspace ws, params long[] shape) => ws.Rand(Dims.Create(shape)).Retain();
}
