using System.Globalization;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.Extensions.Options;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace AutogradService.Server.Calls;

/// <summary>AutogradService: the unary calls, each of which is one command, and the batch. Streams are in classes of their own.</summary>
internal sealed class AutogradCalls(SessionTable sessions, IOptions<ServerOptions> options)
{
    private readonly LimitOptions _limits = options.Value.Limits;

    public async Task<Wire.CreateTensorResponse> CreateTensor(Wire.CreateTensorRequest request, ServerCallContext call)
    {
        var result = await RunAsync(request.SessionId, new Wire.Command { Seq = request.Seq, CreateTensor = request.CreateTensor }, call);
        return new Wire.CreateTensorResponse { Tensor = result.Outputs.Tensors[0] };
    }

    public async Task<Wire.ApplyOpResponse> ApplyOp(Wire.ApplyOpRequest request, ServerCallContext call)
    {
        var result = await RunAsync(request.SessionId, new Wire.Command { Seq = request.Seq, NoGrad = request.NoGrad, InferenceMode = request.InferenceMode, ApplyOp = request.ApplyOp }, call);
        return new Wire.ApplyOpResponse { Outputs = { result.Outputs.Tensors } };
    }

    public async Task<Wire.BackwardResponse> Backward(Wire.BackwardRequest request, ServerCallContext call)
    {
        await RunAsync(request.SessionId, new Wire.Command { Seq = request.Seq, Backward = request.Backward }, call);
        return new Wire.BackwardResponse();
    }

    public async Task<Wire.ComputeGradientsResponse> ComputeGradients(Wire.ComputeGradientsRequest request, ServerCallContext call)
    {
        var result = await RunAsync(request.SessionId, new Wire.Command { Seq = request.Seq, ComputeGradients = request.ComputeGradients }, call);
        return new Wire.ComputeGradientsResponse { Gradients = { result.Gradients.Gradients_ } };
    }

    public async Task<Wire.ZeroGradsResponse> ZeroGrads(Wire.ZeroGradsRequest request, ServerCallContext call)
    {
        await RunAsync(request.SessionId, new Wire.Command { Seq = request.Seq, ZeroGrads = request.ZeroGrads ?? new Wire.ZeroGrads() }, call);
        return new Wire.ZeroGradsResponse();
    }

