namespace AutogradService.Client;

/// <summary>What stands between the brackets of <c>x[...]</c>: an integer, a range, a tensor of indices or a mask, a new dimension, an ellipsis. Made by conversion.</summary>
public readonly struct TensorIndex
{
    private TensorIndex(IndexKind kind, long start = 0, long? end = null, long step = 1, Tensor? tensor = null)
    {
        Kind = kind;
        Start = start;
        End = end;
        Step = step;
        Tensor = tensor;
    }

    /// <summary>A new dimension of size 1 (None).</summary>
    public static TensorIndex NewAxis => new(IndexKind.NewAxis);

    /// <summary>As many whole dimensions as are not named otherwise (...).</summary>
    public static TensorIndex Ellipsis => new(IndexKind.Ellipsis);

    /// <summary>A whole dimension (:).</summary>
    public static TensorIndex All => new(IndexKind.Slice);

    internal IndexKind Kind { get; }

    internal long Start { get; }

    internal long? End { get; }

    internal long Step { get; }

    internal Tensor? Tensor { get; }

    internal bool IsWhole => Kind == IndexKind.Slice && Start == 0 && End is null && Step == 1;

    /// <summary>A slice with a step (start:end:step).</summary>
    /// <param name="start">First index; negative ones count from the end.</param>
    /// <param name="end">The index after the last; null: the dimension's end.</param>
    /// <param name="step">From one index to the next; positive.</param>
    public static TensorIndex Slice(long start = 0, long? end = null, long step = 1) => new(IndexKind.Slice, start, end, step);

    /// <summary>One index; negative ones count from the end. The dimension is dropped.</summary>
    public static implicit operator TensorIndex(long index) => new(IndexKind.Select, index);

    /// <summary>One index; negative ones count from the end. The dimension is dropped.</summary>
    public static implicit operator TensorIndex(int index) => new(IndexKind.Select, index);

    /// <summary>One index, from the start or the end. The dimension is dropped.</summary>
    public static implicit operator TensorIndex(Index index) => new(IndexKind.Select, index.IsFromEnd ? -(long)index.Value : index.Value);

    /// <summary>A range of indices.</summary>
    public static implicit operator TensorIndex(Range range) => new(
        IndexKind.Slice,
        !range.Start.IsFromEnd ? range.Start.Value : range.Start.Value == 0 ? long.MaxValue : -(long)range.Start.Value,
        !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -(long)range.End.Value);

    /// <summary>Indices, or a mask of truth values.</summary>
    public static implicit operator TensorIndex(Tensor tensor) => new(IndexKind.Tensor, tensor: tensor);
}

internal enum IndexKind : byte
{
    Select,
    Slice,
    NewAxis,
    Ellipsis,
    Tensor,
}
