using AutogradService.Engine;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Functions;

/// <summary>What the arguments of a call tell of the sizes that a function leaves open.</summary>
internal static class ArgumentShapes
{
    /// <summary>Takes the sizes that an argument tells.</summary>
    /// <param name="parameter">What it stands for.</param>
    /// <param name="call">Where it was read.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="sizes">The sizes of the function's symbols; below 0: not known yet.</param>
    /// <param name="session">Whose tensor it may be.</param>
    /// <returns>False if it needs sizes that are not known yet.</returns>
    /// <exception cref="Refusal">What a handle refuses.</exception>
    /// <exception cref="AutogradException">SHAPE_MISMATCH, INVALID_SHAPE, PAYLOAD_SIZE_MISMATCH.</exception>
    public static bool TryFit(in FunctionParameter parameter, GivenCall call, in GivenArgument argument, Span<long> sizes, CommandInterpreter? session)
    {
        if (argument.Handle != 0)
        {
            Fit(parameter, TensorOf(session, argument.Handle, "call.inputs.handle").Shape.Sizes, sizes);
            return true;
        }
        if (argument.ShapeCount > 0)
        {
            Span<long> shape = stackalloc long[Math.Min(argument.ShapeCount, Shape.RankMax + 1)];
            var given = call.ShapeOf(argument);
            for (int d = 0; d < shape.Length; d++) shape[d] = (long)given[d];
            long numel = Shape.Of(shape).Numel;
            Fit(parameter, shape, sizes);
            if (numel * parameter.DType.ItemSize != argument.DataCount) throw WrongBytes(Shape.Of(shape).ToString(), parameter.DType, numel * parameter.DType.ItemSize, argument.DataCount);
            return true;
        }
        return TryFitBytes(parameter, argument.DataCount, sizes);
    }

    /// <summary>Takes the sizes that a shape tells.</summary>
    /// <exception cref="AutogradException">SHAPE_MISMATCH.</exception>
    public static void Fit(in FunctionParameter parameter, ReadOnlySpan<long> shape, Span<long> sizes)
    {
        if (shape.Length != parameter.Sizes.Length) throw Unfit(parameter, shape);
        for (int d = 0; d < shape.Length; d++)
        {
            long own = parameter.Sizes[d];
            if (own < 0)
            {
                ref long size = ref sizes[(int)(-1 - own)];
                if (size < 0) size = shape[d];
                own = size;
            }
            if (own != shape[d]) throw Unfit(parameter, shape);
        }
    }

    // One size that is not known yet follows from the number of bytes.
    private static bool TryFitBytes(in FunctionParameter parameter, int bytes, Span<long> sizes)
    {
        long known = parameter.DType.ItemSize;
        int unknown = -1, unknowns = 0;
        foreach (long own in parameter.Sizes)
        {
            long size = own >= 0 ? own : sizes[(int)(-1 - own)];
            if (size < 0)
            {
                unknown = (int)(-1 - own);
                unknowns++;
            }
            else if (!TryMultiply(ref known, size))
            {
                throw WrongBytes(Describe(parameter), parameter.DType, long.MaxValue, bytes);
            }
        }
        if (unknowns == 0) return known == bytes ? true : throw WrongBytes(Describe(parameter), parameter.DType, known, bytes);
        if (unknowns > 1 || known == 0) return false;
        if (bytes % known != 0) throw new AutogradException(ErrorReason.PayloadSizeMismatch, $"'{parameter.Name}' of shape {Describe(parameter)} and dtype {parameter.DType.Name} takes a multiple of {known} bytes, but got {bytes}");
        sizes[unknown] = bytes / known;
        return true;
    }

    private static bool TryMultiply(ref long product, long factor)
    {
        long high = Math.BigMul(product, factor, out long low);
        product = low;
        return high == 0 && low >= 0;
    }

    /// <summary>The tensor that a handle stands for.</summary>
    /// <exception cref="Refusal">INVALID_FIELD without a session, and what a handle refuses.</exception>
    public static Tensor TensorOf(CommandInterpreter? session, ulong handle, string field) =>
        session is null ? throw Refusal.InvalidField(field, "handles belong to a session: name it in session_id") : session.Find(handle);

    /// <summary>The refusal of bytes that do not fit.</summary>
    public static AutogradException WrongBytes(string shape, DType dtype, long expected, long got) =>
        new(ErrorReason.PayloadSizeMismatch, $"shape '{shape}' of dtype {dtype.Name} takes {expected} bytes, but got {got}");

    private static string Describe(in FunctionParameter parameter) => $"[{string.Join(", ", parameter.Sizes.Select(static s => s >= 0 ? s.ToString(System.Globalization.CultureInfo.InvariantCulture) : "?"))}]";

    private static AutogradException Unfit(in FunctionParameter parameter, ReadOnlySpan<long> shape) =>
        new(ErrorReason.ShapeMismatch, $"parameter '{parameter.Name}' has shape {Describe(parameter)}, but got [{string.Join(", ", shape.ToArray())}]");
}
