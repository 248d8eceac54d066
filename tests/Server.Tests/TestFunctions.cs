using System.Runtime.InteropServices;
using Google.Protobuf;

namespace AutogradService.Server.Tests;

/// <summary>Functions for tests, and what goes into their calls.</summary>
internal static class TestFunctions
{
    // sum(x * w) and x * w, with x of ("n", 2) and w of (2).
    public static Wire.Function Weighted(string name = "", ulong first = 1, bool asOperands = false, Wire.DataType dtype = Wire.DataType.Float32)
    {
        var mul = asOperands
            ? new Wire.ApplyOp { Op = "mul", Out = first + 7, Extra = new Wire.ApplyOpExtra { Operands = { new Wire.Operand { Handle = first }, new Wire.Operand { Handle = first + 3 } } } }
            : new Wire.ApplyOp { Op = "mul", A = first, B = first + 3, Out = first + 7 };
        return new Wire.Function
        {
            DisplayName = name,
            Parameters =
            {
                new Wire.FunctionParameter { Name = "x", Handle = first, Dtype = dtype, Shape = { new Wire.Dimension { Symbol = "n" }, new Wire.Dimension { Fixed = 2 } } },
                new Wire.FunctionParameter { Name = "w", Handle = first + 3, Dtype = dtype, Shape = { new Wire.Dimension { Fixed = 2 } } },
            },
            Steps = { new Wire.SegmentStep { ApplyOp = mul }, new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "sum", A = first + 7, Out = first + 9 } } },
            Results = { new Wire.FunctionResult { Name = "loss", Handle = first + 9 }, new Wire.FunctionResult { Handle = first + 7 } },
        };
    }

    public static Wire.Function Of(string op, params long[] shape)
    {
        var parameter = new Wire.FunctionParameter { Name = "x", Handle = 1, Dtype = Wire.DataType.Float32 };
        foreach (long size in shape) parameter.Shape.Add(new Wire.Dimension { Fixed = size });
        return new Wire.Function { Parameters = { parameter }, Steps = { new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = op, A = 1, Out = 2 } } }, Results = { new Wire.FunctionResult { Handle = 2 } } };
    }

    public static Wire.Argument Bytes(params float[] values) => new() { Data = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)) };
}
