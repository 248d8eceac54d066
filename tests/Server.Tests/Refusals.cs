using System.Text.RegularExpressions;
using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>What every refused call must look like.</summary>
internal static partial class Refusals
{
    public const int BytesMax = 4096;

    // What errors.proto says of each reason: "// NOT_FOUND: ..." above ERROR_REASON_TENSOR_RELEASED.
    private static readonly Dictionary<string, string> s_documented = Reason().Matches(File.ReadAllText(Path.Combine(Repository.Root, "protos/autograd/v1/errors.proto")))
        .ToDictionary(m => m.Groups["reason"].Value, m => m.Groups["code"].Value);

    /// <summary>The status of a call that fails, with all that the contract promises of any status checked.</summary>
    public static async Task<Rpc.Status> OfAsync(Func<Task> call)
    {
        var e = await Assert.ThrowsAsync<RpcException>(call);
        var status = e.GetRpcStatus();
        Assert.True(status is not null, $"no google.rpc.Status with {e.Status}");
        Assert.Equal((int)e.StatusCode, status.Code);
        Check(status);
        return status;
    }

    /// <summary>As <see cref="OfAsync"/>, of a known code and reason; BadRequest, QuotaFailure and PreconditionFailure must fit the code.</summary>
    public static async Task<Rpc.Status> OfAsync(StatusCode code, string reason, Func<Task> call)
    {
        var status = await OfAsync(call);
        Is(code, reason, status);
        return status;
    }

    public static void Is(StatusCode code, string reason, Rpc.Status status)
    {
        Check(status);
        Assert.Equal((reason, code), (InfoOf(status).Reason, (StatusCode)status.Code));
        Assert.Equal(code == StatusCode.ResourceExhausted, status.GetDetail<Rpc.QuotaFailure>() is not null);
        Assert.Equal(code == StatusCode.FailedPrecondition, status.GetDetail<Rpc.PreconditionFailure>() is not null);
        bool retry = reason is "DRAINING" or "OVERLOADED" or "QUOTA_QUEUE" or "QUOTA_RATE" or "QUOTA_SERVER_MEMORY";
        Assert.Equal(retry, status.GetDetail<Rpc.RetryInfo>() is { RetryDelay: not null });
    }

    /// <summary>As <see cref="OfAsync(StatusCode, string, Func{Task})"/>, and BadRequest must name the field.</summary>
    public static async Task<Rpc.Status> OfFieldAsync(string reason, string field, Func<Task> call)
    {
        var status = await OfAsync(StatusCode.InvalidArgument, reason, call);
        Assert.Equal(field, Assert.Single(status.GetDetail<Rpc.BadRequest>()!.FieldViolations).Field);
        return status;
    }

    public static Rpc.ErrorInfo InfoOf(Rpc.Status status) => status.GetDetail<Rpc.ErrorInfo>()!;

    private static void Check(Rpc.Status status)
    {
        var info = Assert.Single(status.Details, d => d.Is(Rpc.ErrorInfo.Descriptor)).Unpack<Rpc.ErrorInfo>();
        Assert.Equal("autograd.v1", info.Domain);
        Assert.Equal(s_documented[info.Reason], ((StatusCode)status.Code).ToString().ToUpperInvariant(), (a, b) => a.Replace("_", "", StringComparison.Ordinal) == b);
        Assert.Equal(Wire.ErrorsReflection.Descriptor.EnumTypes[0].Values.Count - 1, s_documented.Count);
        Assert.InRange(status.CalculateSize(), 1, BytesMax);
        Assert.DoesNotContain("   at ", status.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"  // (?<code>[A-Z_]+): .*\n(  //.*\n)*  ERROR_REASON_(?<reason>[A-Z0-9_]+) = \d+;")]
    private static partial Regex Reason();
}
