using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Protocol;

/// <summary>Requests that are proper HTTP and improper gRPC: other content types, compression, lengths that lie, strange headers and deadlines, methods that are not there, gRPC-web.</summary>
internal sealed class HttpAttacks(ServerUnderTest server, Tally tally)
{
    private const string Path = "/autograd.v1.CatalogService/ListOps";
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>One attack.</summary>
    /// <returns>Its name, and what is wrong with the answer; null if nothing is.</returns>
    public async Task<(string Name, string? Fault)> RunAsync(Random random)
    {
        byte[] message = new Wire.ListOpsRequest { NamePrefix = "add" }.ToByteArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Grpc, Path)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        byte[] body = Prefixed(0, message);
        string type = "application/grpc", name;
        switch (random.Next(9))
        {
            case 0:
                name = "content type";
                string[] types = ["text/plain", "application/json", "application/grpc+json", "application/grpcx", "", "application/grpc-web"];
                type = types[random.Next(types.Length)];
                break;
            case 1:
                name = "compressed without saying how";
                body = Prefixed(1, message);
                break;
            case 2:
                name = "compressed";
                string[] encodings = ["gzip", "deflate", "br", "identity", "x", "gzip,gzip"];
                request.Headers.Add("grpc-encoding", encodings[random.Next(encodings.Length)]);
                body = Prefixed(1, random.Next(3) == 0 ? message : Bomb(random.Next(2) == 0 ? 32 << 20 : 100));
                break;
            case 3:
                name = "length that lies";
                uint[] lengths = [0, 1, (uint)message.Length - 1, (uint)message.Length + 1, 1 << 20, (1 << 20) + 1, int.MaxValue, 1U << 31, uint.MaxValue];
                body = Prefixed(0, message, lengths[random.Next(lengths.Length)]);
                break;
            case 4:
                name = "body cut or doubled";
                body = random.Next(3) switch { 0 => [], 1 => body[..random.Next(body.Length)], _ => [.. body, .. body] };
                break;
            case 5:
                name = "headers";
                AddHeader(request, random);
                break;
            case 6:
                name = "method";
                string[] paths = ["/", "/autograd.v1.AutogradService/Nope", "/autograd.v1.Nope/ApplyOp", "//", "/autograd.v1.CatalogService", "/autograd.v1.CatalogService/ListOps/", "/AUTOGRAD.V1.CatalogService/ListOps", "/%2e%2e/x"];
                request.RequestUri = new Uri(server.Grpc.GetLeftPart(UriPartial.Authority) + paths[random.Next(paths.Length)]);
                if (random.Next(3) == 0) request.Method = random.Next(2) == 0 ? HttpMethod.Get : HttpMethod.Put;
                break;
            case 7:
                name = "probes";
                request.RequestUri = new Uri(server.Http, random.Next(2) == 0 ? "/healthz" : "/readyz");
                request.Version = HttpVersion.Version11;
                break;
            default:
                name = "gRPC-web";
                request.RequestUri = new Uri(server.Web, Path);
                request.Version = HttpVersion.Version11;
                bool text = random.Next(2) == 0;
                type = text ? "application/grpc-web-text" : "application/grpc-web+proto";
                if (random.Next(3) > 0) body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
                if (text) body = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(body)[random.Next(3)..]);
                break;
        }
        tally.Count("http", name);
        request.Content = new ByteArrayContent(body);
        if (type.Length > 0) request.Content.Headers.TryAddWithoutValidation("content-type", type);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        return ("HTTP " + name, await SendAsync(request));
    }

    private async Task<string?> SendAsync(HttpRequestMessage request)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            using var response = await _client.SendAsync(request, patience.Token);
            await response.Content.ReadAsByteArrayAsync(patience.Token);
            return Check(request, response);
        }
        catch (HttpRequestException)
        {
            return null; // the connection or the stream was reset, which is an answer too
        }
        catch (OperationCanceledException)
        {
            return "no answer within 20 s";
        }
    }

    private string? Check(HttpRequestMessage request, HttpResponseMessage response)
    {
        if ((int)response.StatusCode >= 500) return $"HTTP {(int)response.StatusCode}";
        if (response.StatusCode != HttpStatusCode.OK || request.RequestUri!.Port != server.Grpc.Port) return null;
        var all = response.TrailingHeaders.Concat(response.Headers).SelectMany(static h => h.Value.Select(v => (h.Key, Value: v))).ToList();
        string? code = all.FirstOrDefault(static h => h.Key == "grpc-status").Value;
        if (code is null) return "HTTP 200 without a grpc-status";
        // The body was looked at by clients that can read it.
        if (code == "0") return null;
        var trailers = new Metadata();
        foreach (var (key, value) in all)
            if (key == "grpc-status-details-bin") trailers.Add(key, Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')));
        string text = Uri.UnescapeDataString(all.FirstOrDefault(static h => h.Key == "grpc-message").Value ?? "");
        return AnswerOracle.Check(RawMethod.Of(Path), new Answer((StatusCode)int.Parse(code, System.Globalization.CultureInfo.InvariantCulture), text, trailers, [], default), tally);
    }

    private static void AddHeader(HttpRequestMessage request, Random random)
    {
        (string, string)[] headers =
        [
            ("grpc-timeout", "abc"), ("grpc-timeout", "99999999H"), ("grpc-timeout", "-1S"), ("grpc-timeout", "1n"), ("grpc-timeout", "0S"), ("grpc-timeout", "123456789S"), ("grpc-timeout", ""), ("grpc-timeout", "8S8S"),
            ("grpc-status-details-bin", "!!"), ("x-bin", "%%%"), ("authorization", "Bearer " + new string('x', 5000)), ("authorization", "\t"), ("big", new string('y', 60_000)), ("grpc-accept-encoding", ",,,x"), ("grpc-previous-rpc-attempts", "99999999999"),
            ("traceparent", "00-00000000000000000000000000000000-0000000000000000-00"), ("traceparent", "zz"), ("baggage", new string(',', 2000)), ("tracestate", "=,="),
        ];
        var (name, value) = headers[random.Next(headers.Length)];
        request.Headers.TryAddWithoutValidation(name, value);
        if (random.Next(10) != 0) return;
        for (int i = 0; i < 150; i++) request.Headers.TryAddWithoutValidation("h" + i, "v");
    }

    private static byte[] Prefixed(byte flag, byte[] message, uint? told = null)
    {
        uint length = told ?? (uint)message.Length;
        return [flag, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. message];
    }

    private static byte[] Bomb(int bytes)
    {
        using var into = new MemoryStream();
        using (var gzip = new GZipStream(into, CompressionLevel.Fastest)) gzip.Write(new byte[bytes]);
        return into.ToArray();
    }
}
