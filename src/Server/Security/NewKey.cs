using System.Globalization;

namespace AutogradService.Server.Security;

/// <summary>The command "new-key PRINCIPAL [--role admin] [--not-after TIME]": makes a key, shows it once, and says which line lets it in.</summary>
internal static class NewKey
{
    /// <summary>The command's name.</summary>
    public const string Command = "new-key";

    private const string Usage = "usage: new-key PRINCIPAL [--role admin|user] [--not-after 2030-01-31T00:00:00Z]";

    /// <summary>Runs the command.</summary>
    /// <param name="args">What follows its name.</param>
    /// <param name="output">Takes the line, and nothing else: it can be appended to a file.</param>
    /// <param name="notes">Takes the key, and words for people.</param>
    /// <returns>The program's exit code.</returns>
    public static int Run(ReadOnlySpan<string> args, TextWriter output, TextWriter notes)
    {
        if (!TryRead(args, out string principal, out bool isAdmin, out var notAfter))
        {
            notes.WriteLine(Usage);
            return 2;
        }
        string text = ApiKey.Create();
        notes.WriteLine("The key, shown this once; its owner presents it as \"authorization: Bearer KEY\":");
        notes.WriteLine(text);
        notes.WriteLine("The line for Autograd:Security:KeysFile, or for one of Autograd:Security:Keys:");
        notes.Flush();
        output.WriteLine(new ApiKey(principal, KeyHash.Of(text), isAdmin, notAfter));
        return 0;
    }

    private static bool TryRead(ReadOnlySpan<string> args, out string principal, out bool isAdmin, out DateTimeOffset notAfter)
    {
        principal = args.Length > 0 ? args[0] : "";
        isAdmin = false;
        notAfter = DateTimeOffset.MaxValue;
        if (!Caller.IsName(principal) || principal.StartsWith('-') || args.Length % 2 == 0) return false;
        for (int i = 1; i < args.Length; i += 2)
        {
            switch (args[i], args[i + 1])
            {
                case ("--role", "admin"): isAdmin = true; break;
                case ("--role", "user"): isAdmin = false; break;
                case ("--not-after", var text) when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out notAfter): break;
                default: return false;
            }
        }
        return true;
    }
}
