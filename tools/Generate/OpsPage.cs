using System.Globalization;
using System.Text;
using AutogradService.Engine;

namespace AutogradService.Generate;

/// <summary>Writes docs/ops.md: every op, from its schema.</summary>
internal static class OpsPage
{
    public static string Write(IReadOnlyList<OpSchema> ops)
    {
        var constant = Constant();
        var page = new StringBuilder();
        page.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # Operations

            All {ops.Count} ops of the catalogue, as the server's `ListOps` tells them and as every client offers them. Names, parameters and defaults are
            PyTorch's; overloads are named as ATen names them (`max.dim`). A parameter with `?` may be left out. An op *in place* has a form that writes into
            its first operand (`add_` in Python, `AddInPlace` in C#). Made by `tools/Generate`; do not edit.


            """).ReplaceLineEndings("\n"));
        page.Append("| op | inputs | attributes | outputs | gradient | in place |\n|---|---|---|---|---|---|\n");
        foreach (var op in ops)
            page.Append(CultureInfo.InvariantCulture, $"| [`{op.Name}`](#{Anchor(op)}) | {Inputs(op)} | {Attributes(op)} | {Outputs(op)} | {(constant.Contains(op.Name) ? "no" : Gradient(op))} | {(op.CanInPlace ? "yes" : "")} |\n");
        page.Append('\n');
        foreach (var op in ops)
        {
            page.Append(CultureInfo.InvariantCulture, $"## {op.Name}\n\n{op.Doc}\n\n");
            page.Append(CultureInfo.InvariantCulture, $"- PyTorch: `torch.{op.Name.Split('.')[0]}` (`aten::{op.Name}`)\n");
            page.Append(CultureInfo.InvariantCulture, $"- C#: `{CSharpWriter.Signature(op, ops)}`\n");
            if (op.IsView) page.Append("- The result is a view: it shares the first operand's memory.\n");
            if (op.IsComposite) page.Append("- Made of other ops, which are what the graph shows.\n");
            page.Append('\n');
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    // Comparisons and the like have no derivative though nothing in their signature says so: only the op itself does.
    private static HashSet<string> Constant()
    {
        using var workspace = new Workspace();
        return [.. OpTable.Entries.Where(e => !e.Samples(new Sampler(workspace, DType.Float64)).First().Op.Differentiable).Select(e => e.Schema.Name)];
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

    private static string Gradient(OpSchema op)
    {
        var taking = op.Inputs.Where(i => i.Differentiable).ToArray();
        return taking.Length == 0 ? "no" : taking.Length == op.Inputs.Length ? "yes" : string.Join(", ", taking.Select(i => $"`{i.Name}`"));
    }
}
