using AutogradService.Engine;
using AutogradService.Server.Errors;
using Google.Protobuf;

namespace AutogradService.Server.Functions;

/// <summary>What calls of a function are to bring, and how that is computed: one forward run, and every derivative of it.</summary>
internal sealed class WantedSet
{
    private readonly FunctionDefinition _function;
    private readonly bool[] _differentiated;

    private WantedSet(FunctionDefinition function, Wire.Wanted wanted, int most)
    {
        _function = function;
        Value = wanted.Value || wanted.CalculateSize() == 0;
        Grad = Places(wanted.Grad, "grad");
        Vjp = Places(wanted.Vjp, "vjp");
        Jvp = Places(wanted.Jvp, "jvp");
        Hvp = Places(wanted.Hvp, "hvp");
        _differentiated = new bool[function.Parameters.Length];
        foreach (int i in (int[])[.. Grad, .. Vjp, .. Jvp, .. Hvp]) _differentiated[i] = true;

        int[] Places(Google.Protobuf.Collections.RepeatedField<string> names, string kind)
        {
            string field = $"wanted.{kind}";
            if (names.Count > most) throw Refusal.LimitExceeded(field, names.Count, most);
            var places = new int[names.Count];
            for (int i = 0; i < places.Length; i++)
            {
                places[i] = function.IndexOf(names[i], field);
                var dtype = function.Parameters[places[i]].DType;
                if (!dtype.IsFloatingPoint) throw Refusal.InvalidField(field, $"parameter '{names[i]}' is {dtype.Name}: only floating-point tensors have gradients");
                if (Array.IndexOf(places, places[i], 0, i) >= 0) throw Refusal.InvalidField(field, $"parameter '{names[i]}' is named twice");
            }
            return places;
        }
    }

    /// <summary>Whether the results are wanted.</summary>
    public bool Value { get; }

    /// <summary>Parameters with respect to which the gradient is wanted.</summary>
    public int[] Grad { get; }

    /// <summary>Parameters with respect to which the VJP is wanted.</summary>
    public int[] Vjp { get; }

    /// <summary>Parameters that have tangents.</summary>
    public int[] Jvp { get; }

    /// <summary>Parameters that have vectors for the HVP.</summary>
    public int[] Hvp { get; }

    /// <summary>How many cotangents a call gives.</summary>
    public int Cotangents => Vjp.Length > 0 ? _function.ResultCount : 0;

    /// <summary>Where gradients are among what <see cref="Run"/> returns.</summary>
    public int GradStart => Value ? _function.ResultCount : 0;

    /// <summary>Reads what is wanted.</summary>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED, MALFORMED_MESSAGE.</exception>
    public static WantedSet Of(FunctionDefinition function, ReadOnlySpan<byte> bytes, int most)
    {
        try
        {
            return new WantedSet(function, Autograd.V1.Wanted.Parser.ParseFrom(bytes), most);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Refusal.Malformed(e.Message);
        }
    }

    /// <summary>Shapes and dtypes of what a run is given: parameters, cotangents, tangents, vectors.</summary>
    /// <param name="sizes">The sizes of the symbols.</param>
    /// <param name="results">Shapes and dtypes of the function's results; needed if there are cotangents.</param>
    public TensorSpec[] Given(ReadOnlySpan<long> sizes, IReadOnlyList<TensorSpec> results)
    {
        var specs = new List<TensorSpec>();
        for (int i = 0; i < _function.Parameters.Length; i++) specs.Add(_function.SpecOf(i, sizes));
        if (Cotangents > 0) specs.AddRange(results);
        foreach (int i in Jvp) specs.Add(specs[i]);
        foreach (int i in Hvp) specs.Add(specs[i]);
        return [.. specs];
    }

