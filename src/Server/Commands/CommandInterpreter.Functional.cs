using AutogradService.Engine;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Commands;

// The commands about functions that are sent along, and about forward mode.
internal sealed partial class CommandInterpreter
{
    private void Checkpoint(Wire.Checkpoint call, Wire.CommandResult? result, ResultBudget budget)
    {
        var segment = Segment.Of(call.Segment, "checkpoint.segment", _workspace, _handles.Get, _limits);
        var inputs = Given(segment, call.Inputs, "checkpoint.inputs");
        BindAll("checkpoint.out", _workspace.Checkpoint(segment.Run, [.. inputs, .. segment.Captures]), result, budget);
    }

    private void Differentiate(Wire.Differentiate call, Wire.CommandResult? result, ResultBudget budget)
    {
        var segment = Segment.Of(call.Segment, "differentiate.segment", _workspace, _handles.Get, _limits);
        var inputs = Given(segment, call.Inputs, "differentiate.inputs");
        var vectors = Tensors(call.Vectors, "differentiate.vectors");
        Tensor[] Function(Tensor[] x) => segment.Run([.. x, .. segment.Captures]);
        Tensor[] answer;
        switch (call.Derivative)
        {
            case Wire.Derivative.Jacobian: answer = Flat(Functional.Jacobian(_workspace, Function, inputs, call.CreateGraph, call.Strict)); break;
            case Wire.Derivative.Hessian: answer = Flat(Functional.Hessian(_workspace, Function, inputs, call.CreateGraph, call.Strict)); break;
            case Wire.Derivative.Vjp: answer = Both(Functional.Vjp(_workspace, Function, inputs, vectors, call.CreateGraph, call.Strict)); break;
            case Wire.Derivative.Jvp: answer = Both(Functional.Jvp(_workspace, Function, inputs, vectors, call.CreateGraph, call.Strict)); break;
            case Wire.Derivative.Hvp: answer = Both(Functional.Hvp(_workspace, Function, inputs, vectors, call.CreateGraph, call.Strict)); break;
            case Wire.Derivative.Vhp: answer = Both(Functional.Vhp(_workspace, Function, inputs, vectors, call.CreateGraph, call.Strict)); break;
            case Wire.Derivative.Unspecified: throw Refusal.Missing("differentiate.derivative");
            default: throw Refusal.InvalidField("differentiate.derivative", $"{(int)call.Derivative} is no derivative");
        }
        BindAll("differentiate.out", answer, result, budget);

        static Tensor[] Flat(Tensor[][] matrix) => [.. matrix.SelectMany(row => row)];
        static Tensor[] Both((Tensor[] Outputs, Tensor[] Products) r) => [.. r.Outputs, .. r.Products];
    }

    private void CheckGradients(Wire.CheckGradients call, Wire.CommandResult? result)
    {
        var segment = Segment.Of(call.Segment, "check_gradients.segment", _workspace, _handles.Get, _limits);
        var inputs = Given(segment, call.Inputs, "check_gradients.inputs");
        var gradOutputs = Tensors(call.GradOutputs, "check_gradients.grad_outputs");
        var defaults = new GradientCheckOptions();
        var options = new GradientCheckOptions
        {
            Eps = Positive(call.HasEps ? call.Eps : defaults.Eps, "eps"),
            Atol = Tolerance(call.HasAtol ? call.Atol : defaults.Atol, "atol"),
            Rtol = Tolerance(call.HasRtol ? call.Rtol : defaults.Rtol, "rtol"),
            NondetTol = Tolerance(call.NondetTol, "nondet_tol"),
            FastMode = call.FastMode,
            CheckForwardAd = call.CheckForwardAd,
        };
        Tensor[] Function(Tensor[] x) => segment.Run([.. x, .. segment.Captures]);
        string? message = call.SecondOrder
            ? GradientCheck.Second(_workspace, Function, inputs, gradOutputs, options)
            : GradientCheck.First(_workspace, Function, inputs, options);
        if (result is not null) result.GradientCheck = new Wire.GradientCheck { Passed = message is null, Message = message ?? "" };

        static double Positive(double value, string field) => value > 0 && double.IsFinite(value) ? value : throw Refusal.InvalidField($"check_gradients.{field}", "must be a positive number");
        static double Tolerance(double value, string field) => value >= 0 ? value : throw Refusal.InvalidField($"check_gradients.{field}", "must not be negative");
    }

    private void SetDualLevel(Wire.SetDualLevel call)
    {
        if (call.Entered) _workspace.EnterDualLevel();
        else _workspace.ExitDualLevel();
    }

    private void MakeDual(Wire.MakeDual call, Wire.CommandResult? result, ResultBudget budget)
    {
        var dual = _workspace.MakeDual(_handles.Get(call.Primal), _handles.Get(call.Tangent));
        BindOutputs(new ReadOnlySpan<Tensor>(in dual), result, budget);
    }

    private void UnpackDual(Wire.UnpackDual call, Wire.CommandResult? result, ResultBudget budget)
    {
        var (primal, tangent) = Workspace.UnpackDual(_handles.Get(call.Tensor));
        if (call.Materialize) tangent ??= _workspace.Zeros(Dims.Of(primal.Shape), primal.DType);
        BindOutputs(tangent is null ? [primal] : [primal, tangent], result, budget);
    }

    private void ReadHook(Wire.ReadHook call, Wire.CommandResult? result)
    {
        var statistics = _hooks.Read(call.HookId, call.Reset);
        if (result is not null) result.HookStatistics = statistics;
    }

    private Tensor[] Given(Segment segment, Google.Protobuf.Collections.RepeatedField<ulong> handles, string field)
    {
        if (handles.Count != segment.ParameterCount) throw Refusal.InvalidField(field, $"the segment has {segment.ParameterCount} parameters, but got {handles.Count} inputs");
        return Tensors(handles, field);
    }

    private void BindAll(string field, Tensor[] tensors, Wire.CommandResult? result, ResultBudget budget)
    {
        if (_claimed.Count > tensors.Length) throw Refusal.InvalidField(field, $"there are {tensors.Length} results, but {_claimed.Count} handles were given");
        BindOutputs(tensors, result, budget);
    }
}
