using System.Collections.Immutable;
using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;
using Xunit;

namespace AutogradService.Conformance.Tests;

public sealed class BinderTests
{
    private static readonly PyValue.Live s_tensor = new(new ConstantVariable(TensorData.OfDoubles([1, 2], [2])));

    [Fact]
    public void Picks_the_overload_that_takes_the_arguments()
    {
        Assert.Equal("max", Bind("max", [s_tensor]).Schema.Name);
        Assert.Equal("max.dim", Bind("max", [s_tensor, new PyValue.Int(0)]).Schema.Name);
        Assert.Equal("max.other", Bind("max", [s_tensor, s_tensor]).Schema.Name);
    }

    [Fact]
    public void Binds_keywords_by_name_and_leaves_the_rest_out()
    {
        var call = Bind("sum", [s_tensor], ("dim", new PyValue.Int(0)), ("keepdim", new PyValue.Bool(true)));

        var named = call.Schema.Parameters.Zip(call.Arguments).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        Assert.Equal("(0)", named["dim"]!.ToString());
        Assert.Equal(new PyValue.Bool(true), named["keepdim"]);
        Assert.Null(named["dtype"]);
    }

    [Fact]
    public void Takes_a_number_for_a_tensor_where_the_op_does() =>
        Assert.Equal(new PyValue.Float(0.5), Bind("mul", [s_tensor, new PyValue.Float(0.5)]).Arguments[1]);

    [Fact]
    public void Gathers_variadic_sizes() =>
        Assert.Equal("(2, 1)", Bind("view", [s_tensor, new PyValue.Int(2), new PyValue.Int(1)]).Arguments[1]!.ToString());

    [Fact]
    public void Refuses_what_no_overload_takes() =>
        Assert.Throws<BindingException>(() => Bind("add", [s_tensor, new PyValue.Str("2")]));

    private static OpCall Bind(string op, ImmutableArray<PyValue> positional, params (string Name, PyValue Value)[] keywords) => CallBinder.Bind(
        [.. OpTable.Entries.Select(entry => entry.Schema).Where(schema => schema.Name.Split('.')[0] == op)],
        positional,
        [.. keywords.Select(keyword => KeyValuePair.Create(keyword.Name, keyword.Value))]);
}
