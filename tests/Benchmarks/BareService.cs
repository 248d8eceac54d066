using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AutogradService.Benchmarks;

/// <summary>
/// A gRPC service that does nothing but carry bytes, with the connection settings of ours and the marshallers that a generated binding has: what
/// gRPC itself costs here.
/// </summary>
internal sealed class BareService : IAsyncDisposable
{
    private static readonly Marshaller<BytesValue> s_bytes = new(
        static (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        static context => BytesValue.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static readonly Method<BytesValue, BytesValue> s_echo = Define(MethodType.Unary, "Echo");
    private static readonly Method<BytesValue, BytesValue> s_upload = Define(MethodType.ClientStreaming, "Upload");
    private static readonly Method<BytesValue, BytesValue> s_download = Define(MethodType.ServerStreaming, "Download");
    private static readonly Method<BytesValue, BytesValue> s_pingPong = Define(MethodType.DuplexStreaming, "PingPong");
    private readonly WebApplication _server;
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private AsyncDuplexStreamingCall<BytesValue, BytesValue>? _open;

    private BareService(WebApplication server, GrpcChannel channel)
    {
        _server = server;
        _channel = channel;
        _calls = channel.CreateCallInvoker();
    }

    public static async Task<BareService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(static grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton<Carrier>();
        builder.Services.AddSingleton<IServiceMethodProvider<Carrier>, Carrier.Methods>();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 16 << 20;
            kestrel.Limits.Http2.InitialStreamWindowSize = 8 << 20;
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        var server = builder.Build();
        server.MapGrpcService<Carrier>();
        await server.StartAsync();
        string address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = null,
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, InitialHttp2StreamWindowSize = 8 << 20 },
            DisposeHttpClient = true,
        });
        return new BareService(server, channel);
    }

    /// <summary>A unary call, answered with what it sends.</summary>
    public async Task EchoAsync(BytesValue message)
    {
        using var call = _calls.AsyncUnaryCall(s_echo, null, default, message);
        await call.ResponseAsync;
    }

    /// <summary>Bytes sent in chunks.</summary>
    public async Task UploadAsync(ReadOnlyMemory<byte> bytes, int chunkBytes)
    {
        using var call = _calls.AsyncClientStreamingCall(s_upload, null, default);
        for (int at = 0; at < bytes.Length; at += chunkBytes)
            await call.RequestStream.WriteAsync(new BytesValue { Value = UnsafeByteOperations.UnsafeWrap(bytes.Slice(at, Math.Min(chunkBytes, bytes.Length - at))) });
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync;
    }

    /// <summary>Bytes received in chunks and put together.</summary>
    public async Task DownloadAsync(byte[] into, int chunkBytes)
    {
        var wanted = new BytesValue { Value = ByteString.CopyFrom(BitConverter.GetBytes(into.Length).Concat(BitConverter.GetBytes(chunkBytes)).ToArray()) };
        using var call = _calls.AsyncServerStreamingCall(s_download, null, default, wanted);
        for (int at = 0; await call.ResponseStream.MoveNext(CancellationToken.None);)
        {
            var chunk = call.ResponseStream.Current.Value;
            chunk.Span.CopyTo(into.AsSpan(at));
            at += chunk.Length;
        }
    }

    /// <summary>A message on a stream that stays open, and its answer.</summary>
    public async Task PingPongAsync(BytesValue message)
    {
        _open ??= _calls.AsyncDuplexStreamingCall(s_pingPong, null, default);
        await _open.RequestStream.WriteAsync(message);
        await _open.ResponseStream.MoveNext(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is not null) await _open.RequestStream.CompleteAsync();
        _open?.Dispose();
        _channel.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private static Method<BytesValue, BytesValue> Define(MethodType type, string name) => new(type, "benchmarks.Carrier", name, s_bytes, s_bytes);

    /// <summary>The service.</summary>
    private sealed class Carrier
    {
        private static readonly BytesValue s_nothing = new();
        private static readonly byte[] s_zeros = new byte[16 << 20];

        private static Task<BytesValue> Echo(BytesValue request) => Task.FromResult(request);

        private static async Task<BytesValue> Upload(IAsyncStreamReader<BytesValue> chunks)
        {
            while (await chunks.MoveNext(CancellationToken.None))
            {
            }
            return s_nothing;
        }

        private static async Task Download(BytesValue wanted, IServerStreamWriter<BytesValue> chunks)
        {
            int bytes = BitConverter.ToInt32(wanted.Value.Span), chunkBytes = BitConverter.ToInt32(wanted.Value.Span[4..]);
            for (int at = 0; at < bytes; at += chunkBytes)
                await chunks.WriteAsync(new BytesValue { Value = UnsafeByteOperations.UnsafeWrap(s_zeros.AsMemory(at, Math.Min(chunkBytes, bytes - at))) });
        }

        private static async Task PingPong(IAsyncStreamReader<BytesValue> requests, IServerStreamWriter<BytesValue> responses)
        {
            while (await requests.MoveNext(CancellationToken.None)) await responses.WriteAsync(requests.Current);
        }

        internal sealed class Methods : IServiceMethodProvider<Carrier>
        {
            public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Carrier> context)
            {
                context.AddUnaryMethod(s_echo, [], static (_, request, _) => Echo(request));
                context.AddClientStreamingMethod(s_upload, [], static (_, chunks, _) => Upload(chunks));
                context.AddServerStreamingMethod(s_download, [], static (_, wanted, chunks, _) => Download(wanted, chunks));
                context.AddDuplexStreamingMethod(s_pingPong, [], static (_, requests, responses, _) => PingPong(requests, responses));
            }
        }
    }
}
