using System.Globalization;
using AutogradService.Server.Errors;
using AutogradService.Server.Telemetry;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace AutogradService.Server.Calls;

/// <summary>
/// Adds the promised details to errors that the gRPC framework raises before or after our code runs: a message that is too large, a
/// method that does not exist. It answers with a bare code and text.
/// </summary>
internal static class BareStatusDetails
{
    private const string ContentType = "application/grpc";
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next, int messageBytesMax, ErrorLog errors)
    {
        await next(context);
        if (context.Request.ContentType is not { } type || !type.StartsWith(ContentType, StringComparison.Ordinal)) return;
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        // A response without a message has its status in the headers.
        var place = trailers is not null && trailers.ContainsKey(StatusHeader) ? trailers : context.Response.HasStarted ? null : context.Response.Headers;
        if (place is null || place[StatusHeader] == "0" || place.IsReadOnly || place.ContainsKey(DetailsHeader)) return;
        if (!int.TryParse(place[StatusHeader], NumberStyles.None, CultureInfo.InvariantCulture, out int code)) return;
        var refusal = (StatusCode)code switch
        {
            StatusCode.ResourceExhausted => Refusal.Quota(Wire.ErrorReason.QuotaMessageBytes, $"a message is larger than {messageBytesMax} bytes; use the chunked calls", messageBytesMax),
            StatusCode.Unimplemented => new Refusal(Wire.ErrorReason.FeatureUnsupported, "there is no such method, or not with that encoding"),
            // Our own calls never end so: it is what generated parsers, those of health and reflection, make of bytes that are no message.
            StatusCode.Unknown => Refusal.Malformed("they cannot be read"),
            StatusCode.Internal => Refusal.Malformed("the call does not follow the gRPC protocol"),
            _ => null,
        };
        if (refusal is null) return;
        errors.Told(refusal.Reason);
        Write(place, ErrorStatus.Of(refusal));
    }

    /// <summary>Answers a call with an error and nothing else, from outside of the gRPC framework.</summary>
    public static void Answer(HttpResponse response, Rpc.Status status)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        Write(response.Headers, status);
    }

    private static void Write(IHeaderDictionary place, Rpc.Status status)
    {
        place[StatusHeader] = status.Code.ToString(CultureInfo.InvariantCulture);
        place[MessageHeader] = Uri.EscapeDataString(status.Message);
        place[DetailsHeader] = Convert.ToBase64String(status.ToByteArray());
    }
}
