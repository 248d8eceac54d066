using System.Collections.Immutable;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;

namespace AutogradService.Conformance.Binding;

/// <summary>PyTorch's Python functions and methods, called by name on a backend.</summary>
internal sealed class PythonApi(IBackend backend)
{
    private static readonly ILookup<string, OpSchema> s_overloads = OpTable.Entries.Select(entry => entry.Schema)
        .Where(schema => !schema.Hidden).ToLookup(schema => schema.Name.Split('.')[0], StringComparer.Ordinal);

    /// <summary>Calls <c>function(self, *args, **kwargs)</c>.</summary>
    /// <exception cref="OpNotSupportedException">The catalogue has no such op.</exception>
    /// <exception cref="BindingException">No overload takes the arguments.</exception>
    /// <exception cref="RefusedException">The op refuses.</exception>
    public IReadOnlyList<IVariable> Call(
        string function, PyValue self, ImmutableArray<PyValue> args, ImmutableArray<KeyValuePair<string, PyValue>> kwargs) => function switch
        {
            ['_', '_', ..] when self is not PyValue.Live => throw new BindingException($"{function} is a method of tensors, not of {self}"),
            "__getitem__" => [new Indexing(this, backend).GetItem(((PyValue.Live)self).Variable, args[0])],
            "nonzero" when kwargs.FirstOrDefault(keyword => keyword.Key == "as_tuple") is { Key: not null } asTuple =>
                Call(asTuple.Value is PyValue.Bool { Value: true } ? "nonzero_numpy" : "nonzero", self, args, kwargs.Remove(asTuple)),
            "__rdiv__" => Call("mul", new PyValue.Live(Call("reciprocal", self, [], [])[0]), args, kwargs),
            "tensordot" => Tensordot(self, args, kwargs),
            "type_as" => [Call("to", ((PyValue.Live)self).Variable, new PyValue.DType(((PyValue.Live)args[0]).Variable.DType))],
            "msort" => [Apply("sort", [self, new PyValue.Int(0)], kwargs)[0]],
            _ when PythonNames.Conversion(function) is { } dtype && args.Length == 0 => [Call("to", ((PyValue.Live)self).Variable, new PyValue.DType(dtype))],
            _ when kwargs.FirstOrDefault(keyword => keyword.Key == "out") is { Key: not null, Value: not PyValue.None } target => OutArgument.Write(
                function, args.Add(self), Call(function, self, args, kwargs.Remove(target)), target.Value, (to, from) => CallInPlace("copy", to, new PyValue.Live(from))),
            _ when PoolingArguments.Concern(function) => Pool(function, self, args, kwargs),
            _ => Apply(function, [self, .. args], kwargs),
        };

    /// <summary>Python's dims of tensordot: how many (the last of one, the first of the other), or a list for each.</summary>
    private IReadOnlyList<IVariable> Tensordot(PyValue self, ImmutableArray<PyValue> args, ImmutableArray<KeyValuePair<string, PyValue>> kwargs)
    {
        var dims = args.Length > 1 ? args[1] : kwargs.FirstOrDefault(keyword => keyword.Key == "dims").Value ?? new PyValue.Int(2);
        var (mine, others) = dims switch
        {
            PyValue.Int { Value: var n } => (Range(-n, n), Range(0, n)),
            PyValue.Sequence { Items: [var first, var second] } => (first, second),
            _ => throw new BindingException($"tensordot takes no dims {dims}"),
        };
        return Apply("tensordot", [self, args[0], mine, others], []);

        static PyValue Range(long start, long count) => new PyValue.Sequence([.. Enumerable.Range(0, (int)count).Select(i => new PyValue.Int(start + i))], IsTuple: false);
    }

    /// <summary>Calls an op of one output with positional arguments.</summary>
    public IVariable Call(string function, IVariable self, params ImmutableArray<PyValue> args) =>
        Call(function, new PyValue.Live(self), args, [])[0];

    /// <summary>Calls the in-place form of an op; gives the modified tensor.</summary>
    public IVariable CallInPlace(string function, IVariable self, params ImmutableArray<PyValue> args) =>
        backend.Apply(Bind(function, [new PyValue.Live(self), .. args], []), inPlace: true)[0];

    private IReadOnlyList<IVariable> Pool(string function, PyValue self, ImmutableArray<PyValue> args, ImmutableArray<KeyValuePair<string, PyValue>> kwargs)
    {
        (function, args, kwargs) = PoolingArguments.Resolve(function, self, args, kwargs);
        return Apply(function, [self, .. args], kwargs);
    }

    private IReadOnlyList<IVariable> Apply(
        string function, ImmutableArray<PyValue> positional, ImmutableArray<KeyValuePair<string, PyValue>> kwargs)
    {
        var results = backend.Apply(Bind(function, positional, kwargs));
        if (kwargs.Any(keyword => keyword is { Key: "requires_grad", Value: PyValue.Bool { Value: true } }))
            backend.SetRequiresGrad(results[0], true);
        return results;
    }

    private static OpCall Bind(string function, ImmutableArray<PyValue> positional, ImmutableArray<KeyValuePair<string, PyValue>> kwargs)
    {
        var keywords = kwargs.RemoveAll(keyword => IsAboutPlacement(keyword) || keyword is { Key: "out", Value: PyValue.None });
        foreach (var (op, swaps) in PythonNames.Of(function))
            if (s_overloads[op].ToList() is { Count: > 0 } overloads)
                return CallBinder.Bind(overloads, swaps ? [positional[1], positional[0], .. positional[2..]] : positional, keywords);
        throw new OpNotSupportedException($"no op {function}");
    }

    /// <summary>There is one device, the host; and requires_grad of a creation op is set on its result afterwards.</summary>
    private static bool IsAboutPlacement(KeyValuePair<string, PyValue> keyword) => keyword switch
    {
        { Key: "device", Value: PyValue.None or PyValue.Str { Value: "cpu" } or PyValue.Device { Name: "cpu" } } => true,
        { Key: "requires_grad" } => true,
        _ => false,
    };
}
