using AutogradService.Engine;

namespace AutogradService.Benchmarks;

/// <summary>The engine by itself, in this process.</summary>
internal sealed class EngineSuite(Harness harness)
{
    private const double Rate = 1e-6;
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private static readonly (string Name, int Count)[] s_lengths = [("1e3", 1_000), ("1e5", 100_000), ("1e7", 10_000_000)];

    // A workspace for each row: what one row holds is gone before the next.
    private Workspace _ws = new();

    public IEnumerable<Row> Rows()
    {
        foreach (int n in (int[])[64, 256, 1024])
            yield return Make($"matmul {n}", () => Product(n)) with { Flops = 2.0 * n * n * n };
        yield return Make("matmul 512 float64", () => Product(512, DType.Float64)) with { Flops = 2.0 * 512 * 512 * 512, Double = true };
        yield return Make("matmul 512 transposed", () =>
        {
            Tensor a = Random(512, 512), b = Random(512, 512).Transpose(0, 1).Retain();
            return Plain(() => a.Matmul(b));
        }) with
        { Flops = 2.0 * 512 * 512 * 512 };
        yield return Make("linear batch 1", () =>
        {
            Tensor x = Random(1, 784), w = Random(512, 784);
            return Plain(() => x.Linear(w));
        }) with
        { Bytes = 4.0 * 784 * 512 };
        foreach (var (name, n) in s_lengths)
        {
            yield return Make($"add {name}", () =>
            {
                Tensor a = Random(n), b = Random(n);
                return Plain(() => a.Add(b));
            }) with
            { Bytes = 12.0 * n };
            yield return Unary($"exp {name}", n, static x => x.Exp());
            yield return Unary($"tanh {name}", n, static x => x.Tanh());
        }
        yield return Unary("gelu 1e5", 100_000, static x => x.Gelu());
        yield return Matrix("sum dim 0 100x1000", 4e5, x => () => x.Sum([0]));
        yield return Matrix("softmax 100x1000", 8e5, x => () => x.Softmax(1));
        yield return Matrix("layer_norm 100x1000", 8e5, x =>
        {
            Tensor weight = Random(1000), bias = Random(1000);
            return () => x.LayerNorm([1000], weight, bias);
        });
        yield return Make("transpose copy 304x304", () =>
        {
            var t = Random(304, 304).Transpose(0, 1).Retain();
            return Plain(() => t.Contiguous());
        }) with
        { Bytes = 8.0 * 304 * 304 };
        foreach (var row in Convolutions()) yield return row;
        yield return Mlp(64);
        yield return Mlp(1);
        yield return Transformer();
        yield return Gated();
        yield return Chain();
        yield return Bce();
        yield return Adam();
        yield return AdamOfOps();
    }

    private Row Make(string name, Func<Action> prepare) => new("engine", name, () =>
    {
        _ws.Dispose();
        _ws = new Workspace();
        return harness.Ours(prepare());
    })
    { PeerRow = name };

    private Action Product(int n, DType? dtype = null)
    {
        Tensor a = Random(n, n), b = Random(n, n);
        if (dtype is { } other)
        {
            a = a.To(other).Retain();
            b = b.To(other).Retain();
        }
        return Plain(() => a.Matmul(b));
    }

    private Row Unary(string name, int n, Func<Tensor, Tensor> f) => Make(name, () =>
    {
        var x = Random(n);
        return Plain(() => f(x));
    }) with
    { Bytes = 8.0 * n };

    private Row Matrix(string name, double bytes, Func<Tensor, Func<Tensor>> f) => Make(name, () => Plain(f(Random(100, 1000)))) with { Bytes = bytes };

    private IEnumerable<Row> Convolutions()
    {
        const double Flops = 2.0 * 8 * 64 * 64 * 9 * 56 * 56;
        yield return Make("conv 3x3 N8 C64 56x56", () =>
        {
            Tensor x = Random(8, 64, 56, 56), w = Random(64, 64, 3, 3), b = Random(64);
            return Plain(() => x.Conv2d(w, b, padding: [1, 1]));
        }) with
        { Flops = Flops };
        yield return Make("conv 3x3 N8 C64 56x56 fw+bw", () =>
        {
            Tensor x = Leaf(8, 64, 56, 56), w = Leaf(64, 64, 3, 3), b = Leaf(64), g = Random(8, 64, 56, 56);
            return Recorded(() => _ws.Backward([x.Conv2d(w, b, padding: [1, 1])], [g]), x, w, b);
        }) with
        { Flops = 3 * Flops };
        yield return Make("max_pool 2x2 N8 C64 56x56", () =>
        {
            var x = Random(8, 64, 56, 56);
            return Plain(() => x.MaxPool2d([2, 2]));
        }) with
        { Bytes = 5.0 * 8 * 64 * 56 * 56 };
    }

    private Row Mlp(int batch)
    {
        const double Weights = 784 * 512 + 512 * 512 + 512 * 10;
        return Make($"MLP batch {batch} fw+bw", () =>
        {
            var weights = NetworkWeights();
            var x = Random(batch, 784);
            var labels = _ws.FromArray<long>(Enumerable.Range(0, batch).Select(i => (long)(i % 10)).ToArray(), Shape.Of(batch)).Retain();
            return Recorded(() => _ws.Backward([Network(x, weights).CrossEntropy(labels)]), weights);
        }) with
        { Flops = 2.0 * batch * (3 * Weights - 784 * 512) };
    }

