using Grpc.Core;

namespace AutogradService.Client;

/// <summary>FunctionService as the client's functions call it.</summary>
/// <param name="invoker">Carries the calls.</param>
/// <param name="session">The session whose tensors are given by handle; null: none.</param>
/// <param name="catalog">The server's ops.</param>
internal sealed class FunctionConnection(CallInvoker invoker, AutogradSession? session, Catalog catalog)
{
    private const string Service = "autograd.v1.FunctionService";
    private static readonly Method<CallMessage, Wire.CallFunctionResponse> s_call = new(
        MethodType.Unary, Service, "CallFunction", CallMessage.Marshaller,
        Marshallers.Create<Wire.CallFunctionResponse>(static (_, _) => throw new NotSupportedException("answers are only received"), static context => Wire.CallFunctionResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    private static readonly Method<CallMessage[], Wire.CallFunctionsResponse> s_stream = new(
        MethodType.DuplexStreaming, Service, "CallFunctions", CallMessage.ManyMarshaller,
        Marshallers.Create<Wire.CallFunctionsResponse>(static (_, _) => throw new NotSupportedException("answers are only received"), static context => Wire.CallFunctionsResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    /// <summary>The session whose tensors are given by handle.</summary>
    public AutogradSession? Session => session;

    /// <summary>The server's ops.</summary>
    public Catalog Catalog => catalog;

    /// <summary>The calls that are made seldom.</summary>
    public Wire.FunctionService.FunctionServiceClient Calls { get; } = new(invoker);

    /// <summary>Calls a function.</summary>
    /// <exception cref="AutogradException">It was refused.</exception>
    public async Task<Wire.FunctionAnswer> CallAsync(CallMessage message, CancellationToken cancellation)
    {
        try
        {
            return (await invoker.AsyncUnaryCall(s_call, null, new CallOptions(cancellationToken: cancellation), message).ResponseAsync.ConfigureAwait(false)).Answer;
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Failure.Of(e, command: "call_function").ToException();
        }
    }

    /// <summary>Opens a stream of calls.</summary>
    public AsyncDuplexStreamingCall<CallMessage[], Wire.CallFunctionsResponse> Open(CancellationToken cancellation) => invoker.AsyncDuplexStreamingCall(s_stream, null, new CallOptions(cancellationToken: cancellation));
}
