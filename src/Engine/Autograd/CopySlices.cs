namespace AutogradService.Engine;

/// <summary>
/// The history of a base after one of its views was modified in place: the gradient of the base, with the part that the view covers
/// replaced by what the in-place op's backward makes of it.
/// </summary>
internal sealed class CopySlices : Node
{
    private readonly OpNode _function;
    private readonly Shape _viewShape;
    private readonly Shape _baseShape;
    private readonly long[] _baseStrides;
    private readonly long[] _viewStrides;
    private readonly long _viewOffset;
    private Tensor? _result;
    private Tensor? _slice;

    public CopySlices(Tensor @base, Tensor view, OpNode function) : base(view.Workspace, view.Workspace.NextSequenceNumber(), 1, function.EdgeCount)
    {
        _function = function;
        function.Retain();
        _baseShape = @base.Shape;
        _viewShape = view.Shape;
        _viewStrides = view.StridesArray;
        _viewOffset = view.Offset - @base.Offset;
        _baseStrides = @base.StridesArray;
        for (int i = 0; i < EdgeCount; i++)
        {
            ref var edge = ref EdgeSlot(i);
            edge = i == 0 ? @base.GradientEdge() : function.EdgeAt(i);
            edge.Node?.Retain();
        }
    }

    public override string Name => "torch::autograd::CopySlices";

    public override IEnumerable<SavedTensorInfo> Saved => _function.Saved;

    internal override bool Differentiates(int edge) => _function.Differentiates(edge);

    internal override void Begin(ReadOnlySpan<Tensor?> gradients, bool createGraph)
    {
        if (gradients[0] is not { } gradient) return;
        // The copy has the base's own geometry, so that the view's strides fit it.
        _result = Workspace.RawEmptyStrided(_baseShape, _baseStrides, gradient.DType);
        _result.CopyInPlace(gradient);
        var slice = _result.AsStrided(Dims.Of(_viewShape), Dims.Create(_viewStrides), _viewOffset);
        _slice = slice.Clone();
        if (EdgeAt(0).Node is null) return;
        // The in-place op replaced what the view covered: its gradient for the old value, or zero, takes that place.
        Tensor?[] inner = [_slice];
        var old = _function.EdgeAt(0).Node is null ? null : _function.Vjp(0, inner, createGraph);
        if (old is null) slice.ZeroInPlace();
        else slice.CopyInPlace(Workspace.ReduceTo(old, _viewShape, _slice.DType));
    }

    internal override Tensor? Vjp(int edge, ReadOnlySpan<Tensor?> gradients, bool createGraph)
    {
        if (_slice is null) return null;
        if (edge == 0) return _result;
        Tensor?[] inner = [_slice];
        return _function.Vjp(edge, inner, createGraph);
    }

    internal override void ReleaseSaved()
    {
        _result = null;
        _slice = null;
        _function.ReleaseSaved();
    }

    internal override void Dispose()
    {
        base.Dispose();
        _function.Release();
    }
}
