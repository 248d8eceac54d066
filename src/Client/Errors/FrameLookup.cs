using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace AutogradService.Client;

/// <summary>Finds the source line of a stack frame that was captured without one, which is what makes capturing cheap.</summary>
internal static class FrameLookup
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Where the method's metadata was trimmed away, the location is unknown, which is handled.")]
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location only means that no debug information is found.")]
    public static SourceLocation? Find(StackFrame frame)
    {
        if (frame.GetFileName() is { Length: > 0 } known) return new SourceLocation(known, frame.GetFileLineNumber(), frame.GetMethod()?.Name ?? "", IsExact: true);
        if (frame.GetMethod() is not { } method) return null;
        string member = MemberOf(method);
        try
        {
            if (LineOf(method, frame.GetILOffset()) is var (file, line)) return new SourceLocation(file, line, member, IsExact: true);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException or NotSupportedException)
        {
            // Without readable debug information the member's name must do.
        }
        return new SourceLocation("", 0, member, IsExact: true);
    }

    // The compiler's names for lambdas, local functions and async methods hold the member's in angle brackets: "<Main>b__0".
    private static string MemberOf(MethodBase method)
    {
        string name = method.Name is "MoveNext" && method.DeclaringType?.Name is { } machine && machine.StartsWith('<') ? machine : method.Name;
        int end = name.IndexOf('>', StringComparison.Ordinal);
        return name.StartsWith('<') && end > 1 ? name[1..end] : name;
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "As above.")]
    private static (string File, int Line)? LineOf(MethodBase method, int offset)
    {
        string path = method.Module.Assembly.Location;
        if (path.Length == 0 || offset == StackFrame.OFFSET_UNKNOWN) return null;
        using var image = new PEReader(File.OpenRead(path));
        if (!image.TryOpenAssociatedPortablePdb(path, static p => File.Exists(p) ? File.OpenRead(p) : null, out var provider, out _) || provider is null) return null;
        using (provider)
        {
            var symbols = provider.GetMetadataReader();
            var handle = MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF);
            (string, int)? found = null;
            foreach (var point in symbols.GetMethodDebugInformation(handle.ToDebugInformationHandle()).GetSequencePoints())
            {
                if (point.Offset > offset) break;
                if (!point.IsHidden) found = (symbols.GetString(symbols.GetDocument(point.Document).Name), point.StartLine);
            }
            return found;
        }
    }
}
