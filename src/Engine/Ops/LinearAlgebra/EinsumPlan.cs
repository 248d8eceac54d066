namespace AutogradService.Engine.Ops;

/// <summary>
/// An einsum equation, parsed against its operands: all labels in one order, those of the output first, so that every operand can be shown with the same dims.
/// An ellipsis stands for as many dims as the operand with the most has there.
/// </summary>
internal sealed class EinsumPlan
{
    private const char Ellipsis = '.';
    private readonly List<string> _operands = [];
    private readonly Dictionary<char, int> _places = [];
    private int _ellipsisDims;

    /// <param name="equation">As torch.einsum takes it: "ij,jk->ik".</param>
    /// <param name="operands">The tensors.</param>
    /// <exception cref="AutogradException">The equation is malformed, or does not fit.</exception>
    public EinsumPlan(string equation, ReadOnlySpan<Tensor> operands)
    {
        int arrow = equation.IndexOf("->", StringComparison.Ordinal);
        string[] inputs = (arrow < 0 ? equation : equation[..arrow]).Split(',');
        if (inputs.Length < operands.Length) throw AutogradException.Attribute("einsum(): more operands were provided than specified in the equation");
        if (inputs.Length > operands.Length) throw AutogradException.Attribute("einsum(): fewer operands were provided than specified in the equation");
        var counts = new SortedDictionary<char, int>();
        for (int i = 0; i < inputs.Length; i++)
        {
            string labels = Labels(inputs[i], i);
            _operands.Add(labels);
            int named = labels.Count(c => c != Ellipsis), dims = operands[i].Dim;
            bool open = labels.Contains(Ellipsis, StringComparison.Ordinal);
            if (open ? named > dims : named != dims)
                throw AutogradException.Attribute($"einsum(): the number of subscripts in the equation ({named}) {(open ? "is more than the number of dimensions" : $"does not match the number of dimensions")} ({dims}) for operand {i}{(open ? "" : " and no ellipsis was given")}");
            if (open) _ellipsisDims = Math.Max(_ellipsisDims, dims - named);
            foreach (char c in labels)
                if (c != Ellipsis) counts[c] = counts.GetValueOrDefault(c) + 1;
        }
        string output = arrow >= 0
            ? Labels(equation[(arrow + 2)..], -1)
            : string.Concat(_operands.Any(o => o.Contains(Ellipsis, StringComparison.Ordinal)) ? "." : "", string.Concat(counts.Where(c => c.Value == 1).Select(c => c.Key)));
        foreach (char c in output)
        {
            if (c == Ellipsis)
            {
                EllipsisPlace = Rank;
                Rank += _ellipsisDims;
                continue;
            }
            if (!counts.ContainsKey(c)) throw AutogradException.Attribute($"einsum(): output subscript {c} does not appear in the equation for any input operand");
            if (!_places.TryAdd(c, Rank)) throw AutogradException.Attribute($"einsum(): output subscript {c} appears more than once in the output");
            Rank++;
        }
        OutputRank = Rank;
        if (EllipsisPlace < 0 && _ellipsisDims > 0)
        {
            EllipsisPlace = Rank;
            Rank += _ellipsisDims;
        }
        foreach (char c in counts.Keys)
            if (_places.TryAdd(c, Rank)) Rank++;
    }

    /// <summary>Number of dims that all operands are shown with.</summary>
    public int Rank { get; private set; }

    /// <summary>Those that the output keeps; they come first.</summary>
    public int OutputRank { get; }

    private int EllipsisPlace { get; set; } = -1;

    /// <summary>An operand with the dims of the plan; size 1 where it has none. A repeated label takes the diagonal.</summary>
    public Tensor Aligned(Tensor operand, int index)
    {
        var from = new int[Rank];
        Array.Fill(from, -1);
        int next = 0;
        int named = _operands[index].Count(c => c != Ellipsis), given = operand.Dim - named;
        foreach (char label in _operands[index])
        {
            if (label == Ellipsis)
            {
                for (int k = given; k < _ellipsisDims; k++) operand = operand.Unsqueeze(next);
                for (int k = 0; k < _ellipsisDims; k++) from[EllipsisPlace + k] = next++;
                continue;
            }
            int place = _places[label];
            if (from[place] < 0)
            {
                from[place] = next++;
                continue;
            }
            int first = from[place];
            if (operand.Shape[next] != operand.Shape[first])
                throw AutogradException.Shape($"einsum(): subscript {label} is repeated for operand {index} but the sizes don't match, {operand.Shape[next]} != {operand.Shape[first]}");
            operand = operand.Diagonal(0, first, next).Movedim([-1], [first]);
        }
        var order = new long[Rank];
        for (int d = 0; d < Rank; d++)
        {
            if (from[d] < 0)
            {
                operand = operand.Unsqueeze(-1);
                from[d] = next++;
            }
            order[d] = from[d];
        }
        return operand.Permute(Dims.Create(order));
    }

    // An ellipsis becomes one character.
    private static string Labels(string text, int operand)
    {
        string labels = text.Replace(" ", "", StringComparison.Ordinal).Replace("...", ".", StringComparison.Ordinal);
        foreach (char c in labels)
            if (!char.IsAsciiLetter(c) && c != Ellipsis) throw AutogradException.Attribute($"einsum(): invalid subscript given at index {text.IndexOf(c, StringComparison.Ordinal)} in the equation string, subscripts must be in [a-zA-Z]");
        if (labels.Count(c => c == Ellipsis) > 1)
            throw AutogradException.Attribute(operand < 0 ? "einsum(): found '.' for output but an ellipsis (...) was already found" : $"einsum(): found '.' in operand {operand} for which an ellipsis (...) was already found");
        return labels;
    }
}
