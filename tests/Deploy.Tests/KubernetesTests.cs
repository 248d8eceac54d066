using AutogradService.Server.Hosting;
using k8s;
using k8s.Models;

namespace AutogradService.Deploy.Tests;

/// <summary>deploy/kubernetes, rendered as kubectl does it and read as the API server would: an unknown field is an error.</summary>
public sealed class KubernetesTests
{
    private const string Operator = "monitoring.coreos.com/v1";

    [Theory]
    [InlineData("local")]
    [InlineData("production")]
    public async Task An_overlay_is_valid_and_what_it_names_is_there(string overlay)
    {
        var (objects, _) = await RenderAsync(overlay);
        var set = Assert.Single(objects.OfType<V1StatefulSet>());
        var pod = set.Spec.Template.Spec;
        var labels = set.Spec.Template.Metadata.Labels;
        var container = Assert.Single(pod.Containers);
        Assert.Equal(labels, set.Spec.Selector.MatchLabels);
        Assert.Contains(objects.OfType<V1ServiceAccount>(), a => a.Metadata.Name == pod.ServiceAccountName);
        var map = Assert.Single(objects.OfType<V1ConfigMap>());
        Assert.Equal(map.Metadata.Name, Assert.Single(container.EnvFrom).ConfigMapRef.Name);
        var services = objects.OfType<V1Service>().ToArray();
        Assert.Contains(services, s => s.Metadata.Name == set.Spec.ServiceName && s.Spec.ClusterIP == "None");
        Assert.All(services, s => Assert.Equal(labels, s.Spec.Selector));
        Assert.All(services.SelectMany(s => s.Spec.Ports), p => Assert.Contains(container.Ports, c => c.Name == p.TargetPort.Value && c.ContainerPort == p.Port));
        Assert.Equal(labels, Assert.Single(objects.OfType<V1PodDisruptionBudget>()).Spec.Selector.MatchLabels);
        var policy = Assert.Single(objects.OfType<V1NetworkPolicy>()).Spec;
        Assert.Equal(labels, policy.PodSelector.MatchLabels);
        Assert.Equal(["Ingress", "Egress"], policy.PolicyTypes);
        Assert.All(policy.Ingress, rule => Assert.NotEmpty(rule.FromProperty));

        var options = new ServerOptions();
        Assert.Equal([("grpc", options.GrpcPort), ("http", options.HttpPort)], container.Ports.Select(p => (p.Name, p.ContainerPort)));
        Assert.All(container.VolumeMounts, m => Assert.Contains(pod.Volumes, v => v.Name == m.Name));
    }

