using System.Runtime.InteropServices;
using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;
using AutogradService.Engine.Functions;

namespace AutogradService.Conformance.Backends;

/// <summary>How values of compiled functions compare with the engine's own.</summary>
internal sealed class CompiledCounts
{
    /// <summary>Values that were read.</summary>
    public int Values { get; set; }

    /// <summary>Those that a compiled function gave with the engine's bits.</summary>
    public int BitEqual { get; set; }

    /// <summary>Those that no function can give: what is done depends on values.</summary>
    public int ValueDependent { get; set; }

    /// <summary>The last calls before values that differ.</summary>
    public List<string> Different { get; } = [];
}

/// <summary>
/// Functions compiled by the engine. Every call is made eagerly and noted; for every value that is read, all calls up to there are compiled, with the created tensors as
/// parameters, and run: the value is the compiled one, and is compared with the eager one bit for bit.
/// </summary>
internal sealed class CompiledBackend(CompiledCounts counts) : IBackend
{
    private readonly EngineBackend _eager = new();
    private readonly List<TensorData> _created = [];
    private readonly List<Action<Again>> _calls = [];
    private string _last = "";
    private int _next;

    // The calls once more, over a function's parameters.
    private sealed record Again(IBackend Backend, Workspace Workspace, Tensor[] Parameters, Dictionary<int, IVariable?> Variables)
    {
        public IVariable this[IVariable variable] => Variables[((Noted)variable).Id]!;
    }

    private sealed class Noted(CompiledBackend backend, int id, IVariable eager) : IVariable
    {
        public int Id { get; } = id;

        public IVariable Eager { get; } = eager;

        public string DType => Eager.DType;

        public IReadOnlyList<long> Shape => Eager.Shape;

        public bool RequiresGrad => Eager.RequiresGrad;

        public bool IsLeaf => Eager.IsLeaf;

        public string? GradFn => Eager.GradFn;

        public bool IsView => Eager.IsView;

        public long Version => Eager.Version;

        public IVariable? Grad => Eager.Grad is { } grad ? backend.Note(grad, again => again[this].Grad) : null;

        public TensorData Read() => backend.Read(this);
    }

