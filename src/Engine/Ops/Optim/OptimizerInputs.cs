namespace AutogradService.Engine.Ops;

/// <summary>What the steps of all optimizers ask of their inputs.</summary>
internal static class OptimizerInputs
{
    /// <summary>Refuses a gradient or state that is not of the parameter's shape and dtype.</summary>
    /// <exception cref="AutogradException">SHAPE_MISMATCH, DTYPE_UNSUPPORTED.</exception>
    public static void CheckLike(Tensor parameter, Tensor? other, string name)
    {
        if (!parameter.DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("fused optimizer step", parameter.DType);
        if (other is null) return;
        if (!other.Shape.Equals(parameter.Shape))
            throw AutogradException.Shape($"{name} has shape {other.Shape}, but the parameter has shape {parameter.Shape}");
        if (other.DType != parameter.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected dtype {parameter.DType.CName} for `{name}` but got dtype {other.DType.CName}");
    }

    /// <summary>Refuses a learning rate that is not one number.</summary>
    public static void CheckRate(Tensor rate)
    {
        if (rate.Numel != 1 || rate.Dim > 0) throw AutogradException.Attribute($"lr must be a number or a 0-d tensor, but got a tensor of shape [{rate.Shape}]", TorchErrorType.ValueError);
        if (!(rate.Item() >= 0)) throw AutogradException.Attribute($"Invalid learning rate: {Text(rate.Item())}", TorchErrorType.ValueError);
    }

    /// <summary>Refuses a step count that is not one number of dtype float32 or float64, as torch.optim keeps it.</summary>
    public static void CheckStep(Tensor? step)
    {
        if (step is null) return;
        if (step.Numel != 1) throw AutogradException.Shape($"state_step must have one element, but has shape {step.Shape}");
        if (step.DType is not (DType.Float32 or DType.Float64))
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected dtype float for `state_step` but got dtype {step.DType.CName}");
    }

    /// <summary>Refuses a hyperparameter below 0.</summary>
    public static void CheckNotNegative(double value, string name)
    {
        if (!(value >= 0)) throw AutogradException.Attribute($"Invalid {name} value: {Text(value)}", TorchErrorType.ValueError);
    }

    /// <summary>Refuses a decay rate of a running mean outside [0, 1).</summary>
    public static void CheckBeta(double value, int index)
    {
        if (!(value >= 0 && value < 1)) throw AutogradException.Attribute($"Invalid beta parameter at index {index}: {Text(value)}", TorchErrorType.ValueError);
    }

    /// <summary>Counts the step, and gives the new count.</summary>
    public static double Advance(Tensor step)
    {
        double count = step.Item() + 1;
        Kernels.Fill.All(step, count);
        return step.Item();
    }

    private static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
