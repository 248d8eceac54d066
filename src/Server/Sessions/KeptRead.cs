using AutogradService.Engine;
using AutogradService.Server.Commands;

namespace AutogradService.Server.Sessions;

/// <summary>
/// What a command read, held so that its answer can be made again: the elements live on when the handle is released or the gradient
/// replaced. Only an in-place op can take them away.
/// </summary>
internal sealed class KeptRead : IDisposable
{
    // Smaller answers are kept themselves.
    private const long BytesMin = 4096;
    private readonly Tensor _tensor;
    private readonly int _version;
    private readonly bool _isGrad;

    private KeptRead(Tensor tensor, bool isGrad)
    {
        // Without its history: the graph goes when the client lets it go.
        _tensor = tensor.Detach().Retain();
        _version = tensor.Version;
        _isGrad = isGrad;
    }

    /// <summary>Holds what is being read.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="isGrad">Whether it was read as a gradient.</param>
    /// <returns>Null where it is not worth it, where changes could not be seen, and where much more memory would be held than was read.</returns>
    public static KeptRead? Of(Tensor tensor, bool isGrad) =>
        tensor.ByteLength < BytesMin || tensor.IsInference || tensor.Workspace.InInferenceMode || tensor.StorageBytes > 2 * tensor.ByteLength ? null : new KeptRead(tensor, isGrad);

    /// <summary>Bytes of memory that are held.</summary>
    public long Bytes => _tensor.StorageBytes;

    /// <summary>Whether an in-place op has changed the elements since.</summary>
    public bool IsModified => _tensor.Version != _version;

    /// <summary>Puts the elements into an answer.</summary>
    public void Fill(Wire.CommandResult result, ResultBudget budget)
    {
        budget.Charge(_tensor.ByteLength + TensorDescription.SizeBound(_tensor));
        var data = TensorDescription.Data(_tensor, budget);
        if (_isGrad) result.Grad = new Wire.GradientValue { Grad = data };
        else result.Tensor = data;
    }

    /// <summary>Lets go of the elements.</summary>
    public void Dispose() => _tensor.Release();
}
