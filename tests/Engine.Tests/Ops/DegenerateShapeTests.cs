using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>
/// Every op that users have on tensors without dims, without elements, and of shapes that do not fit, made from its own samples: it computes, with gradients of the operands' shapes, or refuses; it does
/// nothing else, and holds no memory afterwards.
/// </summary>
public sealed class DegenerateShapeTests
{
    public static TheoryData<string> All => [.. OpTable.Entries.Where(e => e.Schema.Inputs.Length > 0 && !e.Schema.Hidden).Select(e => e.Schema.Name)];

    [Theory, MemberData(nameof(All))]
    public void Computes_or_refuses(string name)
    {
        var entry = OpTable.Get(name);
        using var ws = new Workspace();
        int computed = 0, refused = 0;
        foreach (var sample in entry.Samples(new Sampler(ws, DType.Float64)))
            foreach (var (shapes, what) in Shapes(sample.Inputs))
            {
                var inputs = new Tensor?[sample.Inputs.Length];
                for (int i = 0; i < inputs.Length; i++)
                {
                    inputs[i] = sample.Inputs[i] is { } t && shapes[i] is { } shape ? Resized(ws, t, shape) : sample.Inputs[i];
                    if (inputs[i] is { DType.IsFloatingPoint: true, IsWrappedNumber: false } leaf) inputs[i] = leaf.Detach().Clone().SetRequiresGrad();
                }
                long bytes = ws.LiveBytes, nodes = ws.LiveNodes;
                try
                {
                    using var scope = ws.Scope();
                    Check(ws, entry, sample.Op, inputs, $"{sample.Op} with {what}");
                    computed++;
                }
                catch (AutogradException refusal)
                {
                    Assert.True(refusal.Reason != ErrorReason.Internal && refusal.Message.Length > 0, $"{sample.Op} with {what}: {refusal}");
                    refused++;
                }
                catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
                {
                    Assert.Fail($"{sample.Op} with {what}: {e}");
                }
                foreach (var t in inputs) t?.SetGrad(null);
                Assert.True(bytes == ws.LiveBytes && nodes == ws.LiveNodes, $"{sample.Op} with {what} keeps {ws.LiveBytes - bytes} bytes and {ws.LiveNodes - nodes} nodes");
            }
        Assert.True(computed + refused > 0, "no sample has a tensor");
    }

    private static void Check(Workspace ws, OpEntry entry, Op op, Tensor?[] inputs, string what)
    {
        var outputs = ws.ApplyMany(op, inputs);
        foreach (var y in outputs) Assert.Equal(y.Numel, y.ToDoubles().Length);
        NdArray[]? expected = null;
        try
        {
            // What is searched must be sorted, which numbers drawn anew are not.
            if (entry.Reference.Exists && entry.Schema.Name is not ("searchsorted" or "bucketize")) expected = entry.Reference.Compute(op, Array.ConvertAll(inputs, t => t is null ? null : NdArray.Of(t)));
        }
        catch (Exception)
        {
            // The definition is written for the samples: it need not know what becomes of nothing.
        }
        for (int i = 0; i < expected?.Length; i++)
            Assert.True(expected[i].Shape.Equals(outputs[i].Shape), $"{what}: output {i} has shape {outputs[i].Shape}, by definition {expected[i].Shape}");
        for (int i = 0; i < expected?.Length; i++)
            Assert.True(Close(expected[i].Values, outputs[i].ToDoubles(), outputs[i].DType == DType.Float64 ? 1e-9 : 1e-5), $"{what}: output {i} is [{string.Join(", ", outputs[i].ToDoubles())}], by definition [{string.Join(", ", expected[i].Values)}]");
        var roots = Array.FindAll(outputs, y => y.RequiresGrad);
        if (roots.Length == 0) return;
        try
        {
            ws.Backward(roots, Array.ConvertAll(roots, y => (Tensor?)y.Detach().OnesLike()));
        }
        catch (AutogradException refusal) when (refusal.Reason == ErrorReason.NotDifferentiable)
        {
            return;
        }
        catch (AutogradException refusal)
        {
            if (refusal.Message.Contains("is not differentiable when", StringComparison.Ordinal)) return;
            // PyTorch's rule as well: the derivative exists for a source of the index's shape only.
            if (entry.Schema.Name is "scatter" or "scatter_add" or "scatter_reduce" && refusal.Message.Contains("returned an invalid gradient at index 1", StringComparison.Ordinal)) return;
            Assert.Fail($"{what}: computes, but its backward refuses: {refusal}");
        }
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i]?.Grad is { } gradient)
                Assert.True(gradient.Shape.Equals(inputs[i]!.Shape) && gradient.DType == inputs[i]!.DType, $"{what}: gradient {i} has shape {gradient.Shape}");
    }

    private static bool Close(double[] expected, double[] actual, double tolerance) =>
        expected.Zip(actual).All(p => p.First.Equals(p.Second) || p.First == p.Second || Math.Abs(p.First - p.Second) <= tolerance * (1 + Math.Abs(p.First)));

    /// <summary>Each size that occurs becomes 0 wherever it occurs; then tensors become 0-d, each alone and all together.</summary>
    private static IEnumerable<(Shape?[] Shapes, string What)> Shapes(Tensor?[] inputs)
    {
        bool[] own = Array.ConvertAll(inputs, t => t is { IsWrappedNumber: false });
        foreach (long size in inputs.Where((t, i) => own[i]).SelectMany(t => t!.Shape.Sizes.ToArray()).Distinct().Where(s => s > 0))
            yield return ([.. inputs.Select((t, i) => own[i] ? Shape.Of([.. t!.Shape.Sizes.ToArray().Select(s => s == size ? 0 : s)]) : null)], $"0 for every size {size}");
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!own[i] || inputs[i]!.Dim == 0) continue;
            var alone = new Shape?[inputs.Length];
            alone[i] = Shape.Scalar;
            yield return (alone, $"operand {i} as 0-d");
            foreach (var shape in (Shape[])[Shape.Of(0), Shape.Of(7), Shape.Of(5, 1, 7), Shape.Of(2, 3, 4, 5)])
            {
                var strange = new Shape?[inputs.Length];
                strange[i] = shape;
                yield return (strange, $"operand {i} of shape {shape}");
            }
        }
        yield return ([.. own.Select(o => o ? Shape.Scalar : null)], "all operands 0-d");
        yield return ([.. own.Select(o => o ? Shape.Of(0) : null)], "all operands of shape [0]");
        yield return ([.. own.Select(o => o ? Shape.Of(2, 0, 3) : null)], "all operands of shape [2, 0, 3]");
    }

    private static Tensor Resized(Workspace ws, Tensor t, Shape shape)
    {
        // Floats go on with others close by; indices and offsets with the last, so that what was in order stays in order.
        double[] values = t.ToDoubles();
        double last = values.Length == 0 ? 0 : values[^1];
        double Element(int i) => !t.DType.IsFloatingPoint ? (i < values.Length ? values[i] : last) : values.Length == 0 ? 0.5 + 0.4 * Math.Sin(1 + i * i) : values[i % values.Length] + 0.001 * (i / values.Length);
        return ws.FromArray<double>([.. Enumerable.Range(0, (int)shape.Numel).Select(Element)], shape, t.DType);
    }
}
