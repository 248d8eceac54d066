using System.Collections.Immutable;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Binding;

/// <summary>What torch.nn.functional does to the arguments of pooling before ATen sees them: return_indices chooses the op, None in output_size keeps the input's size.</summary>
internal static class PoolingArguments
{
    /// <summary>Whether a function is one of those.</summary>
    public static bool Concern(string function) => function.StartsWith("nn.functional.max_pool", StringComparison.Ordinal) || function.StartsWith("nn.functional.adaptive_", StringComparison.Ordinal);

    /// <summary>The op to call, with the arguments that remain.</summary>
    public static (string Function, ImmutableArray<PyValue> Args, ImmutableArray<KeyValuePair<string, PyValue>> Kwargs) Resolve(
        string function, PyValue self, ImmutableArray<PyValue> args, ImmutableArray<KeyValuePair<string, PyValue>> kwargs)
    {
        bool adaptive = function.StartsWith("nn.functional.adaptive_", StringComparison.Ordinal);
        bool withIndices = false;
        if (kwargs.FirstOrDefault(keyword => keyword.Key == "return_indices") is { Key: not null } named)
        {
            withIndices = named.Value is PyValue.Bool { Value: true };
            kwargs = kwargs.Remove(named);
        }

        // The last positional parameter: after output_size, or after kernel_size, stride, padding, dilation and ceil_mode.
        int position = adaptive ? 1 : 5;
        if (args.Length > position && function.Contains("max_pool", StringComparison.Ordinal))
        {
            withIndices = args[position] is PyValue.Bool { Value: true };
            args = args.RemoveAt(position);
        }

        if (adaptive && args.Length > 0 && args[0] is PyValue.Sequence sizes && self is PyValue.Live live)
        {
            int skipped = live.Variable.Shape.Count - sizes.Items.Length;
            args = args.SetItem(0, new PyValue.Sequence([.. sizes.Items.Select((size, i) => size is PyValue.None ? new PyValue.Int(live.Variable.Shape[skipped + i]) : size)], IsTuple: true));
        }

        return (withIndices ? function + "_with_indices" : function, args, kwargs);
    }
}
