namespace AutogradService.Engine.Ops;

/// <summary>The grid for grid_sample that an affine map names: theta (batch x 2 x 3, or x 3 x 4) applied to every place (x, y, (z,) 1) of an output of given size, places in [-1, 1].</summary>
[Op("affine_grid(theta, size, align_corners)")]
public sealed partial record AffineGrid(Dims Size, bool? AlignCorners = null) : ComputeOp, IOp<AffineGrid>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AffineGrid>((op, x) =>
    {
        int dims = op.Size.Count - 2;
        return NdArray.Build(op.Target, i =>
        {
            double sum = x[0][i[0], i[^1], dims];
            for (int d = 0; d < dims; d++)
            {
                double size = op.Size[op.Size.Count - 1 - d], at = i[dims - d];
                double place = size <= 1 ? 0 : op.AlignCorners == true ? 2 * at / (size - 1) - 1 : (2 * at + 1) / size - 1;
                sum += x[0][i[0], i[^1], d] * place;
            }
            return sum;
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new AffineGrid([2, 3, 3, 2]), s.Any(2, 2, 3)), Sample.Of(new AffineGrid([1, 1, 2, 1, 3], true), s.Any(1, 3, 4)), Sample.Of(new AffineGrid([2, 1, 4, 3], true), s.Any(2, 3, 2).Transpose(1, 2))]
        : [];

    private Shape Target => Shape.Of([Size[0], .. Size.Values[2..], Size.Count - 2]);

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "AffineGridGeneratorBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var theta = x[0];
        if (!theta.DType.IsFloatingPoint) throw Value($"Expected theta to have floating point type, but got torch.{theta.DType.Name}");
        if (Size.Count is not (4 or 5))
            throw AutogradException.Attribute($"affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size {Size}.", TorchErrorType.NotImplementedError);
        int dims = Size.Count - 2;
        if (theta.Dim != 3 || theta.Shape[1] != dims || theta.Shape[2] != dims + 1)
            throw Value($"Expected a batch of {dims}D affine matrices of shape Nx{dims}x{dims + 1} for size {Size}. Got torch.Size({theta.Shape}).");
        if (Size.Any(s => s <= 0)) throw Value($"Expected non-zero, positive output size. Got {Size}");
        if (theta.Shape[0] != Size[0]) throw AutogradException.Shape($"The size of tensor a ({Size[0]}) must match the size of tensor b ({theta.Shape[0]}) at non-singleton dimension 0");
        return new(Target, theta.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        Kernels.Transfer.Into(Places(y.Workspace, y.DType).Bmm(x[0].Transpose(1, 2)).Reshape(Dims.Of(y.Shape)), y);
    }

    // grid = P theta^T: the gradient of theta is G^T P.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var places = Places(saved.Workspace, grad.DType);
        return grad.Reshape([Size[0], places.Shape[1], Size.Count - 2]).Transpose(1, 2).Bmm(places);
    }

    /// <summary>All places of the output as rows (x, y, (z,) 1), for every image.</summary>
    private Tensor Places(Workspace workspace, DType dtype)
    {
        int dims = Size.Count - 2;
        var shape = Shape.Of([.. Size.Values[2..], dims + 1]);
        var values = new double[shape.Numel];
        long n = 0;
        foreach (var at in NdArray.Indices(shape))
        {
            int component = (int)at[^1], d = dims - 1 - component;
            if (component == dims) values[n++] = 1;
            else
            {
                double size = Size[d + 2];
                values[n++] = size <= 1 ? 0 : AlignCorners == true ? 2 * at[d] / (size - 1) - 1 : (2 * at[d] + 1) / size - 1;
            }
        }
        long places = shape.Numel / (dims + 1);
        return workspace.FromArray<double>(values, Shape.Of(1, places, dims + 1), dtype).Expand([Size[0], places, dims + 1]);
    }

    private static AutogradException Value(string message) => AutogradException.Attribute(message, TorchErrorType.ValueError);
}
