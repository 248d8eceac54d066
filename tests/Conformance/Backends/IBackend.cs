using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Backends;

/// <summary>One fresh session of the system under test, spoken to in PyTorch's verbs. Every refusal surfaces as <see cref="RefusedException"/>.</summary>
internal interface IBackend : IDisposable
{
    /// <summary>Makes a tensor; a leaf when it requires grad. <paramref name="contiguous"/> false gives it other than row-major strides.</summary>
    IVariable Create(TensorData data, bool requiresGrad, bool contiguous = true);

    /// <summary>Calls an op out of place, or in place on its first tensor.</summary>
    IReadOnlyList<IVariable> Apply(OpCall call, bool inPlace = false);

    /// <summary><c>torch.autograd.grad</c>; a null cotangent is the implicit one, a null result is an unused input.</summary>
    IReadOnlyList<IVariable?> Grad(
        IReadOnlyList<IVariable> outputs, IReadOnlyList<IVariable> inputs, IReadOnlyList<IVariable?> cotangents,
        bool? retainGraph, bool createGraph, bool allowUnused);

    /// <summary><c>root.backward(gradient, retain_graph, create_graph, inputs)</c>; null stands for an argument not given.</summary>
    void Backward(IVariable root, IVariable? gradient, bool? retainGraph, bool createGraph, IReadOnlyList<IVariable>? inputs);

    /// <summary><c>torch.set_grad_enabled</c>.</summary>
    void SetGradEnabled(bool enabled);

    /// <summary><c>tensor.requires_grad_(value)</c>.</summary>
    void SetRequiresGrad(IVariable tensor, bool value);

    /// <summary><c>tensor.detach()</c>.</summary>
    IVariable Detach(IVariable tensor);

    /// <summary><c>tensor.detach_()</c>.</summary>
    void DetachInPlace(IVariable tensor);

    /// <summary><c>tensor.retain_grad()</c>.</summary>
    void RetainGrad(IVariable tensor);

    /// <summary><c>tensor.register_hook(lambda g: g * factor)</c>.</summary>
    void ScaleHook(IVariable tensor, double factor);

    /// <summary><c>tensor.grad = None</c>.</summary>
    void ClearGrad(IVariable tensor);
}

/// <summary>The system under test said no, as PyTorch would: an exception type by Python's name, and PyTorch's wording.</summary>
internal sealed class RefusedException : Exception
{
    public RefusedException()
        : this("RuntimeError", string.Empty)
    {
    }

    public RefusedException(string message)
        : this("RuntimeError", message)
    {
    }

    public RefusedException(string message, Exception innerException)
        : base(message, innerException) => ErrorType = "RuntimeError";

    public RefusedException(string errorType, string message, Exception? innerException = null)
        : base(message, innerException) => ErrorType = errorType;

    /// <summary>Python's name of the exception: RuntimeError, IndexError, ValueError, TypeError, NotImplementedError.</summary>
    public string ErrorType { get; }
}
