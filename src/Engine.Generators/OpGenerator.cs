using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace AutogradService.Engine.Generators;

/// <summary>
/// Turns op records (Note [One op = one place]) into the op table, their schemas, the factories from attributes, and the engine's fluent methods.
/// </summary>
[Generator]
public sealed class OpGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor s_badSignature = new(
        "AG0001", "Op signature does not fit its record", "{0}", "AutogradService", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var ops = context.SyntaxProvider.ForAttributeWithMetadataName(
            "AutogradService.Engine.OpAttribute", static (_, _) => true, static (c, cancel) => Read(c, cancel)).Collect();
        context.RegisterSourceOutput(ops, static (output, all) => Emit(output, all));
    }

    private static OpModel Read(GeneratorAttributeSyntaxContext context, CancellationToken cancel)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var attribute = context.Attributes[0];
        var model = new OpModel
        {
            Record = type.Name,
            Signature = (string)attribute.ConstructorArguments[0].Value!,
            InPlace = attribute.NamedArguments.Any(a => a.Key == "InPlace" && (bool)a.Value.Value!),
            Hidden = attribute.NamedArguments.Any(a => a.Key == "Hidden" && (bool)a.Value.Value!),
            Kind = BaseKind(type),
            Differentiable = !DeniesDerivative(type),
            Gradient = GradientComment(type, cancel),
            Page = attribute.NamedArguments.Where(a => a.Key == "Page").Select(a => (string)a.Value.Value!).FirstOrDefault() ?? "",
            Family = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(context.TargetNode.SyntaxTree.FilePath)) ?? "",
            Doc = Documentation.Summary(type.GetDocumentationCommentXml(cancellationToken: cancel)),
            Location = type.Locations.FirstOrDefault(),
        };
        // The primary constructor; a record also has a copy constructor with one parameter of its own type.
        var constructor = type.InstanceConstructors.FirstOrDefault(c =>
            !(c.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(c.Parameters[0].Type, type)));
        foreach (var p in constructor?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty)
            model.Attributes.Add(AttributeModel.Of(p));
        model.Bind();
        return model;
    }

    private static string BaseKind(INamedTypeSymbol type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
            if (t.Name is "ComputeOp" or "MultiOp" or "UpdateOp" or "ViewOp" or "MultiViewOp" or "CompositeOp" or "CompositeMultiOp") return t.Name;
        return "";
    }

    // The mathematics stands as a comment above the VJP; it is also what users read. A record's own comes before that of a base it shares with others.
    private static string GradientComment(INamedTypeSymbol type, CancellationToken cancel)
    {
        for (var t = type; t is not null; t = t.BaseType)
            foreach (var vjp in t.GetMembers("Vjp").Where(m => m.IsOverride))
                foreach (var reference in vjp.DeclaringSyntaxReferences)
                {
                    var lines = reference.GetSyntax(cancel).GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)).Select(trivia => trivia.ToString().TrimStart('/').Trim());
                    string text = string.Join(" ", lines);
                    if (text.Length > 0) return text;
                }
        return "";
    }

    // Whoever overrides Op.Differentiable does so to say no.
    private static bool DeniesDerivative(INamedTypeSymbol type)
    {
        for (var t = type; t is not null; t = t.BaseType)
            if (t.GetMembers("Differentiable").Any(m => m.IsOverride)) return true;
        return false;
    }

    private static void Emit(SourceProductionContext output, ImmutableArray<OpModel> all)
    {
        foreach (var op in all.Where(o => o.Error is not null))
            output.ReportDiagnostic(Diagnostic.Create(s_badSignature, op.Location, $"{op.Record}: {op.Error}"));
        var ops = all.Where(o => o.Error is null).OrderBy(o => o.Name, StringComparer.Ordinal).ToList();
        output.AddSource("OpTable.g.cs", SourceText.From(TableWriter.Write(ops), Encoding.UTF8));
        output.AddSource("Tensor.Ops.g.cs", SourceText.From(MethodWriter.Write("Tensor", ops.Where(o => o.OnTensor)), Encoding.UTF8));
        output.AddSource("Workspace.Ops.g.cs", SourceText.From(MethodWriter.Write("Workspace", ops.Where(o => !o.OnTensor)), Encoding.UTF8));
    }
}

