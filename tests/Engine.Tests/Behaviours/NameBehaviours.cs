namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>What a recorded graph tells of itself.</summary>
public sealed class NameBehaviours : BehaviourGroup
{
    [Behaviour("name.accumulate")]
    public object The_node_of_a_leaf()
    {
        var x = Leaf(1);
        var next = (x * x).GradFn!.NextFunctions.ToArray();
        return (object?[])[next.Length, next[0].Node!.Name, next[0].OutputNr, ReferenceEquals(next[0].Node, next[1].Node), ReferenceEquals(next[0].Node!.Variable, x)];
    }

    [Behaviour("name.const_none")]
    public object A_constant_operand() => (string[])[Shown((Leaf(1) * Plain(2)).GradFn!.NextFunctions.ElementAt(1))];

    [Behaviour("name.scalar")]
    public object A_number_as_operand() => $"({string.Join(", ", (Leaf(1) * 2).GradFn!.NextFunctions.Select(Shown))})";

    [Behaviour("name.topo_nr")]
    public object Later_nodes_have_higher_numbers()
    {
        var y = Leaf(1) * 2;
        return (bool[])[(y * 3).GradFn!.SequenceNumber > y.GradFn!.SequenceNumber];
    }

    [Behaviour("name.output_nr")]
    public object Outputs_share_a_node()
    {
        var parts = Leaf(1, 2).Unbind();
        return (object[])[parts[0].OutputNr, parts[1].OutputNr, ReferenceEquals(parts[0].GradFn, parts[1].GradFn)];
    }

    [Behaviour("name.ops")]
    public object The_nodes_of_ops()
    {
        Tensor x = Ones(2, 3).SetRequiresGrad(), y = Ones(2, 3).SetRequiresGrad(), v = Leaf(1, 2, 3), m = Ones(3, 3).SetRequiresGrad();
        Tensor b = Ones(2, 3, 3).SetRequiresGrad(), image = Ones(1, 1, 4, 4).SetRequiresGrad(), kernel = Ones(1, 1, 2, 2).SetRequiresGrad();
        Tensor heads = Ones(1, 2, 4, 8).SetRequiresGrad(), weight = Ones(3).SetRequiresGrad(), index = Ws.FromArray<long>([0, 1], Shape.Of(2, 1));
        var results = new Dictionary<string, Tensor>
        {
            ["add"] = x + y,
            ["sub"] = x - y,
            ["rsub"] = 1 - x,
            ["mul"] = x * y,
            ["div"] = x / y,
            ["neg"] = -x,
            ["pow_s"] = x.Pow(2),
            ["pow_t"] = x.Pow(y),
            ["spow"] = x.PowScalar(2),
            ["matmul2d"] = x.Matmul(m),
            ["mv"] = m.Matmul(v),
            ["dot"] = v.Matmul(v),
            ["bmm"] = b.Matmul(b),
            ["sum"] = x.Sum(),
            ["sum1"] = x.Sum([0]),
            ["mean"] = x.Mean(),
            ["mean1"] = x.Mean([0]),
            ["exp"] = x.Exp(),
            ["relu"] = x.Relu(),
            ["getint"] = x.Select(0, 0),
            ["getslice"] = x.Slice(0, 0, 1),
            ["getnone"] = x.Unsqueeze(0),
            ["getlist"] = x.Index(Ints(0, 1)),
            ["getmask"] = x.Index(x.Detach().Gt(0)),
            ["t"] = x.T(),
            ["T"] = x.NumpyT(),
            ["transpose"] = x.Transpose(0, 1),
            ["permute"] = x.Permute([1, 0]),
            ["view"] = x.View([3, 2]),
            ["reshape"] = x.Reshape([3, 2]),
            ["reshape_copy"] = x.T().Reshape([6]),
            ["flatten"] = x.Flatten(),
            ["cat"] = Ws.Cat([x, y]),
            ["stack"] = Ws.Stack([x, y]),
            ["clone"] = x.Clone(),
            ["max"] = x.Max(),
            ["max1"] = x.Max(0).Values,
            ["amax"] = x.Amax(),
            ["where"] = x.Detach().Gt(0).Where(x, y),
            ["clamp"] = x.Clamp(0.0, 1.0),
            ["clampmin"] = x.Clamp(min: 0.0),
            ["softmax"] = x.Softmax(1),
            ["log_softmax"] = x.LogSoftmax(1),
            ["linear"] = x.Linear(m, weight),
            ["ce"] = x.CrossEntropy(Ints(0, 1)),
            ["mse"] = x.MseLoss(y),
            ["embedding"] = x.Embedding(Ints(0, 1)),
            ["gather"] = x.Gather(1, index),
            ["index_select"] = x.IndexSelect(0, Ints(0)),
            ["expand"] = v.Expand([2, 3]),
            ["repeat"] = x.Repeat([2, 1]),
            ["squeeze"] = x.Unsqueeze(0).Squeeze(0),
            ["to"] = x.To(DType.Float32),
            ["unbind"] = x.Unbind()[0],
            ["split"] = x.Split(1)[0],
            ["std"] = x.Std(unbiased: true),
            ["var"] = x.Var(unbiased: true),
            ["norm"] = x.Norm(),
            ["layer_norm"] = x.LayerNorm([3]),
            ["batch_norm"] = x.BatchNorm(training: true),
            ["dropout"] = x.Dropout(),
            ["gelu"] = x.Gelu(),
            ["silu"] = x.Silu(),
            ["abs"] = x.Abs(),
            ["sigmoid"] = x.Sigmoid(),
            ["tanh"] = x.Tanh(),
            ["log"] = x.Log(),
            ["sqrt"] = x.Sqrt(),
            ["cumsum"] = x.Cumsum(0),
            ["prod"] = x.Prod(),
            ["sort"] = x.Sort().Values,
            ["topk"] = x.Topk(1).Values,
            ["masked_fill"] = x.MaskedFill(x.Detach().Gt(0), 0.0),
            ["scatter_add"] = x.ScatterAdd(1, index, y),
            ["tril"] = x.Tril(),
            ["einsum"] = Ws.Einsum("ij,jk->ik", x, m),
            ["maximum"] = x.Maximum(y),
            ["logsumexp"] = x.Logsumexp([1]),
            ["addmm"] = x.Addmm(x, m),
            ["baddbmm"] = b.Baddbmm(b, b),
            ["conv2d"] = image.Conv2d(kernel),
            ["max_pool2d"] = image.MaxPool2d([2]),
            ["avg_pool2d"] = image.AvgPool2d([2]),
            ["sdpa"] = heads.ScaledDotProductAttention(heads, heads),
            ["pad"] = x.Pad([1, 1]),
            ["inplace_mul"] = (x * 1).MulInPlace(2),
        };
        var names = results.ToDictionary(r => r.Key, r => (object?)Name(r.Value));
        names["contig_noop"] = ReferenceEquals(x.Contiguous(), x);
        return names;
    }
}