    /// <summary>Computes all that is wanted.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="given">As <see cref="Given"/> tells.</param>
    /// <returns>Values, then gradients, VJP, JVP, HVP.</returns>
    public Tensor[] Run(Workspace workspace, Tensor[] given)
    {
        int count = _function.Parameters.Length;
        bool differentiates = Array.IndexOf(_differentiated, true) >= 0;
        using var mode = workspace.SetGradEnabled(differentiates);
        var x = new Tensor[count];
        for (int i = 0; i < count; i++) x[i] = _differentiated[i] ? given[i].Detach().SetRequiresGrad() : given[i];
        var y = _function.Run(workspace, x);
        var answer = new List<Tensor>();
        if (Value) foreach (var result in y) answer.Add(result.RequiresGrad ? result.Detach() : result);
        if (!differentiates) return [.. answer];
        var pass = new Derivatives(workspace, x, y);
        int last = Hvp.Length > 0 ? 4 : Jvp.Length > 0 ? 3 : Vjp.Length > 0 ? 2 : 1;
        if (Grad.Length > 0) answer.AddRange(pass.Gradients(Grad, keep: last > 1));
        var rest = given.AsSpan(count);
        if (Vjp.Length > 0) answer.AddRange(pass.Vjp(Vjp, rest[..y.Length], keep: last > 2));
        rest = rest[Cotangents..];
        if (Jvp.Length > 0) answer.AddRange(pass.Jvp(Jvp, rest[..Jvp.Length]));
        rest = rest[Jvp.Length..];
        if (Hvp.Length > 0) answer.AddRange(pass.Hvp(Hvp, rest));
        for (int i = 0; i < answer.Count; i++)
            if (answer[i].RequiresGrad) answer[i] = answer[i].Detach();
        return [.. answer];
    }

    /// <summary>Derivatives of one forward run; a tensor that does not depend on another has zeros for them.</summary>
    private sealed class Derivatives(Workspace workspace, Tensor[] x, Tensor[] y)
    {
        public Tensor[] Gradients(int[] wanted, bool keep) => Pull([Objective("grad")], [null], wanted, keep, createGraph: false);

        public Tensor[] Vjp(int[] wanted, ReadOnlySpan<Tensor> cotangents, bool keep) => Pull(y, cotangents.ToArray(), wanted, keep, createGraph: false);

        // The VJP is linear in the cotangents: its derivative with respect to them is J v.
        public Tensor[] Jvp(int[] wanted, ReadOnlySpan<Tensor> tangents)
        {
            var cotangents = Array.ConvertAll(y, r => r.RequiresGrad ? Zeros(r).SetRequiresGrad() : null);
            var pulled = Pull(y, cotangents, wanted, keep: true, createGraph: true);
            var present = Array.FindAll(cotangents, c => c is not null)!;
            var products = Pull(pulled, tangents.ToArray(), present!, keep: true, createGraph: false);
            var all = new Tensor[y.Length];
            for (int i = 0, k = 0; i < all.Length; i++) all[i] = cotangents[i] is null ? Zeros(y[i]) : products[k++];
            return all;
        }

        // The Hessian is symmetric: the gradient of v . grad is H v.
        public Tensor[] Hvp(int[] wanted, ReadOnlySpan<Tensor> vectors)
        {
            var gradients = Pull([Objective("hvp")], [null], wanted, keep: true, createGraph: true);
            return Pull(gradients, vectors.ToArray(), wanted, keep: false, createGraph: false);
        }

        private Tensor Zeros(Tensor like) => workspace.Zeros(Dims.Of(like.Shape), like.DType);

        private Tensor Objective(string kind) => y[0].Numel == 1
            ? y[0]
            : throw new AutogradException(ErrorReason.GradOutputRequired, $"{kind} differentiates the first result, which must have one element, but its shape is {y[0].Shape}");

        private Tensor[] Pull(Tensor[] outputs, Tensor?[] vectors, int[] wanted, bool keep, bool createGraph) =>
            Pull(outputs, vectors, Array.ConvertAll(wanted, i => x[i]), keep, createGraph);

        private Tensor[] Pull(Tensor[] outputs, Tensor?[] vectors, Tensor[] inputs, bool keep, bool createGraph)
        {
            var roots = new List<Tensor>();
            var seeds = new List<Tensor?>();
            for (int i = 0; i < outputs.Length; i++)
            {
                if (!outputs[i].RequiresGrad) continue;
                roots.Add(outputs[i]);
                seeds.Add(vectors[i]);
            }
            if (roots.Count == 0) return Array.ConvertAll(inputs, Zeros);
            var gradients = workspace.Gradients([.. roots], inputs, [.. seeds], retainGraph: keep || createGraph, createGraph: createGraph, allowUnused: true, materialize: true);
            return Array.ConvertAll(gradients, g => g!);
        }
    }

    /// <summary>What is wanted, in words: for traces.</summary>
    public override string ToString() => string.Join(' ', Words());

    private IEnumerable<string> Words()
    {
        if (Value) yield return "value";
        foreach (var (word, places) in new[] { ("grad", Grad), ("vjp", Vjp), ("jvp", Jvp), ("hvp", Hvp) })
            if (places.Length > 0) yield return $"{word}({string.Join(',', places.Select(p => _function.Parameters[p].Name))})";
    }
}
