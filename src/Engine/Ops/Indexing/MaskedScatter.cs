using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Self with the elements where a mask is true replaced, in order, by those of source.</summary>
[Op("masked_scatter(self, mask!, source)", InPlace = true, Page = "torch.Tensor.masked_scatter")]
public sealed partial record MaskedScatter : ComputeOp, IOp<MaskedScatter>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<MaskedScatter>((_, x) =>
    {
        int next = 0;
        return NdArray.Build(Shape.Broadcast(x[0].Shape, x[1].Shape), i => x[1].Broadcast(i) != 0 ? x[2].Values[next++] : x[0].Broadcast(i));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new MaskedScatter(), s.Any(3, 4), s.Mask(3, 4), s.Any(12)), Sample.Of(new MaskedScatter(), s.Strided(3, 4), s.Mask(4), s.Any(4, 3)), Sample.Of(new MaskedScatter(), s.Any(), s.Mask(), s.Any(1))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[1].DType is not DType.Bool) throw AutogradException.Attribute($"masked_scatter_ only supports boolean masks, but got mask with dtype {x[1].DType.TorchName}");
        if (x[2].DType != x[0].DType)
            throw AutogradException.Attribute($"masked_scatter: expected self and source to have same dtypes but got {x[0].DType.TorchName} and {x[2].DType.TorchName}");
        var shape = Shape.Broadcast(x[0].Shape, x[1].Shape);
        return new(shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        if (y.Numel > 0 && Truth.Count(x[1]) * (y.Numel / x[1].Numel) > x[2].Numel) throw AutogradException.Shape("Number of elements of source < number of ones in mask");
        Transfer.Into(x[0], y);
        var mask = Truth.Of(x[1].Alias(y.Shape, Strided.BroadcastStrides(x[1], y.Shape), x[1].Offset));
        StorageTypes.Dispatch(y.DType, new Action(y, mask, y.Workspace.RawContiguous(x[2])));
    }

    // The replaced elements have no influence; the elements of source that were not needed have a gradient of zero.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var mask = saved.Input(1);
        if (input == 0) return grad.MaskedScatter(mask, grad.ZerosLike());
        var used = grad.MaskedSelect(mask);
        var shape = saved.Shape(2);
        return saved.Workspace.Cat([used, grad.NewZeros([shape.Numel - used.Numel])]).Reshape(Dims.Of(shape));
    }

    private readonly ref struct Action(Tensor y, Tensor mask, Tensor source) : IStorageAction
    {
        private readonly Tensor _y = y, _mask = mask, _source = source;

        public unsafe void Run<T>() where T : unmanaged
        {
            T* y = _y.Pointer<T>(), source = _source.Pointer<T>();
            byte* mask = _mask.Data;
            for (long i = 0; i < _y.Numel; i++)
                if (mask[i] != 0) y[i] = *source++;
        }
    }
}
