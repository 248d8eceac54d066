namespace AutogradService.Generate;

/// <summary>Names of one language in another.</summary>
internal static class Naming
{
    private static readonly HashSet<string> s_reserved = [.. "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while".Split(' ')];

    /// <summary>GradOutput for grad_output.</summary>
    public static string Pascal(string snake) => string.Concat(snake.Split('_').Where(w => w.Length > 0).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    /// <summary>gradOutput for grad_output.</summary>
    public static string Camel(string snake)
    {
        string pascal = Pascal(snake);
        string camel = char.ToLowerInvariant(pascal[0]) + pascal[1..];
        return s_reserved.Contains(camel) ? "@" + camel : camel;
    }
}
