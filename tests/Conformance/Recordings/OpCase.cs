using System.Collections.Immutable;

namespace AutogradService.Conformance.Recordings;

/// <summary>Which op, in which variant and dtype, a file of cases is about.</summary>
internal sealed record OpFile(string Op, string Variant, string DType)
{
    /// <summary>OpInfo's full name: <c>max.reduction_with_dim</c>.</summary>
    public string Name => Variant.Length == 0 ? Op : $"{Op}.{Variant}";
}

/// <summary>A recorded call: <c>op(input, *args, **kwargs)</c> and what PyTorch made of it.</summary>
internal sealed record OpCase(
    OpFile File,
    int Index,
    PyValue Input,
    ImmutableArray<PyValue> Args,
    ImmutableArray<KeyValuePair<string, PyValue>> Kwargs,
    Expectation Expected)
{
    /// <summary>All arguments in the order in which gradients are recorded: input, args, kwargs.</summary>
    public IEnumerable<PyValue> Arguments => [Input, .. Args, .. Kwargs.Select(entry => entry.Value)];

    /// <summary>The same call, and the same backwards, with every float32 tensor that goes in widened to float64. What is expected of them stays as it was.</summary>
    public OpCase Widened()
    {
        return this with
        {
            Input = Wide(Input),
            Args = [.. Args.Select(Wide)],
            Kwargs = [.. Kwargs.Select(entry => KeyValuePair.Create(entry.Key, Wide(entry.Value)))],
            Expected = Expected is Expectation.Result result
                ? result with
                {
                    First = result.First is { } first ? first with { Cotangents = [.. first.Cotangents.Select(tensor => tensor.Widened())] } : null,
                    Second = result.Second is { } second ? second with { Cotangents = [.. second.Cotangents.Select(tensor => tensor.Widened())] } : null,
                }
                : Expected,
        };

        static PyValue Wide(PyValue value) => value.MapTensors(tensor => new PyValue.Tensor(tensor.Widened()));
    }
}

/// <summary>PyTorch's outcome of a call.</summary>
internal abstract record Expectation
{
    /// <summary>The call was refused.</summary>
    public sealed record Refusal(string ErrorType, string Message) : Expectation;

    /// <summary>The recording could not be read.</summary>
    public sealed record Unreadable(string Reason) : Expectation;

    /// <summary>The call gave <paramref name="Out"/>; grad_fn and is_view per output tensor.</summary>
    public sealed record Result(
        PyValue Out, ImmutableArray<string?> GradFn, ImmutableArray<bool> IsView, Gradients? First, DoubleGradients? Second) : Expectation;
}

/// <summary>The first backward: a cotangent per output that requires grad, a gradient (or none) per input that does.</summary>
internal sealed record Gradients(ImmutableArray<TensorData> Cotangents, ImmutableArray<TensorData?> Results);

/// <summary>
/// The second backward: <paramref name="Which"/> of the first gradients are differentiated, with which cotangents, and the results,
/// first for the inputs, then for the cotangents of the first backward.
/// </summary>
internal sealed record DoubleGradients(
    ImmutableArray<int> Which, ImmutableArray<TensorData> Cotangents, ImmutableArray<TensorData?> Results);
