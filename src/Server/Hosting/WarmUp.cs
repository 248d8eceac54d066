using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using AutogradService.Server.Security;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Hosting;

/// <summary>
/// The server's first caller is the server itself: one small session over loopback, before it says that it is ready, so that the just-in-time compiler's
/// work on the way from the socket to a gradient and back is not some client's. Compiled ahead of time, there is none to do.
/// </summary>
internal sealed class WarmUp(IOptions<ServerOptions> options, OwnKey own, ServerCertificate certificate, ILogger<WarmUp> log)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private const int FrameHeaderBytes = 5;
    // The second time, what the first one compiled is used, and what only a second call reaches is compiled.
    private const int Rounds = 2;
    private const int Side = 96;

    /// <summary>Makes the calls. What goes wrong with them is no reason not to serve.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task RunAsync(string address, CancellationToken cancellation)
    {
        var security = options.Value.Security;
        // The server has no client certificate to show.
        if (!RuntimeFeature.IsDynamicCodeCompiled || !options.Value.WarmUp || security.ClientCertificates.Mode == ClientCertificateMode.Required) return;
        long from = Stopwatch.GetTimestamp();
        try
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bound.CancelAfter(s_patience);
            using var handler = new SocketsHttpHandler();
            // Its own certificate, whoever may have issued it and whatever name it bears, and no other.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(certificate.Context.TargetCertificate.RawDataMemory.Span);
            using var client = new HttpClient(handler) { BaseAddress = Loopback(address), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
            if (security.AsksForCredentials) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", own.Issue());
            for (int i = 0; i < Rounds; i++) await VisitAsync(client, bound.Token);
            log.WarmedUp(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidProtocolBufferException or InvalidDataException)
        {
            log.WarmUpFailed(e.Message);
        }
        finally
        {
            own.TakeBack();
        }
    }

    private static async Task VisitAsync(HttpClient client, CancellationToken cancellation)
    {
        await CallAsync("CatalogService/GetServerInfo", new Wire.GetServerInfoRequest(), Wire.GetServerInfoResponse.Parser);
        await CallAsync("CatalogService/ListOps", new Wire.ListOpsRequest(), Wire.ListOpsResponse.Parser);
        string id = (await CallAsync("SessionService/CreateSession", new Wire.CreateSessionRequest { DisplayName = "warm-up" }, Wire.CreateSessionResponse.Parser)).Session.SessionId;
        try
        {
            // Large enough for the kernels that large products are made of.
            var data = new Wire.TensorData { Dtype = Wire.DataType.Float32, Shape = { Side, Side }, Data = ByteString.CopyFrom(new byte[Side * Side * sizeof(float)]) };
            var x = (await CallAsync("AutogradService/CreateTensor", new Wire.CreateTensorRequest { SessionId = id, CreateTensor = new Wire.CreateTensor { Out = 1, RequiresGrad = true, Data = data } }, Wire.CreateTensorResponse.Parser)).Tensor.Handle;
            ulong handle = x;
            foreach (string op in (string[])["add", "mul", "matmul", "exp", "sum"])
            {
                var call = new Wire.ApplyOp { Op = op, A = handle, B = op is "exp" or "sum" ? 0 : x, Out = handle + 1 };
                handle = (await CallAsync("AutogradService/ApplyOp", new Wire.ApplyOpRequest { SessionId = id, ApplyOp = call }, Wire.ApplyOpResponse.Parser)).Outputs[0].Handle;
            }
            var backward = new Wire.Backward { Roots = { handle } };
            await CallAsync("AutogradService/Backward", new Wire.BackwardRequest { SessionId = id, Backward = backward }, Wire.BackwardResponse.Parser);
            await CallAsync("AutogradService/GetGrad", new Wire.GetGradRequest { SessionId = id, Tensor = x }, Wire.GetGradResponse.Parser);
            await CallAsync("AutogradService/GetTensor", new Wire.GetTensorRequest { SessionId = id, Tensor = handle }, Wire.GetTensorResponse.Parser);
            await CallAsync("AutogradService/ReleaseTensors", new Wire.ReleaseTensorsRequest { SessionId = id, Handles = { handle } }, Wire.ReleaseTensorsResponse.Parser);
            // A stream with one frame, its commands as a client's pipeline writes them.
            var frame = new Wire.ExecuteRequest { SessionId = id };
            frame.Commands.Add(new Wire.Command { Seq = 1, ApplyOp = new Wire.ApplyOp { Op = "add", A = x, B = x, Out = handle + 1 } });
            frame.Commands.Add(new Wire.Command { Seq = 2, WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = handle + 1 } });
            frame.Commands.Add(new Wire.Command { Seq = 3, ReleaseTensors = new Wire.ReleaseTensors { Handles = { handle + 1 } } });
            await CallAsync("AutogradService/Execute", frame, Wire.ExecuteResponse.Parser);
        }
        finally
        {
            await CallAsync("SessionService/DeleteSession", new Wire.DeleteSessionRequest { SessionId = id }, Wire.DeleteSessionResponse.Parser);
        }

        async Task<T> CallAsync<T>(string method, IMessage request, MessageParser<T> parser) where T : IMessage<T>
        {
            var bytes = new byte[FrameHeaderBytes + request.CalculateSize()];
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - FrameHeaderBytes);
            request.WriteTo(bytes.AsSpan(FrameHeaderBytes));
            using var message = new HttpRequestMessage(HttpMethod.Post, "/autograd.v1." + method) { Content = new ByteArrayContent(bytes), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseContentRead, cancellation);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (answer.Length < FrameHeaderBytes) throw new InvalidDataException($"{method} answered nothing");
            return parser.ParseFrom(answer.AsSpan(FrameHeaderBytes));
        }
    }

    // "Any address" is no address to call.
    private static Uri Loopback(string address)
    {
        var uri = new Uri(address);
        if (!IPAddress.TryParse(uri.Host.Trim('[', ']'), out var host)) return uri;
        if (host.Equals(IPAddress.Any)) return new UriBuilder(uri) { Host = "127.0.0.1" }.Uri;
        return host.Equals(IPAddress.IPv6Any) ? new UriBuilder(uri) { Host = "[::1]" }.Uri : uri;
    }
}
