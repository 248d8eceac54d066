using System.Runtime.InteropServices;
using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Engine.Ops;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Training;

/// <summary>
/// An optimizer at work on tensors of a session: clips gradients and takes steps. The tensors are looked up for each use, so that a session whose client releases them meanwhile
/// answers as ever. For whoever has the session's turn.
/// </summary>
internal sealed class OptimizerRun
{
    private readonly OptimizerAlgorithm _algorithm;
    private readonly Wire.OptimizerState _state;
    private readonly ulong[] _parameters;
    private readonly double? _clipValue;
    private readonly double? _clipNorm;
    private readonly double _normType;

    /// <summary>Reads what is asked for.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="state">Where its state is.</param>
    /// <param name="clipping">Bounds for gradients.</param>
    /// <param name="parameters">Handles of the parameters.</param>
    /// <param name="field">Where it all stands, for refusals.</param>
    /// <exception cref="Refusal">INVALID_FIELD.</exception>
    public OptimizerRun(Wire.Optimizer? optimizer, Wire.OptimizerState? state, Wire.GradientClipping? clipping, ulong[] parameters, string field)
    {
        _algorithm = OptimizerAlgorithm.Of(optimizer, $"{field}.optimizer");
        _state = state ?? new Wire.OptimizerState();
        _parameters = parameters;
        if (parameters.Length == 0) throw Refusal.InvalidField(field, "there is nothing to update: no parameter is trained");
        int kept = parameters.Length * _algorithm.Kept;
        if (_state.Tensors.Count != kept) throw Refusal.InvalidField($"{field}.state.tensors", $"{_algorithm.Kept} tensors are kept for each of {parameters.Length} parameters: {kept} handles are expected, but {_state.Tensors.Count} were given");
        if (_algorithm.Counts && _state.Step == 0) throw Refusal.Missing($"{field}.state.step");
        if (clipping is null) return;
        _clipValue = clipping.HasValue ? Positive(clipping.Value, "value") : null;
        _clipNorm = clipping.HasNorm ? Positive(clipping.Norm, "norm") : null;
        _normType = clipping.HasNormType ? clipping.NormType : 2;
        if (!(_normType > 0)) throw Refusal.InvalidField($"{field}.clipping.norm_type", "must be above 0");

        double Positive(double value, string name) => value > 0 && double.IsFinite(value) ? value : throw Refusal.InvalidField($"{field}.clipping.{name}", "must be a positive number");
    }

    /// <summary>The optimizer's own learning rate.</summary>
    public double Rate => _algorithm.Rate;

    /// <summary>Makes the state that is not there yet.</summary>
    /// <exception cref="Refusal">HANDLE_IN_USE, QUOTA_TENSORS, and what the parameters' handles refuse.</exception>
    /// <exception cref="AutogradException">SHAPE_MISMATCH, DTYPE_UNSUPPORTED, QUOTA_BYTES.</exception>
    public void MakeState(CommandInterpreter session)
    {
        var made = new List<ulong>();
        var missing = new List<(ulong Handle, Shape Shape, DType DType)>();
        if (_state.Step != 0) Need(_state.Step, Shape.Scalar, DType.Float32, "step");
        for (int i = 0; i < _state.Tensors.Count; i++)
        {
            var parameter = session.Find(_parameters[i / _algorithm.Kept]);
            Need(_state.Tensors[i], parameter.Shape, parameter.DType, "tensors");
        }
        session.CheckFree([.. missing.Select(static m => m.Handle)], "state.tensors");
        try
        {
            foreach (var (handle, shape, dtype) in missing)
            {
                session.MakeZeros(handle, shape, dtype);
                made.Add(handle);
            }
        }
        catch
        {
            session.Unmake(CollectionsMarshal.AsSpan(made));
            throw;
        }

        void Need(ulong handle, Shape shape, DType dtype, string name)
        {
            if (handle == 0) throw Refusal.InvalidField($"state.{name}", "0 is no tensor's handle");
            if (session.TryFind(handle) is not { } tensor)
            {
                missing.Add((handle, shape, dtype));
                return;
            }
            if (!tensor.Shape.Equals(shape)) throw new AutogradException(ErrorReason.ShapeMismatch, $"state.{name}: the tensor with handle {handle} has shape {tensor.Shape}, where {shape} is kept");
            if (tensor.DType != dtype) throw new AutogradException(ErrorReason.DtypeUnsupported, $"state.{name}: the tensor with handle {handle} is {tensor.DType.Name}, where {dtype.Name} is kept");
        }
    }

