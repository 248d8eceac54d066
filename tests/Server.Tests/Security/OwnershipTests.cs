using AutogradService.Testing;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace AutogradService.Server.Tests.Security;

/// <summary>What is somebody's is nobody else's, by whichever RPC; an admin sees, counts and deletes, and does no more.</summary>
public sealed class OwnershipTests
{
    // These name no session; a new one has to say so here.
    private static readonly string[] s_withoutSession =
    [
        "CallFunction", "CallFunctions", "CreateSession", "DeleteFunction", "EstimateCost", "GetFunction", "GetServerInfo", "ListFunctions", "ListOps", "ListSessions", "RegisterFunction",
    ];

    // Of a session's RPCs these are open to admins.
    private static readonly string[] s_forAdmins = ["DeleteSession", "GetSession", "GetUsage"];

    [Fact]
    public async Task Somebody_elses_session_is_refused_by_every_rpc_whether_it_is_there_or_not()
    {
        await using var server = await RunningServer.StartAsync(null, [.. TestKeys.Settings("alice", "bob"), $"Security:Keys:2={TestKeys.Line("root", rest: "role=admin")}"]);
        var alice = await TestSession.CreateAsync(server.Channel, TestKeys.Header("alice"));
        var ended = await TestSession.CreateAsync(server.Channel, TestKeys.Header("alice"));
        await ended.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = ended.Id }, TestKeys.Header("alice"));
        var tried = new List<string>();
        foreach (string caller in new[] { "bob", "root" })
        {
            string function = await RegisterAsync(server, caller);
            foreach (var method in EveryCall.Methods)
            {
                foreach (var session in new[] { alice, ended })
                {
                    if (!EveryCall.TryName(method.InputType, session.Id, function, out var request)) continue;
                    tried.Add(method.Name);
                    if (caller == "root" && s_forAdmins.Contains(method.Name)) continue;
                    var status = await StatusOfAsync(server, method, request, caller);
                    Assert.True(status?.GetDetail<Rpc.ErrorInfo>()?.Reason == "NOT_SESSION_OWNER" && status.Code == (int)StatusCode.PermissionDenied, $"{caller}, {method.FullName}: {status}");
                }
            }
        }
        var optional = new[] { "CallFunction", "CallFunctions", "EstimateCost" };
        Assert.Equal(EveryCall.Methods.Select(m => m.Name).Where(n => !s_withoutSession.Contains(n) || optional.Contains(n)).Order(StringComparer.Ordinal), tried.Distinct().Order(StringComparer.Ordinal));
        // Nothing of all that did anything.
        Assert.Equal(0UL, (await alice.Sessions.GetUsageAsync(new Wire.GetUsageRequest { SessionId = alice.Id }, TestKeys.Header("alice"))).Usage.CommandsApplied);
    }

    [Fact]
    public async Task Somebody_elses_function_does_not_exist_for_others_not_even_for_admins()
    {
        await using var server = await RunningServer.StartAsync(null, [.. TestKeys.Settings("alice", "bob"), $"Security:Keys:2={TestKeys.Line("root", rest: "role=admin")}"]);
        string function = await RegisterAsync(server, "alice");
        foreach (string caller in new[] { "bob", "root" })
        {
            foreach (string name in new[] { "CallFunction", "CallFunctions", "DeleteFunction", "EstimateCost", "GetFunction" })
            {
                var method = EveryCall.Methods.Single(m => m.Name == name);
                EveryCall.TryName(method.InputType, "", function, out var request);
                if (name == "EstimateCost") request = new Wire.EstimateCostRequest { Function = function };
                var status = await StatusOfAsync(server, method, request, caller);
                Assert.True(status?.GetDetail<Rpc.ErrorInfo>()?.Reason == "FUNCTION_NOT_FOUND", $"{caller}, {name}: {status}");
            }
            Assert.Empty((await new Wire.FunctionService.FunctionServiceClient(server.Channel).ListFunctionsAsync(new Wire.ListFunctionsRequest(), TestKeys.Header(caller))).Functions);
        }
    }

    [Fact]
    public async Task An_admin_sees_counts_and_deletes_everybodys_sessions_and_nobody_else_does()
    {
        await using var server = await RunningServer.StartAsync(null, [.. TestKeys.Settings("alice", "bob", "carol"), $"Security:Keys:3={TestKeys.Line("root", rest: "role=admin")}", "Security:Admins:0=carol"]);
        var s = await TestSession.CreateAsync(server.Channel, TestKeys.Header("alice"));
        await TestSession.CreateAsync(server.Channel, TestKeys.Header("bob"));
        var everybody = new Wire.ListSessionsRequest { AllPrincipals = true };
        foreach (string admin in new[] { "root", "carol" })
        {
            Assert.Equal(["alice", "bob"], (await s.Sessions.ListSessionsAsync(everybody, TestKeys.Header(admin))).Sessions.Select(x => x.Owner));
            Assert.Empty((await s.Sessions.ListSessionsAsync(new Wire.ListSessionsRequest(), TestKeys.Header(admin))).Sessions);
        }
        await Refusals.OfAsync(StatusCode.PermissionDenied, "ADMIN_REQUIRED", () => s.Sessions.ListSessionsAsync(everybody, TestKeys.Header("bob")).ResponseAsync);
        Assert.Equal("alice", (await s.Sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = s.Id }, TestKeys.Header("root"))).Session.Owner);
        Assert.NotNull((await s.Sessions.GetUsageAsync(new Wire.GetUsageRequest { SessionId = s.Id }, TestKeys.Header("root"))).Usage);
        await s.Autograd.CreateTensorAsync(new Wire.CreateTensorRequest { SessionId = s.Id, CreateTensor = TestSession.Create(1, [1], [1]).CreateTensor }, TestKeys.Header("alice"));
        var hers = new Wire.GetUsageRequest { Principal = "alice" };
        var total = (await s.Sessions.GetUsageAsync(hers, TestKeys.Header("root"))).Usage;
        Assert.Equal((1u, 1UL, 1UL), (total.Sessions, total.Tensors, total.CommandsApplied));
        Assert.Equal(total, (await s.Sessions.GetUsageAsync(hers, TestKeys.Header("alice"))).Usage);
        await Refusals.OfAsync(StatusCode.PermissionDenied, "ADMIN_REQUIRED", () => s.Sessions.GetUsageAsync(hers, TestKeys.Header("bob")).ResponseAsync);
        await Refusals.OfFieldAsync("INVALID_FIELD", "principal", () => s.Sessions.GetUsageAsync(new Wire.GetUsageRequest { Principal = "a\nb" }, TestKeys.Header("root")).ResponseAsync);
        await Refusals.OfFieldAsync("INVALID_FIELD", "principal", () => s.Sessions.GetUsageAsync(new Wire.GetUsageRequest { SessionId = s.Id, Principal = "alice" }, TestKeys.Header("root")).ResponseAsync);
        await s.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = s.Id }, TestKeys.Header("root"));
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_EXPIRED", () => s.Sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = s.Id }, TestKeys.Header("alice")).ResponseAsync);
        Assert.Equal(["bob"], (await s.Sessions.ListSessionsAsync(everybody, TestKeys.Header("root"))).Sessions.Select(x => x.Owner));
    }

    private static async Task<string> RegisterAsync(RunningServer server, string caller)
    {
        var function = new Wire.Function
        {
            Parameters = { new Wire.FunctionParameter { Name = "x", Handle = 1, Dtype = Wire.DataType.Float32, Shape = { new Wire.Dimension { Fixed = 2 } } } },
            Steps = { new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "exp", A = 1, Out = 2 } } },
            Results = { new Wire.FunctionResult { Name = "y", Handle = 2 } },
        };
        var answer = await new Wire.FunctionService.FunctionServiceClient(server.Channel).RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = function }, TestKeys.Header(caller));
        return answer.Function.FunctionId;
    }

    // Of the call, or of what a stream answers to its first part.
    private static async Task<Rpc.Status?> StatusOfAsync(RunningServer server, MethodDescriptor method, IMessage request, string caller)
    {
        try
        {
            byte[] answer = await EveryCall.CallAsync(server.Channel.CreateCallInvoker(), method, request.ToByteArray(), TestKeys.Header(caller));
            return method.Name == "CallFunctions" ? Wire.CallFunctionsResponse.Parser.ParseFrom(answer).Outcomes.Single().Error : null;
        }
        catch (RpcException e)
        {
            return e.GetRpcStatus();
        }
    }
}
