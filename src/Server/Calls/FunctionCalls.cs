using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Functions;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.Extensions.ObjectPool;

namespace AutogradService.Server.Calls;

/// <summary>FunctionService: the unary calls.</summary>
internal sealed class FunctionCalls(FunctionRegistry registry, FunctionCaller caller, CallGathering gathering, SessionTable sessions, UsageTable usage)
{
    private const int AnswerBytesGuess = 512;
    private static readonly ObjectPool<GivenCall> s_calls = ObjectPool.Create<GivenCall>();

    public Task<Wire.RegisterFunctionResponse> RegisterFunction(Wire.RegisterFunctionRequest request, ServerCallContext call)
    {
        string principal = CallInterceptor.CallerOf(call);
        var function = registry.Register(request.Function, principal);
        return Task.FromResult(new Wire.RegisterFunctionResponse { Function = function.Definition.Describe(function.NameFor(principal)) });
    }

    public Task<PooledBytes> CallFunction(FunctionFrame frame, ServerCallContext context)
    {
        var given = s_calls.Get();
        bool isOver = true;
        try
        {
            int at = 0;
            if (!frame.TryNext(ref at, out int start, out int count)) throw Refusal.Missing("call");
            Read(given, frame, start, count);
            string principal = CallInterceptor.CallerOf(context);
            var function = caller.Find(given.Function, principal);
            var into = new PooledBytes(AnswerBytesGuess, MessageCharge.Of(context));
            var share = given.SessionId.Length == 0 ? ShareOf(principal, count, context) : null;
            if (gathering.BatchOf(function, given) is { } batch)
            {
                isOver = false;
                return FinishAsync(new ValueTask(gathering.AnswerAsync(new GatheredCall(batch, given, count, share, context, into), principal)), frame, given, into);
            }
            if (share is not null)
            {
                var running = caller.ExecuteAsync(function, given.Wanted, given, share, Patience.Limited, context, into, stream: null);
                if (running.IsCompletedSuccessfully) return Task.FromResult(into);
                isOver = false;
                return FinishAsync(running, frame, given, into);
            }
            isOver = false;
            return CallInSessionAsync(function, frame, given, context, into);
        }
        finally
        {
            if (isOver) GiveBack(frame, given);
        }
    }

    public Task<Wire.GetFunctionResponse> GetFunction(Wire.GetFunctionRequest request, ServerCallContext call)
    {
        string principal = CallInterceptor.CallerOf(call);
        var function = registry.Get(request.Function, principal);
        var response = new Wire.GetFunctionResponse { Function = function.Definition.Describe(function.NameFor(principal)) };
        if (request.Plan is not { } wanted) return Task.FromResult(response);
        var plan = registry.PlanFor(function, (wanted.Wanted ?? new Wire.Wanted()).ToByteArray(), SizesOf(function.Definition, wanted));
        try
        {
            response.Plan = new Wire.PlanDescription
            {
                Recorded = plan.Compiled.Print(optimized: false),
                Optimized = plan.Compiled.Print(),
                RecordedDot = plan.Compiled.Draw(optimized: false),
                OptimizedDot = plan.Compiled.Draw(),
                Cost = Describe(plan.Compiled.Cost),
            };
        }
        finally
        {
            plan.Leave();
        }
        return Task.FromResult(response);
    }

    public Task<Wire.ListFunctionsResponse> ListFunctions(Wire.ListFunctionsRequest request, ServerCallContext call)
    {
        string principal = CallInterceptor.CallerOf(call);
        if (request.PageToken.Length is not (0 or FunctionDefinition.IdLength)) throw Refusal.InvalidField("page_token", "this is no token that the server gave out");
        var (page, next) = registry.Page(principal, PageSize.Of(request.PageSize), request.PageToken);
        var response = new Wire.ListFunctionsResponse { NextPageToken = next };
        foreach (var function in page) response.Functions.Add(function.Definition.Describe(function.NameFor(principal)));
        return Task.FromResult(response);
    }

    public Task<Wire.DeleteFunctionResponse> DeleteFunction(Wire.DeleteFunctionRequest request, ServerCallContext call)
    {
        registry.Delete(request.Function, CallInterceptor.CallerOf(call));
        return Task.FromResult(new Wire.DeleteFunctionResponse());
    }

    public async Task<Wire.EstimateCostResponse> EstimateCost(Wire.EstimateCostRequest request, ServerCallContext call)
    {
        string principal = CallInterceptor.CallerOf(call);
        if (request.SubjectCase == Wire.EstimateCostRequest.SubjectOneofCase.Commands)
        {
            var batch = request.Commands;
            using var turn = await sessions.Get(batch.SessionId, principal).EnterAsync(batch.Commands.Count, request.CalculateSize(), Patience.Limited, call);
            var (estimate, made) = registry.Estimate(batch, turn.Interpreter);
            return Describe(estimate, made);
        }
        var definition = request.SubjectCase switch
        {
            Wire.EstimateCostRequest.SubjectOneofCase.Function => registry.Get(request.Function, principal).Definition,
            Wire.EstimateCostRequest.SubjectOneofCase.Definition => registry.Define(request.Definition, "definition"),
            _ => throw Refusal.Missing("subject"),
        };
        var plan = request.Plan ?? new Wire.PlanRequest();
        var (cost, results) = registry.Estimate(definition, (plan.Wanted ?? new Wire.Wanted()).ToByteArray(), SizesOf(definition, plan));
        return Describe(cost, results);
    }

