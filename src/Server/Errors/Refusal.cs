using System.Globalization;

namespace AutogradService.Server.Errors;

/// <summary>
/// A request that the server itself turns down, as opposed to the engine (<see cref="Engine.AutogradException"/>): reason and
/// text, and what a program may want to know beside them.
/// </summary>
internal sealed class Refusal(Wire.ErrorReason reason, string message) : Exception(message)
{
    /// <summary>The typed reason; it decides the code.</summary>
    public Wire.ErrorReason Reason => reason;

    /// <summary>Values for ErrorInfo.metadata.</summary>
    public List<KeyValuePair<string, string>> Metadata { get; } = [];

    /// <summary>The field of the request that is at fault, if one is.</summary>
    public string? Field { get; init; }

    /// <summary>What the caller names that is not there or is there already, as (kind, name).</summary>
    public (string Kind, string Name)? Resource { get; init; }

    /// <summary>The command whose failure this one follows from, if it is not the first to fail.</summary>
    public RootFailure? Root { get; init; }

    /// <summary>When to try again, where that helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Refusal Missing(string field) =>
        new(Wire.ErrorReason.InvalidField, $"{field} is required") { Field = field };

    public static Refusal InvalidField(string field, string message) => new(Wire.ErrorReason.InvalidField, message) { Field = field };

    public static Refusal LimitExceeded(string field, long count, long most) =>
        new Refusal(Wire.ErrorReason.LimitExceeded, $"{field}: {count} is more than {most}") { Field = field }.With("limit", most);

    public static Refusal Malformed(string detail) => new(Wire.ErrorReason.MalformedMessage, $"the bytes are not the expected message: {detail}");

    public static Refusal InvalidHandle(ulong handle, string message) => new Refusal(Wire.ErrorReason.InvalidHandle, message).With("handle", handle);

    public static Refusal HandleInUse(ulong handle) =>
        new Refusal(Wire.ErrorReason.HandleInUse, $"handle {handle} is in use") { Resource = ("tensor", Text(handle)) }.With("handle", handle);

    public static Refusal TensorNotFound(ulong handle) =>
        new Refusal(Wire.ErrorReason.TensorNotFound, $"there is no tensor with handle {handle}") { Resource = ("tensor", Text(handle)) }.With("handle", handle);

    public static Refusal TensorReleased(ulong handle) =>
        new Refusal(Wire.ErrorReason.TensorReleased, $"the tensor with handle {handle} was released") { Resource = ("tensor", Text(handle)) }.With("handle", handle);

    public static Refusal HookNotFound(ulong hook) =>
        new Refusal(Wire.ErrorReason.HookNotFound, $"there is no hook with id {hook}") { Resource = ("hook", Text(hook)) }.With("hook_id", hook);

    public static Refusal FunctionNotFound(string field = "function") =>
        new(Wire.ErrorReason.FunctionNotFound, "the caller has registered no such function; register it (again)") { Field = field, Resource = ("function", "") };

    public static Refusal DependencyFailed(ulong handle, RootFailure root) =>
        root.Describe(new Refusal(Wire.ErrorReason.DependencyFailed, $"tensor {handle} does not exist because the command that makes it failed: {root.Text}") { Root = root }.With("handle", handle));

    public static Refusal BatchStopped(RootFailure root) =>
        root.Describe(new Refusal(Wire.ErrorReason.BatchStopped, $"not run, because an earlier command of the batch failed: {root.Text}") { Root = root });

    // The id is the only key to a session, so it is not repeated in errors, which end up in logs.
    public static Refusal SessionNotFound() =>
        new(Wire.ErrorReason.SessionNotFound, "there is no such session") { Field = "session_id", Resource = ("session", "") };

    public static Refusal SessionExpired() =>
        new(Wire.ErrorReason.SessionExpired, "the session has expired or was deleted; create a new one") { Field = "session_id", Resource = ("session", "") };

    public static Refusal NotSessionOwner() => new(Wire.ErrorReason.NotSessionOwner, "the session belongs to somebody else");

    // The same for whatever is wrong with a credential: who guesses learns nothing.
    public static Refusal CredentialsRequired() => new(Wire.ErrorReason.CredentialsRequired, "credentials that this server knows are required: authorization: Bearer KEY, or a client certificate");

    public static Refusal CredentialsExpired() => new(Wire.ErrorReason.CredentialsExpired, "the credentials have expired; get new ones");

    public static Refusal AdminRequired(string what) => new(Wire.ErrorReason.AdminRequired, $"{what} takes an admin");

    public static Refusal Quota(Wire.ErrorReason reason, string message, long most, TimeSpan? retryAfter = null) =>
        new Refusal(reason, message) { RetryAfter = retryAfter }.With("limit", most);

    public static Refusal Draining() =>
        new(Wire.ErrorReason.Draining, "the server is shutting down") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Refusal Overloaded(int callsMax) =>
        new(Wire.ErrorReason.Overloaded, $"the server already serves {callsMax} calls") { RetryAfter = TimeSpan.FromMilliseconds(200) };

    public static Refusal Overloaded(TimeSpan wait) =>
        new(Wire.ErrorReason.Overloaded, $"the server has work for {wait.TotalSeconds:0.###} s already") { RetryAfter = wait };

    public static Refusal Rate(string message, TimeSpan wait) => new(Wire.ErrorReason.QuotaRate, message) { RetryAfter = wait };

    public static Refusal ChunkCorrupt(string message, ulong offset) => new Refusal(Wire.ErrorReason.ChunkCorrupt, message).With("offset", offset);

    public static Refusal StreamProtocol(string message) => new(Wire.ErrorReason.StreamProtocol, message);

    public Refusal With(string key, long value) => With(key, Text(value));

    public Refusal With(string key, ulong value) => With(key, Text(value));

    public Refusal With(string key, string value)
    {
        Metadata.Add(new(key, value));
        return this;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>The command whose failure others depend on.</summary>
/// <param name="Seq">Its number; 0 if it had none.</param>
/// <param name="Index">Its position in its batch.</param>
/// <param name="Reason">Why it failed, as ErrorInfo.reason has it.</param>
/// <param name="Code">The code's name: INVALID_ARGUMENT.</param>
/// <param name="Text">Why, in words; cut short, as it is repeated by every command that depends on it.</param>
internal sealed record RootFailure(ulong Seq, uint Index, string Reason, string Code, string Text)
{
    public Refusal Describe(Refusal refusal) => refusal.With("root_seq", Seq).With("root_index", Index).With("root_reason", Reason).With("root_code", Code);
}
