namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>Duplicated, ignored and padding indices.</summary>
public sealed class IndexBehaviours : BehaviourGroup
{
    [Behaviour("emb.padding_idx")]
    public object? The_padding_row_gets_no_gradient()
    {
        var weight = Ones(2, 2).SetRequiresGrad();
        Backward(weight.Embedding(Ints(0, 1, 1), paddingIdx: 0).Sum());
        return weight.Grad;
    }

    [Behaviour("ce.ignore_index_all")]
    public object Every_target_ignored()
    {
        var x = LeafOf(Shape.Of(1, 2), 1, 2);
        var y = x.CrossEntropy(Ints(-100));
        Backward(y);
        return (object?[])[y, x.Grad];
    }

    // Which of the values lands on the place that is named twice is open: it is left out.
    [Behaviour("index_put_dup")]
    public object Assigning_to_a_place_twice()
    {
        Tensor x = Leaf(1, 2, 3), values = Leaf(10, 20);
        var y = x.IndexPut([Ints(0, 0)], values);
        Backward(y.Sum());
        return (object?[])[y.Slice(0, 1), x.Grad, values.Grad];
    }

    [Behaviour("index_put_acc")]
    public object Adding_to_a_place_twice()
    {
        Tensor x = Leaf(1, 2, 3), values = Leaf(10, 20);
        var y = x.IndexPut([Ints(0, 0)], values, accumulate: true);
        Backward(y.Sum());
        return (object?[])[y, x.Grad, values.Grad];
    }

    [Behaviour("scatter_dup")]
    public object Scattering_to_a_place_twice()
    {
        Tensor x = Leaf(1, 2), source = Leaf(10, 20);
        Backward(x.Scatter(0, Ints(0, 0), source).Sum());
        return (object?[])[x.Grad, source.Grad];
    }

    [Behaviour("scatter_reduce_amax_tie")]
    public object The_largest_of_equals_shares()
    {
        Tensor x = Leaf(1), source = Leaf(1, 1);
        Backward(x.ScatterReduce(0, Ints(0, 0), source, "amax").Sum());
        return (object?[])[x.Grad, source.Grad];
    }
}
