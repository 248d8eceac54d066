namespace AutogradService.Client;

/// <summary>What the server knows about a tensor, without its elements.</summary>
public sealed record TensorInfo
{
    internal TensorInfo(Wire.TensorMetadata wire)
    {
        Handle = wire.Handle;
        DType = (DType)wire.Dtype;
        Shape = [.. wire.Shape];
        Strides = [.. wire.Strides];
        RequiresGrad = wire.RequiresGrad;
        IsLeaf = wire.IsLeaf;
        GradFn = wire.GradFn.Length == 0 ? null : wire.GradFn;
        OutputNumber = (int)wire.OutputNr;
        Version = (long)wire.Version;
        RetainsGrad = wire.RetainsGrad;
        HasGrad = wire.HasGrad;
        IsView = wire.IsView;
        StorageBytes = (long)wire.StorageBytes;
        NextFunctions = [.. wire.NextFunctions];
        IsInference = wire.IsInference;
        HasTangent = wire.HasTangent;
    }

    /// <summary>The number it goes by within its session.</summary>
    public ulong Handle { get; }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Size of each dimension, outermost first; empty for a 0-d tensor.</summary>
    public Dims Shape { get; }

    /// <summary>Elements to step along each dimension.</summary>
    public Dims Strides { get; }

    /// <summary>Whether gradients flow to or through it.</summary>
    public bool RequiresGrad { get; }

    /// <summary>Whether it has no grad_fn.</summary>
    public bool IsLeaf { get; }

    /// <summary>Name of the graph node that made it, as PyTorch names it; null: none.</summary>
    public string? GradFn { get; }

    /// <summary>Which of that node's outputs it is.</summary>
    public int OutputNumber { get; }

    /// <summary>How often its storage was modified in place.</summary>
    public long Version { get; }

    /// <summary>Whether its gradient is kept though it is no leaf.</summary>
    public bool RetainsGrad { get; }

    /// <summary>Whether .grad is there; None differs from zeros.</summary>
    public bool HasGrad { get; }

    /// <summary>Whether it shares another tensor's storage as a view of it.</summary>
    public bool IsView { get; }

    /// <summary>Bytes of its storage.</summary>
    public long StorageBytes { get; }

    /// <summary>Names of the nodes that <see cref="GradFn"/> passes gradients on to; empty where it takes none.</summary>
    public IReadOnlyList<string> NextFunctions { get; }

    /// <summary>Whether it was made in inference mode.</summary>
    public bool IsInference { get; }

    /// <summary>Whether it carries a tangent (forward mode).</summary>
    public bool HasTangent { get; }
}
