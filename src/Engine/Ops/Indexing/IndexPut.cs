using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Self with values, which broadcast, written to or added to the elements where index tensors lead, as in self[indices] = values.</summary>
[Op("index_put(self, indices*?!, values, accumulate)", InPlace = true, Page = "torch.Tensor.index_put")]
public sealed partial record IndexPut(bool Accumulate = false) : ComputeOp, IOp<IndexPut>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<IndexPut>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        var (shape, source) = IndexDefinition.Resolve(x[0], x.AsSpan(1, x.Length - 2));
        foreach (var i in NdArray.Indices(shape))
        {
            var place = source(i);
            result[place] = x[^1].Broadcast(i) + (op.Accumulate ? result[place] : 0);
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new IndexPut(), s.Any(4, 3), s.Integers(Shape.Of(2), 3, -3), s.Any(2, 3)),
        Sample.Of(new IndexPut(true), s.Any(4, 3), s.Index(4, 5), s.Any(3)),
        Sample.Of(new IndexPut(true), s.Strided(4, 3), s.Index(4, 2, 1), s.Index(3, 3), s.Any()),
        Sample.Of(new IndexPut(), s.Any(2, 3, 4), s.Integers(Shape.Of(2), 0, 1), null, s.Index(4, 2), s.Any(2, 3)),
        Sample.Of(new IndexPut(), s.Any(2, 3), null, s.Integers(Shape.Of(1), 1), s.Any(2, 1)),
        Sample.Of(new IndexPut(), s.Any(3, 2), s.Index(3, 0), s.Any(0, 2)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Accumulate && !needs[needs.Count - 1] ? Engine.Saves.Nothing : Index.Indices(needs.Count - 1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x.Count < 3) throw AutogradException.Attribute("index_put() takes at least one index");
        var (self, values) = (x[0], x[x.Count - 1]);
        if (values.DType != self.DType)
            throw AutogradException.Attribute($"Index put requires the source and destination dtypes match, got {self.DType.TorchName} for the destination and {values.DType.TorchName} for the source.");
        var shape = AdvancedIndex.ShapeOf(self, x.Tensors[1..^1]);
        if (!values.Shape.BroadcastsTo(shape))
            throw AutogradException.Shape($"shape mismatch: value tensor of shape {values.Shape} cannot be broadcast to indexing result of shape {shape}");
        return new(self.Shape, self.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        if (!ReferenceEquals(x[0], y)) Transfer.Into(x[0], y);
        // Of y, whose strides may differ from self's.
        var index = new AdvancedIndex(y, x.Tensors[1..^1]);
        var values = x[x.Count - 1];
        values = y.Workspace.RawContiguous(values.Alias(index.Shape, Strided.BroadcastStrides(values, index.Shape), values.Offset));
        if (Accumulate) index.Add(y, values);
        else index.Write(y, values);
    }

    // What was overwritten has no influence; every value gets the gradient of where it went, and the backward pass sums what was broadcast.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        int last = saved.InputCount - 1;
        if (input == 0 && Accumulate) return grad;
        var indices = Index.Unpack(saved, last);
        return input == 0 ? grad.IndexPut(indices, grad.NewZeros([])) : grad.Index(indices);
    }
}
