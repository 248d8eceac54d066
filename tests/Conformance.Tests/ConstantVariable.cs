using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Tests;

/// <summary>A plain tensor without a backend.</summary>
internal sealed class ConstantVariable(TensorData data) : IVariable
{
    public string DType => data.DType;

    public IReadOnlyList<long> Shape => data.Shape;

    public bool RequiresGrad => false;

    public bool IsLeaf => true;

    public string? GradFn => null;

    public bool IsView => false;

    public long Version => 0;

    public IVariable? Grad => null;

    public TensorData Read() => data;
}
