using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace AutogradService.Benchmarks;

/// <summary>
/// Another library to compare with, loaded into this process so that its samples and ours take turns. It is a project of its own that nothing refers
/// to: it is built here, into a cache folder, and found by the names of its methods.
/// </summary>
internal sealed class Peer
{
    private const string Library = "libtorch";
    private const string AssemblyName = "AutogradService.Benchmarks.Peer";
    private const string NativeName = "libLibTorchSharp.so";
    private const string ChildMark = "AUTOGRAD_BENCHMARKS_CHILD";
    private readonly Func<string, Action<long>?> _prepare;
    private readonly Action<int> _setThreads;

    private Peer(string name, Func<string, Action<long>?> prepare, Action<int> setThreads)
    {
        Name = name;
        _prepare = prepare;
        _setThreads = setThreads;
    }

    /// <summary>The library and its version.</summary>
    public string Name { get; }

    /// <summary>
    /// Runs this program again with an allocator that gives nothing back to the system: otherwise libtorch, which pools no memory, pays page faults for
    /// every large result, and we would compare with those.
    /// </summary>
    /// <returns>The exit code of that run; null: this is it, or none is needed.</returns>
    public static async Task<int?> RunTunedAsync(string[] args)
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(ChildMark) is not null) return null;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string arg in args) start.ArgumentList.Add(arg);
        start.Environment[ChildMark] = "1";
        start.Environment["GLIBC_TUNABLES"] = "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184";
        using var child = Process.Start(start)!;
        await child.WaitForExitAsync();
        return child.ExitCode;
    }

    /// <summary>Builds and loads it.</summary>
    /// <returns>It, or why it cannot be had.</returns>
    public static async Task<(Peer? Peer, string? Reason)> OpenAsync(string library)
    {
        if (library != Library) return (null, $"there is no peer '{library}', only '{Library}'");
        try
        {
            string folder = Path.Combine(CacheFolder(), "autogradservice-benchmarks", Library);
            if (await BuildAsync(folder) is { } failure) return (null, failure);
            return (Load(Path.Combine(folder, "bin")), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException or TypeLoadException or TargetInvocationException or InvalidDataException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            return (null, (e.InnerException ?? e).Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>Prepares a row; what the last one held is given back.</summary>
    /// <returns>A loop of as many calls as it is told; null: the peer has no such row.</returns>
    public Action<long>? Prepare(string row) => _prepare(row);

    /// <summary>How many threads a kernel of the peer may use when the calling thread runs it: OpenMP keeps that number for each thread.</summary>
    public void SetThreads(int count) => _setThreads(count);

    private static string CacheFolder() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
        ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    private static async Task<string?> BuildAsync(string folder)
    {
        string project = Path.GetFullPath(Path.Combine(ThisFolder(), "..", "Benchmarks.Peer", "Benchmarks.Peer.csproj"));
        if (!File.Exists(project)) return $"its source is not at {project}";
        Directory.CreateDirectory(folder);
        // None of what a build that started this program may have left behind.
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        start.Environment.Remove("GLIBC_TUNABLES");
        string[] args =
        [
            "build", project, "-c", "Release", "-o", Path.Combine(folder, "bin"), $"-p:BaseIntermediateOutputPath={Path.Combine(folder, "obj")}/",
            "--nologo", "-v", "quiet", "-nodeReuse:false",
        ];
        foreach (string arg in args) start.ArgumentList.Add(arg);
        Console.Error.WriteLine($"building {Library}'s side into {folder} (the first time this downloads it, some 200 MB)");
        using var build = Process.Start(start)!;
        string output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        if (build.ExitCode == 0) return null;
        string? error = output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal));
        return $"building it failed: {error?.Trim() ?? $"exit code {build.ExitCode}"}";
    }

    private static Peer Load(string folder)
    {
        string native = Path.Combine(folder, NativeName);
        if (File.Exists(native) && !NativeLibrary.TryLoad(native, out _))
        {
            // It may only be that this system's C++ library is a little older.
            if (OldCxxLibrary.Adapt(native)) Console.Error.WriteLine($"{NativeName} adapted to this system's older libstdc++");
            NativeLibrary.Load(native);
        }
        string path = Path.Combine(folder, AssemblyName + ".dll");
        var entry = new PeerContext(path).LoadFromAssemblyPath(path).GetType(AssemblyName + ".Entry", throwOnError: true)!;
        T Method<T>(string name) where T : Delegate => entry.GetMethod(name)?.CreateDelegate<T>() ?? throw new TypeLoadException($"the peer has no method {name}");
        return new Peer(Method<Func<string>>("Open")(), Method<Func<string, Action<long>?>>("Prepare"), Method<Action<int>>("SetThreads"));
    }

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    /// <summary>The peer's own world: its versions of packages are not ours.</summary>
    private sealed class PeerContext(string path) : AssemblyLoadContext("peer")
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName)
        {
            string beside = Path.Combine(Path.GetDirectoryName(path)!, $"lib{unmanagedDllName}.so");
            if (File.Exists(beside)) return LoadUnmanagedDllFromPath(beside);
            return _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
        }
    }
}
