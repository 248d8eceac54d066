using AutogradService.Engine;

namespace AutogradService.Generate;

/// <summary>A file that is made, not written, and committed all the same.</summary>
/// <param name="Path">Where it lies, from the repository's root.</param>
/// <param name="Text">What it should hold.</param>
public sealed record GeneratedFile(string Path, string Text)
{
    /// <summary>Every generated file.</summary>
    /// <param name="root">The repository's root.</param>
    public static IReadOnlyList<GeneratedFile> All(string root)
    {
        var ops = OpTable.Entries.Select(e => e.Schema).Where(s => !s.Hidden).ToArray();
        return
        [
            new("src/Client/Tensor.Ops.g.cs", CSharpWriter.TensorMethods(ops)),
            new("src/Client/Session.Ops.g.cs", CSharpWriter.SessionMethods(ops)),
            new("src/Client/Errors/ErrorReason.g.cs", ErrorReasons.ToCSharp(File.ReadAllText(System.IO.Path.Combine(root, "protos/autograd/v1/errors.proto")))),
            new("clients/typescript/src/ops.g.ts", TypeScriptWriter.Methods(ops)),
            new("clients/typescript/src/errorReason.g.ts", TypeScriptWriter.Reasons(File.ReadAllText(System.IO.Path.Combine(root, "protos/autograd/v1/errors.proto")))),
            new("clients/typescript/test/methods.g.ts", TypeScriptWriter.Table(ops)),
            new("docs/ops.md", OpsPage.Write(ops)),
            new("docs/configuration.md", ConfigurationPage.Write()),
            new("docs/errors.md", ErrorsPage.Write(File.ReadAllText(System.IO.Path.Combine(root, "protos/autograd/v1/errors.proto")))),
            new("clients/python/src/autograd_client/_ops.py", PythonWriter.Module(ops)),
            new("clients/python/src/autograd_client/_ops.pyi", PythonWriter.Stub(ops)),
        ];
    }

    /// <summary>The directory that holds the solution, from one inside it.</summary>
    public static string FindRoot(string start)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "AutogradService.sln"))) return directory.FullName;
        throw new InvalidOperationException($"{start} is not inside the repository");
    }

    /// <summary>Whether the file on disk is as it should be.</summary>
    public bool IsCurrent(string root)
    {
        string path = System.IO.Path.Combine(root, Path);
        return File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == Text;
    }

    /// <summary>Writes it.</summary>
    public void Write(string root)
    {
        string path = System.IO.Path.Combine(root, Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Text);
    }
}
