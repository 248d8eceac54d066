using System.Globalization;
using System.Text;
using AutogradService.Engine;

namespace AutogradService.Generate;

/// <summary>Writes the Python client's functions and methods, one for each op, from nothing but the schemas; and the stub of them that type checkers read.</summary>
internal static class PythonWriter
{
    private const string Header = "# Made by tools/Generate; do not edit.\n";

    // PyTorch has these as methods, though it documents the function under torch.nn.functional.
    private static readonly HashSet<string> s_functionalMethods = ["relu", "sigmoid", "tanh", "softmax", "log_softmax", "prelu", "hardshrink", "celu", "elu", "selu", "silu", "leaky_relu", "dropout"];

    // Methods that take their sizes one by one as well: x.view(2, 3).
    private static readonly HashSet<string> s_varargs = ["view", "reshape", "permute", "expand", "repeat", "tile", "flip", "new_zeros", "new_ones", "new_empty"];

    private static readonly HashSet<string> s_keywords = ["from", "lambda", "in", "is", "not", "and", "or", "class", "def", "global", "None", "True", "False"];

    /// <summary>Other names of the same function, as PyTorch has them.</summary>
    private static readonly (string Alias, string Name)[] s_aliases =
    [
        ("absolute", "abs"), ("arccos", "acos"), ("arccosh", "acosh"), ("arcsin", "asin"), ("arcsinh", "asinh"), ("arctan", "atan"), ("arctanh", "atanh"), ("arctan2", "atan2"),
        ("clip", "clamp"), ("divide", "div"), ("true_divide", "div"), ("multiply", "mul"), ("subtract", "sub"), ("negative", "neg"), ("fix", "trunc"),
        ("greater", "gt"), ("greater_equal", "ge"), ("less", "lt"), ("less_equal", "le"), ("not_equal", "ne"),
        ("concat", "cat"), ("concatenate", "cat"), ("moveaxis", "movedim"), ("swapdims", "swapaxes"), ("row_stack", "vstack"), ("ger", "outer"),
    ];

    private static readonly (string Alias, string Space, string Name)[] s_spaceAliases =
    [
        ("expit", "special", "sigmoid"), ("psi", "special", "digamma"), ("digamma", "special", "digamma"), ("gammaln", "special", "lgamma"), ("multigammaln", "special", "mvlgamma"),
        ("gammainc", "special", "igamma"), ("gammaincc", "special", "igammac"), ("erf", "special", "erf"), ("erfc", "special", "erfc"), ("erfinv", "special", "erfinv"),
        ("exp2", "special", "exp2"), ("expm1", "special", "expm1"), ("log1p", "special", "log1p"), ("logit", "special", "logit"), ("i0", "special", "i0"), ("sinc", "special", "sinc"),
        ("round", "special", "round"), ("logsumexp", "special", "logsumexp"), ("xlogy", "special", "xlogy"), ("polygamma", "special", "polygamma"), ("softmax", "special", "softmax"),
        ("log_softmax", "special", "log_softmax"), ("matmul", "linalg", "matmul"), ("vander", "linalg", "vander"), ("diagonal", "linalg", "diagonal"),
    ];

