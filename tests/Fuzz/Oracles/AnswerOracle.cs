using System.Text.RegularExpressions;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace AutogradService.Fuzz.Oracles;

/// <summary>What every answer must be, whatever was sent.</summary>
internal static partial class AnswerOracle
{
    private const string DetailsTrailer = "grpc-status-details-bin";
    private const int StatusBytesMax = 4096;

    // What errors.proto says of each reason: "// NOT_FOUND: ..." above ERROR_REASON_TENSOR_RELEASED.
    private static readonly Dictionary<string, StatusCode> s_codes = Documented().Matches(ReadProto())
        .ToDictionary(static m => m.Groups["reason"].Value, static m => Enum.Parse<StatusCode>(m.Groups["code"].Value.Replace("_", "", StringComparison.Ordinal), ignoreCase: true));

    /// <summary>The closed list.</summary>
    public static IEnumerable<string> Reasons => s_codes.Keys;

    /// <summary>What is wrong with an answer; null if nothing is.</summary>
    public static string? Check(RawMethod method, Answer answer, Tally tally)
    {
        tally.Count("rpc", $"{method.Path} {answer.Code}");
        if (answer.Code == StatusCode.OK) return CheckMessages(method, answer, tally);
        if (answer.Code is StatusCode.Unknown or StatusCode.Internal) return $"{answer.Code}: {answer.Text}";
        // The client's own clock says so as well, and then nothing else is known; whether the server noticed is looked at when it comes to rest.
        if (answer.Code == StatusCode.DeadlineExceeded) return null;
        if (LooksLikeStack(answer.Text)) return $"a stack trace: {answer.Text}";
        if (!method.IsContract) return null;
        var details = answer.Trailers.Where(static t => t.Key == DetailsTrailer).ToList();
        if (details.Count != 1) return $"{details.Count} {DetailsTrailer} with {answer.Code}: {answer.Text}";
        var status = Rpc.Status.Parser.ParseFrom(details[0].ValueBytes);
        if (status.Code != (int)answer.Code || status.Message != answer.Text) return $"trailers say {answer.Code} '{answer.Text}', details say {(StatusCode)status.Code} '{status.Message}'";
        return CheckStatus(status, tally) ?? CheckMessages(method, answer, tally);
    }

    /// <summary>What is wrong with a status, in trailers or within an answer.</summary>
    public static string? CheckStatus(Rpc.Status status, Tally tally)
    {
        var infos = status.Details.Where(static d => d.Is(Rpc.ErrorInfo.Descriptor)).ToList();
        if (infos.Count != 1) return $"{infos.Count} ErrorInfos in {status}";
        var info = infos[0].Unpack<Rpc.ErrorInfo>();
        tally.Count("reason", info.Reason);
        if (info.Domain != "autograd.v1" || !s_codes.TryGetValue(info.Reason, out var code)) return $"'{info.Reason}' of '{info.Domain}' is no reason of the list";
        if (info.Reason == "INTERNAL") return $"INTERNAL: {status.Message}";
        if ((StatusCode)status.Code != code) return $"{info.Reason} with {(StatusCode)status.Code} rather than {code}";
        if (status.CalculateSize() > StatusBytesMax) return $"a status of {status.CalculateSize()} bytes";
        return LooksLikeStack(status.Message) ? $"a stack trace: {status.Message}" : null;
    }

    /// <summary>Every status within a message, whatever the message is.</summary>
    public static IEnumerable<Rpc.Status> StatusesIn(IMessage message)
    {
        if (message is Rpc.Status status)
        {
            yield return status;
            yield break;
        }
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType != FieldType.Message || field.IsMap) continue;
            object? value = field.Accessor.GetValue(message);
            var children = field.IsRepeated ? ((System.Collections.IEnumerable)value!).OfType<IMessage>() : value is IMessage one ? [one] : [];
            foreach (var child in children)
                foreach (var found in StatusesIn(child)) yield return found;
        }
    }

    private static string? CheckMessages(RawMethod method, Answer answer, Tally tally)
    {
        foreach (byte[] bytes in answer.Messages)
        {
            var message = method.Descriptor.OutputType.Parser.ParseFrom(bytes);
            if (!method.IsContract) continue;
            foreach (var status in StatusesIn(message))
                if (CheckStatus(status, tally) is { } fault) return fault;
        }
        return null;
    }

    private static bool LooksLikeStack(string text) => text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception:", StringComparison.Ordinal);

    private static string ReadProto()
    {
        using var reader = new StreamReader(typeof(AnswerOracle).Assembly.GetManifestResourceStream("errors.proto")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"  // (?<code>[A-Z_]+): .*\n(  //.*\n)*  ERROR_REASON_(?<reason>[A-Z0-9_]+) = \d+;")]
    private static partial Regex Documented();
}
