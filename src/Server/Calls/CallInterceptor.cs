using System.Diagnostics;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Security;
using Grpc.AspNetCore.Server;
using AutogradService.Server.Telemetry;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace AutogradService.Server.Calls;

/// <summary>Around every call of the contract: admission, who calls, and the one place where exceptions become statuses.</summary>
internal sealed class CallInterceptor(Admission admission, SignIn signIn, WatchedStreams streams, ServerMeter meter, ErrorLog errors, ILogger<CallInterceptor> log) : Interceptor
{
    private const string Package = ErrorStatus.Domain + ".";
    private static readonly object s_callerKey = new();

    /// <summary>The principal behind a call.</summary>
    public static string CallerOf(ServerCallContext call) => SignedInOf(call).Principal;

    /// <inheritdoc cref="CallerOf"/>
    public static Caller SignedInOf(ServerCallContext call) => (Caller)call.UserState[s_callerKey];

    /// <summary>Whether a cancelled call was cancelled by its deadline.</summary>
    public static bool DeadlinePassed(ServerCallContext call) => call.Deadline <= DateTime.UtcNow;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, false, (request, continuation), static (s, call) => s.continuation(s.request, call));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, true, (requestStream, continuation, streams), static async (s, call) =>
        {
            var requests = new CallReader<TRequest>(s.requestStream);
            if (!MayEnd(call)) return await s.continuation(requests, call);
            using var watch = s.streams.Start(SignedInOf(call), call.GetHttpContext());
            using var reader = new WatchedReader<TRequest>(requests, watch);
            return await s.continuation(reader, call);
        });

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, true, (request, responseStream, continuation, streams), static async (s, call) =>
        {
            var responses = new CallWriter<TResponse>(s.responseStream);
            using var watch = MayEnd(call) ? s.streams.Start(SignedInOf(call), call.GetHttpContext()) : null;
            await s.continuation(s.request, watch is null ? responses : new WatchedWriter<TResponse>(responses, watch), call);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Guard(context, true, (requestStream, responseStream, continuation, streams), static async (s, call) =>
        {
            var requests = new CallReader<TRequest>(s.requestStream);
            var responses = new CallWriter<TResponse>(s.responseStream);
            if (!MayEnd(call))
            {
                await s.continuation(requests, responses, call);
                return true;
            }
            using var watch = s.streams.Start(SignedInOf(call), call.GetHttpContext());
            using var reader = new WatchedReader<TRequest>(requests, watch);
            await s.continuation(reader, new WatchedWriter<TResponse>(responses, watch), call);
            return true;
        });

    // Whoever needed no credential cannot lose it. Health and reflection have no caller.
    private static bool MayEnd(ServerCallContext call) => call.UserState.TryGetValue(s_callerKey, out var caller) && !ReferenceEquals(caller, Caller.Anonymous);

    private async Task<T> Guard<TState, T>(ServerCallContext call, bool isStream, TState state, Func<TState, ServerCallContext, Task<T>> run)
    {
        var context = call.GetHttpContext();
        // Health and reflection answer while the server drains, too. By the method that was found and not by the path that was asked for, which may be in other letters.
        var method = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        if (method?.ServiceName.StartsWith(Package, StringComparison.Ordinal) != true) return await run(state, call);
        long start = Stopwatch.GetTimestamp();
        using var traced = Tracing.StartCall(method.FullName, context.Request.Headers);
        bool entered = false;
        var code = StatusCode.OK;
        try
        {
            admission.Enter();
            entered = true;
            call.UserState[s_callerKey] = signIn.CallerOf(context);
            return await run(state, call);
        }
        catch (RpcException e)
        {
            code = e.StatusCode;
            throw;
        }
        catch (Exception e)
        {
            var error = ErrorStatus.Of(e, DeadlinePassed(call), errors).ToRpcException();
            code = error.StatusCode;
            throw error;
        }
        finally
        {
            if (entered) admission.Leave();
            meter.CallEnded(method.FullName, isStream, code, start);
            Tell(call, traced.Span, method, code, start);
        }
    }

    private void Tell(ServerCallContext call, Activity? span, IMethod method, StatusCode code, long start)
    {
        if (span is not null)
        {
            span.SetTag("rpc.system", "grpc");
            span.SetTag("rpc.service", method.ServiceName);
            span.SetTag("rpc.method", method.Name);
            span.SetTag("rpc.grpc.status_code", (int)code);
            if (code != StatusCode.OK) span.SetStatus(ActivityStatusCode.Error, ServerMeter.NameOf(code));
        }
        if (log.IsEnabled(LogLevel.Debug)) log.CallEnded(method.FullName, ServerMeter.NameOf(code), Stopwatch.GetElapsedTime(start).TotalMilliseconds, call.GetHttpContext().TraceIdentifier);
    }
}
