using System.Diagnostics;
using System.Globalization;
using AutogradService.Client;
using Wire = Autograd.V1;

namespace AutogradService.Benchmarks;

/// <summary>
/// What the first requests of a fresh server cost beside the same requests later: starts the server as a process of its own, as it was built and as it
/// was compiled ahead of time, and times it from outside. The client is warm: one start before those that count is for it.
/// </summary>
internal static class ColdStart
{
    private const int SteadyCalls = 3000;

    /// <param name="native">The server compiled ahead of time, or null.</param>
    /// <param name="starts">How often each is started.</param>
    public static async Task RunAsync(string? native, int starts)
    {
        Console.WriteLine("milliseconds: from the start of the process, and of one call; median of the starts; steady: median of the calls after the first 2,000");
        Console.WriteLine($"{"server",-8} {"ready",8} {"connect",8} {"",2} {"call",-34} {"first",9} {"second",9} {"steady",9} {"first/steady",13}");
        await MeasureAsync("jit", "dotnet", [ServerProcess.Built], starts);
        if (native is not null) await MeasureAsync("native", native, [], starts);
    }

    private static async Task MeasureAsync(string kind, string program, string[] arguments, int starts)
    {
        await using (await ServerProcess.StartAsync(program, arguments)) { }
        var runs = new List<Run>();
        for (int i = 0; i <= starts; i++)
        {
            await using var server = await ServerProcess.StartAsync(program, arguments);
            var run = await TimeAsync(server);
            if (i > 0) runs.Add(run);
        }
        string lead = string.Create(CultureInfo.InvariantCulture, $"{kind,-8} {Median(runs, r => r.Ready),8:F0} {Median(runs, r => r.Connect),8:F1} {"",2}");
        for (int c = 0; c < runs[0].Calls.Count; c++)
        {
            double first = Median(runs, r => r.Calls[c].First), second = Median(runs, r => r.Calls[c].Second), steady = Median(runs, r => r.Calls[c].Steady);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lead} {runs[0].Calls[c].Name,-34} {first,9:F2} {second,9:F2} {steady,9:F3} {first / steady,12:F0}x"));
            lead = new string(' ', lead.Length);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-8} memory: {Median(runs, r => r.IdleMegabytes):F0} MB when ready, {Median(runs, r => r.BusyMegabytes):F0} MB after the calls"));
    }

    private static async Task<Run> TimeAsync(ServerProcess server)
    {
        double idle = server.Megabytes;
        long from = Stopwatch.GetTimestamp();
        await using var session = await AutogradSession.ConnectAsync(server.Address, new SessionOptions { Mode = CallMode.Unary });
        double connect = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        var calls = session.Calls;
        ulong next = 1UL << 40;
        ulong Next() => ++next;
        async Task<ulong> Apply(string op, params ulong[] operands)
        {
            var request = new Wire.ApplyOpRequest { SessionId = session.Id, ApplyOp = new Wire.ApplyOp { OpId = session.Catalog.IdOf(op), A = operands[0], B = operands.Length > 1 ? operands[1] : 0, Out = Next() } };
            return (await calls.ApplyOpAsync(request)).Outputs[0].Handle;
        }
        async Task<ulong> Create(long[] shape, bool requiresGrad)
        {
            var bytes = new byte[shape.Aggregate(4L, static (a, b) => a * b)];
            var data = new Wire.TensorData { Dtype = Wire.DataType.Float32, Shape = { shape }, Data = Google.Protobuf.ByteString.CopyFrom(bytes) };
            return (await calls.CreateTensorAsync(new Wire.CreateTensorRequest { SessionId = session.Id, CreateTensor = new Wire.CreateTensor { Out = Next(), RequiresGrad = requiresGrad, Data = data } })).Tensor.Handle;
        }
        async Task Release(params ulong[] handles) => await calls.ReleaseTensorsAsync(new Wire.ReleaseTensorsRequest { SessionId = session.Id, Handles = { handles } });

        var timed = new List<Call>();
        async Task Time(string name, int steadyCalls, Func<Task> call)
        {
            var times = new double[steadyCalls];
            for (int i = 0; i < times.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await call();
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            var late = times[(2 * steadyCalls / 3)..];
            Array.Sort(late);
            timed.Add(new Call(name, times[0], times[1], late[late.Length / 2]));
        }
        ulong x = 0, w = 0;
        await Time("CreateTensor, 4 elements", SteadyCalls, async () =>
        {
            if (x != 0) await Release(x);
            x = await Create([4], requiresGrad: true);
        });
        await Time("ApplyOp exp, 4 elements, recorded", SteadyCalls, async () => await Release(await Apply("exp", x)));
        w = await Create([256, 256], requiresGrad: true);
        await Time("ApplyOp matmul 256x256, recorded", SteadyCalls / 10, async () => await Release(await Apply("matmul", w, w)));
        await Time("exp, sum, Backward, GetGrad", SteadyCalls / 3, async () =>
        {
            ulong y = await Apply("exp", x), s = await Apply("sum", y);
            await calls.BackwardAsync(new Wire.BackwardRequest { SessionId = session.Id, Backward = new Wire.Backward { Roots = { s } } });
            await calls.GetGradAsync(new Wire.GetGradRequest { SessionId = session.Id, Tensor = x });
            await Release(y, s);
        });
        return new Run(server.ReadyMilliseconds, connect, timed, idle, server.Megabytes);
    }

    private static double Median(List<Run> runs, Func<Run, double> of)
    {
        var values = runs.Select(of).Order().ToArray();
        return values[values.Length / 2];
    }

    private sealed record Call(string Name, double First, double Second, double Steady);

    private sealed record Run(double Ready, double Connect, List<Call> Calls, double IdleMegabytes, double BusyMegabytes);
}