    /// <inheritdoc/>
    public IVariable Create(TensorData data, bool requiresGrad, bool contiguous = true)
    {
        var eager = _eager.Create(data, requiresGrad, contiguous);
        int parameter = _created.Count;
        _created.Add(data);
        return Note(eager, again =>
        {
            var tensor = again.Parameters[parameter].Detach();
            return new EngineVariable(requiresGrad ? tensor.SetRequiresGrad() : tensor);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<IVariable> Apply(OpCall call, bool inPlace = false)
    {
        var outputs = _eager.Apply(Map(call, v => ((Noted)v).Eager), inPlace);
        _last = call.ToString();
        int first = _next;
        _next += outputs.Count;
        _calls.Add(again =>
        {
            var results = again.Backend.Apply(Map(call, v => again[v]), inPlace);
            for (int i = 0; i < results.Count; i++) again.Variables[first + i] = results[i];
        });
        return [.. outputs.Select((o, i) => new Noted(this, first + i, o))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<IVariable?> Grad(IReadOnlyList<IVariable> outputs, IReadOnlyList<IVariable> inputs, IReadOnlyList<IVariable?> cotangents, bool? retainGraph, bool createGraph, bool allowUnused)
    {
        var eager = _eager.Grad([.. outputs.Select(Eager)], [.. inputs.Select(Eager)], [.. cotangents.Select(c => c is null ? null : Eager(c))], retainGraph, createGraph, allowUnused);
        int first = _next;
        _next += eager.Count;
        _calls.Add(again =>
        {
            var results = again.Backend.Grad([.. outputs.Select(o => again[o])], [.. inputs.Select(i => again[i])], [.. cotangents.Select(c => c is null ? null : again[c])], retainGraph, createGraph, allowUnused);
            for (int i = 0; i < results.Count; i++) again.Variables[first + i] = results[i];
        });
        return [.. eager.Select((g, i) => g is null ? null : new Noted(this, first + i, g))];
    }

    /// <inheritdoc/>
    public void Backward(IVariable root, IVariable? gradient, bool? retainGraph, bool createGraph, IReadOnlyList<IVariable>? inputs)
    {
        // One that is refused on its way leaves what it has accumulated, as PyTorch's does.
        _calls.Add(again =>
        {
            try
            {
                again.Backend.Backward(again[root], gradient is null ? null : again[gradient], retainGraph, createGraph, inputs?.Select(i => again[i]).ToArray());
            }
            catch (RefusedException e) when (e.InnerException is AutogradException { Reason: not ErrorReason.ValueDependent })
            {
                // As it was the first time.
            }
        });
        _eager.Backward(Eager(root), gradient is null ? null : Eager(gradient), retainGraph, createGraph, inputs?.Select(Eager).ToArray());
    }

    /// <inheritdoc/>
    public void SetGradEnabled(bool enabled) => Do(b => b.SetGradEnabled(enabled), again => again.Backend.SetGradEnabled(enabled));

    /// <inheritdoc/>
    public void SetRequiresGrad(IVariable tensor, bool value) => Do(b => b.SetRequiresGrad(Eager(tensor), value), again => again.Backend.SetRequiresGrad(again[tensor], value));

    /// <inheritdoc/>
    public IVariable Detach(IVariable tensor) => Note(_eager.Detach(Eager(tensor)), again => again.Backend.Detach(again[tensor]));

    /// <inheritdoc/>
    public void DetachInPlace(IVariable tensor) => Do(b => b.DetachInPlace(Eager(tensor)), again => again.Backend.DetachInPlace(again[tensor]));

    /// <inheritdoc/>
    public void RetainGrad(IVariable tensor) => Do(b => b.RetainGrad(Eager(tensor)), again => again.Backend.RetainGrad(again[tensor]));

    /// <inheritdoc/>
    public void ScaleHook(IVariable tensor, double factor) => Do(b => b.ScaleHook(Eager(tensor), factor), again => again.Backend.ScaleHook(again[tensor], factor));

    /// <inheritdoc/>
    public void ClearGrad(IVariable tensor) => Do(b => b.ClearGrad(Eager(tensor)), again => again.Backend.ClearGrad(again[tensor]));

    /// <inheritdoc/>
    public void Dispose() => _eager.Dispose();

    private static IVariable Eager(IVariable variable) => ((Noted)variable).Eager;

    private void Do(Action<IBackend> eager, Action<Again> again)
    {
        eager(_eager);
        _calls.Add(again);
    }

    private Noted Note(IVariable eager, Func<Again, IVariable?> make)
    {
        int id = _next++;
        _calls.Add(again => again.Variables[id] = make(again));
        return new Noted(this, id, eager);
    }

    private TensorData Read(Noted variable)
    {
        var eager = variable.Eager.Read();
        counts.Values++;
        var calls = _calls.ToArray();
        TensorSpec[] parameters = [.. _created.Select(d => new TensorSpec(Shape.Of(d.Shape.AsSpan()), DTypes.TryParse(d.DType, out var dtype) ? dtype : throw new OpNotSupportedException(d.DType)))];
        CompiledFunction function;
        try
        {
            function = CompiledFunction.Compile(parameters, (workspace, given) =>
            {
                using var backend = new EngineBackend(workspace);
                var again = new Again(backend, workspace, given, []);
                foreach (var call in calls) call(again);
                return [EngineVariable.Unwrap(again[variable]).Detach()];
            });
        }
        catch (AutogradException e) when (e.Reason == ErrorReason.ValueDependent)
        {
            counts.ValueDependent++;
            return eager;
        }
        catch (RefusedException e) when (e.InnerException is AutogradException { Reason: ErrorReason.ValueDependent })
        {
            counts.ValueDependent++;
            return eager;
        }
        using (function)
        {
            using var run = function.Rent();
            for (int i = 0; i < parameters.Length; i++) _created[i].Bytes.CopyTo(run.ParameterBytes(i));
            run.Run();
            var bytes = run.ResultBytes(0).ToArray();
            if (bytes.AsSpan().SequenceEqual(eager.Bytes)) counts.BitEqual++;
            else counts.Different.Add(_last);
            return new TensorData(eager.DType, ImmutableCollectionsMarshal.AsImmutableArray(function.Results[0].Shape.Sizes.ToArray()), bytes, eager.RequiresGrad, eager.WasContiguous);
        }
    }

    private static OpCall Map(OpCall call, Func<IVariable, IVariable> map) => call with { Arguments = [.. call.Arguments.Select(a => a is null ? null : Map(a, map))] };

    private static PyValue Map(PyValue value, Func<IVariable, IVariable> map) => value switch
    {
        PyValue.Live live => new PyValue.Live(map(live.Variable)),
        PyValue.Sequence list => list with { Items = [.. list.Items.Select(i => Map(i, map))] },
        _ => value,
    };
}
