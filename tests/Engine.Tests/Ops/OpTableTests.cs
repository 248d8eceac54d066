using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>Every op of the table against its own samples; a new op is covered by being there.</summary>
public sealed class OpTableTests
{
    public static TheoryData<string> All => [.. OpTable.Entries.Select(e => e.Schema.Name)];

    [Theory, MemberData(nameof(All))]
    public void Has_documentation_and_samples(string name)
    {
        var entry = OpTable.Get(name);
        Assert.True(entry.Schema.Doc.Length > 10, "no <summary>");
        Assert.True(entry.Schema.Gradient.Length > 0 || entry.Schema.IsComposite || !entry.Schema.Differentiable || !HasVjp(entry.RecordType), "no comment with the formula above Vjp");
        using var ws = new Workspace();
        Assert.NotEmpty(entry.Samples(new Sampler(ws, DType.Float64)));
        Assert.True(entry.Reference.Exists || entry.Reference.Reason is { Length: > 10 });
    }

    [Theory, MemberData(nameof(All))]
    public void Forward_matches_its_definition_in_every_dtype(string name)
    {
        var entry = OpTable.Get(name);
        if (!entry.Reference.Exists) return;
        int ran = 0;
        foreach (var dtype in Enum.GetValues<DType>())
        {
            using var ws = new Workspace();
            foreach (var sample in entry.Samples(new Sampler(ws, dtype)))
            {
                Tensor[] outputs;
                try
                {
                    outputs = ws.ApplyMany(sample.Op, sample.Inputs);
                }
                catch (AutogradException refusal) when (refusal.Reason == ErrorReason.DtypeUnsupported && !dtype.IsFloatingPoint || refusal.Reason == ErrorReason.InvalidAttribute && !dtype.IsFloatingPoint)
                {
                    continue;
                }
                // Truth values and small integers wrap or saturate: their rules are tested by hand.
                if (dtype is DType.Bool or DType.UInt8 or DType.Int8) continue;
                ran++;
                var expected = entry.Reference.Compute(sample.Op, Array.ConvertAll(sample.Inputs, t => t is null ? null : NdArray.Of(t)));
                Assert.Equal(expected.Length, outputs.Length);
                for (int i = 0; i < outputs.Length; i++)
                {
                    Assert.Equal(expected[i].Shape, outputs[i].Shape);
                    AssertClose(expected[i].Values, outputs[i].ToDoubles(), outputs[i].DType, $"{sample.Op} on {dtype.Name}, output {i}");
                }
            }
        }
        Assert.True(ran > 0, "no dtype ran");
    }

