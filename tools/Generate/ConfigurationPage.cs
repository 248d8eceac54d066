using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AutogradService.Server.Hosting;

namespace AutogradService.Generate;

/// <summary>docs/configuration.md: every option, from the options classes' properties, attributes, defaults and documentation.</summary>
internal static partial class ConfigurationPage
{
    private const string Head = """
        # Configuration

        Made from the options classes by `dotnet run --project tools/Generate`; a test says when it is stale.

        Settings come from `appsettings.json` beside the program, the environment, and the command line, in rising precedence. `Limits:SessionsMax` below is `Autograd:Limits:SessionsMax` in full:

        | where | how it is written |
        |---|---|
        | appsettings.json | `{ "Autograd": { "Limits": { "SessionsMax": 100 } } }` |
        | environment | `AUTOGRAD__LIMITS__SESSIONSMAX=100` (two underscores; of a list `AUTOGRAD__WEBORIGINS__0`) |
        | command line | `--Autograd:Limits:SessionsMax=100` |

        All of it is checked at start: an option that does not exist, a value out of range, or two that contradict each other end the program with a line that names them. Only the files that options name (keys,
        certificates, denied certificates) are read again while the server runs; every other change is a restart. [operations.md](operations.md) says what to set when.

        """;

    /// <summary>An option.</summary>
    /// <param name="Name">Its name within the section "Autograd", as "Limits:SessionsMax".</param>
    /// <param name="Default">Its default, for people.</param>
    /// <param name="Range">What it may be, for people.</param>
    /// <param name="Doc">What it does.</param>
    private sealed record Option(string Name, string Default, string Range, string Doc);

    public static string Write()
    {
        var docs = XDocument.Load(Path.ChangeExtension(typeof(ServerOptions).Assembly.Location, ".xml")).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary"));
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        Section(page, new ServerOptions(), "", "Server", docs);
        return page.ToString();
    }

    private static void Section(StringBuilder page, object options, string prefix, string title, Dictionary<string, XElement?> docs)
    {
        // By where they stand in the source, which is the order that their author wanted.
        var properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).OrderBy(p => p.MetadataToken).ToArray();
        var inner = properties.Where(p => IsSection(p.PropertyType)).ToArray();
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        if (prefix.Length > 0) page.Append(CultureInfo.InvariantCulture, $"{DocOf(options.GetType(), docs)}\n\n");
        page.Append("| option | environment | default | range | meaning |\n|---|---|---|---|---|\n");
        foreach (var property in properties.Except(inner))
        {
            var option = Describe(property, options, prefix, docs);
            string environment = "AUTOGRAD__" + option.Name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant() + (IsList(property.PropertyType) ? "__0" : "");
            page.Append(CultureInfo.InvariantCulture, $"| `{option.Name}` | `{environment}` | {option.Default} | {option.Range} | {option.Doc} |\n");
        }
        foreach (var property in inner) Section(page, property.GetValue(options)!, prefix + property.Name + ":", prefix + property.Name, docs);
    }

    private static Option Describe(PropertyInfo property, object options, string prefix, Dictionary<string, XElement?> docs)
    {
        string doc = Text(docs.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}") ?? throw new InvalidOperationException($"{prefix}{property.Name} has no documentation"));
        return new Option(prefix + property.Name, Value(property.GetValue(options)), Range(property), doc);
    }

    private static bool IsSection(Type type) => type.Assembly == typeof(ServerOptions).Assembly && type.IsClass;

    private static bool IsList(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable));

    private static string Range(PropertyInfo property)
    {
        if (property.PropertyType.IsEnum) return string.Join(", ", Enum.GetNames(property.PropertyType).Select(n => $"`{n}`"));
        if (property.PropertyType == typeof(bool)) return "`true`, `false`";
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed) return string.Join(", ", allowed.Values.Select(v => $"`{v}`"));
        if (property.GetCustomAttribute<RangeAttribute>() is { } range) return $"{Value(range.Minimum)} to {Value(range.Maximum)}";
        if (IsList(property.PropertyType)) return "a list";
        return property.GetCustomAttribute<RequiredAttribute>() is null ? "text" : "text, not empty";
    }

    private static string Value(object? value) => value switch
    {
        null or "" => "empty",
        string text => $"`{text}`",
        IEnumerable => "empty",
        bool flag => flag ? "`true`" : "`false`",
        Enum name => $"`{name}`",
        long.MaxValue => "2^63 - 1",
        int.MaxValue => "2^31 - 1",
        int number => Number(number),
        long number => Number(number),
        IFormattable number => number.ToString("0.######", CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"a default of type {value.GetType()}"),
    };

    private static string Number(long number)
    {
        string plain = number.ToString(CultureInfo.InvariantCulture);
        foreach (var (unit, bits) in new[] { ("Gi", 30), ("Mi", 20), ("Ki", 10) })
            if (number >= Math.Max(1L << bits, 65536) && number % (1L << bits) == 0) return $"{plain} ({number >> bits} {unit})";
        return plain;
    }

    private static string DocOf(Type type, Dictionary<string, XElement?> docs) => Text(docs.GetValueOrDefault($"T:{type.FullName}") ?? throw new InvalidOperationException($"{type.FullName} has no documentation"));

    private static string Text(XElement summary)
    {
        foreach (var see in summary.Elements("see").ToArray()) see.ReplaceWith($"`{see.Attribute("cref")!.Value.Split('.')[^1]}`");
        return Space().Replace(summary.Value, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