    /// <summary>The module.</summary>
    public static string Module(IReadOnlyList<OpSchema> ops)
    {
        var code = new StringBuilder(Header);
        code.Append("\"\"\"The ops of the catalogue: descriptions for the wire, methods of tensors, and functions.\"\"\"\n\n");
        code.Append("from ._calls import Op, Overloads, apply as _apply, binary as _binary, call as _call, in_place as _in_place, unary as _unary\n\n");
        foreach (var op in ops) code.Append(Description(op));
        foreach (var group in Groups(ops).Where(g => g.Length > 1)) code.Append(OverloadSet(group));
        code.Append("\n\ndef _sizes(args):\n    first = args[0] if len(args) == 1 else 0\n    return args if first.__class__ is int or len(args) != 1 else tuple(first)\n");
        code.Append("\n\nclass TensorOps:\n    \"\"\"Methods of tensors, one for each op that PyTorch has as a method.\"\"\"\n\n    __slots__ = ()\n");
        var methods = new HashSet<string>();
        foreach (var group in Groups(ops)) Methods(code, group, methods);
        foreach (var (alias, name) in s_aliases)
        {
            if (methods.Contains(name)) code.Append(CultureInfo.InvariantCulture, $"    {alias} = {name}\n");
            if (methods.Contains(name + "_")) code.Append(CultureInfo.InvariantCulture, $"    {alias}_ = {name}_\n");
        }
        code.Append('\n');
        foreach (var group in Groups(ops)) Function(code, group);
        code.Append('\n');
        foreach (var (alias, name) in s_aliases) code.Append(CultureInfo.InvariantCulture, $"{alias} = {name}\n");
        code.Append("\n#: Names of the functions in each of PyTorch's namespaces, and the functions.\nNAMESPACES = {\n");
        foreach (string space in Spaces) code.Append(CultureInfo.InvariantCulture, $"    \"{space}\": {{{string.Join(", ", SpaceEntries(ops, space).Select(e => $"\"{e.Name}\": {e.Function}"))}}},\n");
        code.Append("}\n\n#: All ops by their name on the wire.\nOPS = {op.name: op for op in list(globals().values()) if isinstance(op, Op)}\n");
        return code.ToString();
    }

    /// <summary>The stub.</summary>
    public static string Stub(IReadOnlyList<OpSchema> ops)
    {
        var code = new StringBuilder(Header);
        code.Append("from typing import Any, Callable, Dict, NamedTuple, Optional, Sequence, Tuple, Union, overload\n\nfrom ._calls import Op as Op\nfrom ._dtypes import dtype as _dtype\nfrom ._tensor import Tensor\n\n");
        code.Append("_int = int\n_float = float\n_bool = bool\n_str = str\n_Number = Union[int, float, bool]\n_Ints = Union[int, Sequence[int]]\n\n");
        code.Append("NAMESPACES: Dict[_str, Dict[_str, Callable[..., Any]]]\nOPS: Dict[_str, Op]\n");
        foreach (var op in ops) code.Append(CultureInfo.InvariantCulture, $"{Constant(op)}: Op\n");
        foreach (var op in ops.Where(o => o.Outputs.Length > 1))
        {
            code.Append(CultureInfo.InvariantCulture, $"\nclass {ResultType(op)}(NamedTuple):\n");
            foreach (var output in op.Outputs) code.Append(CultureInfo.InvariantCulture, $"    {output.Name}: Tensor\n");
        }
        code.Append("\nclass TensorOps:\n");
        var methods = new HashSet<string>();
        foreach (var group in Groups(ops))
        {
            var own = group.Where(o => Receiver(o) >= 0).ToArray();
            if (own.Length > 0) Declarations(code, "    ", Name(group[0]), own, onTensor: true, inPlace: false, methods);
            var writing = own.Where(o => o.CanInPlace).ToArray();
            if (writing.Length > 0) Declarations(code, "    ", Name(group[0]) + "_", writing, onTensor: true, inPlace: true, methods);
        }
        foreach (var (alias, name) in s_aliases)
        {
            if (methods.Contains(name)) code.Append(CultureInfo.InvariantCulture, $"    {alias} = {name}\n");
            if (methods.Contains(name + "_")) code.Append(CultureInfo.InvariantCulture, $"    {alias}_ = {name}_\n");
        }
        code.Append('\n');
        foreach (var group in Groups(ops)) Declarations(code, "", FunctionName(group[0]), group, onTensor: false, inPlace: false, []);
        foreach (var (alias, name) in s_aliases) code.Append(CultureInfo.InvariantCulture, $"{alias} = {name}\n");
        return code.ToString();
    }

    private static IReadOnlyList<string> Spaces => ["functional", "linalg", "special", "fft"];

    private static IEnumerable<(string Name, string Function)> SpaceEntries(IReadOnlyList<OpSchema> ops, string space)
    {
        foreach (var group in Groups(ops))
        {
            string function = FunctionName(group[0]);
            if (SpaceOf(group[0]) == space) yield return (space == "functional" ? function : Name(group[0])[(space.Length + 1)..], function);
        }
        foreach (var (alias, _, name) in s_spaceAliases.Where(a => a.Space == space)) yield return (alias, name);
    }

    private static string SpaceOf(OpSchema op)
    {
        string page = op.Page["torch.".Length..];
        foreach (string space in (string[])["linalg", "special", "fft"])
            if (page.StartsWith(space + ".", StringComparison.Ordinal) && op.Name.StartsWith(space + "_", StringComparison.Ordinal)) return space;
        return page.StartsWith("nn.", StringComparison.Ordinal) || op.Name is "dropout1d" or "dropout2d" or "dropout3d" or "alpha_dropout" or "feature_alpha_dropout" or "gumbel_softmax" or "rrelu" or "pdist" ? "functional" : "";
    }

    private static IEnumerable<OpSchema[]> Groups(IReadOnlyList<OpSchema> ops) => ops.GroupBy(o => o.Name.Split('.')[0]).Select(g => g.ToArray());

    private static string Name(OpSchema op) => op.Name.Split('.')[0];

    private static string FunctionName(OpSchema op) => Name(op);

    private static string Constant(OpSchema op) => op.Name.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal);

    private static string Parameter(string name) => s_keywords.Contains(name) ? name + "_" : name;

    private static char Kind(OpParameter parameter) => parameter.Kind switch
    {
        ParameterKind.Tensor => 'T',
        ParameterKind.TensorList => 'L',
        ParameterKind.Operand => 'O',
        ParameterKind.Int => 'i',
        ParameterKind.Float => 'f',
        ParameterKind.Bool => 'b',
        ParameterKind.String => 's',
        ParameterKind.DType => 'd',
        ParameterKind.Ints => 'I',
        _ => 'S',
    };

    // The parameter that is the tensor itself when the op is called as a method, or -1.
    private static int Receiver(OpSchema op)
    {
        string page = op.Page;
        bool method = !page.StartsWith("torch.nn.", StringComparison.Ordinal) && !page.StartsWith("torch.special.", StringComparison.Ordinal) && !page.StartsWith("torch.linalg.", StringComparison.Ordinal) && !page.StartsWith("torch.fft.", StringComparison.Ordinal) || s_functionalMethods.Contains(Name(op));
        if (!method) return -1;
        int self = Array.FindIndex(op.Parameters, p => p.Name == "self");
        return self >= 0 ? self : op.Parameters is [{ Kind: ParameterKind.Tensor }, ..] ? 0 : -1;
    }

    private static string Description(OpSchema op)
    {
        string inputs = Tuple(op.Inputs.Select(i => $"(\"{i.Name}\", \"{Kind(i)}\")"));
        string attributes = Tuple(op.Attributes.Select(a => $"(\"{a.Name}\", \"{Kind(a)}\", {(a.Default is null || a.Kind is ParameterKind.DType or ParameterKind.Scalar ? "None" : Literal(a))})"));
        string outputs = op.Outputs[0].IsList ? ", None" : op.Outputs.Length > 1 ? ", " + Tuple(op.Outputs.Select(o => $"\"{o.Name}\"")) : op.IsView ? ", (\"\",)" : "";
        return $"{Constant(op)} = Op(\"{op.Name}\", {inputs}, {attributes}{outputs}{(op.IsView ? ", True" : "")})\n";
    }

    private static string OverloadSet(OpSchema[] group)
    {
        // Where several fit, the one that says more of the arguments is meant: tensors before numbers, fewer parameters first.
        var ordered = group.OrderBy(o => o.Parameters.Length).ThenBy(o => o.Name, StringComparer.Ordinal);
        return $"_{Name(group[0])} = Overloads(\"{Name(group[0])}\", {string.Join(", ", ordered.Select(o => $"({Constant(o)}, \"{string.Join(' ', o.Parameters.Select(p => $"{p.Name}:{Kind(p)}{(p.Optional ? "=" : "")}"))}\")"))})\n";
    }

    private static void Methods(StringBuilder code, OpSchema[] group, HashSet<string> methods)
    {
        string name = Name(group[0]);
        var own = group.Where(o => Receiver(o) >= 0).ToArray();
        if (own.Length == 0) return;
        methods.Add(name);
        if (group.Length > 1)
        {
            code.Append(CultureInfo.InvariantCulture, $"\n    def {name}(self, *args, **kwargs):\n        {Quoted(own[0].Doc, 8)}\n        return _{name}((self, *args), kwargs)\n");
            if (!own.Any(o => o.CanInPlace)) return;
            methods.Add(name + "_");
            code.Append(CultureInfo.InvariantCulture, $"\n    def {name}_(self, *args, **kwargs):\n        \"\"\"In-place form of :meth:`{name}`.\"\"\"\n        return _{name}.in_place((self, *args), kwargs)\n");
            return;
        }
        var op = own[0];
        Method(code, op, name, inPlace: false);
        if (!op.CanInPlace) return;
        methods.Add(name + "_");
        Method(code, op, name + "_", inPlace: true);
    }

    private static void Method(StringBuilder code, OpSchema op, string name, bool inPlace)
    {
        int receiver = Receiver(op);
        var others = op.Parameters.Where((_, i) => i != receiver).ToArray();
        bool varargs = s_varargs.Contains(op.Name) && !inPlace;
        string signature = varargs
            ? "self, *" + others[0].Name + string.Concat(others.Skip(1).Select(p => ", " + Declaration(p, true)))
            : string.Join(", ", ["self", .. Declarations(others)]);
        string sizes = varargs ? $"        {others[0].Name} = _sizes({others[0].Name})\n" : "";
        code.Append(CultureInfo.InvariantCulture, $"\n    def {name}({signature}):\n        {(inPlace ? $"\"\"\"In-place form of :meth:`{op.Name}`.\"\"\"" : Quoted(op.Doc, 8))}\n{sizes}        return {Body(op, receiver, inPlace)}\n");
    }

    private static void Function(StringBuilder code, OpSchema[] group)
    {
        string name = FunctionName(group[0]);
        if (group.Length > 1)
        {
            code.Append(CultureInfo.InvariantCulture, $"\n\ndef {name}(*args, **kwargs):\n    {Quoted(group[0].Doc + "\n\nForms:\n" + string.Concat(group.Select(o => $"    {name}({string.Join(", ", Declarations(o.Parameters))})\n")), 4)}\n    return _{name}(args, kwargs)\n");
            return;
        }
        var op = group[0];
        var parameters = op.Parameters;
        string signature = string.Join(", ", [.. Declarations(parameters), .. op.Inputs.Length == 0 ? ["requires_grad=False"] : Array.Empty<string>()]);
        code.Append(CultureInfo.InvariantCulture, $"\n\ndef {name}({signature}):\n    {Quoted(Documentation(op), 4)}\n    return {Body(op, -1, inPlace: false)}\n");
    }

    private static string Body(OpSchema op, int receiver, bool inPlace)
    {
        string Argument(OpParameter p) => Array.IndexOf(op.Parameters, p) == receiver ? "self" : Parameter(FunctionParameter(p));
        string inputs = Tuple(op.Inputs.Select(Argument)), attributes = Tuple(op.Attributes.Select(Argument));
        string constant = Constant(op);
        if (inPlace) return $"_in_place({constant}, {inputs}{(op.Attributes.Length > 0 ? ", " + attributes : "")})";
        if (op.Inputs.Length == 0) return $"_apply({constant}, (), {attributes}, requires_grad=requires_grad)";
        if (op.Outputs is [{ IsList: false }] && op.Inputs[0].Kind is ParameterKind.Tensor or ParameterKind.Operand)
        {
            if (op.Attributes.Length == 0 && op.Inputs.Length == 1) return $"_unary({constant}, {Argument(op.Inputs[0])})";
            if (op.Inputs.Length == 2 && op.Inputs.All(i => i.Kind is ParameterKind.Tensor or ParameterKind.Operand && !i.Optional))
            {
                string plain = $"_binary({constant}, {Argument(op.Inputs[0])}, {Argument(op.Inputs[1])})";
                if (op.Attributes.Length == 0) return plain;
                if (op.Attributes is [{ Optional: true, Default: null } only]) return $"{plain} if {Argument(only)} is None else _apply({constant}, {inputs}, {attributes})";
            }
            return $"_call({constant}, {inputs}, {attributes})";
        }
        return $"_apply({constant}, {inputs}, {attributes})";

        string FunctionParameter(OpParameter p) => receiver < 0 && p.Name == "self" ? "input" : p.Name;
    }

    private static string[] Declarations(IReadOnlyList<OpParameter> parameters)
    {
        var result = new List<string>();
        bool optional = false;
        foreach (var parameter in parameters)
        {
            optional |= parameter.Optional;
            result.Add(Declaration(parameter, optional));
        }
        return [.. result];
    }

    private static string Declaration(OpParameter parameter, bool optional)
    {
        string name = Parameter(parameter.Name == "self" ? "input" : parameter.Name);
        return optional ? $"{name}={Literal(parameter)}" : name;
    }

    private static string Literal(OpParameter parameter) => parameter.Default switch
    {
        null or DType => "None",
        bool b => b ? "True" : "False",
        string s => $"\"{s}\"",
        double d when double.IsNaN(d) => "float(\"nan\")",
        double d when double.IsInfinity(d) => d > 0 ? "float(\"inf\")" : "float(\"-inf\")",
        double d => d.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAny(".eE") ? text.Replace("E", "e", StringComparison.Ordinal) : text + ".0",
        IFormattable f when parameter.Kind is not ParameterKind.Scalar => f.ToString(null, CultureInfo.InvariantCulture),
        _ => "None",
    };

    private static void Declarations(StringBuilder code, string indent, string name, OpSchema[] group, bool onTensor, bool inPlace, HashSet<string> names)
    {
        names.Add(name);
        foreach (var op in group)
        {
            int receiver = onTensor ? Receiver(op) : -1;
            var parameters = op.Parameters.Where((_, i) => i != receiver).ToArray();
            var declared = new List<string>();
            if (onTensor) declared.Add("self");
            bool varargs = onTensor && s_varargs.Contains(op.Name) && !inPlace, optional = false;
            foreach (var parameter in parameters)
            {
                optional |= parameter.Optional;
                string type = Type(parameter);
                if (varargs && ReferenceEquals(parameter, parameters[0])) declared.Add($"*{parameter.Name}: _Ints");
                else declared.Add($"{Parameter(parameter.Name == "self" ? "input" : parameter.Name)}: {(optional && Literal(parameter) == "None" ? $"Optional[{type}] = ..." : optional ? type + " = ..." : type)}");
            }
            if (!onTensor && op.Inputs.Length == 0) declared.Add("requires_grad: _bool = ...");
            string result = inPlace || op.Outputs is [{ IsList: false }] ? "Tensor" : op.Outputs[0].IsList ? "Tuple[Tensor, ...]" : ResultType(op);
            if (group.Length > 1) code.Append(indent).Append("@overload\n");
            code.Append(CultureInfo.InvariantCulture, $"{indent}def {name}({string.Join(", ", declared)}) -> {result}: ...\n");
        }
    }

    private static string Type(OpParameter parameter) => parameter.Kind switch
    {
        ParameterKind.Tensor => "Tensor",
        ParameterKind.TensorList => "Sequence[Tensor]",
        ParameterKind.Operand => "Union[Tensor, _Number]",
        ParameterKind.Int => "_int",
        ParameterKind.Float => "_float",
        ParameterKind.Bool => "_bool",
        ParameterKind.String => "_str",
        ParameterKind.DType => "_dtype",
        ParameterKind.Ints => "_Ints",
        _ => "_Number",
    };

    private static string ResultType(OpSchema op) => "_" + Naming.Pascal(op.Name.Replace('.', '_')) + "Result";

    private static string Documentation(OpSchema op)
    {
        var text = new StringBuilder(op.Doc);
        text.Append("\n\nArgs:\n");
        foreach (var parameter in op.Parameters)
        {
            string what = parameter.Kind switch
            {
                ParameterKind.Tensor => "A tensor",
                ParameterKind.TensorList => "Tensors",
                ParameterKind.Operand => "A tensor or a number",
                ParameterKind.Int => "An integer",
                ParameterKind.Float => "A float",
                ParameterKind.Bool => "A truth value",
                ParameterKind.String => "A string",
                ParameterKind.DType => "A dtype",
                ParameterKind.Ints => "Integers",
                _ => "A number",
            };
            text.Append(CultureInfo.InvariantCulture, $"    {Parameter(parameter.Name == "self" ? "input" : parameter.Name)}: {what}{(parameter.Optional ? "; may be left out" : "")}.\n");
        }
        string result = op.Outputs[0].IsList ? "The results, in order; waits for the server." : op.Outputs.Length > 1 ? "A named tuple: " + string.Join(", ", op.Outputs.Select(o => o.Name)) + "." : op.IsView ? "The result, which may share the input's memory." : "The result.";
        text.Append(CultureInfo.InvariantCulture, $"\nReturns:\n    {result}\n\nRaises:\n    AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.\n");
        return text.ToString();
    }

    private static string Quoted(string text, int indent)
    {
        string margin = new(' ', indent);
        string[] lines = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"\"\"", "'''", StringComparison.Ordinal).TrimEnd('\n').Split('\n');
        if (lines is [var only]) return $"\"\"\"{only}{(only.EndsWith('"') ? " " : "")}\"\"\"";
        return "\"\"\"" + string.Join("\n", lines.Select((l, i) => i == 0 || l.Length == 0 ? l : margin + l)) + "\n" + margin + "\"\"\"";
    }

    private static string Tuple(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length == 1 ? $"({all[0]},)" : $"({string.Join(", ", all)})";
    }
}
