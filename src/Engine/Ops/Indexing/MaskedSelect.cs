using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The elements where a mask is true, as a vector; self and mask broadcast.</summary>
[Op("masked_select(self, mask!)")]
public sealed partial record MaskedSelect : ComputeOp, IOp<MaskedSelect>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaskedSelect>((_, x) =>
    {
        var picked = NdArray.Indices(Shape.Broadcast(x[0].Shape, x[1].Shape)).Where(i => x[1].Broadcast(i) != 0).Select(i => x[0].Broadcast(i)).ToArray();
        return new NdArray(Shape.Of(picked.Length), picked);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new MaskedSelect(), s.Any(3, 4), s.Mask(3, 4)), Sample.Of(new MaskedSelect(), s.Any(3, 1), s.Mask(4)), Sample.Of(new MaskedSelect(), s.Strided(3, 4), s.Mask(3, 1)), Sample.Of(new MaskedSelect(), s.Any(), s.Mask())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[1].DType is not (DType.Bool or DType.UInt8)) throw AutogradException.Attribute("masked_select: expected BoolTensor or ByteTensor for mask");
        var shape = x.BroadcastShape();
        return new(Shape.Of(x[1].Numel == 0 ? 0 : Truth.Count(x[1]) * (shape.Numel / x[1].Numel)), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var shape = x.BroadcastShape();
        var mask = Truth.Of(x[1].Alias(shape, Strided.BroadcastStrides(x[1], shape), x[1].Offset));
        var self = y.Workspace.RawContiguous(x[0].Alias(shape, Strided.BroadcastStrides(x[0], shape), x[0].Offset));
        StorageTypes.Dispatch(y.DType, new Action(self, mask, y));
    }

    // zeros with g where the mask holds
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var mask = saved.Input(1);
        return grad.NewZeros(Dims.Of(Shape.Broadcast(saved.Shape(0), mask.Shape))).MaskedScatter(mask, grad);
    }

    private readonly ref struct Action(Tensor self, Tensor mask, Tensor y) : IStorageAction
    {
        private readonly Tensor _self = self, _mask = mask, _y = y;

        public unsafe void Run<T>() where T : unmanaged
        {
            T* x = _self.Pointer<T>(), y = _y.Pointer<T>();
            byte* mask = _mask.Data;
            for (long i = 0; i < _self.Numel; i++)
                if (mask[i] != 0) *y++ = x[i];
        }
    }
}
