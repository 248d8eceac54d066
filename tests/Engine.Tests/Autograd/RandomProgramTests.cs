using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

/// <summary>
/// Random programs of smooth ops, views, broadcasting and writes in place: their gradients are those of finite differences, however they are asked for.
/// </summary>
public sealed class RandomProgramTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 120)];

    [Theory, MemberData(nameof(Seeds))]
    public void Gradients_are_those_of_finite_differences(int seed)
    {
        using var ws = new Workspace();
        var leaves = Leaves(ws, seed);
        Assert.Null(GradientCheck.First(ws, x => [Program(seed, x)], leaves, new GradientCheckOptions { Rtol = 1e-5 }));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Second_derivatives_too(int seed)
    {
        if (seed % 4 != 0) return;
        using var ws = new Workspace();
        var leaves = Leaves(ws, seed);
        Assert.Null(GradientCheck.Second(ws, x => [Program(seed, x, 25)], leaves, options: new GradientCheckOptions { Atol = 1e-4, Rtol = 1e-4 }));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void However_they_are_asked_for(int seed)
    {
        using var ws = new Workspace();
        var leaves = Leaves(ws, seed);
        foreach (var leaf in leaves) leaf.Retain();
        long bytes = ws.LiveBytes, nodes = ws.LiveNodes;
        using (ws.Scope())
        {
            var y = Program(seed, leaves);
            var expected = Values(ws.Gradients([y], leaves, allowUnused: true, retainGraph: true));
            Assert.Equal(expected, Values(ws.Gradients([y], leaves, allowUnused: true, createGraph: true)));
            Assert.Equal(expected, Values(ws.Gradients([y], leaves, allowUnused: true, retainGraph: true)));
            for (int i = 0; i < leaves.Length; i++)
                Assert.Equal(expected[i], Values(ws.Gradients([y], [leaves[i]], allowUnused: true, retainGraph: true))[0]);
            ws.Backward([y], retainGraph: true);
            Assert.Equal(expected, Array.ConvertAll(leaves, l => l.Grad?.ToDoubles()));
            foreach (var leaf in leaves) leaf.SetGrad(null);
            ws.Backward([y], createGraph: true);
            Assert.Equal(expected, Array.ConvertAll(leaves, l => l.Grad?.ToDoubles()));
            foreach (var leaf in leaves) leaf.SetGrad(null);
            ws.Backward([y], inputs: [leaves[0]], retainGraph: true);
            Assert.Equal(expected[0], leaves[0].Grad?.ToDoubles());
            Assert.Null(leaves[1].Grad);
            leaves[0].SetGrad(null);
            ws.Backward([y]);
            Assert.Equal(expected, Array.ConvertAll(leaves, l => l.Grad?.ToDoubles()));
            foreach (var leaf in leaves) leaf.SetGrad(null);
        }
        Assert.Equal((bytes, nodes), (ws.LiveBytes, ws.LiveNodes));
    }

    private static double[]?[] Values(Tensor?[] gradients) => Array.ConvertAll(gradients, g => g?.ToDoubles());

    private static Tensor[] Leaves(Workspace ws, int seed)
    {
        var random = new Random(seed + 1000);
        return [.. ((long[][])[[2, 3], [3], [2, 1], []]).Select(sizes =>
        {
            var shape = Shape.Of(sizes);
            return ws.FromArray<double>([.. Enumerable.Range(0, (int)shape.Numel).Select(_ => random.NextDouble() * 2 - 1)], shape).SetRequiresGrad();
        })];
    }

    /// <summary>The same steps for the same seed. Values stay small: every result goes through a bounded function.</summary>
    // What is read is never written afterwards: clones of values are written, through views of them as well, and clones of those are read.
    private static Tensor Program(int seed, Tensor[] leaves, int most = 60)
    {
        var random = new Random(seed);
        var values = new List<Tensor>(leaves);
        var written = new List<Tensor>();
        int steps = random.Next(20, most);
        for (int step = 0; step < steps; step++)
        {
            Tensor x = values[random.Next(values.Count)], y = values[random.Next(values.Count)];
            Tensor? made = random.Next(14) switch
            {
                0 => x.Tanh(),
                1 => x.Sin(),
                2 => (x * 0.5).Exp().Sigmoid(),
                3 => (x * x + 1).Sqrt().Sin(),
                4 => (x * x + 0.5).Log().Tanh(),
                5 => Together(x, y, (a, b) => a * b),
                6 => Together(x, y, (a, b) => (a + b * 0.7).Tanh()),
                7 => Together(x, y, (a, b) => (a / (b * b + 1.5)).Sin()),
                8 => Together(x, y, (a, b) => (a - b * 0.3).Atan()),
                9 => x.Dim == 2 && y.Dim == 2 && x.Shape[1] == y.Shape[0] ? x.Matmul(y).Tanh() : x.Softplus().Tanh(),
                10 => x.Dim > 0 ? x.Sum([random.Next(x.Dim)], random.Next(2) == 0).Tanh() : x.Cos(),
                11 => x.Dim > 0 ? x.Softmax(random.Next(x.Dim)) : x.Atan(),
                12 => x.Dim > 0 ? x.Cumsum(random.Next(x.Dim)).Sin() : x.Erf(),
                _ => View(x, random),
            };
            if (made is not null) values.Add(made);
            switch (random.Next(5))
            {
                case 0:
                    written.Add(values[random.Next(values.Count)].Clone());
                    break;
                case 1 when written.Count > 0:
                    written.Add(View(written[random.Next(written.Count)], random));
                    break;
                case 2 or 3 when written.Count > 0:
                    Write(written[random.Next(written.Count)], values[random.Next(values.Count)], random);
                    break;
                case 4 when written.Count > 0:
                    values.Add(written[random.Next(written.Count)].Clone());
                    break;
            }
        }
        var total = leaves[0].Sin().Sum();
        foreach (var t in values.TakeLast(5).Concat(written.TakeLast(5))) total = total + t.Clone().Sin().Sum();
        return total;
    }

    private static Tensor? Together(Tensor a, Tensor b, Func<Tensor, Tensor, Tensor> f) => Fits(a.Shape, b.Shape) || Fits(b.Shape, a.Shape) || a.Shape.Equals(b.Shape) ? f(a, b) : null;

    private static bool Fits(Shape small, Shape large) => small.BroadcastsTo(large);

    private static Tensor View(Tensor x, Random random) => x.Dim == 0 ? x.View([1]) : random.Next(6) switch
    {
        0 => x.Transpose(0, x.Dim - 1),
        1 => x.Select(0, random.Next((int)x.Shape[0])),
        2 => x.Slice(x.Dim - 1, 0, Math.Max(1, x.Shape[x.Dim - 1] - 1)),
        3 => x.Unsqueeze(random.Next(x.Dim + 1)),
        4 => x.IsContiguous ? x.View([-1]) : x.Squeeze(),
        _ => x.Narrow(0, x.Shape[0] - 1, 1),
    };

    // None of them saves its result, which may be written again.
    private static void Write(Tensor target, Tensor source, Random random)
    {
        int how = random.Next(7);
        if (!Fits(source.Shape, target.Shape)) how = random.Next(3);
        _ = how switch
        {
            0 => target.MulInPlace(0.8),
            1 => target.CosInPlace(),
            2 => target.SinInPlace(),
            3 => target.AddInPlace(source, 0.5),
            4 => target.MulInPlace(source),
            5 => target.CopyInPlace(source),
            _ => target.DivInPlace(source * source + 1),
        };
    }
}
