using System.Collections.Frozen;
using System.Text;
using AutogradService.Engine;
using AutogradService.Server.Telemetry;
using Google.Protobuf.WellKnownTypes;

namespace AutogradService.Server.Errors;

/// <summary>Turns whatever went wrong into the google.rpc.Status that the contract promises. The only place that knows how.</summary>
internal static class ErrorStatus
{
    /// <summary>ErrorInfo.domain.</summary>
    public const string Domain = "autograd.v1";

    // Text goes into the trailers twice (grpc-message and the details), and many clients take no more than 8 KB of them.
    private const int TextBytesMax = 1536;
    private const int ValueBytesMax = 128;

    // Others release tensors, and idle sessions give back what they keep.
    private static readonly TimeSpan s_memoryDelay = TimeSpan.FromSeconds(1);

    private static readonly FrozenDictionary<Wire.ErrorReason, Rpc.Code> s_codes = new Dictionary<Wire.ErrorReason, Rpc.Code>
    {
        [Wire.ErrorReason.PayloadSizeMismatch] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.InvalidShape] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.ShapeMismatch] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.DimOutOfRange] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.InvalidAttribute] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.GradOutputRequired] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.MalformedMessage] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.InvalidField] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.InvalidHandle] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.LimitExceeded] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.SequenceReused] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.ValueDependent] = Rpc.Code.InvalidArgument,
        [Wire.ErrorReason.OpUnsupported] = Rpc.Code.Unimplemented,
        [Wire.ErrorReason.DtypeUnsupported] = Rpc.Code.Unimplemented,
        [Wire.ErrorReason.NotDifferentiable] = Rpc.Code.Unimplemented,
        [Wire.ErrorReason.FeatureUnsupported] = Rpc.Code.Unimplemented,
        [Wire.ErrorReason.CredentialsRequired] = Rpc.Code.Unauthenticated,
        [Wire.ErrorReason.CredentialsExpired] = Rpc.Code.Unauthenticated,
        [Wire.ErrorReason.NotSessionOwner] = Rpc.Code.PermissionDenied,
        [Wire.ErrorReason.AdminRequired] = Rpc.Code.PermissionDenied,
        [Wire.ErrorReason.SessionNotFound] = Rpc.Code.NotFound,
        [Wire.ErrorReason.SessionExpired] = Rpc.Code.NotFound,
        [Wire.ErrorReason.TensorNotFound] = Rpc.Code.NotFound,
        [Wire.ErrorReason.TensorReleased] = Rpc.Code.NotFound,
        [Wire.ErrorReason.HookNotFound] = Rpc.Code.NotFound,
        [Wire.ErrorReason.FunctionNotFound] = Rpc.Code.NotFound,
        [Wire.ErrorReason.HandleInUse] = Rpc.Code.AlreadyExists,
        [Wire.ErrorReason.GraphFreed] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.NoGradPath] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.TensorModified] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.LeafModified] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.ViewModified] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.InvalidGradState] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.SequenceStale] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.StreamProtocol] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.NonfiniteGradient] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.AnomalyDetected] = Rpc.Code.FailedPrecondition,
        [Wire.ErrorReason.DependencyFailed] = Rpc.Code.Aborted,
        [Wire.ErrorReason.BatchStopped] = Rpc.Code.Aborted,
        [Wire.ErrorReason.QuotaBytes] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaTensors] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaNodes] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaSessions] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaQueue] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaMessageBytes] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaCredit] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaServerMemory] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaHooks] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaFunctions] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.QuotaRate] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.CostTooHigh] = Rpc.Code.ResourceExhausted,
        [Wire.ErrorReason.Draining] = Rpc.Code.Unavailable,
        [Wire.ErrorReason.Overloaded] = Rpc.Code.Unavailable,
        [Wire.ErrorReason.ChunkCorrupt] = Rpc.Code.DataLoss,
        [Wire.ErrorReason.DeadlineExceeded] = Rpc.Code.DeadlineExceeded,
        [Wire.ErrorReason.Cancelled] = Rpc.Code.Cancelled,
        [Wire.ErrorReason.Internal] = Rpc.Code.Internal,
    }.ToFrozenDictionary();

    // The engine's reasons are the wire's by name; resolved once, so that one that the wire lacks stops the server at start.
    private static readonly Wire.ErrorReason[] s_engineReasons =
        [.. System.Enum.GetNames<ErrorReason>().Select(System.Enum.Parse<Wire.ErrorReason>)];

    private static readonly FrozenDictionary<Wire.ErrorReason, string> s_names = s_codes.Keys.ToFrozenDictionary(r => r, r => Spell(r.ToString()));

    /// <summary>The status for an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="deadlineExceeded">Whether a cancellation is due to the deadline.</param>
    /// <param name="errors">Where it is counted, and a bug of ours written down with the id that the caller gets.</param>
    /// <param name="field">The field that holds what the engine refused, for BadRequest.</param>
    public static Rpc.Status Of(Exception exception, bool deadlineExceeded, ErrorLog errors, string? field = null)
    {
        var status = Of(exception, deadlineExceeded, errors, field, out var reason);
        errors.Told(reason);
        return status;
    }

    private static Rpc.Status Of(Exception exception, bool deadlineExceeded, ErrorLog errors, string? field, out Wire.ErrorReason reason)
    {
        switch (exception)
        {
            case Refusal refusal:
                reason = refusal.Reason;
                return Of(refusal);
            case AutogradException { Reason: not (ErrorReason.Internal or ErrorReason.Cancelled) } e:
                reason = s_engineReasons[(int)e.Reason];
                var status = Start(reason, e.Message, "torch_type", System.Enum.GetName(e.TorchType), out var info);
                if (e.Node is { } node)
                {
                    info.Metadata["node"] = node.Name;
                    info.Metadata["recorded_by_seq"] = node.Tag.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    status.Details[0] = Any.Pack(info);
                }
                if (e.Reason == ErrorReason.QuotaServerMemory) status.Details.Add(Any.Pack(new Rpc.RetryInfo { RetryDelay = s_memoryDelay.ToDuration() }));
                if (field is not null && status.Code == (int)Rpc.Code.InvalidArgument) status.Details.Add(BadRequest(field, e.Message));
                return status;
            case OutOfMemoryException:
                reason = Wire.ErrorReason.QuotaServerMemory;
                return Of(new Refusal(Wire.ErrorReason.QuotaServerMemory, "the server is out of memory") { RetryAfter = s_memoryDelay });
            // The transport says so when a client resets its stream.
            case OperationCanceledException or IOException or AutogradException { Reason: ErrorReason.Cancelled }:
                reason = deadlineExceeded ? Wire.ErrorReason.DeadlineExceeded : Wire.ErrorReason.Cancelled;
                return Start(reason, deadlineExceeded ? "the deadline passed" : "the call was cancelled", null, null, out _);
            default:
                reason = Wire.ErrorReason.Internal;
                return Start(reason, "an internal error; the server's log has more under the request id", "request_id", errors.Bug(exception), out _);
        }
    }

    /// <summary>What those that depend on a failed command are told of it.</summary>
    public static RootFailure RootOf(Rpc.Status status, ulong seq, uint index) =>
        new(seq, index, status.GetDetail<Rpc.ErrorInfo>()!.Reason, NameOf((Rpc.Code)status.Code), Cut(status.Message, 2 * ValueBytesMax));

    /// <summary>The same error with as few bytes as it can have, for an answer that is nearly full.</summary>
    public static Rpc.Status Shortened(Rpc.Status status) => new()
    {
        Code = status.Code,
        Details = { Any.Pack(new Rpc.ErrorInfo { Domain = Domain, Reason = status.GetDetail<Rpc.ErrorInfo>()!.Reason }) },
    };

    /// <summary>The status for a refusal.</summary>
    public static Rpc.Status Of(Refusal refusal)
    {
        var status = Start(refusal.Reason, refusal.Message, null, null, out var info);
        foreach (var (key, value) in refusal.Metadata) info.Metadata[key] = Cut(value, ValueBytesMax);
        status.Details[0] = Any.Pack(info);
        if (refusal.Field is { } field)
            status.Details.Add(BadRequest(field, refusal.Message));
        if (refusal.Resource is { } resource)
            status.Details.Add(Any.Pack(new Rpc.ResourceInfo { ResourceType = resource.Kind, ResourceName = resource.Name }));
        if (refusal.RetryAfter is { } after)
            status.Details.Add(Any.Pack(new Rpc.RetryInfo { RetryDelay = after.ToDuration() }));
        return status;
    }

    private static Rpc.Status Start(Wire.ErrorReason reason, string message, string? key, string? value, out Rpc.ErrorInfo info)
    {
        var code = s_codes[reason];
        string text = Cut(message, TextBytesMax);
        info = new Rpc.ErrorInfo { Domain = Domain, Reason = s_names[reason] };
        if (key is not null) info.Metadata[key] = value;
        var status = new Rpc.Status { Code = (int)code, Message = text, Details = { Any.Pack(info) } };
        if (code == Rpc.Code.ResourceExhausted)
            status.Details.Add(Any.Pack(new Rpc.QuotaFailure { Violations = { new Rpc.QuotaFailure.Types.Violation { Subject = info.Reason, Description = Cut(message, ValueBytesMax) } } }));
        if (code == Rpc.Code.FailedPrecondition)
            status.Details.Add(Any.Pack(new Rpc.PreconditionFailure { Violations = { new Rpc.PreconditionFailure.Types.Violation { Type = info.Reason, Description = Cut(message, ValueBytesMax) } } }));
        return status;
    }

    private static Any BadRequest(string field, string message) => Any.Pack(new Rpc.BadRequest
    {
        FieldViolations = { new Rpc.BadRequest.Types.FieldViolation { Field = Cut(field, ValueBytesMax), Description = Cut(message, ValueBytesMax) } },
    });

    /// <summary>All reasons: the list is closed.</summary>
    public static IEnumerable<Wire.ErrorReason> Reasons => s_codes.Keys;

    /// <summary>A reason as the wire names it.</summary>
    public static string NameOf(Wire.ErrorReason reason) => s_names[reason];

    /// <summary>A code as gRPC names it: INVALID_ARGUMENT.</summary>
    public static string NameOf(Rpc.Code code) => Spell(code.ToString());

    private static string Spell(string value)
    {
        var name = new StringBuilder();
        foreach (char c in value)
        {
            if (char.IsUpper(c) && name.Length > 0) name.Append('_');
            name.Append(char.ToUpperInvariant(c));
        }
        return name.ToString();
    }

    private static string Cut(string text, int bytesMax)
    {
        if (text.Length * 3 <= bytesMax || Encoding.UTF8.GetByteCount(text) <= bytesMax) return text;
        var buffer = new byte[bytesMax - 3];
        Encoding.UTF8.GetEncoder().Convert(text, buffer, flush: false, out int chars, out _, out _);
        return string.Concat(text.AsSpan(0, chars), "...");
    }
}
