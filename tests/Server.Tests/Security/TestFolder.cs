namespace AutogradService.Server.Tests.Security;

/// <summary>A fresh folder for a test's files of keys and certificates; gone with it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("autograd-security-").FullName;

    /// <summary>Writes a file, whole or not at all, as whoever rotates keys should.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string content)
    {
        string path = PathOf(name), fresh = path + ".new";
        File.WriteAllText(fresh, content);
        File.Move(fresh, path, overwrite: true);
        return path;
    }

    public string Write(string name, byte[] content)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string PathOf(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
