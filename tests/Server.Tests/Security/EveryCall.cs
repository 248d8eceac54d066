using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace AutogradService.Server.Tests.Security;

/// <summary>Every RPC of the contract, found in the generated descriptors so that none can be forgotten, called without its stub.</summary>
internal static class EveryCall
{
    private const string SessionField = "session_id";
    private const string FunctionField = "function";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<MethodDescriptor> Methods { get; } = [.. typeof(Wire.SessionReflection).Assembly.GetTypes()
        .Where(static t => t.Namespace == typeof(Wire.SessionReflection).Namespace && t.Name.EndsWith("Reflection", StringComparison.Ordinal))
        .Select(static t => (FileDescriptor)t.GetProperty("Descriptor", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!)
        .SelectMany(static f => f.Services).SelectMany(static s => s.Methods)];

    /// <summary>Calls a method with one message and reads all answers.</summary>
    /// <returns>The last answer.</returns>
    /// <exception cref="RpcException">The call failed.</exception>
    public static async Task<byte[]> CallAsync(CallInvoker invoker, MethodDescriptor method, byte[] request, Metadata? headers, string? path = null)
    {
        var bytes = Marshallers.Create(static (byte[] b) => b, static b => b);
        string service = path ?? method.Service.FullName;
        var options = new CallOptions(headers, DateTime.UtcNow + s_patience);
        var type = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            _ => MethodType.DuplexStreaming,
        };
        var rpc = new Method<byte[], byte[]>(type, service, method.Name, bytes, bytes);
        byte[] last = [];
        switch (type)
        {
            case MethodType.Unary:
                return await invoker.AsyncUnaryCall(rpc, null, options, request);
            case MethodType.ClientStreaming:
                using (var call = invoker.AsyncClientStreamingCall(rpc, null, options))
                {
                    await SendAsync(call.RequestStream, request);
                    return await call.ResponseAsync;
                }
            case MethodType.ServerStreaming:
                using (var call = invoker.AsyncServerStreamingCall(rpc, null, options, request))
                {
                    while (await call.ResponseStream.MoveNext(default)) last = call.ResponseStream.Current;
                    return last;
                }
            default:
                using (var call = invoker.AsyncDuplexStreamingCall(rpc, null, options))
                {
                    await SendAsync(call.RequestStream, request);
                    while (await call.ResponseStream.MoveNext(default)) last = call.ResponseStream.Current;
                    return last;
                }
        }
    }

    /// <inheritdoc cref="OpenAsync(CallInvoker, MethodDescriptor, Metadata?, out Action)"/>
    public static Task OpenAsync(CallInvoker invoker, MethodDescriptor method, Metadata? headers) => OpenAsync(invoker, method, headers, out _);

    /// <summary>Opens a stream that the client writes, and writes nothing.</summary>
    /// <param name="invoker">Calls.</param>
    /// <param name="method">The method.</param>
    /// <param name="headers">Credentials.</param>
    /// <param name="finish">Ends it from the client's side.</param>
    /// <returns>When the server has ended it.</returns>
    public static Task OpenAsync(CallInvoker invoker, MethodDescriptor method, Metadata? headers, out Action finish)
    {
        var bytes = Marshallers.Create(static (byte[] b) => b, static b => b);
        var options = new CallOptions(headers, DateTime.UtcNow + s_patience);
        var rpc = new Method<byte[], byte[]>(method.IsServerStreaming ? MethodType.DuplexStreaming : MethodType.ClientStreaming, method.Service.FullName, method.Name, bytes, bytes);
        if (!method.IsServerStreaming)
        {
            var upload = invoker.AsyncClientStreamingCall(rpc, null, options);
            finish = () => upload.RequestStream.CompleteAsync();
            return upload.ResponseAsync;
        }
        var call = invoker.AsyncDuplexStreamingCall(rpc, null, options);
        finish = () => call.RequestStream.CompleteAsync();
        return call.ResponseStream.MoveNext(default);
    }

    /// <summary>A request of a method that names a session and a function wherever it can.</summary>
    public static bool TryName(MessageDescriptor request, string session, string function, out IMessage message)
    {
        message = (IMessage)Activator.CreateInstance(request.ClrType)!;
        if (request.FindFieldByName(FunctionField) is { FieldType: FieldType.String } named) named.Accessor.SetValue(message, function);
        if (request.FindFieldByName(SessionField) is { } field)
        {
            field.Accessor.SetValue(message, session);
            return true;
        }
        foreach (var inner in request.Fields.InDeclarationOrder())
        {
            if (inner.FieldType != FieldType.Message || inner.IsMap || inner.MessageType.File.Package != request.File.Package || inner.MessageType == request) continue;
            if (inner.MessageType.FindFieldByName(SessionField) is null || !TryName(inner.MessageType, session, function, out var part)) continue;
            if (inner.IsRepeated) ((System.Collections.IList)inner.Accessor.GetValue(message)).Add(part);
            else inner.Accessor.SetValue(message, part);
            return true;
        }
        return false;
    }

    private static async Task SendAsync(IClientStreamWriter<byte[]> requests, byte[] request)
    {
        try
        {
            await requests.WriteAsync(request);
            await requests.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The call is over already; its status is read from the answers.
        }
    }
}
