using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;
using static AutogradService.Conformance.Backends.EngineVariable;

namespace AutogradService.Conformance.Backends;

/// <summary>The engine itself, one workspace a session.</summary>
/// <param name="workspace">A workspace that somebody else owns.</param>
internal sealed class EngineBackend(Workspace? workspace = null) : IBackend
{
    private readonly Workspace _workspace = workspace ?? new Workspace();

    /// <inheritdoc/>
    public IVariable Create(TensorData data, bool requiresGrad, bool contiguous = true) => Guard(() =>
    {
        if (!DTypes.TryParse(data.DType, out var dtype))
            throw new OpNotSupportedException($"dtype {data.DType}");
        var tensor = contiguous ? _workspace.FromBytes(data.Bytes, Shape.Of(data.Shape.AsSpan()), dtype) : CreateStrided(data, dtype);
        return new EngineVariable(requiresGrad ? tensor.SetRequiresGrad() : tensor);
    });

    /// <inheritdoc/>
    public IReadOnlyList<IVariable> Apply(OpCall call, bool inPlace = false) => Guard(() =>
    {
        var (op, inputs) = EngineCall.Build(call, _workspace);
        Tensor[] outputs = inPlace ? [_workspace.ApplyInPlace(op, inputs)] : _workspace.ApplyMany(op, inputs);
        return Array.ConvertAll(outputs, tensor => new EngineVariable(tensor));
    });

    /// <inheritdoc/>
    public IReadOnlyList<IVariable?> Grad(
        IReadOnlyList<IVariable> outputs, IReadOnlyList<IVariable> inputs, IReadOnlyList<IVariable?> cotangents,
        bool? retainGraph, bool createGraph, bool allowUnused) => Guard(() =>
        {
            var gradients = _workspace.Gradients(
                UnwrapAll(outputs), UnwrapAll(inputs), [.. cotangents.Select(UnwrapOptional)], retainGraph, createGraph, allowUnused);
            return Array.ConvertAll(gradients, gradient => gradient is null ? null : new EngineVariable(gradient));
        });

    /// <inheritdoc/>
    public void Backward(IVariable root, IVariable? gradient, bool? retainGraph, bool createGraph, IReadOnlyList<IVariable>? inputs) => Do(() =>
        _workspace.Backward(
            [Unwrap(root)], [UnwrapOptional(gradient)], inputs is null ? [] : UnwrapAll(inputs), retainGraph, createGraph, chosen: inputs is not null));

    /// <inheritdoc/>
    public void SetGradEnabled(bool enabled) => _workspace.SetGradEnabled(enabled);

    /// <inheritdoc/>
    public void SetRequiresGrad(IVariable tensor, bool value) => Do(() => Unwrap(tensor).SetRequiresGrad(value));

    /// <inheritdoc/>
    public IVariable Detach(IVariable tensor) => Guard(() => new EngineVariable(Unwrap(tensor).Detach()));

    /// <inheritdoc/>
    public void DetachInPlace(IVariable tensor) => Do(() => Unwrap(tensor).DetachInPlace());

    /// <inheritdoc/>
    public void RetainGrad(IVariable tensor) => Do(() => Unwrap(tensor).RetainGrad());

    /// <inheritdoc/>
    public void ScaleHook(IVariable tensor, double factor) => Do(() => Unwrap(tensor).RegisterHook(new GradientHook("scale", gradient => gradient.Mul(factor))));

    /// <inheritdoc/>
    public void ClearGrad(IVariable tensor) => Do(() => Unwrap(tensor).SetGrad(null));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (workspace is null) _workspace.Dispose();
    }

    private static Tensor? UnwrapOptional(IVariable? variable) => variable is null ? null : Unwrap(variable);

    private static Tensor[] UnwrapAll(IReadOnlyList<IVariable> variables) => [.. variables.Select(Unwrap)];

    private static void Do(Action action) => Guard(() =>
    {
        action();
        return true;
    });

    /// <summary>Every second element of a buffer twice as large.</summary>
    private Tensor CreateStrided(TensorData data, DType dtype)
    {
        var buffer = _workspace.FromBytes(data.Spread(), Shape.Of([.. data.Shape, 2]), dtype);
        return buffer.AsStrided(Dims.Create(data.Shape.AsSpan()), Dims.Create(data.SpreadStrides()), 0).Detach();
    }
}
