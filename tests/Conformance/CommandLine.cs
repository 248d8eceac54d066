namespace AutogradService.Conformance;

/// <summary>What to replay, how, and where to report.</summary>
internal sealed record CommandLine
{
    /// <summary>How the program is called.</summary>
    public const string Usage = """
        Usage: Conformance [--golden FILE.zip]... [--programs FILE.jsonl.gz] [--wire | --compiled] [--op NAME] [--verbose] [--json OUT] [--write-floor OUT]
          --golden       an archive of recorded ops; may be given several times
          --programs     a file of recorded programs
          --wire         through the C# client and an in-process server, not through the engine directly
          --compiled     as functions: for every value read, the calls that lead to it are compiled, and the engine's own bits expected
          --op           only this op, by its OpInfo name (all its variants)
          --verbose      every finding, not a few for each op
          --json         writes the report as JSON too
          --write-floor  writes the counts of passes, which the tests then hold as a floor
        Or: Conformance cases --out FOLDER
          makes the language-neutral cases (tests/conformance-cases) anew, through the C# client and an in-process server
        Exits with 0 if everything passed, 1 if something failed, 2 if it was called wrongly.
        """;

    /// <summary>Archives of recorded ops.</summary>
    public IReadOnlyList<string> Golden { get; init; } = [];

    /// <summary>A file of recorded programs.</summary>
    public string? Programs { get; init; }

    /// <summary>Whether to go over the wire.</summary>
    public bool Wire { get; init; }

    /// <summary>Whether to go through compiled functions.</summary>
    public bool Compiled { get; init; }

    /// <summary>Where to write JSON.</summary>
    public string? Json { get; init; }

    /// <summary>Where to write the floor.</summary>
    public string? WriteFloor { get; init; }

    /// <summary>The only op to replay.</summary>
    public string? Op { get; init; }

    /// <summary>Whether to list every finding.</summary>
    public bool Verbose { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">They are not as <see cref="Usage"/> says.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine();
        for (var i = 0; i < args.Count; i++)
            line = args[i] switch
            {
                "--golden" => line with { Golden = [.. line.Golden, Value(args, ref i)] },
                "--programs" => line with { Programs = Value(args, ref i) },
                "--json" => line with { Json = Value(args, ref i) },
                "--write-floor" => line with { WriteFloor = Value(args, ref i) },
                "--op" => line with { Op = Value(args, ref i) },
                "--wire" => line with { Wire = true },
                "--compiled" => line with { Compiled = true },
                "--verbose" => line with { Verbose = true },
                _ => throw new ArgumentException($"Unknown argument {args[i]}."),
            };
        return line.Golden.Count == 0 && line.Programs is null ? throw new ArgumentException("Nothing to replay.") : line;
    }

    private static string Value(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");
}
