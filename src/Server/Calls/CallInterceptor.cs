using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace AutogradService.Server.Calls;

/// <summary>Around every call of the contract: admission, who calls, and the one place where exceptions become statuses.</summary>
internal sealed class CallInterceptor(Admission admission, ILogger<CallInterceptor> log) : Interceptor
{
    private const string Package = "/" + ErrorStatus.Domain + ".";
    private static readonly object s_callerKey = new();

    /// <summary>The principal behind a call.</summary>
    public static string CallerOf(ServerCallContext call) => (string)call.UserState[s_callerKey];

    /// <summary>Whether a cancelled call was cancelled by its deadline.</summary>
    public static bool DeadlinePassed(ServerCallContext call) => call.Deadline <= DateTime.UtcNow;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, (request, continuation), static (s, call) => s.continuation(s.request, call));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, (requestStream, continuation), static (s, call) => s.continuation(s.requestStream, call));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, (request, responseStream, continuation), static async (s, call) =>
        {
            await s.continuation(s.request, s.responseStream, call);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, (requestStream, responseStream, continuation), static async (s, call) =>
        {
            await s.continuation(s.requestStream, s.responseStream, call);
            return true;
        });

    private async Task<T> Guard<TState, T>(ServerCallContext call, TState state, Func<TState, ServerCallContext, Task<T>> run)
    {
        // Health and reflection answer whoever asks, also while the server drains.
        if (!call.Method.StartsWith(Package, StringComparison.Ordinal)) return await run(state, call);
        bool entered = false;
        try
        {
            admission.Enter();
            entered = true;
            call.UserState[s_callerKey] = admission.CallerOf(call);
            return await run(state, call);
        }
        // How the framework answers whoever reads from or writes to a stream that its client has reset this moment.
        catch (InvalidOperationException) when (call.CancellationToken.IsCancellationRequested)
        {
            throw ErrorStatus.Of(new OperationCanceledException(), DeadlinePassed(call), log).ToRpcException();
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw ErrorStatus.Of(e, DeadlinePassed(call), log).ToRpcException();
        }
        finally
        {
            if (entered) admission.Leave();
        }
    }
}
