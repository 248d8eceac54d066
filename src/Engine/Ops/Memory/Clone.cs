using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy with memory of its own; gradients flow through. Laid out as self, or row-major with memory_format "contiguous_format".</summary>
[Op("clone(self, memory_format)")]
public sealed partial record Clone(string? MemoryFormat = null) : ComputeOp, IOp<Clone>
{
    internal const string RowMajor = "contiguous_format";

    private protected override bool KeepsLayout => MemoryFormat != RowMajor;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Clone(), s.Any(3, 4)), Sample.Of(new Clone(), s.Strided(3, 5)), Sample.Of(new Clone(), s.Any()), Sample.Of(new Clone(RowMajor), s.Strided(2, 3)), Sample.Of(new Clone(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => MemoryFormat is null or RowMajor or "preserve_format"
        ? new(x[0].Shape, x[0].DType)
        : throw AutogradException.Attribute($"unsupported memory format option {MemoryFormat}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Transfer.Into(x[0], y);

    // g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad;
}
