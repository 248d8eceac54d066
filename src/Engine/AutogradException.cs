namespace AutogradService.Engine;

/// <summary>Why a request was refused: the closed list that the wire carries as ErrorInfo.reason.</summary>
public enum ErrorReason
{
    /// <summary>A bug of ours.</summary>
    Internal,
    /// <summary>Bytes do not match shape x dtype.</summary>
    PayloadSizeMismatch,
    /// <summary>A negative or overflowing shape, or one that does not fit the data.</summary>
    InvalidShape,
    /// <summary>Shapes do not broadcast or do not fit each other.</summary>
    ShapeMismatch,
    /// <summary>A dim or an index outside its range.</summary>
    DimOutOfRange,
    /// <summary>An attribute or operand with a value the op does not take.</summary>
    InvalidAttribute,
    /// <summary>Backward from a non-scalar without a gradient.</summary>
    GradOutputRequired,
    /// <summary>No op of that name.</summary>
    OpUnsupported,
    /// <summary>The op does not take that dtype.</summary>
    DtypeUnsupported,
    /// <summary>The op has no derivative here.</summary>
    NotDifferentiable,
    /// <summary>A tensor or handle that was released or never was.</summary>
    TensorReleased,
    /// <summary>Saved tensors of the graph were already freed.</summary>
    GraphFreed,
    /// <summary>A root or input that does not require grad, or is not reached.</summary>
    NoGradPath,
    /// <summary>A saved tensor was modified in place.</summary>
    TensorModified,
    /// <summary>A leaf that requires grad, or a view of one, modified in place.</summary>
    LeafModified,
    /// <summary>An in-place operation that the view's history forbids.</summary>
    ViewModified,
    /// <summary>Anomaly detection found a NaN that a node of the graph made.</summary>
    AnomalyDetected,
    /// <summary>requires_grad, retain_grad or .grad set where it cannot be.</summary>
    InvalidGradState,
    /// <summary>The bytes quota of the session.</summary>
    QuotaBytes,
    /// <summary>The graph node quota of the session.</summary>
    QuotaNodes,
    /// <summary>The memory that all sessions share.</summary>
    QuotaServerMemory,
    /// <summary>A recorded function does what depends on values, which do not exist while it is recorded.</summary>
    ValueDependent,
    /// <summary>The work was cancelled.</summary>
    Cancelled,
}

/// <summary>The Python exception that PyTorch raises for the same mistake; clients raise their language's kin of it.</summary>
public enum TorchErrorType
{
    /// <summary>RuntimeError.</summary>
    RuntimeError,
    /// <summary>IndexError.</summary>
    IndexError,
    /// <summary>ValueError.</summary>
    ValueError,
    /// <summary>TypeError.</summary>
    TypeError,
    /// <summary>NotImplementedError.</summary>
    NotImplementedError,
}

/// <summary>A refusal with a typed reason; the message is PyTorch's wording where PyTorch has one.</summary>
public sealed class AutogradException : Exception
{
    /// <summary>Creates a refusal.</summary>
    public AutogradException(ErrorReason reason, string message, TorchErrorType torchType = TorchErrorType.RuntimeError) : base(message)
    {
        Reason = reason;
        TorchType = torchType;
    }

    /// <summary>The typed reason.</summary>
    public ErrorReason Reason { get; }

    /// <summary>The kind of exception PyTorch raises here.</summary>
    public TorchErrorType TorchType { get; }

    /// <summary>The node of the graph at which backward failed; null if it was not there.</summary>
    public Node? Node { get; internal set; }

    internal static AutogradException Shape(string message) => new(ErrorReason.ShapeMismatch, message);

    internal static AutogradException Attribute(string message, TorchErrorType type = TorchErrorType.RuntimeError) => new(ErrorReason.InvalidAttribute, message, type);

    internal static AutogradException DTypeUnsupported(string op, DType dtype) =>
        new(ErrorReason.DtypeUnsupported, $"\"{op}\" not implemented for '{dtype.TorchName}'");

    /// <summary>The refusal of an op that takes numbers beside a tensor, but not numbers alone.</summary>
    internal static AutogradException NumbersOnly(string op, Tensor a, Tensor b)
    {
        return Attribute($"{op}() received an invalid combination of arguments - got ({Kind(a)}, {Kind(b)}), but expected one of:", TorchErrorType.TypeError);

        static string Kind(Tensor number) => number.DType.IsFloatingPoint ? "float" : number.DType == DType.Bool ? "bool" : "int";
    }

    internal static AutogradException Index(string message) => new(ErrorReason.DimOutOfRange, message, TorchErrorType.IndexError);
}
