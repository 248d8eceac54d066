namespace AutogradService.Engine.Ops;

/// <summary>Class indices as targets: where each one's element lies in the input, and what it weighs.</summary>
internal readonly unsafe struct ClassTargets
{
    private readonly Tensor _targets;
    private readonly Tensor? _weights;
    private readonly long _classes, _inner, _ignoreIndex;

    /// <param name="shape">The input's shape: classes in dim 1, or in the only dim.</param>
    /// <param name="targets">int64 or uint8, the input's shape without the classes.</param>
    /// <param name="weights">A weight for each class, or null for 1.</param>
    /// <param name="dtype">The dtype to compute in.</param>
    /// <param name="ignoreIndex">Targets of this value do not count.</param>
    public ClassTargets(Shape shape, Tensor targets, Tensor? weights, DType dtype, long ignoreIndex)
    {
        var workspace = targets.Workspace;
        _targets = workspace.RawContiguous(workspace.RawCast(targets, DType.Int64));
        _weights = weights is null ? null : workspace.RawContiguous(workspace.RawCast(weights, DType.Float64));
        _classes = shape.Rank == 1 ? shape[0] : shape[1];
        _inner = 1;
        for (int d = 2; d < shape.Rank; d++) _inner *= shape[d];
        _ignoreIndex = ignoreIndex;
    }

    /// <summary>Number of targets.</summary>
    public long Count => _targets.Numel;

    /// <summary>Finds a target's element.</summary>
    /// <returns>False if the target is ignored.</returns>
    /// <exception cref="AutogradException">The target is no class.</exception>
    public bool Find(long i, out long place, out double weight)
    {
        long c = _targets.Pointer<long>()[i];
        (place, weight) = (0, 0);
        if (c == _ignoreIndex) return false;
        if (c < 0 || c >= _classes) throw AutogradException.Index($"Target {c} is out of bounds.");
        place = (i / _inner * _classes + c) * _inner + i % _inner;
        weight = _weights is null ? 1 : _weights.Pointer<double>()[c];
        return true;
    }

    /// <summary>Refuses targets and weights that do not fit the input.</summary>
    public static void Check(Tensor input, Tensor target, Tensor? weight)
    {
        if (input.Dim == 0) throw AutogradException.Attribute("Expected 1 or more dimensions (got 0)", TorchErrorType.ValueError);
        if (input.Dim != 1 && (target.Dim == 0 || input.Shape[0] != target.Shape[0]))
            throw AutogradException.Attribute($"Expected input batch_size ({input.Shape[0]}) to match target batch_size ({(target.Dim == 0 ? 0 : target.Shape[0])}).", TorchErrorType.ValueError);
        if (!input.DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("nll_loss_out_frame", input.DType);
        if (target.DType is not (DType.Int64 or DType.UInt8))
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected scalar type Long but found {target.DType.TorchName}");
        if (input.Dim <= 2)
        {
            if (target.Dim > 1) throw AutogradException.Shape("0D or 1D target tensor expected, multi-target not supported");
            if (input.Dim == 1 && target.Numel != 1) throw AutogradException.Shape($"size mismatch (got input: {input.Shape}, target: {target.Shape})");
        }
        else if (target.Dim != input.Dim - 1 || !target.Shape.Sizes[1..].SequenceEqual(input.Shape.Sizes[2..]))
        {
            throw AutogradException.Shape($"Expected target size {Shape.Of([input.Shape[0], .. input.Shape.Sizes[2..]])}, got {target.Shape}");
        }
        long classes = input.Dim == 1 ? input.Shape[0] : input.Shape[1];
        if (weight is not null && (weight.Dim != 1 || weight.Numel != classes))
            throw AutogradException.Shape($"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of shape: {weight.Shape}");
    }
}
