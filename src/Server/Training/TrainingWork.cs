using System.Diagnostics;
using AutogradService.Server.Commands;
using AutogradService.Server.Telemetry;

namespace AutogradService.Server.Training;

/// <summary>What a training does in one turn of its session, added up at the turn's end. On one thread.</summary>
internal readonly struct TrainingWork(ServerMeter meter, TrainingRun training, CommandInterpreter session) : IDisposable
{
    private readonly ComputeClock _clock = ComputeClock.Start();
    private readonly Activity? _span = Tracing.StartChild("training");
    private readonly long _batches = training.Batches;
    private readonly ulong _step = training.Step;
    private readonly long _flops = training.Flops + session.Workspace.Flops;

    public void Dispose()
    {
        long elapsed = _clock.Elapsed, batches = training.Batches - _batches, steps = (long)(training.Step - _step);
        meter.Computed("training", elapsed);
        meter.Trained(steps);
        session.Work.Account.Add(new Work { FunctionCalls = batches, ComputeTicks = _clock.OfAllThreads(elapsed), Flops = training.Flops + session.Workspace.Flops - _flops });
        _span?.SetTag("autograd.training.batches", batches).SetTag("autograd.training.steps", steps).Dispose();
    }
}
