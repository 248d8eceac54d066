using System.Collections.Immutable;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Replay;

/// <summary>Replays one recorded call on a backend: forward, gradients, double gradients, metadata; or the refusal.</summary>
internal sealed class OpReplay
{
    private readonly IBackend _backend;
    private readonly OpCase _case;
    private readonly List<IVariable> _leaves = [];
    private readonly List<Finding> _findings;
    private readonly Dictionary<Stage, (List<TensorData?> Recorded, List<TensorData?> Ours)> _values = [];

    private OpReplay(IBackend backend, OpCase @case, List<Finding> findings)
    {
        _backend = backend;
        _case = @case;
        _findings = findings;
    }

    /// <summary>Replays a case in a fresh session. Never throws: whatever escapes fails the stage it escapes from, and those after it.</summary>
    public static IReadOnlyList<Finding> Run(OpCase @case, Func<IBackend> open)
    {
        if (Scope.Excludes(@case) is { } reason)
            return [.. StagesOf(@case).Select(stage => new Finding(@case, stage, Verdict.OutOfScope, reason))];
        var findings = new List<Finding>();
        try
        {
            using var backend = open();
            var replay = new OpReplay(backend, @case, findings);
            replay.Replay();
            if (@case.File.DType == "float32" && findings.Exists(finding => finding.Verdict == Verdict.Failed && replay._values.ContainsKey(finding.Stage)))
                replay.ExcuseLessExactRecordings(open);
        }
        catch (OpNotSupportedException missing)
        {
            Close(@case, findings, Verdict.NotSupported, missing.Message);
        }
#pragma warning disable CA1031 // Whatever escapes is a finding about this case, not the end of the run.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Close(@case, findings, Verdict.Failed, Describe(failure));
        }

