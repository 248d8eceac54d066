using System.Collections.Immutable;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Binding;

/// <summary>
/// <c>x[...]</c> as PyTorch takes it apart: ints select, slices slice, None unsqueezes, and whatever tensors and lists remain go
/// together into one <c>index</c>.
/// </summary>
internal sealed class Indexing(PythonApi api, IBackend backend)
{
    /// <summary>Evaluates <c>self[index]</c>.</summary>
    public IVariable GetItem(IVariable self, PyValue index)
    {
        var items = AsTuple(index);
        var result = self;
        var indices = new List<PyValue>();
        var dim = 0;
        var covered = 0;
        foreach (var item in items)
            switch (item)
            {
                case PyValue.Int or PyValue.Live { Variable: { Shape.Count: 0, DType: not "bool" } }:
                    result = api.Call("select", result, new PyValue.Int(dim), item);
                    break;
                case PyValue.Slice slice:
                    result = Slice(result, dim++, slice);
                    break;
                case PyValue.Ellipsis:
                    dim += self.Shape.Count - items.Sum(DimsTaken);
                    break;
                case PyValue.None:
                    result = api.Call("unsqueeze", result, new PyValue.Int(dim++));
                    break;
                case PyValue.Live or PyValue.Sequence:
                    var tensor = AsTensor(item);
                    for (; covered < dim; covered++)
                        indices.Add(PyValue.None.Value);
                    indices.Add(tensor);
                    dim = covered += DimsTaken(tensor);
                    break;
                default:
                    throw new OpNotSupportedException($"index {item}");
            }

        return indices.Count == 0
            ? result
            : api.Call("index", result, new PyValue.Sequence([.. indices], IsTuple: false));
    }

    /// <summary>A list counts as a tuple when it holds anything but plain numbers, as in old NumPy.</summary>
    private static ImmutableArray<PyValue> AsTuple(PyValue index) => index switch
    {
        PyValue.Sequence { IsTuple: true } tuple => tuple.Items,
        PyValue.Sequence { Items.Length: < 32 } list when list.Items.Any(item => item is not (PyValue.Int or PyValue.Bool)) => list.Items,
        _ => [index],
    };

    /// <summary>A whole-range slice leaves the tensor as it is, as in PyTorch.</summary>
    private IVariable Slice(IVariable self, int dim, PyValue.Slice slice)
    {
        if (slice is { Start: null or 0, Step: null or 1 } && (slice.Stop is null || slice.Stop >= self.Shape[dim]))
            return self;
        return api.Call("slice", self, new PyValue.Int(dim), OrNone(slice.Start), OrNone(slice.Stop), new PyValue.Int(slice.Step ?? 1));
    }

    private static PyValue OrNone(long? bound) => bound is { } value ? new PyValue.Int(value) : PyValue.None.Value;

    private static int DimsTaken(PyValue item) => item switch
    {
        PyValue.None or PyValue.Ellipsis => 0,
        PyValue.Live { Variable: { DType: "bool" } mask } => mask.Shape.Count,
        _ => 1,
    };

    private PyValue.Live AsTensor(PyValue item)
    {
        if (item is PyValue.Live live)
            return live;
        var shape = new List<long>();
        for (var level = item; level is PyValue.Sequence sequence; level = sequence.Items.FirstOrDefault(PyValue.None.Value))
            shape.Add(sequence.Items.Length);
        var numbers = Leaves(item).ToList();
        var data = numbers.All(number => number is PyValue.Bool) && numbers.Count > 0
            ? new TensorData("bool", [.. shape], numbers.Select(number => (byte)(((PyValue.Bool)number).Value ? 1 : 0)).ToArray())
            : TensorData.OfLongs([.. numbers.Select(number => ((PyValue.Int)number).Value)], [.. shape]);
        return new PyValue.Live(backend.Create(data, requiresGrad: false));
    }

    private static IEnumerable<PyValue> Leaves(PyValue value) =>
        value is PyValue.Sequence sequence ? sequence.Items.SelectMany(Leaves) : [value];
}