    [Theory, MemberData(nameof(All))]
    public void First_and_second_derivatives_match_finite_differences(string name)
    {
        var entry = OpTable.Get(name);
        using var ws = new Workspace();
        foreach (var sample in entry.Samples(new Sampler(ws, DType.Float64)))
        {
            if (!sample.CheckGradients || !sample.Op.Differentiable) continue;
            var inputs = (Tensor?[])sample.Inputs.Clone();
            var variables = new List<int>();
            for (int i = 0; i < inputs.Length; i++)
                if (inputs[i] is { DType: DType.Float64, IsWrappedNumber: false } t && sample.Op.Schema.Differentiates(i, inputs.Length))
                {
                    inputs[i] = (t.IsContiguous && !t.IsView ? t : t.Clone("contiguous_format").Detach()).SetRequiresGrad();
                    variables.Add(i);
                }
            if (variables.Count == 0) continue;
            Tensor[] leaves = [.. variables.Select(i => inputs[i]!)];
            Tensor[] Call(Tensor[] x)
            {
                var given = (Tensor?[])inputs.Clone();
                for (int k = 0; k < x.Length; k++) given[variables[k]] = x[k];
                return ws.ApplyMany(sample.Op, given);
            }
            var options = new GradientCheckOptions { FastMode = true, Rtol = 1e-5 };
            string? first = GradientCheck.First(ws, Call, leaves, options);
            Assert.True(first is null, $"{sample.Op}: first derivative: {first}");
            string? second = GradientCheck.Second(ws, Call, leaves, options: options with { Atol = 1e-4, Rtol = 1e-4 });
            Assert.True(second is null, $"{sample.Op}: second derivative: {second}");
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Forward_mode_agrees_with_reverse(string name)
    {
        var entry = OpTable.Get(name);
        if (IsRandom(entry)) return;
        using var ws = new Workspace();
        foreach (var sample in entry.Samples(new Sampler(ws, DType.Float64)))
        {
            if (!sample.Op.Differentiable || sample.Op.Jvp == JvpRule.None) continue;
            var inputs = (Tensor?[])sample.Inputs.Clone();
            var leaves = new List<int>();
            for (int i = 0; i < inputs.Length; i++)
                if (inputs[i] is { DType: DType.Float64, IsWrappedNumber: false } t && sample.Op.Schema.Differentiates(i, inputs.Length))
                {
                    inputs[i] = t.Detach().SetRequiresGrad();
                    leaves.Add(i);
                }
            var all = ws.ApplyMany(sample.Op, inputs);
            var plain = Array.FindAll(all, o => o.RequiresGrad);
            if (plain.Length == 0 || Array.Exists(plain, o => Array.Exists(o.ToDoubles(), double.IsNaN))) continue;
            var vectors = Array.ConvertAll(plain, o => (Tensor?)Direction(ws, o.Shape, 5));
            Tensor?[] pulled;
            try
            {
                pulled = ws.Gradients(plain, [.. leaves.Select(i => inputs[i]!)], vectors, allowUnused: true);
            }
            catch (AutogradException e) when (e.Reason == ErrorReason.NotDifferentiable)
            {
                continue; // floor_divide and its like: no derivative in either mode
            }
            var directions = leaves.Select(i => Direction(ws, inputs[i]!.Shape, 11 + (ulong)i)).ToArray();
            double reverse = 0, forward = 0;
            for (int i = 0; i < leaves.Count; i++)
                if (pulled[i] is { } g) reverse += g.Mul(directions[i]).Sum().Item();
            foreach (bool grad in (bool[])[false, true])
            {
                // With and without a recorded graph: tangents that can be differentiated, and tangents that cannot.
                using var level = ws.EnterDualLevel();
                using var mode = ws.SetGradEnabled(grad);
                var duals = (Tensor?[])sample.Inputs.Clone();
                for (int i = 0; i < leaves.Count; i++) duals[leaves[i]] = ws.MakeDual(grad ? inputs[leaves[i]]! : inputs[leaves[i]]!.Detach(), directions[i]);
                Tensor[] outputs;
                try
                {
                    outputs = ws.ApplyMany(sample.Op, duals).Where((_, o) => all[o].RequiresGrad).ToArray();
                }
                catch (AutogradException e) when (e.Reason == ErrorReason.NotDifferentiable && !sample.CheckGradients)
                {
                    forward = reverse; // grid_sample: no second derivative, and so no forward mode, as in PyTorch
                    continue;
                }
                forward = 0;
                for (int o = 0; o < outputs.Length; o++)
                {
                    var vector = vectors[o]!;
                    if (outputs[o].Tangent is not { } tangent) continue;
                    Assert.Equal(outputs[o].Shape, tangent.Shape);
                    Assert.Equal(outputs[o].DType, tangent.DType);
                    forward += tangent.Mul(vector).Sum().Item();
                }
                Assert.True(Math.Abs(forward - reverse) <= 1e-9 * (1 + Math.Abs(reverse)) || double.IsNaN(forward) && double.IsNaN(reverse), $"{sample.Op}: <v, J u> is {forward:R}, <JT v, u> is {reverse:R}");
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Layout_does_not_matter(string name)
    {
        var entry = OpTable.Get(name);
        if (entry.Schema.Name is "as_strided" || entry.Schema.IsView || IsRandom(entry)) return;
        using var ws = new Workspace();
        foreach (var sample in entry.Samples(new Sampler(ws, DType.Float32)))
        {
            var plain = ws.ApplyMany(sample.Op, sample.Inputs);
            // The same values with gaps between them and the dims in another order.
            var spread = ws.ApplyMany(sample.Op, Array.ConvertAll(sample.Inputs, t => t is null || t.IsWrappedNumber ? t : Spread(ws, t)));
            for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i].ToDoubles(), spread[i].ToDoubles());
        }
    }

    [Theory, MemberData(nameof(All))]
    public void In_place_gives_what_the_plain_form_gives_in_any_layout(string name)
    {
        var entry = OpTable.Get(name);
        if (!entry.Schema.CanInPlace || entry.Schema.IsView || IsRandom(entry)) return;
        using var ws = new Workspace();
        using var mode = ws.NoGrad();
        foreach (var sample in entry.Samples(new Sampler(ws, DType.Float32)))
        {
            if (sample.Inputs[0] is not { IsWrappedNumber: false } self) continue;
            var expected = ws.ApplyMany(sample.Op, sample.Inputs);
            if (!expected[0].Shape.Equals(self.Shape) || expected[0].DType.Category > self.DType.Category) continue;
            foreach (bool spread in (bool[])[false, true])
            {
                // An optimizer's step writes to its state too.
                var inputs = sample.Inputs.Select((t, i) => t is null || !entry.Schema.Writes(i) ? t : spread ? Spread(ws, t) : t.Clone()).ToArray();
                var written = Enumerable.Range(0, inputs.Length).Where(i => entry.Schema.Writes(i) && inputs[i] is not null).Select(i => inputs[i]!).ToArray();
                int[] versions = Array.ConvertAll(written, t => (int)t.Version);
                Assert.Same(inputs[0], ws.ApplyInPlace(sample.Op, inputs));
                for (int i = 0; i < written.Length; i++)
                {
                    Assert.Equal(expected[i].To(written[i].DType).ToDoubles(), written[i].ToDoubles());
                    Assert.Equal(versions[i] + 1, (int)written[i].Version);
                }
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Backward_gives_memory_back(string name)
    {
        var entry = OpTable.Get(name);
        using var ws = new Workspace();
        foreach (var sample in entry.Samples(new Sampler(ws, DType.Float32)))
        {
            if (!sample.Op.Differentiable) continue;
            var inputs = Array.ConvertAll(sample.Inputs, t => t is { DType: DType.Float32, IsWrappedNumber: false } ? t.Clone().Detach().SetRequiresGrad() : t);
            long bytes = ws.LiveBytes, nodes = ws.LiveNodes;
            using (ws.Scope())
            {
                var outputs = Array.FindAll(ws.ApplyMany(sample.Op, inputs), o => o.RequiresGrad);
                if (outputs.Length == 0) continue;
                try
                {
                    ws.Backward(outputs, Array.ConvertAll(outputs, o => (Tensor?)o.Detach().Clone()));
                }
                catch (AutogradException refusal) when (refusal.Reason == ErrorReason.NotDifferentiable)
                {
                    // floor_divide and its like are recorded, and refuse only here: what the node held must be given back all the same.
                }
                foreach (var t in inputs) t?.SetGrad(null);
            }
            Assert.Equal(bytes, ws.LiveBytes);
            Assert.Equal(nodes, ws.LiveNodes);
        }
    }

    private static Tensor Direction(Workspace ws, Shape shape, ulong seed)
    {
        var random = new Philox(seed);
        var values = new double[shape.Numel];
        ulong first = random.Reserve(values.Length);
        for (int i = 0; i < values.Length; i++) values[i] = random.Uniform(first + (ulong)i) * 2 - 1;
        return ws.FromArray<double>(values, shape);
    }

    private static bool HasVjp(Type record)
    {
        for (var t = record; t is not null && t.Assembly == typeof(OpTable).Assembly; t = t.BaseType)
            if (!t.IsAbstract && t.GetMethods(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly).Any(m => m.Name == "Vjp")) return true;
        return false;
    }

    private static bool IsRandom(OpEntry entry) => entry.Reference is { Exists: false, Reason: { } reason } && reason.Contains("random", StringComparison.Ordinal);

    private static Tensor Spread(Workspace ws, Tensor t)
    {
        if (t.Dim == 0) return t;
        var sizes = t.Shape.Sizes.ToArray();
        Array.Reverse(sizes);
        var strides = new long[sizes.Length];
        long step = 2;
        for (int d = 0; d < strides.Length; d++)
        {
            strides[d] = step;
            step *= Math.Max(t.Shape[d], 1);
        }
        // dim d of t steps by strides[d]: column-major with every second element unused.
        var big = ws.Apply(new Engine.Ops.Zero(), ws.Uninitialized(Shape.Of(Math.Max(step + 1, 2)), t.DType));
        var view = big.AsStrided(Dims.Of(t.Shape), Dims.Create(strides), 1);
        using (ws.NoGrad()) view.CopyInPlace(t);
        return view.Detach();
    }

    private static void AssertClose(double[] expected, double[] actual, DType dtype, string what)
    {
        double tolerance = dtype switch { DType.Float64 => 1e-12, DType.Float32 => 2e-6, DType.Float16 => 2e-3, DType.BFloat16 => 2e-2, _ => 0 };
        for (int i = 0; i < expected.Length; i++)
        {
            if (double.IsNaN(expected[i]) && double.IsNaN(actual[i]) || expected[i] == actual[i]) continue;
            // Half types cannot hold what float64 can: beyond their range is infinity.
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i])) * 4))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }
}
