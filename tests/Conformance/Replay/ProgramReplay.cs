using System.Collections.Immutable;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Replay;

/// <summary>How a program went; the note names the first step that differed.</summary>
internal sealed record ProgramFinding(int Id, Verdict Verdict, string? Note = null);

/// <summary>Interprets a recorded program against a backend, and compares every step's outcome, the final gradients and the final versions.</summary>
internal sealed class ProgramReplay
{
    private const double Tolerance = 1e-9;

    private readonly IBackend _backend;
    private readonly PythonApi _api;
    private readonly Dictionary<string, IVariable> _tensors = new(StringComparer.Ordinal);

    private ProgramReplay(IBackend backend)
    {
        _backend = backend;
        _api = new PythonApi(backend);
    }

    /// <summary>Runs the program on a line of its file in a fresh session. Never throws.</summary>
    public static ProgramFinding Run(int line, string json, Func<IBackend> open)
    {
        var (id, at) = (line, "reading");
        try
        {
            var program = GraphProgram.Parse(json);
            id = program.Id;
            using var backend = open();
            var replay = new ProgramReplay(backend);
            for (var i = 0; i < program.Steps.Length; i++)
            {
                at = $"step {i} {program.Steps[i].Kind} {program.Steps[i].Op}".TrimEnd();
                if (replay.Compare(program.Steps[i]) is { } difference)
                    return new ProgramFinding(id, Verdict.Failed, $"{at}: {difference}");
            }

            at = "end";
            return replay.CompareEnd(program) is { } final
                ? new ProgramFinding(id, Verdict.Failed, $"{at}: {final}")
                : new ProgramFinding(id, Verdict.Passed);
        }
        catch (OpNotSupportedException refusal)
        {
            return new ProgramFinding(id, Verdict.NotSupported, $"{at}: {refusal.Message}");
        }
#pragma warning disable CA1031 // Whatever escapes is a finding about this program, not the end of the run.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            return new ProgramFinding(id, Verdict.Failed, $"{at}: {unexpected.GetType().Name}: {unexpected.Message}");
        }
    }

    private string? Compare(ProgramStep step)
    {
        try
        {
            var result = Execute(step);
            return step.Error is { } expected
                ? $"succeeds, where PyTorch raises {expected[0]}: {expected[2]}"
                : CompareResults(step, result);
        }
        catch (RefusedException refusal)
        {
            if (step.Error is not { } expected)
                return $"refused ({refusal.ErrorType}: {refusal.Message})";
            var category = ErrorCategory.Of(refusal.Message);
            if (category != expected[0])
                return $"error {category} ({refusal.Message}) instead of {expected[0]} ({expected[2]})";
            return refusal.ErrorType == expected[1] ? null : $"{refusal.ErrorType} instead of {expected[1]}";
        }
    }

    private static string? CompareResults(ProgramStep step, IReadOnlyList<IVariable?> results)
    {
        for (var i = 0; i < step.All?.Length; i++)
            if (CompareGradient($"gradient {i}", step.All[i], results[i]) is { } difference)
                return difference;
        return step.State is { } state ? CompareState(state, results[0]!) : null;
    }

    private static string? CompareGradient(string name, double[]? expected, IVariable? actual) => (expected, actual) switch
    {
        (null, null) => null,
        (null, _) => $"{name} is there, in PyTorch None",
        (_, null) => $"{name} is None, in PyTorch there",
        _ => Comparison.Difference(expected, actual.Read(), Tolerance) is { } difference ? $"{name}: {difference}" : null,
    };

    private static string? CompareState(TensorState state, IVariable result)
    {
        return Differ("shape", Comparison.Show(state.Shape), Comparison.Show(result.Shape))
            ?? Differ("requires_grad", state.RequiresGrad, result.RequiresGrad)
            ?? Differ("is_leaf", state.IsLeaf, result.IsLeaf)
            ?? Differ("grad_fn", state.GradFn ?? "None", result.GradFn ?? "None")
            ?? Differ("version", state.Version, result.Version)
            ?? Comparison.Difference(state.Values, result.Read(), Tolerance);
    }

    private static string? Differ<T>(string what, T expected, T actual) =>
        EqualityComparer<T>.Default.Equals(expected, actual) ? null : $"{what} is {actual} instead of {expected}";

    private string? CompareEnd(GraphProgram program)
    {
        foreach (var (name, expected) in program.Grads)
        {
            if (CompareGradient($"{name}.grad", expected, _tensors[name].Grad) is { } difference)
                return difference;
        }

        foreach (var (name, expected) in program.Versions)
            if (Differ($"version of {name}", expected, _tensors[name].Version) is { } difference)
                return difference;
        return null;
    }

    /// <summary>Executes a step; the first result is the tensor whose state the step is about.</summary>
    private IReadOnlyList<IVariable?> Execute(ProgramStep step)
    {
        if (!step.NoGrad)
            return ExecuteKind(step);
        _backend.SetGradEnabled(false);
        try
        {
            return ExecuteKind(step);
        }
        finally
        {
            _backend.SetGradEnabled(true);
        }
    }

    private IReadOnlyList<IVariable?> ExecuteKind(ProgramStep step)
    {
        var results = step.Kind switch
        {
            "leaf" => [_backend.Create(TensorData.OfDoubles(step.Data, step.Shape), step.RequiresGrad)],
            "un" => [Unary(step.Op!, A(step))],
            "bi" => [Binary(step.Op!, A(step), B(step))],
            "scal" => [_api.Call("mul", A(step), Number(step.C))],
            "sum" => [_api.Call("sum", A(step))],
            "mm" => [_api.Call("matmul", A(step), Live(B(step)))],
            "narrow" => [_api.Call("narrow", A(step), Number(step.Dim), Number(step.Start), Number(step.Length))],
            "select" => [_api.Call("select", A(step), Number(step.Dim), Number(step.Start))],
            "t" => [_api.Call("transpose", A(step), Number(0), Number(-1))],
            "view" => [_api.Call("view", A(step), Sizes([-1]))],
            "expand" => [_api.Call("expand", A(step), Sizes([2, .. A(step).Shape]))],
            "unbind0" => [_api.Call("unbind", A(step), Number(0))],
            "detach" => [_backend.Detach(A(step))],
            "inb" => [_api.CallInPlace(step.Op![..^1], A(step), [Live(B(step))])],
            "inu" => [_api.CallInPlace(step.Op![..^1], A(step), [])],
            "grad" => Grad(step),
            _ => [Effect(step)],
        };
        if (step.Out is { } name && results[0] is { } first)
            _tensors[name] = first;
        return results;
    }

    private IVariable Effect(ProgramStep step)
    {
        var a = A(step);
        switch (step.Kind)
        {
            case "detach_":
                _backend.DetachInPlace(a);
                break;
            case "rg":
                _backend.SetRequiresGrad(a, step.Value);
                break;
            case "retain":
                _backend.RetainGrad(a);
                break;
            case "hook":
                _backend.ScaleHook(a, step.C);
                break;
            case "zero":
                _backend.ClearGrad(a);
                break;
            case "backward":
                var gradient = step.Gradient is { } values ? _backend.Create(TensorData.OfDoubles(values, step.GradientShape), requiresGrad: false) : null;
                _backend.Backward(a, gradient, step.Retain, step.Create, step.Inputs?.Select(name => _tensors[name]).ToList());
                break;
            default:
                throw new OpNotSupportedException($"step kind {step.Kind}");
        }

        return a;
    }

    private IVariable Unary(string op, IVariable a) => op == "sqrt_abs"
        ? _api.Call("sqrt", _api.Call("add", _api.Call("abs", a), Number(1)))
        : _api.Call(op, a);

    private IVariable Binary(string op, IVariable a, IVariable b) => op == "div1"
        ? _api.Call("div", a, Live(_api.Call("add", _api.Call("mul", b, Live(b)), Number(1))))
        : _api.Call(op, a, Live(b));

    /// <summary>autograd.grad of the sum.</summary>
    private IReadOnlyList<IVariable?> Grad(ProgramStep step) => _backend.Grad(
        [_api.Call("sum", A(step))], [.. step.Inputs!.Select(name => _tensors[name])], [null], step.Retain, step.Create, step.Unused);

    private IVariable A(ProgramStep step) => _tensors[step.A!];

    private IVariable B(ProgramStep step) => _tensors[step.B!];

    private static PyValue.Live Live(IVariable variable) => new(variable);

    private static PyValue.Float Number(double value) => new(value);

    private static PyValue.Int Number(long value) => new(value);

    private static PyValue.Sequence Sizes(ReadOnlySpan<long> sizes) => new([.. sizes.ToArray().Select(size => new PyValue.Int(size))], IsTuple: true);
}
