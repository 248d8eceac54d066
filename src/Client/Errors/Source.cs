using System.Diagnostics;

namespace AutogradService.Client;

/// <summary>Where in the caller's program a command was given: told by the compiler, or a stack frame that is looked up only if it is needed.</summary>
internal readonly struct Source
{
    private readonly object? _fileOrFrame;
    private readonly string? _member;
    private readonly int _line;

    /// <summary>As the compiler tells it.</summary>
    public Source(string file, int line, string member)
    {
        _fileOrFrame = file;
        _line = line;
        _member = member;
    }

    /// <summary>As the stack tells it.</summary>
    public Source(StackFrame frame) => _fileOrFrame = frame;

    /// <summary>Whether anything is known.</summary>
    public bool IsKnown => _fileOrFrame is not null;

    /// <summary>File, line and member.</summary>
    public SourceLocation? Resolve() => _fileOrFrame switch
    {
        string file => new SourceLocation(file, _line, _member ?? "", IsExact: true),
        StackFrame frame => FrameLookup.Find(frame),
        _ => null,
    };
}

/// <summary>A place in the caller's source.</summary>
/// <param name="File">Path of the source file, as it was compiled; empty if no debug information tells it.</param>
/// <param name="Line">Line, from 1; 0 if unknown.</param>
/// <param name="Member">Method or property.</param>
/// <param name="IsExact">False if this is the nearest command before the one that failed, because the failed one (an operator) was not traced.</param>
public sealed record SourceLocation(string File, int Line, string Member, bool IsExact)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string at = File.Length == 0 ? Member : $"{File}:{Line} ({Member})";
        return IsExact ? at : $"{at}, or soon after it (operators were not traced)";
    }
}
