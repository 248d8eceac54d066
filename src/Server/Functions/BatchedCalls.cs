using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;

namespace AutogradService.Server.Functions;

/// <summary>The calls of one function for which the same is wanted, and what is known of how they can be put together.</summary>
/// <param name="function">The function.</param>
/// <param name="wanted">The bytes of what is wanted.</param>
internal sealed class BatchedCalls(RegisteredFunction function, byte[] wanted)
{
    private BatchLayout? _layout;
    private bool _isKnown;

    /// <summary>The function.</summary>
    public RegisteredFunction Function => function;

    /// <summary>The bytes of what is wanted.</summary>
    public byte[] Wanted => wanted;

    /// <summary>Whether calls cannot be put together.</summary>
    public bool IsHopeless => Volatile.Read(ref _isKnown) && _layout is null;

    /// <summary>How they are put together; null: not at all.</summary>
    /// <param name="plan">Of one of them. The first one's sizes decide for all: which rows meet does not depend on other sizes.</param>
    /// <param name="options">The server's.</param>
    /// <param name="memory">Of the sessions.</param>
    public BatchLayout? LayoutFor(FunctionPlan plan, ServerOptions options, MemoryBudget memory)
    {
        if (Volatile.Read(ref _isKnown)) return _layout;
        _layout = BatchLayout.Of(plan, options, memory);
        Volatile.Write(ref _isKnown, true);
        return _layout;
    }
}

/// <summary>Which dimension of a function is its batch, and what has rows along it.</summary>
/// <param name="Symbol">The place of the symbol that stands for the batch.</param>
/// <param name="HasRows">Whether each of what a run is given has the rows, along its first dimension; all others are the same for all rows.</param>
/// <param name="RunSeconds">Predicted time of a run beside that of its rows.</param>
/// <param name="RowSeconds">Predicted time of a row.</param>
internal sealed record BatchLayout(int Symbol, bool[] HasRows, double RunSeconds, double RowSeconds)
{
    // No size is a multiple of one of these by chance, and what holds for both holds for any.
    private static readonly int[] s_primes = [1009, 2003, 4001, 5003];

    /// <summary>Looks a function through.</summary>
    /// <returns>Null if it has no batch, or its rows meet.</returns>
    public static BatchLayout? Of(FunctionPlan plan, ServerOptions options, MemoryBudget memory)
    {
        for (int symbol = 0; symbol < plan.Sizes.Length; symbol++)
            if (IsBatch(plan.Definition, symbol) && Of(plan, symbol, options, memory) is { } layout) return layout;
        return null;
    }

    /// <summary>Whether it pays to run calls together.</summary>
    /// <param name="calls">How many.</param>
    /// <param name="padding">Rows that are computed for nobody.</param>
    public bool Pays(int calls, long padding) => (calls - 1) * RunSeconds >= padding * RowSeconds;

    private static bool IsBatch(FunctionDefinition definition, int symbol)
    {
        foreach (var parameter in definition.Parameters)
            if (Array.LastIndexOf(parameter.Sizes, -1 - symbol) > 0) return false;
        return Array.Exists(definition.Parameters, p => p.Sizes.Length > 0 && p.Sizes[0] == -1 - symbol);
    }

    private static BatchLayout? Of(FunctionPlan plan, int symbol, ServerOptions options, MemoryBudget memory)
    {
        int[] primes = Array.FindAll(s_primes, p => !DividesAny(p, plan, symbol));
        if (primes.Length < 2) return null;
        try
        {
            if (Analyse(plan, symbol, primes[0], options, memory) is not { } few || Analyse(plan, symbol, primes[1], options, memory) is not { } many || !few.HasRows.AsSpan().SequenceEqual(many.HasRows)) return null;
            double row = Math.Max(0, many.Seconds - few.Seconds) / (primes[1] - primes[0]);
            return new BatchLayout(symbol, few.HasRows, Math.Max(0, few.Seconds - row * primes[0]), row);
        }
        catch (Exception e) when (e is AutogradException or Refusal)
        {
            // There is no such batch, or none so large.
            return null;
        }
    }

    private static bool DividesAny(int prime, FunctionPlan plan, int symbol)
    {
        foreach (var parameter in plan.Definition.Parameters)
            foreach (long size in parameter.Sizes)
                if (size > 0 && size % prime == 0) return true;
        for (int i = 0; i < plan.Sizes.Length; i++)
            if (i != symbol && plan.Sizes[i] > 0 && plan.Sizes[i] % prime == 0) return true;
        return false;
    }

    private static (bool[] HasRows, double Seconds)? Analyse(FunctionPlan plan, int symbol, int rows, ServerOptions options, MemoryBudget memory)
    {
        var sizes = plan.Sizes.ToArray();
        sizes[symbol] = rows;
        var compile = FunctionPlan.OptionsOf(options.Functions, memory) with { MemoryBytesMax = long.MaxValue };
        var given = FunctionPlan.Given(plan.Definition, plan.Wanted, sizes, compile);
        using var compiled = CompiledFunction.Compile(given, plan.Wanted.Run, compile);
        // Cotangents are shaped as results are, all others as parameters: the rows are nowhere but where this number is.
        bool[] hasRows = Array.ConvertAll(given, g => g.Shape.Rank > 0 && g.Shape[0] == rows);
        return Array.TrueForAll(compiled.RowsIndependent(hasRows), r => r) ? (hasRows, compiled.Cost.Time.TotalSeconds) : null;
    }
}
