using System.Diagnostics;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Telemetry;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace AutogradService.Server.Calls;

/// <summary>Around every call of the contract: admission, who calls, and the one place where exceptions become statuses.</summary>
internal sealed class CallInterceptor(Admission admission, ServerMeter meter, ErrorLog errors, ILogger<CallInterceptor> log) : Interceptor
{
    private const string Package = "/" + ErrorStatus.Domain + ".";
    private static readonly object s_callerKey = new();

    /// <summary>The principal behind a call.</summary>
    public static string CallerOf(ServerCallContext call) => (string)call.UserState[s_callerKey];

    /// <summary>Whether a cancelled call was cancelled by its deadline.</summary>
    public static bool DeadlinePassed(ServerCallContext call) => call.Deadline <= DateTime.UtcNow;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, false, (request, continuation), static (s, call) => s.continuation(s.request, call));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, true, (requestStream, continuation), static (s, call) => s.continuation(s.requestStream, call));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, true, (request, responseStream, continuation), static async (s, call) =>
        {
            await s.continuation(s.request, s.responseStream, call);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, true, (requestStream, responseStream, continuation), static async (s, call) =>
        {
            await s.continuation(s.requestStream, s.responseStream, call);
            return true;
        });

    private async Task<T> Guard<TState, T>(ServerCallContext call, bool isStream, TState state, Func<TState, ServerCallContext, Task<T>> run)
    {
        // Health and reflection answer whoever asks, also while the server drains.
        if (!call.Method.StartsWith(Package, StringComparison.Ordinal)) return await run(state, call);
        long start = Stopwatch.GetTimestamp();
        bool entered = false;
        var code = StatusCode.OK;
        try
        {
            admission.Enter();
            entered = true;
            call.UserState[s_callerKey] = admission.CallerOf(call);
            return await run(state, call);
        }
        catch (RpcException e)
        {
            code = e.StatusCode;
            throw;
        }
        catch (Exception e)
        {
            // How the framework answers whoever reads from or writes to a stream that its client has reset this moment.
            if (e is InvalidOperationException && call.CancellationToken.IsCancellationRequested) e = new OperationCanceledException();
            var error = ErrorStatus.Of(e, DeadlinePassed(call), errors).ToRpcException();
            code = error.StatusCode;
            throw error;
        }
        finally
        {
            if (entered) admission.Leave();
            meter.CallEnded(call.Method, isStream, code, start);
            Tell(call, code, start);
        }
    }

    private void Tell(ServerCallContext call, StatusCode code, long start)
    {
        // ASP.NET Core makes the span and names it after HTTP.
        if (Activity.Current is { IsAllDataRequested: true } span)
        {
            span.DisplayName = call.Method[1..];
            span.SetTag("rpc.system", "grpc");
            span.SetTag("rpc.grpc.status_code", (int)code);
            if (code != StatusCode.OK) span.SetStatus(ActivityStatusCode.Error, ServerMeter.NameOf(code));
        }
        if (log.IsEnabled(LogLevel.Debug)) log.CallEnded(call.Method, ServerMeter.NameOf(code), Stopwatch.GetElapsedTime(start).TotalMilliseconds, call.GetHttpContext().TraceIdentifier);
    }
}
