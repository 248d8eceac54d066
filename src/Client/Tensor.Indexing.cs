using System.Runtime.CompilerServices;

namespace AutogradService.Client;

// Note [Indexing] Brackets become the catalogue's ops: select, slice and unsqueeze give a view; tensors of indices and masks go into one index, or
// index_put, over that view. The client does not know shapes, so what follows an ellipsis is counted from the last dimension backwards.
public sealed partial class Tensor
{
    /// <summary>
    /// Elements by index, as PyTorch has it: <c>x[0]</c>, <c>x[1..3]</c>, <c>x[.., 1]</c>, <c>x[^1]</c>, <c>x[mask]</c>, <c>x[TensorIndex.Ellipsis, 0]</c>.
    /// Integers and ranges give a view, tensors of indices and masks a copy. Assigning writes into the tensor.
    /// </summary>
    /// <exception cref="NotSupportedException">Tensors of indices after an ellipsis, or integers and ranges after tensors of indices.</exception>
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get
        {
            var source = Session.OperatorSource();
            var view = ViewOf(indices, out var tensors, source);
            return tensors is null ? view : OpCall.Begin(Session, "index").In(view).In(tensors).Run(source);
        }
        [MethodImpl(MethodImplOptions.NoInlining)]
        set
        {
            var source = Session.OperatorSource();
            Assign(indices, value, source);
        }
    }

    /// <summary>Writes into the elements that the indices name (<c>x[indices] = value</c>).</summary>
    /// <param name="value">A tensor that broadcasts to them, or a number.</param>
    /// <param name="indices">As in the indexer.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void SetItem(Operand value, params ReadOnlySpan<TensorIndex> indices)
    {
        var source = Session.OperatorSource();
        Assign(indices, value, source);
    }

    private void Assign(ReadOnlySpan<TensorIndex> indices, in Operand value, in Source source)
    {
        var view = ViewOf(indices, out var tensors, source);
        if (tensors is null)
        {
            OpCall.Begin(Session, "copy").In(view).In(value).RunInPlace(source);
            return;
        }
        // index_put takes tensors only: a number becomes one without dimensions, of the dtype that is written to.
        var values = value.IsNumber ? OpCall.Begin(Session, "new_full").In(view).With("size", Dims.Create([])).With("fill_value", (Number?)value.Number).Run(source) : value;
        OpCall.Begin(Session, "index_put").In(view).In(tensors).In(values).RunInPlace(source);
    }

    private Tensor ViewOf(ReadOnlySpan<TensorIndex> indices, out Tensor?[]? tensors, in Source source)
    {
        var view = this;
        var advanced = new List<Tensor?>();
        bool any = false;
        int ellipsis = -1;
        long dim = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            var index = indices[i];
            if (index.Kind == IndexKind.Ellipsis)
            {
                ellipsis = i;
                break;
            }
            if (index.Kind == IndexKind.Tensor)
            {
                advanced.Add(index.Tensor);
                any = true;
                dim++;
                continue;
            }
            // A mask takes as many dimensions as it has itself, which nobody here knows.
            if (any && !index.IsWhole) throw new NotSupportedException("integers, ranges and new axes after a tensor of indices are not supported: index in two steps");
            if (index.Kind != IndexKind.Select)
            {
                advanced.Add(null);
                if (any) continue;
            }
            view = Step(view, index, dim, source);
            if (index.Kind != IndexKind.Select) dim++;
        }
        long last = -1;
        for (int i = indices.Length - 1; ellipsis >= 0 && i > ellipsis; i--)
        {
            var index = indices[i];
            if (index.Kind == IndexKind.Ellipsis) throw new AutogradException("an index can only have a single ellipsis ('...')");
            if (index.Kind == IndexKind.Tensor) throw new NotSupportedException("a tensor of indices after an ellipsis is not supported: write the dimensions out");
            view = Step(view, index, last, source);
            if (index.Kind != IndexKind.Select) last--;
        }
        while (advanced.Count > 0 && advanced[^1] is null) advanced.RemoveAt(advanced.Count - 1);
        tensors = any ? [.. advanced] : null;
        return view;
    }

    private static Tensor Step(Tensor x, in TensorIndex index, long dim, in Source source)
    {
        switch (index.Kind)
        {
            case IndexKind.Select:
                return OpCall.Begin(x.Session, "select").In(x).With("dim", dim).With("index", index.Start).Run(source);
            case IndexKind.NewAxis:
                return OpCall.Begin(x.Session, "unsqueeze").In(x).With("dim", dim).Run(source);
            default:
                if (index.IsWhole) return x;
                var call = OpCall.Begin(x.Session, "slice").In(x).With("dim", dim).With("start", index.Start);
                if (index.End is { } end) call.With("end", end);
                if (index.Step != 1) call.With("step", index.Step);
                return call.Run(source);
        }
    }
}
