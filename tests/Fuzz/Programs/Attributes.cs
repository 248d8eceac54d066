using AutogradService.Fuzz.Mutation;

namespace AutogradService.Fuzz.Programs;

/// <summary>Values for attributes: mostly small ones, which an op may take, and sometimes those at which sizes overflow.</summary>
internal static class Attributes
{
    private static readonly long[] s_sizes = [0, 1, 1, 2, 2, 3, 3, 4, 4, 6, 8, 12, 16, -1, -2];

    public static Wire.AttributeValue For(Wire.OpParameter parameter, Random random)
    {
        if (random.Next(40) == 0) return new Wire.AttributeValue();
        // Any other kind than the declared one.
        var kind = random.Next(40) == 0 ? (Wire.ParameterKind)random.Next(4, 11) : parameter.Kind;
        switch (kind)
        {
            case Wire.ParameterKind.Int: return new Wire.AttributeValue { IntValue = Size(random) };
            case Wire.ParameterKind.Float: return new Wire.AttributeValue { FloatValue = random.Next(2) == 0 ? random.NextDouble() : Values.Real(random) };
            case Wire.ParameterKind.Bool: return new Wire.AttributeValue { BoolValue = random.Next(2) == 0 };
            case Wire.ParameterKind.String: return new Wire.AttributeValue { StringValue = random.Next(3) == 0 || parameter.DefaultValue is null ? Values.Text(random) : parameter.DefaultValue.StringValue };
            case Wire.ParameterKind.Dtype: return new Wire.AttributeValue { DtypeValue = (Wire.DataType)(random.Next(20) == 0 ? random.Next(-1, 99) : random.Next(1, 11)) };
            case Wire.ParameterKind.Scalar: return random.Next(3) switch { 0 => new Wire.AttributeValue { IntValue = Size(random) }, 1 => new Wire.AttributeValue { BoolValue = random.Next(2) == 0 }, _ => new Wire.AttributeValue { FloatValue = Values.Real(random) } };
            default:
                var list = new Wire.IntList();
                int count = random.Next(40) == 0 ? 70 : random.Next(5);
                while (list.Values.Count < count) list.Values.Add(Size(random));
                return new Wire.AttributeValue { IntsValue = list };
        }
    }

    private static long Size(Random random) => random.Next(10) == 0 ? Values.Signed(random) : s_sizes[random.Next(s_sizes.Length)];
}
