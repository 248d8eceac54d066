using System.Globalization;
using System.Text;

namespace AutogradService.Generate;

/// <summary>docs/errors.md: every reason of errors.proto with its meaning there, and what an operator does about it.</summary>
internal static class ErrorsPage
{
    private const string Head = """
        # Errors by reason

        Made from `protos/autograd/v1/errors.proto` by `dotnet run --project tools/Generate`; a test says when it is stale.

        Every refusal carries one of these reasons, in `google.rpc.ErrorInfo` (domain `autograd.v1`), and counts in `autograd_errors_total{reason="..."}`. A client branches on code and reason, never on the text.

        **To an operator** most of them are nothing: the client's program is wrong, and the message says how. They are marked "client". What remains is below in full; in each case the server is well unless it says otherwise.

        | reason | gRPC code | meaning | what an operator does |
        |---|---|---|---|

        """;

    private const string Client = "client";
    private const string Sequence = "client: its resending is wrong. Many of them after a restart of a proxy: clients give up too late, `Limits:KeptResultsMax`";

    // A reason without a line here is an error of the generator: whoever adds one knows what to do about it.
    private static readonly Dictionary<string, string> s_advice = new(StringComparer.Ordinal)
    {
        ["PAYLOAD_SIZE_MISMATCH"] = Client,
        ["INVALID_SHAPE"] = Client,
        ["SHAPE_MISMATCH"] = Client,
        ["DIM_OUT_OF_RANGE"] = Client,
        ["INVALID_ATTRIBUTE"] = Client,
        ["GRAD_OUTPUT_REQUIRED"] = Client,
        ["MALFORMED_MESSAGE"] = "client, or a proxy that changes bodies",
        ["INVALID_FIELD"] = Client,
        ["INVALID_HANDLE"] = Client,
        ["LIMIT_EXCEEDED"] = "client; or raise the limit that the message names (`Limits:BatchCommandsMax`, `Limits:ListLengthMax`, `Limits:StringLengthMax`)",
        ["SEQUENCE_REUSED"] = Client,
        ["VALUE_DEPENDENT"] = Client,
        ["OP_UNSUPPORTED"] = "client newer than the server: update the server",
        ["DTYPE_UNSUPPORTED"] = Client,
        ["NOT_DIFFERENTIABLE"] = Client,
        ["FEATURE_UNSUPPORTED"] = "client newer than the server: update the server",
        ["CREDENTIALS_REQUIRED"] = "the audit log tells peer and method. A caller whose key was removed or never added; a token of another issuer or audience; for `/metrics`, Prometheus without a key",
        ["NOT_SESSION_OWNER"] = "client; many from one caller: somebody guesses session ids (the audit log names the principal). Also a client that changed its principal",
        ["CREDENTIALS_EXPIRED"] = "give the caller a new key, or look at its token's renewal; all callers at once: a clock is wrong",
        ["ADMIN_REQUIRED"] = "if the caller should be one: `role=admin` on its key, or `Security:Admins`",
        ["SESSION_NOT_FOUND"] = "after a restart: expected, sessions live in memory. Without one: requests of a session reach several servers; see \"More than one server\" in operations.md",
        ["SESSION_EXPIRED"] = "client, or a longer `Limits:IdleSeconds`",
        ["TENSOR_NOT_FOUND"] = Client,
        ["TENSOR_RELEASED"] = Client,
        ["HOOK_NOT_FOUND"] = Client,
        ["FUNCTION_NOT_FOUND"] = "after a restart: expected, clients register again. Without one: as SESSION_NOT_FOUND",
        ["HANDLE_IN_USE"] = Client,
        ["GRAPH_FREED"] = Client,
        ["NO_GRAD_PATH"] = Client,
        ["TENSOR_MODIFIED"] = Client,
        ["LEAF_MODIFIED"] = Client,
        ["VIEW_MODIFIED"] = Client,
        ["INVALID_GRAD_STATE"] = Client,
        ["SEQUENCE_STALE"] = Sequence,
        ["STREAM_PROTOCOL"] = Client,
        ["NONFINITE_GRADIENT"] = Client,
        ["ANOMALY_DETECTED"] = Client,
        ["DEPENDENCY_FAILED"] = "nothing: look at the reason of the command that it names",
        ["BATCH_STOPPED"] = "nothing: look at the reason of the command that it names",
        ["QUOTA_BYTES"] = "client holds too much; or raise `Limits:BytesMax`, below what the container has",
        ["QUOTA_TENSORS"] = "client releases nothing; or raise `Limits:TensorsMax`",
        ["QUOTA_NODES"] = "client records without ever running backward or detaching; or raise `Limits:NodesMax`",
        ["QUOTA_SESSIONS"] = "clients that do not delete sessions: a shorter `Limits:IdleSeconds`; else raise `Limits:SessionsMax` (or `Limits:PrincipalSessionsMax`), or add a server",
        ["QUOTA_QUEUE"] = "client sends faster than its session computes; one session used by many callers: give them sessions of their own",
        ["QUOTA_MESSAGE_BYTES"] = "client should use the chunked calls; or raise `Limits:MessageBytesMax`",
        ["QUOTA_CREDIT"] = "client breaks the stream's protocol",
        ["QUOTA_SERVER_MEMORY"] = "the server is at its budget: more memory for the container, shorter `Limits:IdleSeconds`, a lower `Limits:BytesMax` or `Limits:PrincipalBytesMax`, or another server. Where the message speaks of messages under way: `Limits:MessageHeapBytesMax`, smaller chunks, fewer large calls at once",
        ["QUOTA_HOOKS"] = "client; or raise `Limits:HooksMax`",
        ["QUOTA_FUNCTIONS"] = "client registers a new function for each call; or raise `Functions:PrincipalFunctionsMax`, `Functions:PrincipalBytesMax` and the server's",
        ["QUOTA_RATE"] = "a principal is over its share: raise `Limits:PrincipalCommandsPerSecond` or `Limits:PrincipalComputePerSecond` if it should have more",
        ["COST_TOO_HIGH"] = "client; or raise the limit that the metadata names (`Functions:CallFlopsMax`, `Functions:CallMemoryBytesMax`, `Functions:CallMillisecondsMax`)",
        ["DRAINING"] = "nothing: the server was told to stop. Clients go elsewhere; if there is nowhere else, run two",
        ["OVERLOADED"] = "more work than the server does (`Scheduling:QueueSecondsMax`): another server, or fewer clients. Open streams that nobody uses count too: `Limits:CallsMax`",
        ["CHUNK_CORRUPT"] = "client, or a network that damages data: look for others on the same path",
        ["DEADLINE_EXCEEDED"] = "client's deadline is shorter than its work; many at once: the queue wait and the processor, see OVERLOADED",
        ["CANCELLED"] = "nothing: the caller went away",
        ["INTERNAL"] = "a bug of ours: the log has `Bug, request id ...` with the stack. Report it; the session is as it was before the command",
    };

    public static string Write(string proto)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var (name, _, comment) in ErrorReasons.Read(proto))
        {
            if (name == "UNSPECIFIED") continue;
            string advice = s_advice.GetValueOrDefault(name) ?? throw new InvalidOperationException($"{name}: say in {nameof(ErrorsPage)} what an operator does about it");
            string[] parts = comment.Split(": ", 2);
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {parts[0]} | {parts[1].Replace("|", "\\|", StringComparison.Ordinal)} | {advice} |\n");
        }
        return page.ToString();
    }
}
