using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AutogradService.Benchmarks.Peer;

/// <summary>The table's rows as one writes them in TorchSharp.</summary>
internal static class Rows
{
    public static Dictionary<string, Func<Action>> All()
    {
        var rows = new Dictionary<string, Func<Action>>();
        foreach (long n in (long[])[64, 256, 1024]) rows[$"matmul {n}"] = () => Matmul(rand(n, n), rand(n, n));
        rows["matmul 512 float64"] = () => Matmul(rand(512, 512, ScalarType.Float64), rand(512, 512, ScalarType.Float64));
        rows["matmul 512 transposed"] = () => Matmul(rand(512, 512), rand(512, 512).t());
        rows["linear batch 1"] = () =>
        {
            Tensor x = rand(1, 784), w = rand(512, 784);
            return Plain(() => F.linear(x, w));
        };
        foreach (var (name, n) in ((string, long)[])[("1e3", 1_000), ("1e5", 100_000), ("1e7", 10_000_000)])
        {
            rows[$"add {name}"] = () =>
            {
                Tensor a = rand(n), b = rand(n);
                return Plain(() => a.add(b));
            };
            rows[$"exp {name}"] = () => Unary(n, static x => x.exp());
            rows[$"tanh {name}"] = () => Unary(n, static x => x.tanh());
        }
        rows["add 4"] = () => Unary(4, static x => x.add(x));
        rows["gelu 1e5"] = () => Unary(100_000, static x => F.gelu(x));
        rows["sum dim 0 100x1000"] = () => Matrix(static x => x.sum(0));
        rows["softmax 100x1000"] = () => Matrix(static x => F.softmax(x, 1));
        rows["layer_norm 100x1000"] = () =>
        {
            Tensor weight = ones(1000), bias = zeros(1000);
            return Matrix(x => F.layer_norm(x, [1000], weight, bias));
        };
        rows["transpose copy 304x304"] = () =>
        {
            var t = rand(304, 304).t();
            return Plain(() => t.contiguous());
        };
        rows["conv 3x3 N8 C64 56x56"] = () =>
        {
            var (x, w, b) = Convolution();
            return Plain(() => F.conv2d(x, w, b, padding: [1, 1]));
        };
        rows["conv 3x3 N8 C64 56x56 fw+bw"] = () =>
        {
            var (x, w, b) = Convolution();
            foreach (var leaf in (Tensor[])[x, w, b]) leaf.requires_grad_(true);
            var g = randn(8, 64, 56, 56);
            return Recorded(() => F.conv2d(x, w, b, padding: [1, 1]).backward([g]), x, w, b);
        };
        rows["max_pool 2x2 N8 C64 56x56"] = () =>
        {
            var x = randn(8, 64, 56, 56);
            return Plain(() => F.max_pool2d(x, 2));
        };
        foreach (long batch in (long[])[64, 1])
        {
            rows[$"MLP batch {batch} fw+bw"] = () => Mlp(batch, learn: false);
            rows[$"MLP batch {batch} step"] = () => Mlp(batch, learn: true);
        }
        rows["transformer block fw+bw"] = Transformer;
        rows["tanh(x*w+b)*sigmoid(x) 1e5 fw+bw"] = () =>
        {
            Tensor x = randn(100_000, requires_grad: true), w = randn(100_000), b = randn(100_000);
            return Recorded(() => ((x * w + b).tanh() * x.sigmoid()).sum().backward(), x);
        };
        rows["chain 1,000 fw+bw"] = () =>
        {
            Tensor x = rand(4, requires_grad: true), a = rand(4), b = rand(4);
            return Recorded(() =>
            {
                var y = x;
                for (int i = 0; i < 500; i++) y = y.mul(a).add(b);
                y.sum().backward();
            }, x);
        };
        rows["BCE example fw+bw"] = () =>
        {
            Tensor x = ones(5), y = zeros(3), w = randn(5, 3, requires_grad: true), b = randn(3, requires_grad: true);
            return Recorded(() => F.binary_cross_entropy_with_logits(x.matmul(w).add(b), y).backward(), w, b);
        };
        rows["Adam 670k"] = Adam;
        return rows;
    }

    private static Action Matmul(Tensor a, Tensor b) => Plain(() => a.mm(b));

    private static Action Unary(long n, Func<Tensor, Tensor> f)
    {
        var x = rand(n);
        return Plain(() => f(x));
    }

    private static Action Matrix(Func<Tensor, Tensor> f)
    {
        var x = randn(100, 1000);
        return Plain(() => f(x));
    }

    private static (Tensor X, Tensor W, Tensor B) Convolution() => (randn(8, 64, 56, 56), randn(64, 64, 3, 3) * 0.05f, randn(64));

    // Nothing requires grad here, so nothing is recorded.
    private static Action Plain(Func<Tensor> f) => () => f().Dispose();

    private static Action Recorded(Action step, params Tensor[] leaves) => () =>
    {
        using (NewDisposeScope()) step();
        foreach (var leaf in leaves)
        {
            leaf.grad?.Dispose();
            leaf.grad = null;
        }
    };

    private static (Sequential Net, Tensor[] Weights) Network()
    {
        var net = nn.Sequential(("1", nn.Linear(784, 512)), ("2", nn.ReLU()), ("3", nn.Linear(512, 512)), ("4", nn.ReLU()), ("5", nn.Linear(512, 10)));
        return (net, [.. net.parameters()]);
    }

    private static Action Mlp(long batch, bool learn)
    {
        var (net, weights) = Network();
        var x = rand(batch, 784);
        var labels = arange(batch).remainder(10);
        var sgd = optim.SGD(net.parameters(), 1e-3);
        return Recorded(() =>
        {
            var loss = F.cross_entropy(net.call(x), labels);
            loss.backward();
            if (!learn) return;
            sgd.step();
            _ = loss.ToSingle();
        }, weights);
    }

    private static Action Adam()
    {
        var (net, _) = Network();
        using (NewDisposeScope()) net.call(rand(8, 784)).sum().backward();
        var adam = optim.Adam(net.parameters(), 1e-6);
        return () =>
        {
            using (NewDisposeScope()) adam.step();
        };
    }

    private static Action Transformer()
    {
        const long D = 256, Heads = 8, Batch = 4, Length = 128;
        LayerNorm norm1 = nn.LayerNorm(D), norm2 = nn.LayerNorm(D);
        Linear inward = nn.Linear(D, 3 * D), outward = nn.Linear(D, D), wide = nn.Linear(D, 4 * D), narrow = nn.Linear(4 * D, D);
        Tensor[] weights = [.. ((nn.Module[])[norm1, norm2, inward, outward, wide, narrow]).SelectMany(m => m.parameters())];
        var x = randn(Batch, Length, D);
        return Recorded(() =>
        {
            var qkv = inward.call(norm1.call(x)).view(Batch, Length, 3, Heads, D / Heads).permute(2, 0, 3, 1, 4);
            var attended = F.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]).transpose(1, 2).reshape(Batch, Length, D);
            var h = x + outward.call(attended);
            var y = h + narrow.call(F.gelu(wide.call(norm2.call(h))));
            y.mean().backward();
        }, weights);
    }
}