    public async Task<Wire.GetTensorResponse> GetTensor(Wire.GetTensorRequest request, ServerCallContext call)
    {
        var describe = new Wire.Command { WantResult = true, Describe = new Wire.Describe { Tensor = request.Tensor } };
        var read = new Wire.Command { WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = request.Tensor } };
        // Both in one turn: nobody changes the tensor in between.
        var session = Find(request.SessionId, call);
        using var turn = await session.EnterAsync(2, request.CalculateSize(), Patience.Limited, call);
        using var interruption = InterruptionOf(session, call);
        var bounds = BoundsOf(call, interruption.Token);
        return new Wire.GetTensorResponse
        {
            Metadata = Succeed(turn.Interpreter.Run(new GivenCommand(describe), bounds)).Metadata,
            Data = request.MetadataOnly ? null : Succeed(turn.Interpreter.Run(new GivenCommand(read), bounds)).Tensor,
        };
    }

    public async Task<Wire.GetGradResponse> GetGrad(Wire.GetGradRequest request, ServerCallContext call)
    {
        var result = await RunAsync(request.SessionId, new Wire.Command { ReadGrad = new Wire.ReadGrad { Tensor = request.Tensor } }, call);
        return new Wire.GetGradResponse { Grad = result.Grad };
    }

    public async Task<Wire.ListTensorsResponse> ListTensors(Wire.ListTensorsRequest request, ServerCallContext call)
    {
        ulong after = 0;
        if (request.PageToken.Length > 0 && !ulong.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            throw Refusal.InvalidField("page_token", "this is no token that the server gave out");
        var list = new Wire.ListHandles { PageSize = request.PageSize, AfterHandle = after };
        var page = (await RunAsync(request.SessionId, new Wire.Command { ListHandles = list }, call)).Page;
        string next = page.NextAfterHandle == 0 ? "" : page.NextAfterHandle.ToString(CultureInfo.InvariantCulture);
        return new Wire.ListTensorsResponse { Tensors = { page.Tensors }, NextPageToken = next };
    }

    public async Task<Wire.ReleaseTensorsResponse> ReleaseTensors(Wire.ReleaseTensorsRequest request, ServerCallContext call)
    {
        await RunAsync(request.SessionId, new Wire.Command { Seq = request.Seq, ReleaseTensors = new Wire.ReleaseTensors { Handles = { request.Handles } } }, call);
        return new Wire.ReleaseTensorsResponse();
    }

    public async Task<Wire.DifferentiateResponse> Differentiate(Wire.DifferentiateRequest request, ServerCallContext call)
    {
        var result = await RunAsync(request.SessionId, new Wire.Command { Seq = request.Seq, Differentiate = request.Differentiate }, call);
        return new Wire.DifferentiateResponse { Outputs = { result.Outputs.Tensors } };
    }

    public async Task<Wire.CheckGradientsResponse> CheckGradients(Wire.CheckGradientsRequest request, ServerCallContext call)
    {
        var result = await RunAsync(request.SessionId, new Wire.Command { CheckGradients = request.CheckGradients }, call);
        return new Wire.CheckGradientsResponse { GradientCheck = result.GradientCheck };
    }

    public async Task<Wire.GetGraphResponse> GetGraph(Wire.GetGraphRequest request, ServerCallContext call)
    {
        var result = await RunAsync(request.SessionId, new Wire.Command { DescribeGraph = request.DescribeGraph }, call);
        return new Wire.GetGraphResponse { Graph = result.Graph };
    }

    public async Task<Wire.RunCommandsResponse> RunCommands(CommandFrame frame, ServerCallContext call)
    {
        using var bytes = frame;
        using var reader = new FrameReader();
        frame.ReadInto(reader, _limits.BatchCommandsMax);
        if (reader.Count > _limits.BatchCommandsMax) throw Refusal.LimitExceeded("commands", reader.Count, _limits.BatchCommandsMax);
        using var traced = Tracing.StartBatch("commands", reader.Traceparent);
        var session = Find(reader.SessionId, call);
        using var turn = await session.EnterAsync(reader.Count, frame.Length, Patience.Limited, call);
        turn.Interpreter.ForgetAnswers(reader.ReceivedSeq);
        using var interruption = InterruptionOf(session, call);
        var response = new Wire.RunCommandsResponse();
        var progress = new BatchProgress(reader.FailFast);
        var bounds = BoundsOf(call, interruption.Token);
        while (!turn.Interpreter.RunBatch(reader.Commands, ref progress, response.Results, bounds, turn)) await turn.YieldAsync(call.CancellationToken);
        response.Failed = progress.Failed;
        response.AcknowledgedSeq = turn.Interpreter.LastAppliedSeq;
        if (traced.Span is { } span) Tracing.Describe(span, session.Ordinal, reader.Count, response.Failed);
        return response;
    }

    private async Task<Wire.CommandResult> RunAsync(string sessionId, Wire.Command command, ServerCallContext call)
    {
        command.WantResult = true;
        var session = Find(sessionId, call);
        using var turn = await session.EnterAsync(1, command.CalculateSize(), Patience.Limited, call);
        using var interruption = InterruptionOf(session, call);
        return Succeed(turn.Interpreter.Run(new GivenCommand(command), BoundsOf(call, interruption.Token)));
    }

    private Session Find(string id, ServerCallContext call) => sessions.Get(id, CallInterceptor.CallerOf(call));

    private static CancellationTokenSource InterruptionOf(Session session, ServerCallContext call) => CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, session.EndingToken);

    private CallBounds BoundsOf(ServerCallContext call, CancellationToken interruption) => new(new ResultBudget(_limits.MessageBytesMax, MessageCharge.Of(call)), call.Deadline, call.CancellationToken, interruption);

    private static Wire.CommandResult Succeed(Wire.CommandResult? result) => result!.Error is { } error ? throw error.ToRpcException() : result;

    /// <summary>Binds the service's methods.</summary>
    internal sealed class Methods(Uploads uploads, Downloads downloads, CommandStreams streams) : IServiceMethodProvider<AutogradCalls>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<AutogradCalls> context)
        {
            var table = new MethodTable<AutogradCalls>(context, Wire.AutogradReflection.Descriptor.Services[0]);
            table.Unary("CreateTensor", Wire.CreateTensorRequest.Parser, static (calls, request, call) => calls.CreateTensor(request, call));
            table.ClientStream("UploadTensor", Uploads.Parts, (_, parts, call) => uploads.RunAsync(parts, call));
            table.Unary("ApplyOp", Wire.ApplyOpRequest.Parser, static (calls, request, call) => calls.ApplyOp(request, call));
            table.Unary("Backward", Wire.BackwardRequest.Parser, static (calls, request, call) => calls.Backward(request, call));
            table.Unary("ComputeGradients", Wire.ComputeGradientsRequest.Parser, static (calls, request, call) => calls.ComputeGradients(request, call));
            table.Unary("ZeroGrads", Wire.ZeroGradsRequest.Parser, static (calls, request, call) => calls.ZeroGrads(request, call));
            table.Unary("GetTensor", Wire.GetTensorRequest.Parser, static (calls, request, call) => calls.GetTensor(request, call));
            table.Unary("GetGrad", Wire.GetGradRequest.Parser, static (calls, request, call) => calls.GetGrad(request, call));
            table.ServerStream<Wire.DownloadTensorRequest, Wire.DownloadTensorResponse>("DownloadTensor", Wire.DownloadTensorRequest.Parser, (_, request, responses, call) => downloads.RunAsync(request, responses, call));
            table.Unary("ListTensors", Wire.ListTensorsRequest.Parser, static (calls, request, call) => calls.ListTensors(request, call));
            table.Unary("ReleaseTensors", Wire.ReleaseTensorsRequest.Parser, static (calls, request, call) => calls.ReleaseTensors(request, call));
            table.Unary("RunCommands", CommandFrame.Marshaller, static (calls, request, call) => calls.RunCommands(request, call));
            table.Duplex<CommandFrame, Wire.ExecuteResponse>("Execute", CommandFrame.Marshaller, (_, frames, responses, call) => streams.RunAsync(frames, responses, call));
            table.Unary("Differentiate", Wire.DifferentiateRequest.Parser, static (calls, request, call) => calls.Differentiate(request, call));
            table.Unary("CheckGradients", Wire.CheckGradientsRequest.Parser, static (calls, request, call) => calls.CheckGradients(request, call));
            table.Unary("GetGraph", Wire.GetGraphRequest.Parser, static (calls, request, call) => calls.GetGraph(request, call));
            table.End();
        }
    }
}
