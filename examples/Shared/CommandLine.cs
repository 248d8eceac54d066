using System.Globalization;

namespace AutogradService.Examples;

/// <summary>The options of a program, each a name and a value: "--epochs 30".</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _flags = [];

    /// <summary>Reads the options.</summary>
    /// <param name="args">What was given.</param>
    /// <param name="names">The names that are known: "--epochs".</param>
    /// <exception cref="FormatException">A name is not known, given twice, or has no value.</exception>
    public CommandLine(string[] args, params ReadOnlySpan<string> names)
        : this(args, [], names)
    {
    }

    /// <summary>Reads options, of which some have no value.</summary>
    /// <param name="args">What was given.</param>
    /// <param name="flags">The names that are known and have no value: "--functions".</param>
    /// <param name="names">The names that are known and have one.</param>
    /// <exception cref="FormatException">A name is not known, given twice, or has no value.</exception>
    public CommandLine(string[] args, string[] flags, params ReadOnlySpan<string> names)
    {
        for (int i = 0; i < args.Length; i += 2)
        {
            if (flags.Contains(args[i]))
            {
                if (!_flags.Add(args[i--])) throw new FormatException($"{args[i + 1]} is given twice");
                continue;
            }
            if (!names.Contains(args[i])) throw new FormatException($"unknown option {args[i]}");
            if (i + 1 == args.Length) throw new FormatException($"{args[i]} needs a value");
            if (!_values.TryAdd(args[i], args[i + 1])) throw new FormatException($"{args[i]} is given twice");
        }
    }

    /// <summary>Whether an option that has no value was given.</summary>
    public bool Flag(string name) => _flags.Contains(name);

    /// <summary>The value of an option that is a server's address; null if it was not given.</summary>
    /// <exception cref="FormatException">It is no such address.</exception>
    public string? Address(string name)
    {
        if (!_values.TryGetValue(name, out string? text)) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)) return text;
        throw new FormatException($"{name} must be like http://localhost:50051, not {text}");
    }

    /// <summary>The value of an option that is an integer; another one if it was not given.</summary>
    /// <exception cref="FormatException">It is no integer, or outside minimum to maximum.</exception>
    public int Integer(string name, int otherwise, int minimum, int maximum)
    {
        if (!_values.TryGetValue(name, out string? text)) return otherwise;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum) return value;
        throw new FormatException($"{name} must be an integer from {minimum} to {maximum}, not {text}");
    }
}