    private Row Transformer()
    {
        const int D = 256, Heads = 8, Batch = 4, Length = 128;
        const double Flops = 2.0 * Batch * Length * 12 * D * D + 4.0 * Batch * Length * Length * D;
        return Make("transformer block fw+bw", () =>
        {
            Tensor n1 = Leaf(D), c1 = Leaf(D), n2 = Leaf(D), c2 = Leaf(D);
            Tensor inward = Leaf(3 * D, D), inwardBias = Leaf(3 * D), outward = Leaf(D, D), outwardBias = Leaf(D);
            Tensor wide = Leaf(4 * D, D), wideBias = Leaf(4 * D), narrow = Leaf(D, 4 * D), narrowBias = Leaf(D);
            var x = Random(Batch, Length, D);
            return Recorded(() =>
            {
                var qkv = x.LayerNorm([D], n1, c1).Linear(inward, inwardBias).View([Batch, Length, 3, Heads, D / Heads]).Permute([2, 0, 3, 1, 4]);
                var attended = qkv.Select(0, 0).ScaledDotProductAttention(qkv.Select(0, 1), qkv.Select(0, 2)).Transpose(1, 2).Reshape([Batch, Length, D]);
                var h = x + attended.Linear(outward, outwardBias);
                var y = h + h.LayerNorm([D], n2, c2).Linear(wide, wideBias).Gelu().Linear(narrow, narrowBias);
                _ws.Backward([y.Mean()]);
            }, n1, c1, n2, c2, inward, inwardBias, outward, outwardBias, wide, wideBias, narrow, narrowBias);
        }) with
        { Flops = 3 * Flops };
    }

    private Row Gated() => Make("tanh(x*w+b)*sigmoid(x) 1e5 fw+bw", () =>
    {
        Tensor x = Leaf(100_000), w = Random(100_000), b = Random(100_000);
        return Recorded(() => _ws.Backward([((x * w + b).Tanh() * x.Sigmoid()).Sum()]), x);
    }) with
    { Bytes = 4.0 * 4 * 100_000 };

    private Row Chain() => Make("chain 1,000 fw+bw", () =>
    {
        Tensor x = Leaf(4), a = Random(4), b = Random(4);
        return Recorded(() =>
        {
            var y = x;
            for (int i = 0; i < 500; i++) y = y * a + b;
            _ws.Backward([y.Sum()]);
        }, x);
    }) with
    { Per = 1000, PeerPer = 1000, Unit = "op" };

    private Row Bce() => Make("BCE example fw+bw", () =>
    {
        Tensor x = Random(5), y = Random(3), w = Leaf(5, 3), b = Leaf(3);
        return Recorded(() => _ws.Backward([(x.Matmul(w) + b).BinaryCrossEntropyWithLogits(y)]), w, b);
    });

    private Row Adam() => Make("Adam 670k", () =>
    {
        var weights = NetworkWeights();
        var gradients = weights.Select(w => Random(w.Shape.Sizes.ToArray())).ToArray();
        var means = weights.Select(w => Random(w.Shape.Sizes.ToArray())).ToArray();
        var squares = weights.Select(w => Random(w.Shape.Sizes.ToArray())).ToArray();
        var steps = weights.Select(_ => _ws.Zeros([]).Retain()).ToArray();
        return () =>
        {
            using (_ws.NoGrad())
            using (_ws.Scope())
                for (int i = 0; i < weights.Length; i++)
                    weights[i].FusedAdamInPlace(gradients[i], means[i], squares[i], null, steps[i], Rate, Beta1, Beta2, 0, Epsilon);
        };
    }) with
    { Bytes = 28.0 * 669_706 };

    // As an optimizer made of ops does it: nine of them for each tensor.
    private Row AdamOfOps() => Make("Adam 670k as ops", () =>
    {
        var weights = NetworkWeights();
        var gradients = weights.Select(w => Random(w.Shape.Sizes.ToArray())).ToArray();
        var means = weights.Select(w => Random(w.Shape.Sizes.ToArray())).ToArray();
        var squares = weights.Select(w => Random(w.Shape.Sizes.ToArray())).ToArray();
        int step = 0;
        return () =>
        {
            step++;
            double correction = Math.Sqrt(1 - Math.Pow(Beta2, step)), rate = Rate / (1 - Math.Pow(Beta1, step));
            using (_ws.NoGrad())
                for (int i = 0; i < weights.Length; i++)
                    using (_ws.Scope())
                    {
                        means[i].LerpInPlace(gradients[i], 1 - Beta1);
                        squares[i].MulInPlace(Beta2).AddcmulInPlace(gradients[i], gradients[i], 1 - Beta2);
                        weights[i].AddcdivInPlace(means[i], squares[i].Sqrt().DivInPlace(correction).AddInPlace(Epsilon), -rate);
                    }
        };
    }) with
    { Bytes = 28.0 * 669_706, PeerRow = "Adam 670k" };

    private Tensor[] NetworkWeights() => [Leaf(512, 784), Leaf(512), Leaf(512, 512), Leaf(512), Leaf(10, 512), Leaf(10)];

    private static Tensor Network(Tensor x, Tensor[] w) => x.Linear(w[0], w[1]).Relu().Linear(w[2], w[3]).Relu().Linear(w[4], w[5]);

    private Action Plain(Func<Tensor> call) => () =>
    {
        using (_ws.Scope()) call();
    };

    private Action Recorded(Action step, params Tensor[] leaves) => () =>
    {
        using (_ws.Scope()) step();
        foreach (var leaf in leaves) leaf.SetGrad(null);
    };

    private Tensor Random(params long[] shape) => _ws.Rand(Dims.Create(shape)).Retain();

    private Tensor Leaf(params long[] shape) => _ws.Rand(Dims.Create(shape)).Sub(0.5).Mul(0.1).Retain().SetRequiresGrad();
}
