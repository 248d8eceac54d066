using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>A bool is one byte that is 0 or 1, whichever op wrote it: kernels count, add and compare these bytes. Every op that users have on tensors of bool, and every op that was asked for bool.</summary>
public sealed class TruthValueTests
{
    public static TheoryData<string> All => [.. OpTable.Entries.Where(e => !e.Schema.Hidden).Select(e => e.Schema.Name)];

    [Theory, MemberData(nameof(All))]
    public void Every_bool_is_0_or_1(string name)
    {
        using var ws = new Workspace();
        foreach (var sample in OpTable.Get(name).Samples(new Sampler(ws, DType.Float64)))
            foreach (var op in new[] { sample.Op, AskedForBool(sample.Op) })
                foreach (var inputs in new[] { As(sample.Inputs, DType.Bool), As(sample.Inputs, DType.Int64), sample.Inputs })
                {
                    using var scope = ws.Scope();
                    try
                    {
                        foreach (var y in ws.ApplyMany(op, inputs)) Check(y, op);
                    }
                    catch (AutogradException refusal)
                    {
                        Assert.True(refusal.Reason != ErrorReason.Internal, $"{op}: {refusal}");
                    }
                    if (!OpTable.Get(name).Schema.CanInPlace || inputs is not [{ } target, ..]) continue;
                    try
                    {
                        Tensor?[] onto = [target.Detach().Clone(), .. inputs[1..]];
                        ws.ApplyInPlace(op, onto);
                        Check(onto[0]!, op);
                    }
                    catch (AutogradException refusal)
                    {
                        Assert.True(refusal.Reason != ErrorReason.Internal, $"{op} in place: {refusal}");
                    }
                }
    }

    [Fact]
    public void Sums_of_bools_are_their_disjunction()
    {
        using var ws = new Workspace();
        // A byte would be 0 again.
        Assert.Equal([1], ws.Ones([256]).Sum(dtype: DType.Bool).ToDoubles());
        Assert.Equal([1], ws.Ones([256]).Nansum(dtype: DType.Bool).ToDoubles());
        Assert.Equal([0, 1, 1, 1], ws.FromArray<double>([0.0, 5, 0, -5], Shape.Of(4)).Cumsum(0, DType.Bool).ToDoubles());
        Assert.Equal([1, 2], ws.FromArray<double>([0.0, 5, 7], Shape.Of(3)).Cumsum(0, DType.Bool).Nonzero().ToDoubles());
        var bits = ws.FromArray<double>([0.0, 1], Shape.Of(2)).To(DType.Bool);
        Assert.Equal([1, 1, 1, 1], ws.Ones([2, 2]).To(DType.Bool).Addr(bits, bits).ToDoubles());
        Assert.Equal([0, 0, 0, 1], ws.Zeros([2, 2]).To(DType.Bool).Addr(bits, bits).ToDoubles());
    }

    private static Op AskedForBool(Op op)
    {
        var property = op.GetType().GetProperty("DType");
        if (property?.PropertyType != typeof(DType?) && property?.PropertyType != typeof(DType)) return op;
        var copy = (Op)op.GetType().GetMethod("<Clone>$")!.Invoke(op, null)!;
        property.SetValue(copy, (DType?)DType.Bool);
        return copy;
    }

    private static Tensor?[] As(Tensor?[] inputs, DType dtype) => Array.ConvertAll(inputs, x => x is { DType.IsFloatingPoint: true } ? x.Detach().To(dtype) : x);

    private static unsafe void Check(Tensor y, Op op)
    {
        // What was never written may hold anything.
        if (y.DType != DType.Bool || op.GetType().Name.Contains("Empty", StringComparison.Ordinal)) return;
        var row = y.Contiguous();
        for (long i = 0; i < row.Numel; i++) Assert.True(row.Data[i] <= 1, $"{op} wrote {row.Data[i]} for a bool");
    }
}
