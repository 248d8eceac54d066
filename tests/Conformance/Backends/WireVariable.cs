using AutogradService.Client;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Backends;

/// <summary>A tensor of a session; what it says about itself the server is asked anew each time, for other commands change it.</summary>
internal sealed class WireVariable(Tensor tensor) : IVariable
{
    private readonly Tensor _tensor = tensor;

    /// <inheritdoc/>
    public string DType => Info.DType.Name;

    /// <inheritdoc/>
    public IReadOnlyList<long> Shape => Info.Shape;

    /// <inheritdoc/>
    public bool RequiresGrad => Info.RequiresGrad;

    /// <inheritdoc/>
    public bool IsLeaf => Info.IsLeaf;

    /// <inheritdoc/>
    public string? GradFn => Info.GradFn;

    /// <inheritdoc/>
    public bool IsView => Info.IsView;

    /// <inheritdoc/>
    public long Version => Info.Version;

    /// <inheritdoc/>
    public IVariable? Grad => Await(_tensor.GradAsync()) is { } grad ? new WireVariable(grad) : null;

    private TensorInfo Info => Await(_tensor.DescribeAsync());

    /// <summary>The client's tensor behind a variable of this backend.</summary>
    public static Tensor Unwrap(IVariable variable) => ((WireVariable)variable)._tensor;

    /// <summary>Waits for the server. The replay runs one case after another and has nothing else to do meanwhile, so it may block its thread.</summary>
    /// <exception cref="RefusedException">The server refused.</exception>
    public static T Await<T>(Task<T> answer)
    {
        try
        {
            return answer.GetAwaiter().GetResult();
        }
        catch (AutogradException refusal)
        {
            throw new RefusedException(refusal.Metadata.GetValueOrDefault("torch_type", "RuntimeError"), refusal.ServerMessage, refusal);
        }
    }

    /// <inheritdoc/>
    public TensorData Read()
    {
        var (dtype, shape, bytes) = Await(_tensor.ToBytesAsync());
        return new TensorData(dtype.Name, shape, bytes);
    }
}