    /// <summary>Reads a call of a frame.</summary>
    /// <exception cref="Refusal">MALFORMED_MESSAGE.</exception>
    public static void Read(GivenCall given, FunctionFrame frame, int start, int count)
    {
        try
        {
            given.Read(frame.Buffer, start, count);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Refusal.Malformed(e.Message);
        }
    }

    private CallerShare ShareOf(string principal, int receivedBytes, ServerCallContext context)
    {
        var share = CallerShare.Of(usage.Of(principal), sessions.Quotas.Of(principal), context);
        share.Account.Add(new Work { ReceivedBytes = receivedBytes });
        return share;
    }

    private async Task<PooledBytes> CallInSessionAsync(RegisteredFunction function, FunctionFrame frame, GivenCall given, ServerCallContext context, PooledBytes into)
    {
        try
        {
            using var turn = await sessions.Get(given.SessionId, CallInterceptor.CallerOf(context)).EnterAsync(1, frame.Buffer.Length, Patience.Limited, context);
            caller.Execute(function, given.Wanted, given, turn.Interpreter, into, stream: null, context.CancellationToken);
            return into;
        }
        finally
        {
            GiveBack(frame, given);
        }
    }

    private static async Task<PooledBytes> FinishAsync(ValueTask running, FunctionFrame frame, GivenCall given, PooledBytes into)
    {
        try
        {
            await running;
            return into;
        }
        finally
        {
            GiveBack(frame, given);
        }
    }

    private static void GiveBack(FunctionFrame frame, GivenCall given)
    {
        given.Clear();
        s_calls.Return(given);
        frame.Dispose();
    }

    private static long[] SizesOf(FunctionDefinition definition, Wire.PlanRequest plan)
    {
        var sizes = new long[definition.Symbols.Length];
        Array.Fill(sizes, -1);
        foreach (var size in plan.Sizes)
        {
            int i = Array.IndexOf(definition.Symbols, size.Symbol);
            if (i < 0) throw Refusal.InvalidField("plan.sizes.symbol", $"the function has no symbol '{size.Symbol}'");
            if (size.Size < 0) throw Refusal.InvalidField("plan.sizes.size", "a size is not negative");
            sizes[i] = size.Size;
        }
        for (int i = 0; i < sizes.Length; i++)
            if (sizes[i] < 0) throw Refusal.InvalidField("plan.sizes", $"the symbol '{definition.Symbols[i]}' needs a size");
        return sizes;
    }

    private static Wire.EstimateCostResponse Describe(in Cost cost, IReadOnlyList<TensorSpec> results)
    {
        var response = new Wire.EstimateCostResponse { Cost = Describe(cost) };
        foreach (var spec in results)
        {
            var header = new Wire.TensorHeader { Dtype = TensorDescription.ToWire(spec.DType), TotalBytes = (ulong)(spec.Shape.Numel * spec.DType.ItemSize) };
            foreach (long size in spec.Shape.Sizes) header.Shape.Add(size);
            response.Results.Add(header);
        }
        return response;
    }

    private static Wire.CostEstimate Describe(in Cost cost) => new()
    {
        Flops = cost.Flops,
        Bytes = cost.BytesMoved,
        MemoryBytes = cost.MemoryBytes,
        Steps = (uint)cost.Steps,
        Time = cost.Time.ToDuration(),
    };

    /// <summary>Binds the service's methods.</summary>
    internal sealed class Methods(FunctionStreams streams, TrainingStreams trainings) : IServiceMethodProvider<FunctionCalls>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<FunctionCalls> context)
        {
            var table = new MethodTable<FunctionCalls>(context, Wire.FunctionReflection.Descriptor.Services[0]);
            table.Unary("RegisterFunction", Wire.RegisterFunctionRequest.Parser, static (calls, request, call) => calls.RegisterFunction(request, call));
            table.Unary("CallFunction", FunctionFrame.Marshaller, PooledBytes.Marshaller, static (calls, request, call) => calls.CallFunction(request, call));
            table.Duplex("CallFunctions", FunctionFrame.Marshaller, PooledBytes.Marshaller, (_, frames, responses, call) => streams.RunAsync(frames, responses, call));
            table.Unary("GetFunction", Wire.GetFunctionRequest.Parser, static (calls, request, call) => calls.GetFunction(request, call));
            table.Unary("ListFunctions", Wire.ListFunctionsRequest.Parser, static (calls, request, call) => calls.ListFunctions(request, call));
            table.Unary("DeleteFunction", Wire.DeleteFunctionRequest.Parser, static (calls, request, call) => calls.DeleteFunction(request, call));
            table.Unary("EstimateCost", Wire.EstimateCostRequest.Parser, static (calls, request, call) => calls.EstimateCost(request, call));
            table.Duplex<TrainingFrame, Wire.TrainResponse>("Train", TrainingFrame.Marshaller, (_, frames, responses, call) => trainings.RunAsync(frames, responses, call));
            table.End();
        }
    }
}
