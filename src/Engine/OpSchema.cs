namespace AutogradService.Engine;

/// <summary>Names an op and its inputs: "gather(self, dim, index!)". Names that match a constructor parameter are attributes, the others are tensors.</summary>
/// <remarks>
/// Suffixes of tensors: ? optional, * a list, ~ a tensor or a number, ! takes no gradient, &amp; is rewritten by an <see cref="UpdateOp"/>. "-> (values, indices)" names several outputs, "-> outputs*" a list.
/// Attributes that the signature does not mention follow at its end.
/// </remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpAttribute(string signature) : Attribute
{
    /// <summary>The signature.</summary>
    public string Signature { get; } = signature;

    /// <summary>Whether the op may write over its first input (add_).</summary>
    public bool InPlace { get; init; }

    /// <summary>Not offered to users: a derivative's building block.</summary>
    public bool Hidden { get; init; }

    /// <summary>PyTorch's page about it ("torch.Tensor.view"), where name and family do not tell.</summary>
    public string Page { get; init; } = "";
}

/// <summary>What a parameter of an op takes.</summary>
public enum ParameterKind
{
    /// <summary>A tensor.</summary>
    Tensor,
    /// <summary>Any number of tensors.</summary>
    TensorList,
    /// <summary>A tensor or a number.</summary>
    Operand,
    /// <summary>An integer.</summary>
    Int,
    /// <summary>A float.</summary>
    Float,
    /// <summary>A truth value.</summary>
    Bool,
    /// <summary>A string.</summary>
    String,
    /// <summary>A dtype.</summary>
    DType,
    /// <summary>A list of integers.</summary>
    Ints,
    /// <summary>A number of any kind.</summary>
    Scalar,
}

/// <summary>A parameter of an op.</summary>
/// <param name="Name">snake_case, PyTorch's name.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Optional">May be left out: a tensor is then absent, an attribute has its default.</param>
/// <param name="Default">The attribute's default; null also stands for None.</param>
/// <param name="Differentiable">For tensors: whether gradients flow to it.</param>
public sealed record OpParameter(string Name, ParameterKind Kind, bool Optional, object? Default, bool Differentiable)
{
    /// <summary>For tensors: whether the op's in-place form writes to it.</summary>
    public bool Mutable { get; init; }

    /// <summary>Whether this is an input rather than an attribute.</summary>
    public bool IsInput => Kind is ParameterKind.Tensor or ParameterKind.TensorList or ParameterKind.Operand;
}

/// <summary>An output of an op.</summary>
/// <param name="Name">Its name in PyTorch's named tuple, or "output".</param>
/// <param name="IsList">A list whose length the inputs decide.</param>
public sealed record OpOutput(string Name, bool IsList);

/// <summary>What the world outside knows of an op: published by the server, and the source of every client's methods and of the docs.</summary>
public sealed class OpSchema
{
    private readonly int _listIndex = -1;
    private readonly bool[] _differentiable;

    internal OpSchema(string name, string doc, string gradient, string family, string page, OpParameter[] parameters, OpOutput[] outputs, bool canInPlace, bool hidden, bool isView, bool isComposite, bool differentiable)
    {
        Name = name;
        Doc = doc;
        Gradient = gradient;
        Family = family;
        Page = page.Length > 0 ? page : PageOf(name.Split('.')[0], family);
        Parameters = parameters;
        Outputs = outputs;
        CanInPlace = canInPlace;
        Hidden = hidden;
        IsView = isView;
        IsComposite = isComposite;
        Differentiable = differentiable;
        Inputs = Array.FindAll(parameters, p => p.IsInput);
        Attributes = Array.FindAll(parameters, p => !p.IsInput);
        _listIndex = Array.FindIndex(Inputs, p => p.Kind == ParameterKind.TensorList);
        _differentiable = Array.ConvertAll(Inputs, p => p.Differentiable);
        GradFnName = string.Concat(name.Split('.')[0].Split('_').Select(w => w.Length == 0 ? "" : char.ToUpperInvariant(w[0]) + w[1..])) + "Backward0";
    }

    /// <summary>The name of an input, or, counting on after the inputs, of an output.</summary>
    /// <param name="slot">Its position.</param>
    /// <param name="inputs">How many inputs the call had, each element of a list counted.</param>
    internal string SlotName(int slot, int inputs)
    {
        if (slot >= inputs) return Outputs.Length == 1 ? "result" : Outputs[Math.Min(slot - inputs, Outputs.Length - 1)].Name;
        if (_listIndex < 0 || slot < _listIndex) return Inputs[slot].Name;
        int listed = inputs - Inputs.Length + 1;
        return slot < _listIndex + listed ? $"{Inputs[_listIndex].Name}[{slot - _listIndex}]" : Inputs[slot - listed + 1].Name;
    }

    /// <summary>PyTorch's name; overloads as ATen has them: max, max.dim.</summary>
    public string Name { get; }

