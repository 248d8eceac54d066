using AutogradService.Fuzz.Mutation;

namespace AutogradService.Fuzz.Programs;

/// <summary>Commands other than ops: those of <see cref="SampleCommands"/> with other tensors, and with values changed here and there.</summary>
internal static class OtherCommands
{
    public static Wire.Command Make(Random random, ProgramPool pool)
    {
        ulong t = pool.Tensor();
        switch (random.Next(16))
        {
            case 0: return new Wire.Command { Backward = new Wire.Backward { Roots = { t }, GradOutputs = { Some(t) }, RetainGraph = random.Next(2) == 0, CreateGraph = random.Next(4) == 0, DetectAnomaly = random.Next(6) == 0 } };
            case 1: return new Wire.Command { ComputeGradients = new Wire.ComputeGradients { Outputs = { t }, Inputs = { pool.Tensor(), pool.Tensor() }, GradOutputs = { Some(t) }, RetainGraph = true, CreateGraph = random.Next(3) == 0, AllowUnused = random.Next(3) > 0, MaterializeGrads = random.Next(3) == 0, IsGradsBatched = random.Next(8) == 0, Out = { pool.Next(), pool.Next() } } };
            case 2: return new Wire.Command { SetRequiresGrad = new Wire.SetRequiresGrad { Tensor = t, RequiresGrad = random.Next(3) > 0 } };
            case 3: return new Wire.Command { RetainGrad = new Wire.RetainGrad { Tensor = t } };
            case 4: return new Wire.Command { DetachInPlace = new Wire.DetachInPlace { Tensor = t } };
            case 5: return new Wire.Command { SetGrad = new Wire.SetGrad { Tensor = t, Grad = random.Next(3) == 0 ? 0 : random.Next(2) == 0 ? t : pool.Tensor() } };
            case 6: return new Wire.Command { AliasGrad = new Wire.AliasGrad { Tensor = t, Out = pool.Next() } };
            case 7: return new Wire.Command { RegisterHook = Hook(random, t) };
            case 8: return new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { t } } };
            case 9: return new Wire.Command { SetDualLevel = new Wire.SetDualLevel { Entered = random.Next(3) > 0 } };
            case 10: return new Wire.Command { MakeDual = new Wire.MakeDual { Primal = t, Tangent = random.Next(2) == 0 ? t : pool.Tensor(), Out = pool.Next() } };
            case 11: return new Wire.Command { UnpackDual = new Wire.UnpackDual { Tensor = t, Primal = pool.Next(), Tangent = pool.Next(), Materialize = random.Next(2) == 0 } };
            case 12: return new Wire.Command { Checkpoint = new Wire.Checkpoint { Segment = SampleCommands.Square(), Inputs = { t }, Out = { pool.Next() } } };
            case 13: return new Wire.Command { Differentiate = new Wire.Differentiate { Segment = SampleCommands.Square(), Inputs = { t }, Derivative = (Wire.Derivative)random.Next(7), Vectors = { Some(t) }, CreateGraph = random.Next(2) == 0, Strict = random.Next(4) == 0, Out = { pool.Next() } } };
            case 14: return new Wire.Command { ZeroGrads = new Wire.ZeroGrads { Tensors = { Some(t) }, FillWithZeros = random.Next(2) == 0 } };
            default: return Changed(random, pool);
        }

        IEnumerable<ulong> Some(ulong same) => random.Next(3) switch { 0 => [], 1 => [same], _ => [pool.Tensor()] };
    }

    private static Wire.RegisterHook Hook(Random random, ulong tensor) => random.Next(5) switch
    {
        0 => new Wire.RegisterHook { Tensor = tensor, Scale = Values.Real(random) },
        1 => new Wire.RegisterHook { Tensor = tensor, Clamp = new Wire.ClampHook { Min = Values.Real(random) } },
        2 => new Wire.RegisterHook { Tensor = tensor, ClipNorm = Values.Real(random) },
        3 => new Wire.RegisterHook { Tensor = tensor, StopOnNonfinite = random.Next(5) > 0 },
        _ => new Wire.RegisterHook { Tensor = tensor, RecordStatistics = true },
    };

    // Whatever is left: a sample of it, changed.
    private static Wire.Command Changed(Random random, ProgramPool pool)
    {
        var samples = SampleCommands.All(pool.Next() is var free and > 0 ? free : 1).ToList();
        var sample = samples[random.Next(samples.Count)];
        return Mutator.ChangeValues(sample, random);
    }
}
