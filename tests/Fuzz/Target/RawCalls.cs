using Google.Protobuf.Reflection;
using Grpc.Core;

namespace AutogradService.Fuzz.Target;

/// <summary>A method of the contract as the descriptors have it.</summary>
internal sealed record RawMethod(MethodDescriptor Descriptor)
{
    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(static (byte[] b) => b, static b => b);

    /// <summary>"/autograd.v1.AutogradService/ApplyOp".</summary>
    public string Path => $"/{Descriptor.Service.FullName}/{Descriptor.Name}";

    /// <summary>Whether it is promised that errors carry their reason: methods of the contract, not those of health and reflection.</summary>
    public bool IsContract => Descriptor.Service.File.Package == "autograd.v1";

    // One object for good: a channel keeps what it knows of each method object that it is given, for as long as the channel lives.
    public Method<byte[], byte[]> Method { get; } = new(
        (Descriptor.IsClientStreaming, Descriptor.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            _ => MethodType.DuplexStreaming,
        }, Descriptor.Service.FullName, Descriptor.Name, s_bytes, s_bytes);

    /// <summary>Every method that the server has, so that none is forgotten.</summary>
    public static IReadOnlyList<RawMethod> All { get; } =
    [
        .. new[] { Wire.SessionReflection.Descriptor, Wire.AutogradReflection.Descriptor, Wire.CatalogReflection.Descriptor, Wire.FunctionReflection.Descriptor,
            global::Grpc.Health.V1.HealthReflection.Descriptor, global::Grpc.Reflection.V1.ReflectionReflection.Descriptor }
            .SelectMany(static file => file.Services).SelectMany(static service => service.Methods).Select(static method => new RawMethod(method)),
    ];

    public static RawMethod Of(string path) => All.First(method => method.Path == path);
}

/// <summary>What came back for a call.</summary>
internal sealed record Answer(StatusCode Code, string Text, Metadata Trailers, List<byte[]> Messages, TimeSpan Took);

/// <summary>Calls with bytes that nobody has looked at.</summary>
internal static class RawCalls
{
    /// <summary>Sends messages, reads all answers, and tells the status.</summary>
    public static async Task<Answer> SendAsync(CallInvoker invoker, RawMethod method, IReadOnlyList<byte[]> messages, TimeSpan deadline)
    {
        var options = new CallOptions(deadline: DateTime.UtcNow + deadline);
        var answers = new List<byte[]>();
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        TimeSpan Took() => System.Diagnostics.Stopwatch.GetElapsedTime(start);
        try
        {
            Metadata trailers;
            if (!method.Descriptor.IsClientStreaming)
            {
                if (method.Descriptor.IsServerStreaming)
                {
                    using var call = invoker.AsyncServerStreamingCall(method.Method, null, options, messages[0]);
                    await ReadAsync(call.ResponseStream, answers);
                    trailers = call.GetTrailers();
                }
                else
                {
                    using var call = invoker.AsyncUnaryCall(method.Method, null, options, messages[0]);
                    answers.Add(await call.ResponseAsync);
                    trailers = call.GetTrailers();
                }
            }
            else if (method.Descriptor.IsServerStreaming)
            {
                using var call = invoker.AsyncDuplexStreamingCall(method.Method, null, options);
                var writing = WriteAsync(call.RequestStream, messages);
                await ReadAsync(call.ResponseStream, answers);
                await writing;
                trailers = call.GetTrailers();
            }
            else
            {
                using var call = invoker.AsyncClientStreamingCall(method.Method, null, options);
                await WriteAsync(call.RequestStream, messages);
                answers.Add(await call.ResponseAsync);
                trailers = call.GetTrailers();
            }
            return new Answer(StatusCode.OK, "", trailers, answers, Took());
        }
        catch (RpcException e)
        {
            return new Answer(e.StatusCode, e.Status.Detail, e.Trailers, answers, Took());
        }
    }

    private static async Task ReadAsync(IAsyncStreamReader<byte[]> from, List<byte[]> into)
    {
        while (await from.MoveNext(CancellationToken.None)) into.Add(from.Current);
    }

    // The server may have ended the call before the last message; its status says why.
    private static async Task WriteAsync(IClientStreamWriter<byte[]> to, IReadOnlyList<byte[]> messages)
    {
        try
        {
            foreach (byte[] message in messages) await to.WriteAsync(message);
            await to.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
        }
    }
}
