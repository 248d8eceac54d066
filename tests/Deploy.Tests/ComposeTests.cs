using System.Text.RegularExpressions;
using AutogradService.Server.Hosting;

namespace AutogradService.Deploy.Tests;

/// <summary>docker-compose.yml and the Dockerfiles as texts; deploy/test-containers.sh runs them.</summary>
public sealed partial class ComposeTests
{
    private static readonly YamlMappingNode s_file = Assert.Single(Repository.Yaml(Repository.Read("docker-compose.yml")));
    private static readonly (string Name, YamlNode Value)[] s_services = [.. s_file.At("services")!.Entries];

    [Fact]
    public async Task Docker_compose_takes_the_file_with_every_profile()
    {
        var (_, said, exitCode) = await Repository.RunAsync("docker-compose", "--profile", "load", "config", "--quiet");
        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public void Nothing_that_an_older_docker_compose_rejects_is_used()
    {
        Assert.Null(s_file.At("name"));
        Assert.DoesNotContain("required:", Repository.Read("docker-compose.yml"), StringComparison.Ordinal);
        Assert.DoesNotContain("start_interval", Repository.Read("docker-compose.yml"), StringComparison.Ordinal);
        Assert.Null(s_file.At("configs"));
    }

    [Fact]
    public void Every_service_is_confined_and_bounded()
    {
        Assert.Equal(["server", "prometheus", "grafana", "collector", "load"], s_services.Select(s => s.Name));
        foreach (var (name, service) in s_services)
        {
            Assert.True(service.At("read_only")?.ToString() == "true", name);
            Assert.Equal(["ALL"], service.At("cap_drop")!.Texts);
            Assert.Equal(["no-new-privileges:true"], service.At("security_opt")!.Texts);
            Assert.True(service.At("mem_limit") is not null, name);
        }
    }

    [Fact]
    public void Ports_are_published_on_loopback_only_and_are_the_servers()
    {
        var published = s_services.SelectMany(s => s.Value.At("ports")?.Texts ?? []).ToArray();
        Assert.NotEmpty(published);
        Assert.All(published, p => Assert.StartsWith("127.0.0.1:", p, StringComparison.Ordinal));
        var server = Service("server");
        var options = new ServerOptions();
        Assert.Equal([$"127.0.0.1:{options.GrpcPort}:{options.GrpcPort}", $"127.0.0.1:{options.HttpPort}:{options.HttpPort}"], server.At("ports")!.Texts);
        foreach (string file in new[] { "deploy/Dockerfile", "deploy/Dockerfile.jit" }) Assert.Contains($"EXPOSE {options.GrpcPort} {options.HttpPort}\n", Repository.Read(file), StringComparison.Ordinal);
        Assert.Contains($"server:{options.HttpPort}", Repository.Read("deploy/prometheus/prometheus.yml"), StringComparison.Ordinal);
        Assert.Contains("http://prometheus:9090", Repository.Read("deploy/grafana/provisioning/datasources/prometheus.yml"), StringComparison.Ordinal);
        string collector = server.At("environment")!.At("AUTOGRAD__TELEMETRY__OTLPENDPOINT")!.ToString();
        Assert.Contains($"endpoint: 0.0.0.0:{new Uri(collector).Port}", Repository.Read("deploy/otel/collector.yml"), StringComparison.Ordinal);
        Assert.NotNull(Service(new Uri(collector).Host));
    }

    [Fact]
    public void The_server_has_the_time_to_drain()
    {
        var server = Service("server");
        double drain = double.Parse(server.At("environment")!.At("AUTOGRAD__DRAINSECONDSMAX")!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(double.Parse(server.At("stop_grace_period")!.ToString().TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture) >= drain + 5);
    }

    [Fact]
    public void What_is_mounted_from_the_repository_is_there_and_cannot_be_written()
    {
        var mounts = s_services.SelectMany(s => s.Value.At("volumes")?.Texts ?? []).Where(v => v.StartsWith("./", StringComparison.Ordinal)).ToArray();
        Assert.Equal(4, mounts.Length);
        foreach (string[] parts in mounts.Select(m => m.Split(':')))
        {
            Assert.True(Directory.Exists(Path.Combine(Repository.Root, parts[0])), parts[0]);
            Assert.Equal("ro", parts[2]);
        }
        string dashboards = Repository.Yaml(Repository.Read("deploy/grafana/provisioning/dashboards/autograd.yml"))[0].At("providers")![0].At("options")!.At("path")!.ToString();
        Assert.Contains($"./deploy/grafana/dashboards:{dashboards}:ro", mounts);
    }

    [Fact]
    public void Every_image_is_pinned_to_a_version()
    {
        var images = new List<string>(s_services.Where(s => s.Value.At("build") is null).Select(s => s.Value.At("image")!.ToString()));
        foreach (string file in Repository.FilesOf("deploy").Where(f => Path.GetFileName(f).StartsWith("Dockerfile", StringComparison.Ordinal))) images.AddRange(From().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value));
        Assert.Equal(9, images.Count);
        Assert.All(images, image => Assert.Matches(@":v?\d+\.\d+[\w.-]*$", image));
    }

    [Theory]
    [InlineData("deploy/Dockerfile")]
    [InlineData("deploy/Dockerfile.jit")]
    [InlineData("deploy/Dockerfile.load")]
    public void Images_are_not_roots_and_find_what_they_copy(string file)
    {
        string text = Repository.Read(file);
        Assert.Contains("\nUSER 1654\n", text, StringComparison.Ordinal);
        var allowed = Repository.Read(".dockerignore").Split('\n').Where(l => l.StartsWith('!')).Select(l => l[1..]).ToArray();
        foreach (string source in Copy().Matches(text).SelectMany(m => m.Groups[1].Value.Split(' ')))
        {
            Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), source);
            Assert.Contains(allowed, a => source == a || source.StartsWith(a + "/", StringComparison.Ordinal));
        }
    }

    private static YamlNode Service(string name) => Assert.Single(s_services, s => s.Name == name).Value;

    [GeneratedRegex(@"^FROM (\S+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"^COPY (?!--)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();
}