/// <summary>An op record, as its declaration tells.</summary>
internal sealed class OpModel
{
    public string Record { get; set; } = "";

    public string Signature { get; set; } = "";

    public string Name { get; private set; } = "";

    public string Kind { get; set; } = "";

    public string Doc { get; set; } = "";

    public string Gradient { get; set; } = "";

    public string Page { get; set; } = "";

    /// <summary>The folder that the record's file lies in.</summary>
    public string Family { get; set; } = "";

    public bool InPlace { get; set; }

    public bool Differentiable { get; set; }

    public bool Hidden { get; set; }

    public Location? Location { get; set; }

    public string? Error { get; private set; }

    /// <summary>Constructor parameters, in the record's order.</summary>
    public List<AttributeModel> Attributes { get; } = [];

    /// <summary>Inputs and attributes, in the signature's order.</summary>
    public List<object> Parameters { get; } = [];

    public List<InputModel> Inputs { get; } = [];

    public List<(string Name, bool IsList)> Outputs { get; } = [];

    public bool OnTensor => Parameters.Count > 0 && Parameters[0] is InputModel { Suffix: not '*', Optional: false };

    /// <summary>Whether the record can be made without telling any attribute.</summary>
    public bool HasDefault => Attributes.All(a => a.HasDefault && a.Default != "default");

    /// <summary>A hidden overload, or the inner form of an op (_linalg_det), goes by its record's name, or the engine could not tell it from the public op that calls it.</summary>
    public string MethodName => Hidden && (Name.Contains('.') || Name.StartsWith("_", StringComparison.Ordinal)) ? Record : Names.Pascal(Name.Split('.')[0]);

    public void Bind()
    {
        string text = Signature;
        int arrow = text.IndexOf("->", StringComparison.Ordinal);
        string results = arrow < 0 ? "" : text.Substring(arrow + 2).Trim();
        if (arrow >= 0) text = text.Substring(0, arrow).Trim();
        int open = text.IndexOf('('), close = text.LastIndexOf(')');
        if (open < 1 || close < open)
        {
            Error = $"'{Signature}' is not name(parameters)";
            return;
        }
        Name = text.Substring(0, open);
        var mentioned = new HashSet<string>();
        foreach (string raw in text.Substring(open + 1, close - open - 1).Split([','], StringSplitOptions.RemoveEmptyEntries))
        {
            string item = raw.Trim();
            string bare = item.TrimEnd('?', '*', '~', '!', '&');
            if (Attributes.FirstOrDefault(a => a.Name == bare) is { } attribute)
            {
                Parameters.Add(attribute);
                mentioned.Add(bare);
                continue;
            }
            string suffixes = item.Substring(bare.Length);
            var input = new InputModel(bare, suffixes.Contains('*') ? '*' : suffixes.Contains('~') ? '~' : ' ', suffixes.Contains('?'), !suffixes.Contains('!'), suffixes.Contains('&'));
            Parameters.Add(input);
            Inputs.Add(input);
        }
        Parameters.AddRange(Attributes.Where(a => !mentioned.Contains(a.Name)));
        if (Kind == "UpdateOp" != Inputs.Any(i => i.Mutable)) Error = "an UpdateOp, and nothing else, names the tensors that it rewrites (&)";
        if (Inputs.Count(i => i.Suffix == '*') > 1) Error = "at most one list of tensors";
        if (Kind.Length == 0) Error = "does not derive from a kind of op";
        if (Attributes.FirstOrDefault(a => a.Kind.Length == 0) is { } odd) Error = $"attribute {odd.Name} has a type that the wire does not know";
        if (results.StartsWith("(", StringComparison.Ordinal))
            foreach (string r in results.Trim('(', ')').Split(',')) Outputs.Add((r.Trim(), false));
        else if (results.EndsWith("*", StringComparison.Ordinal)) Outputs.Add((results.TrimEnd('*'), true));
        else Outputs.Add((results.Length == 0 ? "output" : results, false));
    }
}

