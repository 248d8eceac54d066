using AutogradService.Fuzz.Cases;

namespace AutogradService.Fuzz.Mutation;

/// <summary>A valid command of every kind that command.proto knows, on a session as <see cref="SessionSeed"/> makes it.</summary>
internal static class SampleCommands
{
    public static Wire.Backward Backward => new() { Roots = { 14 }, Inputs = new Wire.HandleList { Handles = { 1, 2 } }, RetainGraph = true };

    public static Wire.ComputeGradients ComputeGradients => new() { Outputs = { 14 }, Inputs = { 1, 3 }, RetainGraph = true, CreateGraph = true, AllowUnused = true, MaterializeGrads = true, Out = { 60, 61 } };

    public static Wire.CheckGradients CheckGradients => new() { Segment = Square(), Inputs = { 8 }, Eps = 1e-6, FastMode = true, CheckForwardAd = true };

    public static Wire.Differentiate Differentiate(ulong free) => new() { Segment = Square(), Inputs = { 2 }, Derivative = Wire.Derivative.Hvp, Vectors = { 2 }, CreateGraph = true, Out = { free, free + 1 } };

    /// <summary>Those that an estimate takes.</summary>
    public static IEnumerable<Wire.Command> Costed(ulong free)
    {
        yield return Numbered(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "matmul", A = 1, B = 3, Out = free } });
        yield return Numbered(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "sum", A = free, Out = free + 1 } });
        yield return Numbered(new Wire.Command { CreateTensor = new Wire.CreateTensor { Out = free + 2, Data = SessionSeed.Floats([2], 1, 2) } });
        yield return Numbered(new Wire.Command { Backward = new Wire.Backward { Roots = { free + 1 } } });
        yield return Numbered(new Wire.Command { ComputeGradients = new Wire.ComputeGradients { Outputs = { 14 }, Inputs = { 1 } } });
        yield return Numbered(new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { free } } });
    }

    /// <summary>One of every kind; they bind handles from the first free one up.</summary>
    public static IEnumerable<Wire.Command> All(ulong free)
    {
        yield return Numbered(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "matmul", A = 1, B = 3, Out = free } });
        yield return Numbered(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "mul", A = free, Scalar = 0.5, Out = free + 1 } });
        yield return Numbered(new Wire.Command { NoGrad = true, ApplyOp = new Wire.ApplyOp { Op = "add", A = 10, IntegerScalar = 2, InPlace = true } });
        yield return Numbered(new Wire.Command { CreateTensor = new Wire.CreateTensor { Out = free + 2, Data = SessionSeed.Floats([2], 1, 2) } });
        yield return Numbered(new Wire.Command { Backward = Backward });
        yield return Numbered(new Wire.Command { ReadTensor = new Wire.ReadTensor { Tensor = free } });
        yield return Numbered(new Wire.Command { ReadGrad = new Wire.ReadGrad { Tensor = 1 } });
        yield return Numbered(new Wire.Command { ComputeGradients = ComputeGradients });
        yield return Numbered(new Wire.Command { SetRequiresGrad = new Wire.SetRequiresGrad { Tensor = 5, RequiresGrad = true } });
        yield return Numbered(new Wire.Command { RetainGrad = new Wire.RetainGrad { Tensor = 13 } });
        yield return Numbered(new Wire.Command { DetachInPlace = new Wire.DetachInPlace { Tensor = free + 1 } });
        yield return Numbered(new Wire.Command { SetGrad = new Wire.SetGrad { Tensor = 2, Grad = 2 } });
        yield return Numbered(new Wire.Command { AliasGrad = new Wire.AliasGrad { Tensor = 1, Out = free + 3 } });
        yield return Numbered(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = 1, Clamp = new Wire.ClampHook { Min = -1, Max = 1 } } });
        yield return Numbered(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = 13, RecordStatistics = true } });
        yield return Numbered(new Wire.Command { ReadHook = new Wire.ReadHook { HookId = 2, Reset = true } });
        yield return Numbered(new Wire.Command { RemoveHook = new Wire.RemoveHook { HookId = 1 } });
        yield return Numbered(new Wire.Command { Describe = new Wire.Describe { Tensor = 14 } });
        yield return Numbered(new Wire.Command { DescribeGraph = new Wire.DescribeGraph { Roots = { 14 }, WithDot = true, WithSaved = true } });
        yield return Numbered(new Wire.Command { ListHandles = new Wire.ListHandles { PageSize = 5, AfterHandle = 2 } });
        yield return Numbered(new Wire.Command { SeedRandom = new Wire.SeedRandom { Seed = 7 } });
        yield return Numbered(new Wire.Command { Checkpoint = new Wire.Checkpoint { Segment = Square(), Inputs = { 2 }, Out = { free + 4 } } });
        yield return Numbered(new Wire.Command { Differentiate = Differentiate(free + 5) });
        yield return Numbered(new Wire.Command { CheckGradients = CheckGradients });
        yield return Numbered(new Wire.Command { SetDualLevel = new Wire.SetDualLevel { Entered = true } });
        yield return Numbered(new Wire.Command { MakeDual = new Wire.MakeDual { Primal = 2, Tangent = free + 4, Out = free + 7 } });
        yield return Numbered(new Wire.Command { UnpackDual = new Wire.UnpackDual { Tensor = free + 7, Primal = free + 8, Tangent = free + 9, Materialize = true } });
        yield return Numbered(new Wire.Command { SetDualLevel = new Wire.SetDualLevel() });
        yield return Numbered(new Wire.Command { ZeroGrads = new Wire.ZeroGrads { Tensors = { 1, 2 } } });
        yield return Numbered(new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { free, free + 1 } } });
    }

    // sum(p * p) of one parameter.
    public static Wire.Segment Square() => new()
    {
        Parameters = { 1 },
        Steps = { new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "mul", A = 1, B = 1, Out = 2 } }, new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "sum", A = 2, Out = 3 } } },
        Results = { 3 },
    };

    private static Wire.Command Numbered(Wire.Command command)
    {
        command.WantResult = true;
        return command;
    }
}
