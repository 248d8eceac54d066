using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Self with elements of source written to, or added to, places in row-major order; negative places count from the end.</summary>
[Op("put(self, index!, source, accumulate)", InPlace = true, Page = "torch.Tensor.put")]
public sealed partial record Put(bool Accumulate = false) : ComputeOp, IOp<Put>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Put>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        for (int n = 0; n < x[1].Values.Length; n++)
        {
            int place = (int)x[1].Values[n];
            ref double at = ref result.Values[place < 0 ? place + result.Values.Length : place];
            at = x[2].Values[n] + (op.Accumulate ? at : 0);
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Put(), s.Any(3, 4), s.Integers(Shape.Of(3), 5, -1, 0), s.Any(3)),
        Sample.Of(new Put(true), s.Strided(2, 3), s.Index(6, 2, 4), s.Any(2, 4)),
        Sample.Of(new Put(), s.Any(), s.Index(1), s.Any()),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Accumulate && !needs[2] ? Engine.Saves.Nothing : Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[1].DType != DType.Int64) throw AutogradException.Attribute($"put_(): Expected a long tensor for index, but got {x[1].DType.TorchName}");
        if (x[2].DType != x[0].DType)
            throw AutogradException.Attribute($"put_(): self and source expected to have the same dtype, but got self.dtype = {x[0].DType.TorchName} and source.dtype = {x[2].DType.TorchName}");
        if (x[2].Numel != x[1].Numel)
            throw AutogradException.Shape($"put_(): Expected source and index to have the same number of elements, but got source.numel() = {x[2].Numel}, index.numel() = {x[1].Numel}");
        if (x[0].Numel == 0 && x[1].Numel != 0) throw AutogradException.Index("put_(): Tried to put elements into an empty tensor");
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var places = AlongDim.Flat(AlongDim.Places(x[1], y.Numel));
        var source = AlongDim.Flat(y.Workspace.RawContiguous(x[2]));
        Transfer.Into(x[0], y);
        if (Accumulate) AlongDim.Add(AlongDim.Flat(y), 0, places, source);
        else AlongDim.Scatter(AlongDim.Flat(y), 0, places, source);
    }

    // for self g with zeros at the indices (unless accumulating), for the source g at the indices
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input switch
    {
        0 when Accumulate => grad,
        0 => grad.Put(saved.Input(1), grad.NewZeros(Dims.Of(saved.Shape(1)))),
        _ => grad.Take(saved.Input(1)).Reshape(Dims.Of(saved.Shape(2))),
    };
}
