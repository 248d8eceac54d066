namespace AutogradService.Client;

/// <summary>Records functions to be registered.</summary>
internal static class FunctionRecorder
{
    /// <summary>Runs the user's function once, on placeholders, and writes down what it does.</summary>
    /// <param name="session">What the placeholders belong to.</param>
    /// <param name="connection">Where it will run.</param>
    /// <param name="function">The function.</param>
    /// <param name="specs">Its parameters.</param>
    /// <param name="name">A name for others to find it by; null: that of its <see cref="FunctionAttribute"/>.</param>
    /// <param name="method">Where to look for that.</param>
    /// <param name="text">The lambda as it was written: tells names of parameters.</param>
    /// <exception cref="InvalidOperationException">It reads a value, or does anything else that is no op.</exception>
    public static Function Record(AutogradSession session, FunctionConnection connection, Func<Tensor[], Tensor[]> function, IReadOnlyList<TensorSpec> specs, string? name, System.Reflection.MethodInfo method, string text)
    {
        ArgumentNullException.ThrowIfNull(specs);
        var (segment, used) = FunctionTrace.Record(session, function, specs.Count);
        name ??= (Attribute.GetCustomAttribute(method, typeof(FunctionAttribute)) as FunctionAttribute)?.Name ?? "";
        var wire = new Wire.Function { DisplayName = name };
        string[] names = Names(text, specs);
        for (int i = 0; i < specs.Count; i++)
        {
            var parameter = new Wire.FunctionParameter { Name = names[i], Handle = segment.Parameters[i], Dtype = (Wire.DataType)specs[i].DType };
            foreach (var dim in specs[i]) parameter.Shape.Add(dim.Symbol is { } symbol ? new Wire.Dimension { Symbol = symbol } : new Wire.Dimension { Fixed = dim.Size });
            wire.Parameters.Add(parameter);
        }
        // Tensors of the session that it uses are given with every call; what they are like only the server knows.
        Tensor[] state = [.. used.Values];
        for (int i = 0; i < state.Length; i++) wire.Parameters.Add(new Wire.FunctionParameter { Name = FormattableString.Invariant($"state.{i}"), Handle = state[i].Handle });
        foreach (var step in segment.Steps) wire.Steps.Add(Named(step, connection.Catalog));
        foreach (ulong result in segment.Results) wire.Results.Add(new Wire.FunctionResult { Handle = result });
        return new Function(new FunctionSource(connection, wire, state));
    }

    // Ids are valid for one catalogue only; the function may outlive the server's.
    private static Wire.SegmentStep Named(Wire.SegmentStep step, Catalog catalog)
    {
        if (step.ApplyOp.OpId == 0) return step;
        step.ApplyOp.Op = catalog.NameOf(step.ApplyOp.OpId);
        step.ApplyOp.OpId = 0;
        return step;
    }

    // (x, w, b) => ...: the names between the parentheses.
    private static string[] Names(string text, IReadOnlyList<TensorSpec> specs)
    {
        int arrow = text.IndexOf("=>", StringComparison.Ordinal);
        string head = arrow < 0 ? "" : text[..arrow].Trim();
        if (head.StartsWith("static ", StringComparison.Ordinal)) head = head[7..].Trim();
        string[] written = head.Length == 0 ? [] : [.. head.Trim('(', ')').Split(',').Select(static part => part.Trim().Split(' ')[^1].TrimStart('@'))];
        bool fits = written.Length == specs.Count && written.Distinct().Count() == written.Length && written.All(static n => n.Length is > 0 and <= 64 && n != "_" && n.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(n[0]));
        var names = new string[specs.Count];
        for (int i = 0; i < names.Length; i++) names[i] = specs[i].Name ?? (fits ? written[i] : FormattableString.Invariant($"x{i}"));
        return names;
    }
}
