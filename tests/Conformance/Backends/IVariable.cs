using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Backends;

/// <summary>A tensor of the backend under test, with what PyTorch's Python attributes would say about it.</summary>
internal interface IVariable
{
    /// <summary>The dtype by PyTorch's name, <c>float64</c>.</summary>
    string DType { get; }

    /// <summary>The sizes.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary><c>requires_grad</c>.</summary>
    bool RequiresGrad { get; }

    /// <summary><c>is_leaf</c>.</summary>
    bool IsLeaf { get; }

    /// <summary>The name of <c>grad_fn</c>, null for none.</summary>
    string? GradFn { get; }

    /// <summary><c>_is_view()</c>.</summary>
    bool IsView { get; }

    /// <summary><c>_version</c>.</summary>
    long Version { get; }

    /// <summary><c>grad</c>, null for none.</summary>
    IVariable? Grad { get; }

    /// <summary>Copies the elements out.</summary>
    TensorData Read();
}