/// <summary>A tensor parameter.</summary>
internal sealed class InputModel(string name, char suffix, bool optional, bool differentiable, bool mutable)
{
    public string Name { get; } = name;

    public char Suffix { get; } = suffix;

    public bool Optional { get; } = optional;

    public bool Differentiable { get; } = differentiable;

    public bool Mutable { get; } = mutable;

    public string Kind => Suffix switch { '*' => "TensorList", '~' => "Operand", _ => "Tensor" };
}

/// <summary>An attribute: a constructor parameter of the record.</summary>
internal sealed class AttributeModel
{
    public string Name { get; private set; } = "";

    public string Property { get; private set; } = "";

    public string CSharpType { get; private set; } = "";

    /// <summary>The reader's method, which is also the parameter kind; empty if unknown.</summary>
    public string Kind { get; private set; } = "";

    public bool Nullable { get; private set; }

    public bool HasDefault { get; private set; }

    public string Default { get; private set; } = "null";

    public static AttributeModel Of(IParameterSymbol p)
    {
        var type = p.Type;
        bool nullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } n) type = n.TypeArguments[0];
        string name = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        string kind = name switch
        {
            "long" => "Int",
            "double" => "Float",
            "bool" => "Bool",
            "string" => "String",
            "DType" => "DType",
            "Dims" => "Ints",
            "Scalar" => "Scalar",
            _ => "",
        };
        return new AttributeModel
        {
            Name = Names.Snake(p.Name),
            Property = p.Name,
            CSharpType = name + (nullable ? "?" : ""),
            Kind = kind,
            Nullable = nullable,
            HasDefault = p.HasExplicitDefaultValue,
            Default = p.HasExplicitDefaultValue ? Literal(p, name) : "null",
        };
    }

    private static string Literal(IParameterSymbol p, string type)
    {
        object? value = p.ExplicitDefaultValue;
        if (value is null) return p.Type.IsValueType && p.Type is not INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } ? "default" : "null";
        if (type == "DType") return $"(DType){value}";
        string text = SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false) ?? "null";
        return value switch
        {
            double d when double.IsNaN(d) => "double.NaN",
            double d when double.IsPositiveInfinity(d) => "double.PositiveInfinity",
            double d when double.IsNegativeInfinity(d) => "double.NegativeInfinity",
            double => text + "d",
            long => text + "L",
            _ => text,
        };
    }
}

internal static class Names
{
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal);

    static Names()
    {
        foreach (var kind in SyntaxFacts.GetReservedKeywordKinds()) s_reserved.Add(SyntaxFacts.GetText(kind));
    }

    public static string Pascal(string snake) => string.Concat(snake.Split('_').Where(w => w.Length > 0).Select(w => char.ToUpperInvariant(w[0]) + w.Substring(1)));

    /// <summary>gradOutput for grad_output.</summary>
    public static string Camel(string snake)
    {
        string pascal = Pascal(snake);
        string camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return s_reserved.Contains(camel) ? "@" + camel : camel;
    }

    /// <summary>ignore_index for IgnoreIndex; dtype for DType, as everywhere in this field.</summary>
    public static string Snake(string pascal)
    {
        if (pascal == "DType") return "dtype";
        var text = new StringBuilder();
        for (int i = 0; i < pascal.Length; i++)
        {
            if (char.IsUpper(pascal[i]) && i > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(pascal[i]));
        }
        return text.ToString();
    }
}