    /// <summary>Clips the gradients of a run and takes a step. Either all parameters are updated or none.</summary>
    /// <param name="session">Where the parameters live.</param>
    /// <param name="run">The run that has computed the gradients.</param>
    /// <param name="first">Where they are among its results, in the order of the parameters.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="withNorm">Whether to compute the gradients' norm also if nothing is clipped by it.</param>
    /// <returns>The norm before clipping, if it was computed.</returns>
    public double? Step(CommandInterpreter session, FunctionRun run, int first, double rate, bool withNorm)
    {
        var gradients = new Tensor[_parameters.Length];
        bool copies = _clipValue is not null || _clipNorm is not null || withNorm;
        using var scope = session.Workspace.Scope();
        for (int i = 0; i < gradients.Length; i++)
        {
            var gradient = run.Result(first + i);
            // The run's own memory may be a tensor's that the run was given.
            gradients[i] = copies ? session.Workspace.FromBytes(run.ResultBytes(first + i), gradient.Shape, gradient.DType) : gradient;
        }
        return Step(session, gradients, rate, withNorm);
    }

    /// <summary>As the other form, with gradients that may be written to.</summary>
    public double? Step(CommandInterpreter session, Tensor[] gradients, double rate, bool withNorm)
    {
        var workspace = session.Workspace;
        // A step is done as a whole: from here on nobody can cancel it.
        var cancellation = workspace.Cancellation;
        workspace.Cancellation = default;
        try
        {
            using var scope = workspace.Scope();
            using var mode = workspace.NoGrad();
            var targets = Targets(session, gradients);
            double? norm = Clip(workspace, gradients, withNorm);
            Tensor? step = _state.Step != 0 ? session.Find(_state.Step) : null;
            var lr = workspace.WrappedNumber(rate);
            for (int i = 0; i < gradients.Length; i++)
            {
                // The count is one for all: only the last parameter's step moves it.
                var count = step is null || i == gradients.Length - 1 ? step : step.Clone();
                _algorithm.Step(workspace, targets[i].Parameter, gradients[i], targets[i].Kept, count, lr);
            }
            return norm;
        }
        finally
        {
            workspace.Cancellation = cancellation;
        }
    }

    // Everything that can refuse is asked before anything is written.
    private (Tensor Parameter, Tensor[] Kept)[] Targets(CommandInterpreter session, Tensor[] gradients)
    {
        var targets = new (Tensor, Tensor[])[_parameters.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            var parameter = session.Find(_parameters[i]);
            var kept = new Tensor[_algorithm.Kept];
            for (int k = 0; k < kept.Length; k++) kept[k] = session.Find(_state.Tensors[i * kept.Length + k]);
            if (!parameter.Shape.Equals(gradients[i].Shape)) throw new AutogradException(ErrorReason.ShapeMismatch, $"the tensor with handle {_parameters[i]} has shape {parameter.Shape}, its gradient {gradients[i].Shape}");
            targets[i] = (parameter, kept);
        }
        return targets;
    }

    private double? Clip(Workspace workspace, Tensor[] gradients, bool withNorm)
    {
        double? norm = null;
        if (_clipNorm is not null || withNorm)
        {
            var total = workspace.Apply(new GetTotalNorm(_normType == 0 ? 2 : _normType), gradients);
            norm = total.Item();
            if (_clipNorm is { } most)
                foreach (var gradient in gradients) workspace.ApplyInPlace(new ClipGradWithNorm(most), gradient, total);
        }
        if (_clipValue is { } bound)
            foreach (var gradient in gradients) gradient.ClampInPlace(-bound, bound);
        return norm;
    }
}
