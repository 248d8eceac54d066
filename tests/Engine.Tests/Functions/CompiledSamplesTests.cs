using AutogradService.Engine.Functions;
using Xunit;

namespace AutogradService.Engine.Tests.Functions;

/// <summary>Every sample of every op as a compiled function: the engine's own results, bit for bit, gradients included.</summary>
public sealed class CompiledSamplesTests
{
    // The shape of their result, or of a gradient's intermediate, or the choice of what is computed depends on values.
    private static readonly HashSet<string> s_valueDependent =
    [
        "argwhere", "bincount", "histc", "linspace.Tensor_Tensor", "masked_scatter", "masked_select", "narrow.Tensor", "nonzero", "nonzero_numpy", "one_hot", "repeat_interleave.self_Tensor",
        "tensor_split.tensor_indices_or_sections", "unique", "unique_consecutive", "ctc_loss", "_ctc_loss", "linalg_lstsq",
        // They rewrite parameters and state.
        "_fused_adam", "_fused_adamw", "_fused_rmsprop", "_fused_sgd",
        // Only their derivatives.
        "embedding_bag", "_embedding_bags", "embedding_dense_backward", "multilabel_margin_loss", "det", "linalg_det", "_linalg_det",
    ];

    public static TheoryData<string> All => [.. OpTable.Entries.Select(e => e.Schema.Name)];

    [Theory, MemberData(nameof(All))]
    public void Forward(string name)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64, DType.Int64, DType.Bool, DType.BFloat16])
            ForEachSample(name, dtype, static (op, ws, x) => ws.ApplyMany(op, x));
    }

    [Theory, MemberData(nameof(All))]
    public void Gradients(string name) => ForEachSample(name, DType.Float32, static (op, ws, x) => Derive(op, ws, x, twice: false), onlyDifferentiable: true);

    [Theory, MemberData(nameof(All))]
    public void Second_derivatives(string name) => ForEachSample(name, DType.Float64, static (op, ws, x) => Derive(op, ws, x, twice: true), onlyDifferentiable: true);

    private static Tensor[] Derive(Op op, Workspace ws, Tensor?[] x, bool twice)
    {
        var variables = new List<Tensor>();
        var given = new Tensor?[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            given[i] = x[i];
            if (x[i] is not { DType.IsFloatingPoint: true, IsWrappedNumber: false } t || !op.Schema.Differentiates(i, x.Length)) continue;
            given[i] = t.Detach().SetRequiresGrad();
            variables.Add(given[i]!);
        }
        var y = ws.ApplyMany(op, given);
        var reached = y.Where(o => o.RequiresGrad).ToArray();
        if (reached.Length == 0 || variables.Count == 0) return y;
        var sums = reached.Select(o => o.Mul(o).Sum()).ToArray();
        var results = y.ToList();
        var gradients = ws.Gradients(sums, [.. variables], allowUnused: true, createGraph: twice);
        results.AddRange(gradients.OfType<Tensor>());
        if (!twice) return [.. results];
        var deeper = gradients.OfType<Tensor>().Where(g => g.RequiresGrad).Select(g => g.Sin().Sum()).ToArray();
        if (deeper.Length > 0) results.AddRange(ws.Gradients(deeper, [.. variables], allowUnused: true).OfType<Tensor>());
        return [.. results];
    }

    private static void ForEachSample(string name, DType dtype, Func<Op, Workspace, Tensor?[], Tensor[]> call, bool onlyDifferentiable = false)
    {
        using var ws = new Workspace();
        var samples = OpTable.Get(name).Samples(new Sampler(ws, dtype)).ToArray();
        foreach (var sample in samples)
        {
            if (onlyDifferentiable && !(sample.CheckGradients && sample.Op.Differentiable)) continue;
            var given = sample.Inputs.Where(t => t is { IsWrappedNumber: false }).Select(t => ws.RawClone(t!)).ToArray();
            Tensor[] Body(Workspace workspace, Tensor[] parameters)
            {
                int next = 0;
                var x = Array.ConvertAll(sample.Inputs, t => t is null ? null : t.IsWrappedNumber ? workspace.WrappedNumber(Scalar.Of(t)) : parameters[next++]);
                return call(sample.Op, workspace, x);
            }
            if (sample.Op.Schema.Family == "Random") ws.Random.ManualSeed(7);
            Tensor[] expected;
            try
            {
                expected = Body(ws, given);
            }
            catch (AutogradException)
            {
                continue; // the op's own tests look at what it refuses
            }
            CompiledFunction function;
            try
            {
                function = CompiledFunction.Compile([.. given.Select(t => new TensorSpec(t.Shape, t.DType))], Body);
            }
            catch (AutogradException e) when (e.Reason == ErrorReason.ValueDependent)
            {
                Assert.True(s_valueDependent.Contains(name), $"{sample.Op} on {dtype.Name}: {e.StackTrace}");
                continue;
            }
            using (function)
            {
                using var run = function.Rent();
                for (int repeat = 0; repeat < 2; repeat++)
                {
                    for (int i = 0; i < given.Length; i++) given[i].CopyTo(run.ParameterBytes(i));
                    run.Run(seed: 7);
                    Assert.Equal(expected.Length, function.Results.Count);
                    for (int i = 0; i < expected.Length; i++)
                    {
                        Assert.Equal(expected[i].Shape, function.Results[i].Shape);
                        Assert.Equal(expected[i].DType, function.Results[i].DType);
                        var bytes = new byte[expected[i].ByteLength];
                        expected[i].CopyTo(bytes);
                        if (!bytes.AsSpan().SequenceEqual(run.ResultBytes(i)))
                            Assert.Fail($"{sample.Op} on {dtype.Name}, result {i}: expected [{string.Join(", ", expected[i].ToDoubles().Take(12))}], got [{string.Join(", ", run.Result(i).ToDoubles().Take(12))}]\n{function.Print(false)}\n{function.Print()}");
                    }
                }
            }
        }
    }
}
