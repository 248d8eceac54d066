using System.Runtime.InteropServices;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;

namespace AutogradService.Conformance.Backends;

/// <summary>A tensor of a workspace.</summary>
internal sealed class EngineVariable(Tensor tensor) : IVariable
{
    /// <summary>The engine's tensor.</summary>
    public Tensor Tensor { get; } = tensor;

    /// <inheritdoc/>
    public string DType => Tensor.DType.Name;

    /// <inheritdoc/>
    public IReadOnlyList<long> Shape => Tensor.Shape.Sizes.ToArray();

    /// <inheritdoc/>
    public bool RequiresGrad => Tensor.RequiresGrad;

    /// <inheritdoc/>
    public bool IsLeaf => Guard(() => Tensor.IsLeaf);

    /// <inheritdoc/>
    public string? GradFn => Guard(() => Tensor.GradFn?.Name);

    /// <inheritdoc/>
    public bool IsView => Tensor.IsView;

    /// <inheritdoc/>
    public long Version => Tensor.Version;

    /// <inheritdoc/>
    public IVariable? Grad => Tensor.Grad is { } grad ? new EngineVariable(grad) : null;

    /// <summary>The engine's tensor behind a variable of this backend.</summary>
    public static Tensor Unwrap(IVariable variable) => ((EngineVariable)variable).Tensor;

    /// <summary>Runs what the engine may refuse.</summary>
    /// <exception cref="RefusedException">It did.</exception>
    public static T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (AutogradException refusal)
        {
            throw new RefusedException(refusal.TorchType.ToString(), refusal.Message, refusal);
        }
    }

    /// <inheritdoc/>
    public TensorData Read() => Guard(() =>
    {
        var bytes = new byte[Tensor.ByteLength];
        Tensor.CopyTo(bytes);
        return new TensorData(DType, ImmutableCollectionsMarshal.AsImmutableArray(Tensor.Shape.Sizes.ToArray()), bytes, RequiresGrad, Tensor.IsContiguous);
    });
}