    /// <summary>Position in <see cref="OpTable.Entries"/>; what the wire may say instead of the name. Never 0.</summary>
    public uint Id { get; internal set; }

    /// <summary>One sentence and the formula.</summary>
    public string Doc { get; }

    /// <summary>The gradient's formula, as it stands beside the op's VJP; empty for one made of other ops, and where there is none.</summary>
    public string Gradient { get; }

    /// <summary>What kind of op it is, as the folder of its file names it: "Activations".</summary>
    public string Family { get; }

    /// <summary>The qualified name that PyTorch documents it under: "torch.nn.functional.gelu".</summary>
    public string Page { get; }

    /// <summary>Inputs and attributes in PyTorch's order.</summary>
    public OpParameter[] Parameters { get; }

    /// <summary>The tensors among the parameters.</summary>
    public OpParameter[] Inputs { get; }

    /// <summary>The rest.</summary>
    public OpParameter[] Attributes { get; }

    /// <summary>The results.</summary>
    public OpOutput[] Outputs { get; }

    /// <summary>Whether it may write over its first input.</summary>
    public bool CanInPlace { get; }

    /// <summary>A derivative's building block, not offered to users.</summary>
    public bool Hidden { get; }

    /// <summary>Whether the result shares the input's memory.</summary>
    public bool IsView { get; }

    /// <summary>Whether it is made of other ops.</summary>
    public bool IsComposite { get; }

    /// <summary>Whether gradients flow through it.</summary>
    public bool Differentiable { get; }

    /// <summary>The default name of the recorded node.</summary>
    public string GradFnName { get; }

    /// <summary>Index of the list among the inputs, or -1.</summary>
    public int ListIndex => _listIndex;

    private static string PageOf(string name, string family)
    {
        foreach (string space in (string[])["linalg", "special", "fft"])
            if (name.StartsWith(space + "_", StringComparison.Ordinal)) return $"torch.{space}.{name[(space.Length + 1)..]}";
        return family is "Activations" or "Attention" or "Convolution" or "Imaging" or "Losses" or "Normalization" or "Padding" or "Pooling" or "Softmax" ? $"torch.nn.functional.{name}" : $"torch.{name}";
    }

    /// <summary>Whether the in-place form of the op writes to an input, counting list elements one by one: the first for most ops, parameter and state for an optimizer's step.</summary>
    public bool Writes(int input) => CanInPlace && (input == 0 || _listIndex < 0 && input < Inputs.Length && Inputs[input].Mutable);

    /// <summary>Whether an input of a call takes gradients, counting list elements one by one.</summary>
    public bool Differentiates(int input, int count)
    {
        if (_listIndex >= 0 && input >= _listIndex)
        {
            int length = count - (_differentiable.Length - 1);
            input = input < _listIndex + length ? _listIndex : input - length + 1;
        }
        return _differentiable[input];
    }
}

/// <summary>An op of the table: its schema, how to make it from attributes, and what its tests need.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Create">Makes the record from attribute values.</param>
/// <param name="Samples">Sample calls.</param>
/// <param name="Reference">The definition that the forward is tested against.</param>
/// <param name="RecordType">The record.</param>
public sealed record OpEntry(OpSchema Schema, Func<AttributeReader, Op> Create, Func<Sampler, IEnumerable<Sample>> Samples, Reference Reference, Type RecordType);

/// <summary>All ops. The generated half lists every record with an <see cref="OpAttribute"/>; there is no other list.</summary>
public static partial class OpTable
{
    private static readonly OpEntry[] s_entries = Build();
    private static readonly System.Collections.Frozen.FrozenDictionary<string, OpEntry> s_byName =
        System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(s_entries, e => e.Schema.Name);

    /// <summary>All entries, by name.</summary>
    public static IReadOnlyList<OpEntry> Entries => s_entries;

    /// <summary>Finds an op by name.</summary>
    /// <exception cref="AutogradException">OP_UNSUPPORTED.</exception>
    public static OpEntry Get(string name) =>
        s_byName.TryGetValue(name, out var entry) ? entry : throw new AutogradException(ErrorReason.OpUnsupported, $"no op is named '{(name.Length > 100 ? name[..100] : name)}'", TorchErrorType.NotImplementedError);

    /// <summary>Finds an op by the id that its schema tells.</summary>
    /// <exception cref="AutogradException">OP_UNSUPPORTED.</exception>
    public static OpEntry Get(uint id) =>
        id - 1 < (uint)s_entries.Length ? s_entries[id - 1] : throw new AutogradException(ErrorReason.OpUnsupported, $"no op has the id {id}", TorchErrorType.NotImplementedError);

    /// <summary>Whether there is an op of that name.</summary>
    public static bool Contains(string name) => s_byName.ContainsKey(name);

    private static OpEntry[] Build()
    {
        var entries = Generated();
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Schema.Name, b.Schema.Name));
        for (int i = 0; i < entries.Length; i++) entries[i].Schema.Id = (uint)i + 1;
        return entries;
    }

    private static partial OpEntry[] Generated();
}
