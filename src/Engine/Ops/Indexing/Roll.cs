using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy with dims shifted in a circle; without dims, all elements as one row.</summary>
[Op("roll(self, shifts, dims)")]
public sealed partial record Roll(Dims Shifts, Dims? Dims = null) : ComputeOp, IOp<Roll>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Roll>((op, x) =>
    {
        if (op.Dims is null or { Count: 0 })
            return new NdArray(x[0].Shape, [.. x[0].Values.Select((_, n) => x[0].Values[(int)Wrap(n - op.Shifts[0], x[0].Values.Length)])]);
        return NdArray.Build(x[0].Shape, i =>
        {
            for (int k = 0; k < op.Dims.Count; k++)
            {
                int d = Shape.WrapDim(op.Dims[k], i.Length);
                i[d] = Wrap(i[d] - op.Shifts[k], x[0].Shape[d]);
            }
            return x[0][i];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Roll([1], [0]), s.Any(3, 4)),
        Sample.Of(new Roll([-2, 1], [1, 0]), s.Strided(3, 4)),
        Sample.Of(new Roll([5]), s.Any(2, 3)),
        Sample.Of(new Roll([1, 1], [0, 0]), s.Any(3)),
        Sample.Of(new Roll([1], [0]), s.Any(0, 2)),
        Sample.Of(new Roll([2]), s.Any()),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (Shifts.Count == 0) throw AutogradException.Attribute("`shifts` required");
        if (Dims is null or { Count: 0 })
        {
            if (Shifts.Count != 1) throw AutogradException.Attribute($"shifts and dimensions must align. shifts: {Shifts.Count}, dims:0");
        }
        else
        {
            if (Shifts.Count != Dims.Count) throw AutogradException.Attribute($"shifts and dimensions must align. shifts: {Shifts.Count}, dims:{Dims.Count}");
            foreach (long dim in Dims) _ = Part.WrapDimOfNonScalar(dim, x[0].Dim);
        }
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        if (Dims is null or { Count: 0 })
        {
            var flat = AlongDim.Flat(y);
            Shift(AlongDim.Flat(y.Workspace.RawContiguous(x[0])), flat, 0, Shifts[0]);
            return;
        }
        var source = x[0];
        for (int k = 0; k < Dims.Count; k++)
        {
            var target = k == Dims.Count - 1 ? y : y.Workspace.RawEmpty(y.Shape, y.DType);
            Shift(source, target, Shape.WrapDim(Dims[k], y.Dim), Shifts[k]);
            source = target;
        }
    }

    // g rolled back
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var back = Shifts.Values.ToArray();
        for (int k = 0; k < back.Length; k++) back[k] = -back[k];
        return grad.Roll(Engine.Dims.Create(back), Dims);
    }

    private static void Shift(Tensor x, Tensor y, int dim, long shift)
    {
        long size = x.Shape[dim], start = Wrap(shift, size);
        Transfer.Into(Part.Over(x, Part.Slice(x, dim, 0, size - start)), Part.Over(y, Part.Slice(y, dim, start, size - start)));
        Transfer.Into(Part.Over(x, Part.Slice(x, dim, size - start, start)), Part.Over(y, Part.Slice(y, dim, 0, start)));
    }

    private static long Wrap(long i, long size) => (i % size + size) % size;
}