    [Theory]
    [InlineData("local")]
    [InlineData("production")]
    public async Task Pods_are_confined_probed_bounded_and_have_the_time_to_drain(string overlay)
    {
        var (objects, _) = await RenderAsync(overlay);
        var pod = Assert.Single(objects.OfType<V1StatefulSet>()).Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);
        var confined = container.SecurityContext;
        Assert.Equal((true, 1654L, "RuntimeDefault", false), (pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.RunAsUser, pod.SecurityContext.SeccompProfile.Type, pod.AutomountServiceAccountToken));
        Assert.Equal((true, false), (confined.ReadOnlyRootFilesystem, confined.AllowPrivilegeEscalation));
        Assert.Equal(["ALL"], confined.Capabilities.Drop);
        Assert.Equal(("/healthz", "/healthz", "/readyz"), (container.StartupProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path));
        // What the tensors' budget is taken from; and the scheduler must not promise it to somebody else.
        Assert.Equal(container.Resources.Limits["memory"], container.Resources.Requests["memory"]);
        var settings = Assert.Single(objects.OfType<V1ConfigMap>()).Data;
        double drain = Number(settings, "AUTOGRAD__DRAINNOTICESECONDS") + Number(settings, "AUTOGRAD__DRAINSECONDSMAX");
        Assert.True(pod.TerminationGracePeriodSeconds >= drain + 5, $"{pod.TerminationGracePeriodSeconds} s for {drain} s");
    }

    [Fact]
    public async Task In_production_callers_sign_in_over_tls_with_mounted_secrets()
    {
        var (objects, _) = await RenderAsync("production");
        var settings = Assert.Single(objects.OfType<V1ConfigMap>()).Data;
        Assert.DoesNotContain("AUTOGRAD__SECURITY__ALLOWANONYMOUS", settings.Keys);
        var pod = Assert.Single(objects.OfType<V1StatefulSet>()).Spec.Template.Spec;
        var mounts = pod.Containers[0].VolumeMounts;
        foreach (string file in new[] { "KEYSFILE", "TLS__CERTIFICATEFILE", "TLS__KEYFILE" })
        {
            string path = settings["AUTOGRAD__SECURITY__" + file];
            var mount = Assert.Single(mounts, m => path.StartsWith(m.MountPath + "/", StringComparison.Ordinal));
            Assert.True(mount.ReadOnlyProperty == true && mount.SubPath is null && pod.Volumes.Single(v => v.Name == mount.Name).Secret is not null, path);
        }
    }

    [Fact]
    public async Task The_autoscaler_looks_at_a_metric_that_the_adapter_makes_of_one_of_ours()
    {
        var (objects, others) = await RenderAsync("production");
        var scaler = Assert.Single(objects.OfType<V2HorizontalPodAutoscaler>()).Spec;
        var set = Assert.Single(objects.OfType<V1StatefulSet>());
        Assert.Equal(("StatefulSet", set.Metadata.Name), (scaler.ScaleTargetRef.Kind, scaler.ScaleTargetRef.Name));
        Assert.Null(set.Spec.Replicas);
        Assert.True(scaler.Behavior.ScaleDown.StabilizationWindowSeconds >= new ServerOptions().Limits.IdleSeconds);
        var rule = Repository.Yaml(Repository.Read("deploy/kubernetes/prometheus-adapter-rule.yaml"))[0].At("rules")![0];
        Assert.Equal(Assert.Single(scaler.Metrics).Pods.Metric.Name, rule.At("name")!.At("as")!.ToString());
        string series = rule.At("seriesQuery")!.ToString().Split('{')[0];
        Assert.Equal($"^{series}$", rule.At("name")!.At("matches")!.ToString());
        Assert.Contains($"| `{series}` | counter |", Repository.Read("docs/telemetry.md"), StringComparison.Ordinal);

        var monitor = Assert.Single(others);
        Assert.Equal("ServiceMonitor", monitor.At("kind")!.ToString());
        var endpoint = monitor.At("spec")!.At("endpoints")![0];
        Assert.Contains(objects.OfType<V1Service>(), s => s.Spec.Ports.Any(p => p.Name == endpoint.At("port")!.ToString()));
        Assert.Equal("/metrics", endpoint.At("path")!.ToString());
    }

    private static double Number(IDictionary<string, string> settings, string name) => double.Parse(settings[name], System.Globalization.CultureInfo.InvariantCulture);

    // The client knows Kubernetes' own kinds; those of an operator come back as they are.
    private static async Task<(List<object> Objects, YamlMappingNode[] Others)> RenderAsync(string overlay)
    {
        var (output, said, exitCode) = await Repository.RunAsync("kubectl", "kustomize", $"deploy/kubernetes/overlays/{overlay}");
        Assert.True(exitCode == 0, said);
        string[] documents = output.Split("\n---\n");
        string own = string.Join("\n---\n", documents.Where(d => !d.Contains(Operator, StringComparison.Ordinal)));
        return (KubernetesYaml.LoadAllFromString(own, strict: true), [.. documents.Where(d => d.Contains(Operator, StringComparison.Ordinal)).SelectMany(Repository.Yaml)]);
    }
}
