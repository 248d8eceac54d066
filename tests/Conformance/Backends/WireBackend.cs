using System.Collections.Immutable;
using AutogradService.Client;
using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;
using static AutogradService.Conformance.Backends.WireVariable;

namespace AutogradService.Conformance.Backends;

/// <summary>A session of the C# client on a server. Every command is awaited, so that a refusal is told where it belongs.</summary>
internal sealed class WireBackend : IBackend
{
    private readonly AutogradSession _session;

    private WireBackend(AutogradSession session) => _session = session;

    /// <summary>Connects to a server.</summary>
    public static WireBackend Connect(string address, CallMode mode) =>
        new(Await(AutogradSession.ConnectAsync(address, new SessionOptions { Mode = mode, FlushDelay = TimeSpan.Zero })));

    /// <inheritdoc/>
    public IVariable Create(TensorData data, bool requiresGrad, bool contiguous = true)
    {
        if (!Enum.TryParse<DType>(data.DType, ignoreCase: true, out var dtype))
            throw new OpNotSupportedException($"dtype {data.DType}");
        if (contiguous)
            return new WireVariable(_session.FromBytes(data.Bytes, Dims.Create(data.Shape.AsSpan()), dtype, requiresGrad));
        var strided = CreateStrided(data, dtype);
        return new WireVariable(requiresGrad ? strided.SetRequiresGrad() : strided);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IVariable> Apply(OpCall call, bool inPlace = false)
    {
        var operands = new List<Operand>();
        var attributes = new Dictionary<string, OpArgument>();
        foreach (var (parameter, argument) in call.Schema.Parameters.Zip(call.Arguments))
            if (parameter.IsInput)
                operands.Add(WireCall.ToOperand(argument));
            else if (argument is not null)
                attributes.Add(parameter.Name, WireCall.ToAttribute(argument));
        return inPlace
            ? [Flushed(() => new WireVariable(_session.ApplyInPlace(call.Schema.Name, operands.ToArray(), attributes)))]
            : Array.ConvertAll(Await(_session.ApplyAsync(call.Schema.Name, operands.ToArray(), attributes)), tensor => new WireVariable(tensor));
    }

    /// <inheritdoc/>
    public IReadOnlyList<IVariable?> Grad(
        IReadOnlyList<IVariable> outputs, IReadOnlyList<IVariable> inputs, IReadOnlyList<IVariable?> cotangents,
        bool? retainGraph, bool createGraph, bool allowUnused)
    {
        var (of, to, given) = (UnwrapAll(outputs), UnwrapAll(inputs), cotangents.Select(UnwrapOptional).ToArray());
        var gradients = allowUnused
            ? Await(_session.GradAsync(of, to, given, retainGraph, createGraph))
            : Flushed(() => _session.Grad(of, to, given, retainGraph, createGraph));
        return Array.ConvertAll(gradients, gradient => gradient is null ? null : new WireVariable(gradient));
    }

    /// <inheritdoc/>
    public void Backward(IVariable root, IVariable? gradient, bool? retainGraph, bool createGraph, IReadOnlyList<IVariable>? inputs) =>
        Flushed(() => Unwrap(root).Backward(UnwrapOptional(gradient), retainGraph, createGraph, inputs is null ? null : UnwrapAll(inputs)));

    /// <inheritdoc/>
    public void SetGradEnabled(bool enabled) => _session.SetGradEnabled(enabled);

    /// <inheritdoc/>
    public void SetRequiresGrad(IVariable tensor, bool value) => Flushed(() => Unwrap(tensor).SetRequiresGrad(value));

    /// <inheritdoc/>
    public IVariable Detach(IVariable tensor) => new WireVariable(Flushed(() => Unwrap(tensor).Detach()));

    /// <inheritdoc/>
    public void DetachInPlace(IVariable tensor) => Flushed(() => Unwrap(tensor).DetachInPlace());

    /// <inheritdoc/>
    public void RetainGrad(IVariable tensor) => Flushed(() => Unwrap(tensor).RetainGrad());

    /// <inheritdoc/>
    public void ScaleHook(IVariable tensor, double factor) => Flushed(() => Unwrap(tensor).RegisterHook(GradientHook.Scale(factor)));

    /// <inheritdoc/>
    public void ClearGrad(IVariable tensor) => Flushed(() => Unwrap(tensor).ZeroGrad());

    /// <inheritdoc/>
    public void Dispose() => Await(DisposeAsync());

    private async Task<bool> DisposeAsync()
    {
        await _session.DisposeAsync();
        return true;
    }

    private static Tensor? UnwrapOptional(IVariable? variable) => variable is null ? null : Unwrap(variable);

    private static Tensor[] UnwrapAll(IReadOnlyList<IVariable> variables) => [.. variables.Select(Unwrap)];

    private void Flushed(Action give) => Flushed(() =>
    {
        give();
        return true;
    });

    /// <summary>Gives a command and awaits that it ran.</summary>
    private T Flushed<T>(Func<T> give)
    {
        return Await(GiveAsync());

        async Task<T> GiveAsync()
        {
            var result = give();
            await _session.FlushAsync();
            return result;
        }
    }

    /// <summary>Every second element of a buffer twice as large.</summary>
    private Tensor CreateStrided(TensorData data, DType dtype)
    {
        var buffer = _session.FromBytes(data.Spread(), Dims.Create([.. data.Shape, 2]), dtype);
        return buffer.AsStrided(Dims.Create(data.Shape.AsSpan()), Dims.Create(data.SpreadStrides().AsSpan()), 0).Detach();
    }
}
