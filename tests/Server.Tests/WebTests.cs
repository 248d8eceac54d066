using System.Net;
using AutogradService.Server.Hosting;
using AutogradService.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;

namespace AutogradService.Server.Tests;

/// <summary>gRPC-web, for browsers: off unless a port is configured, on that port only, and for configured origins only.</summary>
public sealed class WebTests
{
    private const string Origin = "https://app.example.org";

    [Fact]
    public async Task It_is_off_by_default()
    {
        Assert.Equal(-1, new ServerOptions().WebPort);
        await using var server = await RunningServer.StartAsync();
        Assert.Null(server.Web);
        using var http = new HttpClient();
        using var request = Request(server.Http, HttpMethod.Post);
        using var response = await http.SendAsync(request);
        Assert.False(response.Headers.Contains("access-control-allow-origin"));
        Assert.DoesNotContain("grpc-web", response.Content.Headers.ContentType?.MediaType ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task Calls_batches_downloads_and_errors_come_through(GrpcWebMode mode)
    {
        await using var server = await RunningServer.StartAsync(null, "WebPort=0");
        using var channel = Connect(server, mode);
        var s = await TestSession.CreateAsync(channel);
        ulong a = await s.OnesAsync(3);
        var batch = await s.RunAsync(TestSession.Op("add", 100, a, a), new Wire.Command { WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = 100 } });
        Assert.Equal(12, batch.Results[^1].Tensor.Data.Length);

        using var download = s.Autograd.DownloadTensor(new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = a, ChunkBytes = 4 });
        int parts = 0;
        while (await download.ResponseStream.MoveNext(default)) parts++;
        Assert.Equal(1 + 3, parts);

        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.ReadAsync(4711));
    }

    [Fact]
    public async Task Pages_of_configured_origins_may_read_answers_and_others_may_not()
    {
        await using var server = await RunningServer.StartAsync(null, "WebPort=0", $"WebOrigins:0={Origin}");
        using var http = new HttpClient();
        foreach (var (origin, allowed) in new[] { (Origin, true), ("https://elsewhere.example", false) })
        {
            using var preflight = Request(server.Web!, HttpMethod.Options, origin);
            preflight.Headers.Add("access-control-request-method", "POST");
            preflight.Headers.Add("access-control-request-headers", "content-type,x-grpc-web,authorization,grpc-timeout");
            using var answer = await http.SendAsync(preflight);
            Assert.Equal(allowed, answer.Headers.Contains("access-control-allow-origin"));

            using var call = Request(server.Web!, HttpMethod.Post, origin);
            using var response = await http.SendAsync(call);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.StartsWith("application/grpc-web", response.Content.Headers.ContentType?.MediaType, StringComparison.Ordinal);
            Assert.Equal(allowed, response.Headers.TryGetValues("access-control-allow-origin", out var values) && values.Single() == Origin);
            if (allowed) Assert.Contains("grpc-status-details-bin", response.Headers.GetValues("access-control-expose-headers").Single(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("app.example.org")]
    [InlineData("https://app.example.org/")]
    [InlineData("https://app.example.org/page")]
    [InlineData("ftp://app.example.org")]
    public void What_is_no_origin_is_refused(string origin)
    {
        var e = Assert.ThrowsAny<Exception>(() => ServerHost.Build([$"--Autograd:WebOrigins:0={origin}"]));
        Assert.Contains("WebOrigins", e.Message, StringComparison.Ordinal);
    }

    private static GrpcChannel Connect(RunningServer server, GrpcWebMode mode) =>
        GrpcChannel.ForAddress(server.Web!, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(mode, new HttpClientHandler()), HttpVersion = HttpVersion.Version11 });

    private static HttpRequestMessage Request(Uri address, HttpMethod method, string origin = Origin)
    {
        var request = new HttpRequestMessage(method, new Uri(address, "/autograd.v1.CatalogService/GetServerInfo"));
        request.Headers.Add("origin", origin);
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent([0, 0, 0, 0, 0]); // an empty message
            request.Content.Headers.ContentType = new("application/grpc-web+proto");
        }
        return request;
    }
}
