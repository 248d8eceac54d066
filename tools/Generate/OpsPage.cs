using System.Globalization;
using System.Text;
using AutogradService.Engine;

namespace AutogradService.Generate;

/// <summary>Writes docs/ops.md: every op, from its schema, its samples and its dtypes.</summary>
internal static class OpsPage
{
    public static string Write(IReadOnlyList<OpSchema> ops)
    {
        var facts = ops.ToDictionary(o => o, OpFacts.Of);
        var page = new StringBuilder();
        page.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # Operations

            All {ops.Count} ops of the catalogue, as the server's `ListOps` tells them and as every client offers them. Names, parameters and defaults are
            PyTorch's; overloads are named as ATen names them (`max.dim`). A parameter with `?` may be left out. An op *in place* has a form that writes into
            its first operand (`add_` in Python, `AddInPlace` in C#). In the gradients' formulas g is the gradient of the result. Examples are run when this page
            is made. Made by `tools/Generate`; do not edit.


            """).ReplaceLineEndings("\n"));
        page.Append("| op | inputs | attributes | outputs | gradient | in place |\n|---|---|---|---|---|---|\n");
        foreach (var op in ops)
            page.Append(CultureInfo.InvariantCulture, $"| [`{op.Name}`](#{Anchor(op)}) | {Inputs(op)} | {Attributes(op)} | {Outputs(op)} | {Gradient(op, facts[op])} | {(op.CanInPlace ? "yes" : "")} |\n");
        page.Append('\n');
        foreach (var op in ops)
        {
            page.Append(CultureInfo.InvariantCulture, $"## {op.Name}\n\n{op.Doc}\n\n");
            page.Append(CultureInfo.InvariantCulture, $"- PyTorch: [`{op.Page}`](https://pytorch.org/docs/stable/generated/{op.Page}.html) (`aten::{op.Name}`)\n");
            page.Append(CultureInfo.InvariantCulture, $"- C#: `{CSharpWriter.Signature(op, ops)}`\n");
            page.Append(CultureInfo.InvariantCulture, $"- dtypes: {facts[op].DTypes}\n");
            if (op.Gradient.Length > 0) page.Append(CultureInfo.InvariantCulture, $"- Gradient: `{op.Gradient.Replace('`', '\'')}`\n");
            else if (op.IsComposite && facts[op].IsDifferentiable) page.Append("- Gradient: that of the ops it is made of, which are what the graph shows.\n");
            else if (!facts[op].IsDifferentiable) page.Append("- Gradient: none.\n");
            if (op.IsView) page.Append("- The result is a view: it shares the first operand's memory.\n");
            if (facts[op].Example.Length > 0) page.Append(CultureInfo.InvariantCulture, $"- Example: `{facts[op].Example}`\n");
            page.Append('\n');
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string Anchor(OpSchema op) => op.Name.ToLowerInvariant().Replace(".", "", StringComparison.Ordinal);

    private static string Inputs(OpSchema op) => string.Join(", ", op.Inputs.Select(i => $"`{i.Name}{(i.Optional ? "?" : "")}`" + i.Kind switch
    {
        ParameterKind.TensorList => " (list)",
        ParameterKind.Operand => " (tensor or number)",
        _ => "",
    }));

    private static string Attributes(OpSchema op) => string.Join(", ", op.Attributes.Select(a =>
        $"`{a.Name}{(a.Optional ? "?" : "")}` {a.Kind.ToString().ToLowerInvariant()}" + (a.Default is { } value ? " = " + CSharpWriter.DefaultText(value) : "")));

    private static string Outputs(OpSchema op) => op.Outputs is [{ IsList: false }] ? "tensor" : string.Join(", ", op.Outputs.Select(o => o.IsList ? "list" : $"`{o.Name}`"));

    private static string Gradient(OpSchema op, OpFacts facts)
    {
        if (!facts.IsDifferentiable) return "no";
        var taking = op.Inputs.Where(i => i.Differentiable).ToArray();
        return taking.Length == 0 ? "no" : taking.Length == op.Inputs.Length ? "yes" : string.Join(", ", taking.Select(i => $"`{i.Name}`"));
    }
}
