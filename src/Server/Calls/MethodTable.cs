using System.Diagnostics.CodeAnalysis;
using AutogradService.Server.Errors;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace AutogradService.Server.Calls;

/// <summary>
/// Binds the methods of one service of the contract. The generated binding is not used because its marshallers let malformed bytes
/// surface as UNKNOWN, and give no way to read a message's bytes where they are.
/// </summary>
internal sealed class MethodTable<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] TCalls>(ServiceMethodProviderContext<TCalls> context, ServiceDescriptor service) where TCalls : class
{
    private readonly HashSet<string> _bound = [];

    public void Unary<TRequest, TResponse>(string name, MessageParser<TRequest> parser, UnaryServerMethod<TCalls, TRequest, TResponse> call)
        where TRequest : class, IMessage<TRequest> where TResponse : class, IMessage<TResponse> =>
        context.AddUnaryMethod(Define<TRequest, TResponse>(MethodType.Unary, name, Marshalling.Message(parser)), [], call);

    public void Unary<TRequest, TResponse>(string name, Marshaller<TRequest> requests, UnaryServerMethod<TCalls, TRequest, TResponse> call)
        where TRequest : class where TResponse : class, IMessage<TResponse> =>
        context.AddUnaryMethod(Define<TRequest, TResponse>(MethodType.Unary, name, requests), [], call);

    public void Unary<TRequest, TResponse>(string name, Marshaller<TRequest> requests, Marshaller<TResponse> responses, UnaryServerMethod<TCalls, TRequest, TResponse> call)
        where TRequest : class where TResponse : class =>
        context.AddUnaryMethod(Define(MethodType.Unary, name, requests, responses), [], call);

    public void Duplex<TRequest, TResponse>(string name, Marshaller<TRequest> requests, Marshaller<TResponse> responses, DuplexStreamingServerMethod<TCalls, TRequest, TResponse> call)
        where TRequest : class where TResponse : class =>
        context.AddDuplexStreamingMethod(Define(MethodType.DuplexStreaming, name, requests, responses), [], call);

    public void ClientStream<TRequest, TResponse>(string name, Marshaller<TRequest> requests, ClientStreamingServerMethod<TCalls, TRequest, TResponse> call)
        where TRequest : class where TResponse : class, IMessage<TResponse> =>
        context.AddClientStreamingMethod(Define<TRequest, TResponse>(MethodType.ClientStreaming, name, requests), [], call);

    public void ServerStream<TRequest, TResponse>(string name, MessageParser<TRequest> parser, ServerStreamingServerMethod<TCalls, TRequest, TResponse> call)
        where TRequest : class, IMessage<TRequest> where TResponse : class, IMessage<TResponse> =>
        context.AddServerStreamingMethod(Define<TRequest, TResponse>(MethodType.ServerStreaming, name, Marshalling.Message(parser)), [], call);

    public void Duplex<TRequest, TResponse>(string name, Marshaller<TRequest> requests, DuplexStreamingServerMethod<TCalls, TRequest, TResponse> call)
        where TRequest : class where TResponse : class, IMessage<TResponse> =>
        context.AddDuplexStreamingMethod(Define<TRequest, TResponse>(MethodType.DuplexStreaming, name, requests), [], call);

    /// <summary>Makes sure that no method of the service was forgotten.</summary>
    public void End()
    {
        foreach (var method in service.Methods)
            if (!_bound.Contains(method.Name)) throw new InvalidOperationException($"{service.FullName}/{method.Name} is not bound");
    }

    private Method<TRequest, TResponse> Define<TRequest, TResponse>(MethodType type, string name, Marshaller<TRequest> requests)
        where TRequest : class where TResponse : class, IMessage<TResponse> => Define(type, name, requests, Marshalling.Answer<TResponse>());

    private Method<TRequest, TResponse> Define<TRequest, TResponse>(MethodType type, string name, Marshaller<TRequest> requests, Marshaller<TResponse> responses)
        where TRequest : class where TResponse : class
    {
        var described = service.FindMethodByName(name) ?? throw new InvalidOperationException($"{service.FullName} has no method {name}");
        bool fits = described.IsClientStreaming == type is MethodType.ClientStreaming or MethodType.DuplexStreaming
            && described.IsServerStreaming == type is MethodType.ServerStreaming or MethodType.DuplexStreaming;
        if (!fits || !_bound.Add(name)) throw new InvalidOperationException($"{service.FullName}/{name} is bound twice, or as another kind of method");
        return new Method<TRequest, TResponse>(type, service.FullName, name, requests, responses);
    }
}

/// <summary>How messages become bytes and back.</summary>
internal static class Marshalling
{
    /// <summary>A message that is only received.</summary>
    public static Marshaller<T> Message<T>(MessageParser<T> parser) where T : class, IMessage<T> =>
        Received(context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    /// <summary>Something received that is read by hand; what goes wrong in the protobuf bytes is the caller's fault.</summary>
    public static Marshaller<T> Received<T>(Func<DeserializationContext, T> read) where T : class => new(
        static (_, _) => throw new NotSupportedException("requests are only received"),
        context =>
        {
            try
            {
                return read(context);
            }
            catch (InvalidProtocolBufferException e)
            {
                throw ErrorStatus.Of(Refusal.Malformed(e.Message)).ToRpcException();
            }
        });

    /// <summary>A message that is only sent: its length is known before it is written, so nothing is buffered twice.</summary>
    public static Marshaller<T> Answer<T>() where T : class, IMessage<T> => new(
        static (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        static _ => throw new NotSupportedException("responses are only sent"));
}
