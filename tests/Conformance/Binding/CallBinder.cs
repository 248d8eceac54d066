using System.Collections.Immutable;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;

namespace AutogradService.Conformance.Binding;

/// <summary>Binds Python arguments to the overload that takes them: positional ones in the schema's order, keywords by name.</summary>
internal static class CallBinder
{
    /// <summary>Keyword names that mean another parameter's name, tried when the schema lacks the keyword itself.</summary>
    private static readonly Dictionary<string, string[]> s_synonyms = new(StringComparer.Ordinal)
    {
        ["input"] = ["self"],
        ["axis"] = ["dim", "dims"],
        ["dim"] = ["dims"],
        ["dims"] = ["dim"],
        ["keepdims"] = ["keepdim"],
        ["end"] = ["stop"],
        ["UPLO"] = ["uplo"],
        ["N"] = ["n"],
        ["A"] = ["self"],
        ["other"] = ["B"],
    };

    /// <summary>Ops whose Python functions take their tensors as a tuple or list only.</summary>
    private static readonly HashSet<string> s_sequencesOnly = new(StringComparer.Ordinal) { "cat", "stack", "hstack", "vstack", "dstack", "column_stack" };

    /// <summary>The cheapest binding over all overloads.</summary>
    /// <exception cref="BindingException">No overload takes the arguments.</exception>
    public static OpCall Bind(
        IReadOnlyList<OpSchema> overloads, ImmutableArray<PyValue> positional, ImmutableArray<KeyValuePair<string, PyValue>> keywords)
    {
        OpCall? best = null;
        var bestCost = int.MaxValue;
        foreach (var schema in overloads)
            if (TryBind(schema, positional, keywords, out var cost) is { } call && cost < bestCost)
                (best, bestCost) = (call, cost);
        return best ?? throw new BindingException(
            $"no overload of {overloads[0].Name} takes ({string.Join(", ", positional.Concat(keywords.Select(k => k.Value)))})");
    }

    private static OpCall? TryBind(
        OpSchema schema, ImmutableArray<PyValue> positional, ImmutableArray<KeyValuePair<string, PyValue>> keywords, out int cost)
    {
        cost = 0;
        positional = GatherVariadic(schema, positional);
        if (positional.Length > schema.Parameters.Length)
            return null;
        var arguments = new PyValue?[schema.Parameters.Length];
        for (var i = 0; i < positional.Length; i++)
            if (!TryPlace(schema, arguments, i, positional[i], ref cost))
                return null;
        foreach (var (name, value) in keywords)
            if (!TryPlace(schema, arguments, Find(schema, name), value, ref cost))
                return null;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is not null)
                continue;
            if (!schema.Parameters[i].Optional)
                return null;
            cost++;
        }

        return new OpCall(schema, [.. arguments.Select(argument => argument is PyValue.None ? null : argument)]);
    }

    private static bool TryPlace(OpSchema schema, PyValue?[] arguments, int position, PyValue value, ref int cost)
    {
        if (position < 0 || arguments[position] is not null)
            return false;
        var parameter = schema.Parameters[position];
        if (value is PyValue.None)
        {
            // Of an attribute the schema does not tell whether it may be None: the op says so itself.
            arguments[position] = value;
            return parameter.Optional || !parameter.IsInput;
        }

        arguments[position] = ArgumentConversion.Convert(value, parameter.Kind, out var conversion);
        cost += 4 * conversion;
        return arguments[position] is not null;
    }

    private static int Find(OpSchema schema, string keyword)
    {
        foreach (var name in s_synonyms.GetValueOrDefault(keyword, []).Prepend(keyword))
            for (var i = 0; i < schema.Parameters.Length; i++)
                if (schema.Parameters[i].Name == name)
                    return i;
        return -1;
    }

    /// <summary>
    /// Python's variadic forms: <c>block_diag(a, b, c)</c> where the schema has one list of tensors, and <c>x.reshape(2, 3)</c> where the
    /// last parameter is a list of ints.
    /// </summary>
    private static ImmutableArray<PyValue> GatherVariadic(OpSchema schema, ImmutableArray<PyValue> positional)
    {
        if (schema.Parameters.Length == 0 || positional.Length == 0)
            return positional;
        if (schema.Parameters[0].Kind == ParameterKind.TensorList && positional[0] is PyValue.Live && !s_sequencesOnly.Contains(schema.Name))
        {
            var tensors = positional.TakeWhile(value => value is PyValue.Live).ToImmutableArray();
            return [new PyValue.Sequence(tensors, IsTuple: true), .. positional.Skip(tensors.Length)];
        }

        var last = schema.Parameters.Length - 1;
        return positional.Length > schema.Parameters.Length && schema.Parameters[last].Kind == ParameterKind.Ints
            && positional.Skip(last).All(value => value is PyValue.Int)
            ? [.. positional.Take(last), new PyValue.Sequence([.. positional.Skip(last)], IsTuple: true)]
            : positional;
    }
}
