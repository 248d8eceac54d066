using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Security;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Calls;

/// <summary>SessionService.</summary>
internal sealed class SessionCalls(SessionTable sessions, Admission admission, UsageTable usage, AuditLog audit, IOptions<ServerOptions> options)
{
    private const int NameLengthMax = 128;
    private readonly LimitOptions _limits = options.Value.Limits;

    public Task<Wire.CreateSessionResponse> CreateSession(Wire.CreateSessionRequest request, ServerCallContext call)
    {
        admission.EnterSession();
        if (request.DisplayName.Length > NameLengthMax) throw Refusal.LimitExceeded("display_name", request.DisplayName.Length, NameLengthMax);
        TimeSpan? idle = null;
        if (request.IdleTimeout is { } timeout)
        {
            // Anything that a Duration can hold: far more than a TimeSpan can.
            double seconds = timeout.Seconds + timeout.Nanos * 1e-9;
            if (seconds <= 0) throw Refusal.InvalidField("idle_timeout", "must be above 0");
            idle = TimeSpan.FromSeconds(Math.Min(seconds, _limits.IdleSecondsMax));
        }
        var caller = CallInterceptor.SignedInOf(call);
        var session = sessions.Create(caller.Principal, request.DisplayName, idle);
        audit.SessionCreated(caller, session.Ordinal);
        return Task.FromResult(new Wire.CreateSessionResponse { Session = session.Describe(), Limits = _limits.ForSessions() });
    }

    public Task<Wire.GetSessionResponse> GetSession(Wire.GetSessionRequest request, ServerCallContext call) =>
        Task.FromResult(new Wire.GetSessionResponse { Session = FindAny(request.SessionId, call, "GetSession").Describe(), Limits = _limits.ForSessions() });

    public Task<Wire.ListSessionsResponse> ListSessions(Wire.ListSessionsRequest request, ServerCallContext call)
    {
        var caller = CallInterceptor.SignedInOf(call);
        if (request.AllPrincipals)
        {
            const string action = "listing everybody's sessions";
            if (!caller.IsAdmin)
            {
                audit.AdminRefused(caller, action);
                throw Refusal.AdminRequired(action);
            }
            audit.AdminActed(caller, "ListSessions", "everybody");
        }
        var (page, next) = sessions.Page(request.AllPrincipals ? null : caller.Principal, PageSize.Of(request.PageSize), request.PageToken);
        var response = new Wire.ListSessionsResponse { NextPageToken = next };
        foreach (var session in page) response.Sessions.Add(session.Describe());
        return Task.FromResult(response);
    }

    public Task<Wire.RenewSessionResponse> RenewSession(Wire.RenewSessionRequest request, ServerCallContext call)
    {
        var session = sessions.Get(request.SessionId, CallInterceptor.CallerOf(call));
        session.Renew();
        return Task.FromResult(new Wire.RenewSessionResponse { Session = session.Describe() });
    }

    public async Task<Wire.DeleteSessionResponse> DeleteSession(Wire.DeleteSessionRequest request, ServerCallContext call)
    {
        var session = FindAny(request.SessionId, call, "DeleteSession");
        await sessions.RemoveAsync(session, "deleted");
        audit.SessionDeleted(CallInterceptor.SignedInOf(call), session.Owner, session.Ordinal);
        return new Wire.DeleteSessionResponse();
    }

    public Task<Wire.GetUsageResponse> GetUsage(Wire.GetUsageRequest request, ServerCallContext call)
    {
        if (request.SessionId.Length > 0 && request.Principal.Length > 0) throw Refusal.InvalidField("principal", "a session's principal is known: give one or the other");
        var used = request.SessionId.Length > 0 ? FindAny(request.SessionId, call, "GetUsage").DescribeUsage() : UsageOf(PrincipalOf(request.Principal, call));
        return Task.FromResult(new Wire.GetUsageResponse { Usage = used, Limits = _limits.ForSessions() });
    }

    // The caller, or for an admin anybody.
    private string PrincipalOf(string asked, ServerCallContext call)
    {
        var caller = CallInterceptor.SignedInOf(call);
        if (asked.Length == 0 || asked == caller.Principal) return caller.Principal;
        const string action = "another principal's usage";
        if (!caller.IsAdmin)
        {
            audit.AdminRefused(caller, action);
            throw Refusal.AdminRequired(action);
        }
        if (!Caller.IsName(asked)) throw Refusal.InvalidField("principal", "is nobody's name");
        audit.AdminActed(caller, "GetUsage", asked);
        return asked;
    }

    // What is held is summed over the principal's sessions; what was done is on the principal's own account.
    private Wire.Usage UsageOf(string principal)
    {
        var sum = new Wire.Usage();
        foreach (var session in sessions.Of(principal))
        {
            var one = session.DescribeUsage();
            sum.Sessions++;
            sum.Bytes += one.Bytes;
            sum.PeakBytes += one.PeakBytes;
            sum.Tensors += one.Tensors;
            sum.Nodes += one.Nodes;
            sum.QueuedCommands += one.QueuedCommands;
            sum.QueuedBytes += one.QueuedBytes;
            sum.Hooks += one.Hooks;
            sum.Poisoned += one.Poisoned;
        }
        var done = usage.SumOf(principal);
        sum.CommandsApplied = (ulong)done.Commands;
        done.Describe(sum);
        return sum;
    }

    // The caller's own, or for an admin anybody's.
    private Session FindAny(string id, ServerCallContext call, string action)
    {
        var caller = CallInterceptor.SignedInOf(call);
        var session = sessions.Get(id, caller.Principal, anyOwner: caller.IsAdmin);
        if (session.Owner != caller.Principal) audit.AdminActed(caller, action, session.Owner);
        return session;
    }

    /// <summary>Binds the service's methods.</summary>
    internal sealed class Methods : IServiceMethodProvider<SessionCalls>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<SessionCalls> context)
        {
            var table = new MethodTable<SessionCalls>(context, Wire.SessionReflection.Descriptor.Services[0]);
            table.Unary("CreateSession", Wire.CreateSessionRequest.Parser, static (calls, request, call) => calls.CreateSession(request, call));
            table.Unary("GetSession", Wire.GetSessionRequest.Parser, static (calls, request, call) => calls.GetSession(request, call));
            table.Unary("ListSessions", Wire.ListSessionsRequest.Parser, static (calls, request, call) => calls.ListSessions(request, call));
            table.Unary("RenewSession", Wire.RenewSessionRequest.Parser, static (calls, request, call) => calls.RenewSession(request, call));
            table.Unary("DeleteSession", Wire.DeleteSessionRequest.Parser, static (calls, request, call) => calls.DeleteSession(request, call));
            table.Unary("GetUsage", Wire.GetUsageRequest.Parser, static (calls, request, call) => calls.GetUsage(request, call));
            table.End();
        }
    }
}
