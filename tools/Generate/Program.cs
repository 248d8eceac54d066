using AutogradService.Generate;

// Writes what is made from the op table and from the protos. With --check: says what is stale, and writes nothing.
string root = GeneratedFile.FindRoot(Environment.CurrentDirectory);
bool check = args.Contains("--check");
int stale = 0;
foreach (var file in GeneratedFile.All(root))
{
    if (file.IsCurrent(root)) continue;
    stale++;
    Console.WriteLine($"{(check ? "stale" : "written")}: {file.Path}");
    if (!check) file.Write(root);
}
return check && stale > 0 ? 1 : 0;
