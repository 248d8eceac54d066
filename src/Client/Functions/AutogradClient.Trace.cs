using System.Runtime.CompilerServices;

namespace AutogradService.Client;

// Recording functions that need no session.
public sealed partial class AutogradClient
{
    /// <summary>Records a function, to be compiled by the server and called with inputs in one round trip. It is run once, here, on placeholders that have no values.</summary>
    /// <param name="function">Only ops on tensors.</param>
    /// <param name="x">Shape and dtype of the parameter, as <c>["batch", 784]</c>; a name is a size that each call tells.</param>
    /// <param name="name">A name for others to find it by; null: that of the method's <see cref="FunctionAttribute"/>, or none.</param>
    /// <param name="text">Filled in by the compiler: tells the names of the lambda's parameters.</param>
    /// <exception cref="InvalidOperationException">It reads a value, or does anything else that is no op: what it does cannot depend on values.</exception>
    public Function Trace(Func<Tensor, Tensor> function, TensorSpec x, string? name = null, [CallerArgumentExpression(nameof(function))] string text = "")
    {
        ArgumentNullException.ThrowIfNull(function);
        return FunctionRecorder.Record(_recorder, _functions, t => [function(t[0])], [x], name, function.Method, text);
    }

    /// <inheritdoc cref="Trace(Func{Tensor, Tensor}, TensorSpec, string, string)"/>
    public Function Trace(Func<Tensor, Tensor, Tensor> function, TensorSpec x, TensorSpec y, string? name = null, [CallerArgumentExpression(nameof(function))] string text = "")
    {
        ArgumentNullException.ThrowIfNull(function);
        return FunctionRecorder.Record(_recorder, _functions, t => [function(t[0], t[1])], [x, y], name, function.Method, text);
    }

    /// <inheritdoc cref="Trace(Func{Tensor, Tensor}, TensorSpec, string, string)"/>
    public Function Trace(Func<Tensor, Tensor, Tensor, Tensor> function, TensorSpec x, TensorSpec y, TensorSpec z, string? name = null, [CallerArgumentExpression(nameof(function))] string text = "")
    {
        ArgumentNullException.ThrowIfNull(function);
        return FunctionRecorder.Record(_recorder, _functions, t => [function(t[0], t[1], t[2])], [x, y, z], name, function.Method, text);
    }

    /// <inheritdoc cref="Trace(Func{Tensor, Tensor}, TensorSpec, string, string)"/>
    public Function Trace(Func<Tensor, Tensor, Tensor, Tensor, Tensor> function, TensorSpec x, TensorSpec y, TensorSpec z, TensorSpec u, string? name = null, [CallerArgumentExpression(nameof(function))] string text = "")
    {
        ArgumentNullException.ThrowIfNull(function);
        return FunctionRecorder.Record(_recorder, _functions, t => [function(t[0], t[1], t[2], t[3])], [x, y, z, u], name, function.Method, text);
    }

    /// <summary>Records a function with any number of parameters and results. The first result is what gradients are of.</summary>
    /// <inheritdoc cref="Trace(Func{Tensor, Tensor}, TensorSpec, string, string)"/>
    /// <param name="function">Only ops on tensors.</param>
    /// <param name="parameters">Shape and dtype of each parameter.</param>
    public Function Trace(Func<Tensor[], Tensor[]> function, IReadOnlyList<TensorSpec> parameters, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return FunctionRecorder.Record(_recorder, _functions, function, parameters, name, function.Method, "");
    }
}
