using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;

namespace AutogradService.Conformance.Binding;

/// <summary>
/// <c>out=</c>: the result is computed and then copied into the given tensor. The service has no such argument, because <c>out.copy_(f(x))</c> says the same; what PyTorch refuses is
/// refused here in its words. Memory is fixed when a tensor is made, so that an out of another shape is refused as PyTorch refuses one over memory that it does not own.
/// </summary>
internal static class OutArgument
{
    /// <summary>Functions that write into out directly, and so want its dtype to be their own; the others cast.</summary>
    private static readonly HashSet<string> s_direct = new(StringComparer.Ordinal)
    {
        "gather", "index_select", "mean", "sum", "prod", "nansum", "cumsum", "cumprod", "logcumsumexp", "softmax", "log_softmax", "mm", "bmm", "mv", "dot", "matmul", "addmm", "baddbmm",
        "addmv", "sort", "topk", "take", "masked_select", "diag", "tril", "triu",
    };

    /// <summary>Writes results into what was given for out.</summary>
    /// <param name="function">PyTorch's name.</param>
    /// <param name="arguments">The other arguments.</param>
    /// <param name="results">What the function gave.</param>
    /// <param name="target">A tensor, or a tuple of as many as there are results.</param>
    /// <param name="copy">Copies a result into a tensor, in place.</param>
    public static IReadOnlyList<IVariable> Write(
        string function, IEnumerable<PyValue> arguments, IReadOnlyList<IVariable> results, PyValue target, Func<IVariable, IVariable, IVariable> copy)
    {
        var targets = Tensors(target).ToList();
        if (targets.Count != results.Count) throw new BindingException($"{function} has {results.Count} results, but out holds {targets.Count} tensors");
        if (arguments.SelectMany(Tensors).Concat(targets).Any(tensor => tensor.RequiresGrad))
            throw new RefusedException("RuntimeError", $"{function}(): functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.");
        for (var i = 0; i < targets.Count; i++) Check(function, results[i], targets[i]);
        return [.. targets.Zip(results, copy)];
    }

    private static void Check(string function, IVariable result, IVariable target)
    {
        if (result.DType != target.DType)
        {
            if (s_direct.Contains(function))
                throw new RefusedException("RuntimeError", $"Expected out tensor to have dtype {CName(result.DType)}, but got {CName(target.DType)} instead");
            if (Category(result.DType) > Category(target.DType))
                throw new RefusedException("RuntimeError", $"result type {TorchName(result.DType)} can't be cast to the desired output type {TorchName(target.DType)}");
        }

        if (!result.Shape.SequenceEqual(target.Shape))
            throw new RefusedException("RuntimeError", "Trying to resize storage that is not resizable");
    }

    private static IEnumerable<IVariable> Tensors(PyValue value) => value switch
    {
        PyValue.Live live => [live.Variable],
        PyValue.Sequence sequence => sequence.Items.SelectMany(Tensors),
        _ => [],
    };

    private static DType Parse(string dtype) => DTypes.TryParse(dtype, out var parsed) ? parsed : throw new OpNotSupportedException($"dtype {dtype}");

    private static int Category(string dtype) => Parse(dtype).Category;

    private static string CName(string dtype) => Parse(dtype).CName;

    private static string TorchName(string dtype) => Parse(dtype).TorchName;
}