        return findings;
    }

    /// <summary>Turns failures into passes with a note where <see cref="Exactness"/> says that the recording is the one that is off.</summary>
    private void ExcuseLessExactRecordings(Func<IBackend> open)
    {
        using var backend = open();
        var wide = new OpReplay(backend, _case.Widened(), []);
        try
        {
            wide.Replay();
        }
        catch (Exception refusal) when (refusal is RefusedException or BindingException or OpNotSupportedException)
        {
            // No float64 form to compare with: what was reached is judged, the rest stays failed.
        }

        for (var i = 0; i < _findings.Count; i++)
            if (_findings[i].Verdict == Verdict.Failed && _values.TryGetValue(_findings[i].Stage, out var values) && wide._values.TryGetValue(_findings[i].Stage, out var exact)
                && Exactness.Excuse(values.Recorded, values.Ours, exact.Ours) is { } excuse)
                _findings[i] = _findings[i] with { Verdict = Verdict.Passed, Note = excuse };
    }

    private static List<Stage> StagesOf(OpCase @case)
    {
        if (@case.Expected is Expectation.Refusal)
            return [Stage.Error, Stage.Message];
        List<Stage> stages = [Stage.Forward, Stage.Metadata];
        if (@case.Expected is Expectation.Result { First: not null })
            stages.Add(Stage.Gradient);
        if (@case.Expected is Expectation.Result { Second: not null })
            stages.Add(Stage.DoubleGradient);
        return stages;
    }

    private static string Describe(Exception failure) => failure switch
    {
        RefusedException refusal => $"refused: {refusal.ErrorType}: {refusal.Message}",
        BindingException => failure.Message,
        _ => $"{failure.GetType().Name}: {failure.Message}",
    };

    /// <summary>Gives the stages that were not reached the same verdict.</summary>
    private static void Close(OpCase @case, List<Finding> findings, Verdict verdict, string note)
    {
        foreach (var stage in StagesOf(@case).Except(findings.Select(finding => finding.Stage)).ToList())
            findings.Add(new Finding(@case, stage, verdict, note));
    }

    private void Judge(Stage stage, string? difference) =>
        _findings.Add(new Finding(_case, stage, difference is null ? Verdict.Passed : Verdict.Failed, difference));

    /// <summary>Keeps what a stage compared, in case it misses by rounding alone.</summary>
    private void Keep(Stage stage, IEnumerable<TensorData?> recorded, IEnumerable<IVariable?> ours)
    {
        if (_case.File.DType == "float32")
            _values[stage] = ([.. recorded], [.. ours.Select(variable => variable?.Read())]);
    }

    private void Replay()
    {
        if (_case.Expected is Expectation.Refusal refusal)
        {
            ReplayRefusal(refusal);
            return;
        }

        if (_case.Expected is not Expectation.Result expected)
            throw new FormatException($"The recording is unreadable: {((Expectation.Unreadable)_case.Expected).Reason}");
        var outputs = Call();
        Keep(Stage.Forward, ExpectedTensors(expected.Out), outputs);
        Judge(Stage.Forward, OutputDifference(expected.Out, outputs));
        Judge(Stage.Metadata, MetadataDifference(expected, outputs));
        if (expected.First is null)
            return;
        var differentiable = expected.Out.Tensors().Select((tensor, i) => (tensor, i)).Where(pair => pair.tensor.RequiresGrad)
            .Select(pair => outputs[pair.i]).ToList();
        var cotangents = expected.First.Cotangents
            .Select(tensor => _backend.Create(tensor, requiresGrad: expected.Second is not null)).ToList();
        var gradients = _backend.Grad(
            differentiable, _leaves, cotangents, retainGraph: expected.Second is not null, createGraph: false, allowUnused: true);
        Keep(Stage.Gradient, expected.First.Results, gradients);
        Judge(Stage.Gradient, GradientDifference(expected.First.Results, gradients));
        if (expected.Second is not { } second)
            return;
        var recorded = _backend.Grad(differentiable, _leaves, cotangents, retainGraph: null, createGraph: true, allowUnused: true);
        var twice = _backend.Grad(
            [.. second.Which.Select(i => recorded[i] ?? throw new InvalidOperationException($"gradient {i} is None"))],
            [.. _leaves, .. cotangents],
            [.. second.Cotangents.Select(tensor => _backend.Create(tensor, requiresGrad: false))],
            retainGraph: null, createGraph: false, allowUnused: true);
        Keep(Stage.DoubleGradient, second.Results, twice);
        Judge(Stage.DoubleGradient, GradientDifference(second.Results, twice));
    }

    private void ReplayRefusal(Expectation.Refusal expected)
    {
        // Python's own AttributeError is, like a TypeError, about an argument of the wrong kind.
        var wanted = expected.ErrorType == "AttributeError" ? "TypeError" : expected.ErrorType;
        try
        {
            Call();
            Judge(Stage.Error, $"nothing is refused, where PyTorch raises {expected.ErrorType}: {expected.Message}");
        }
        catch (RefusedException refusal)
        {
            Judge(Stage.Error, refusal.ErrorType == wanted ? null : $"{refusal.ErrorType} ({refusal.Message}) instead of {expected.ErrorType} ({expected.Message})");
            Judge(Stage.Message, refusal.Message == expected.Message ? null : $"'{refusal.Message}' instead of '{expected.Message}'");
        }
        catch (BindingException refusal)
        {
            // The schema refuses, as Python's argument parser does; the wording of that is Python's own.
            Judge(Stage.Error, wanted == "TypeError" ? null : $"{refusal.Message}, where PyTorch raises {expected.ErrorType}: {expected.Message}");
        }
    }

    private IReadOnlyList<IVariable> Call() => new PythonApi(_backend).Call(
        _case.File.Op,
        Live(_case.Input),
        [.. _case.Args.Select(Live)],
        [.. _case.Kwargs.Select(keyword => KeyValuePair.Create(keyword.Key, Live(keyword.Value)))]);

    private PyValue Live(PyValue value) => value.MapTensors(data =>
    {
        var variable = _backend.Create(data, data.RequiresGrad, data.WasContiguous);
        if (data.RequiresGrad)
            _leaves.Add(variable);
        return new PyValue.Live(variable);
    });

    private static string? OutputDifference(PyValue expected, IReadOnlyList<IVariable> outputs)
    {
        var tensors = ExpectedTensors(expected).ToList();
        if (tensors.Count != outputs.Count)
            return $"{outputs.Count} outputs instead of {tensors.Count}";
        for (var i = 0; i < tensors.Count; i++)
            if (Comparison.Difference(tensors[i], outputs[i].Read()) is { } difference)
                return Numbered(i, tensors.Count, difference);
        return null;
    }

    /// <summary>A Python bool or number among the results is a 0-d tensor here.</summary>
    private static IEnumerable<TensorData> ExpectedTensors(PyValue expected) => expected switch
    {
        PyValue.Bool value => [new TensorData("bool", [], new[] { value.Value ? (byte)1 : (byte)0 })],
        PyValue.Int value => [TensorData.OfLongs([value.Value], [])],
        PyValue.Float value => [TensorData.OfDoubles([value.Value], [])],
        PyValue.Sequence sequence => sequence.Items.SelectMany(ExpectedTensors),
        _ => expected.Tensors(),
    };

    private static string? MetadataDifference(Expectation.Result expected, IReadOnlyList<IVariable> outputs)
    {
        for (var i = 0; i < expected.GradFn.Length && i < outputs.Count; i++)
        {
            if (outputs[i].GradFn != expected.GradFn[i])
                return Numbered(i, outputs.Count, $"grad_fn {outputs[i].GradFn ?? "None"} instead of {expected.GradFn[i] ?? "None"}");
            if (outputs[i].IsView != expected.IsView[i])
                return Numbered(i, outputs.Count, $"is_view {outputs[i].IsView} instead of {expected.IsView[i]}");
        }

        return null;
    }

    private static string? GradientDifference(ImmutableArray<TensorData?> expected, IReadOnlyList<IVariable?> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = (expected[i], actual[i]) switch
            {
                (null, null) => null,
                (null, { } unexpected) => $"is a tensor ({(IsZero(unexpected) ? "zeros" : "not zeros")}) instead of None",
                (_, null) => "is None instead of a tensor",
                ({ } tensor, { } variable) => Comparison.Difference(tensor, variable.Read()),
            };
            if (difference is not null)
                return Numbered(i, expected.Length, difference);
        }

        return null;
    }

    private static bool IsZero(IVariable variable) => variable.Read().ToDoubles().All(value => value == 0);

    private static string Numbered(int i, int count, string difference) => count == 1 ? difference : $"[{i}] {difference}";
}
