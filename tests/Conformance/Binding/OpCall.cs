using System.Collections.Immutable;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;

namespace AutogradService.Conformance.Binding;

/// <summary>
/// A call bound to a schema: an argument per parameter, null where it was left out or None. By kind: Tensor is <see cref="PyValue.Live"/>,
/// TensorList a sequence of Live (or None), Operand Live or a number, Ints a sequence of Int, and so on.
/// </summary>
internal sealed record OpCall(OpSchema Schema, ImmutableArray<PyValue?> Arguments)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Schema.Name}({string.Join(", ", Arguments)})";
}

/// <summary>The catalogue has no such op, or lacks a form of it; not a failure.</summary>
internal sealed class OpNotSupportedException(string what) : Exception(what);

/// <summary>No overload takes these arguments: what Python reports as a TypeError before PyTorch proper is reached.</summary>
internal sealed class BindingException(string message) : Exception(message);
