using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using AutogradService.Server.Calls;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Telemetry;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>
/// Finds out who calls, before a byte of the request's body is read. Closed unless opened: where credentials are asked for, every endpoint asks for them except those that are marked
/// open (<see cref="IAllowAnonymous"/>), health among them.
/// </summary>
internal sealed class SignIn(IOptions<ServerOptions> options, ApiKeys keys, OwnKey own, JwtTokens tokens, ClientCertificates certificates, WatchedFiles files,
    AuditLog audit, ErrorLog errors, ServerMeter meter, TimeProvider time)
{
    private const string BearerScheme = "Bearer ";
    private const string HealthService = "grpc.health.v1.Health";
    private const string ReflectionPackage = "grpc.reflection.";
    private const int HeaderLengthMax = 16 << 10;
    private readonly SecurityOptions _options = options.Value.Security;
    private readonly string[] _admins = [.. options.Value.Security.Admins];

    /// <summary>Whether callers have to say who they are.</summary>
    public bool IsOn { get; } = options.Value.Security.AsksForCredentials;

    /// <summary>Who makes a call that was let through.</summary>
    /// <exception cref="Refusal">CREDENTIALS_REQUIRED: nobody was let through, which the middleware should have seen to.</exception>
    public Caller CallerOf(HttpContext context) => IsOn ? context.Features.Get<Caller>() ?? throw Refusal.CredentialsRequired() : Caller.Anonymous;

    /// <summary>The middleware.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        return context.GetEndpoint() is not { } endpoint || IsOpen(endpoint) ? next(context) : AskAsync(context, next);
    }

    /// <summary>The middleware before metrics, which are no endpoint.</summary>
    public Task GuardMetricsAsync(HttpContext context, RequestDelegate next) => !IsOn || _options.OpenMetrics ? next(context) : AskAsync(context, next);

    private Task AskAsync(HttpContext context, RequestDelegate next)
    {
        var known = context.Features.Get<ConnectionCredentials>()?.Find(HeaderOf(context, out _), files.Generation);
        if (known is null || known.NotAfter <= time.GetUtcNow()) return FindOutAsync(context, next);
        context.Features.Set(known);
        return next(context);
    }

    private static string? HeaderOf(HttpContext context, out bool isOne)
    {
        var values = context.Request.Headers.Authorization;
        isOne = values.Count <= 1;
        return values.Count == 0 ? null : values[0];
    }

    private bool IsOpen(Endpoint endpoint)
    {
        string? service = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName;
        if (service is null) return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        return service == HealthService || (_options.OpenReflection && service.StartsWith(ReflectionPackage, StringComparison.Ordinal));
    }

    private async Task FindOutAsync(HttpContext context, RequestDelegate next)
    {
        int generation = files.Generation;
        string? header = HeaderOf(context, out bool isOne);
        var (caller, why, isExpired) = !isOne ? (null, "several headers", false) : header is null ? FromCertificate(context) : await FromHeaderAsync(context, header);
        if (caller is not null && caller.NotAfter <= time.GetUtcNow()) (caller, why, isExpired) = (null, "expired", true);
        if (caller is not null)
        {
            context.Features.Get<ConnectionCredentials>()?.Remember(header, generation, caller);
            context.Features.Set(caller);
            await next(context);
            return;
        }
        audit.SignInRefused(AuditLog.PeerOf(context), MethodOf(context)?.FullName ?? context.GetEndpoint()?.DisplayName ?? "metrics", why);
        var refusal = isExpired ? Refusal.CredentialsExpired() : Refusal.CredentialsRequired();
        if (MethodOf(context) is { } method)
        {
            errors.Told(refusal.Reason);
            meter.CallEnded(method.FullName, method.Type != MethodType.Unary, StatusCode.Unauthenticated, Stopwatch.GetTimestamp());
            BareStatusDetails.Answer(context.Response, ErrorStatus.Of(refusal));
            return;
        }
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
    }

    private async ValueTask<(Caller?, string Why, bool IsExpired)> FromHeaderAsync(HttpContext context, string header)
    {
        if (header.Length > HeaderLengthMax) return (null, "a header too long", false);
        if (!header.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)) return (null, "not the scheme Bearer", false);
        var credential = header.AsMemory(BearerScheme.Length);
        if (ApiKey.IsKey(credential.Span)) return TryFromKey(credential.Span, out var caller) ? (caller, "", false) : (null, "an unknown key", false);
        return tokens.IsOn ? await tokens.CheckAsync(context, _admins) : (null, "no key", false);
    }

    private bool TryFromKey(ReadOnlySpan<char> text, [NotNullWhen(true)] out Caller? caller)
    {
        var hash = KeyHash.Of(text);
        if (own.Is(hash, out caller)) return true;
        if (keys.Find(hash) is not { } key) return false;
        caller = new Caller(key.Principal, key.IsAdmin || _admins.Contains(key.Principal), key.NotAfter, () => keys.Find(hash) == key);
        return true;
    }

    private (Caller?, string Why, bool IsExpired) FromCertificate(HttpContext context)
    {
        if (certificates.Mode == ClientCertificateMode.None || context.Connection.ClientCertificate is not { } certificate) return (null, "no credentials", false);
        var intermediates = context.Features.Get<ConnectionCredentials>()?.Intermediates ?? [];
        // Looked at again: since the handshake it may have expired or been denied.
        return certificates.FaultOf(certificate, intermediates) is { } fault ? (null, "client certificate: " + fault, false) : (certificates.CallerOf(certificate, intermediates, _admins), "", false);
    }

    private static IMethod? MethodOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
}
