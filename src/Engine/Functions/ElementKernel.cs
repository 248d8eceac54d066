namespace AutogradService.Engine.Functions;

/// <summary>One elementwise operation of a fused loop: which slots it reads and writes, and how it steps through them.</summary>
/// <param name="A">Slot of the first operand.</param>
/// <param name="B">Slot of the second.</param>
/// <param name="C">Slot of the third.</param>
/// <param name="Y">Slot of the result.</param>
/// <param name="StepA">1, or 0 for an operand of one element.</param>
/// <param name="StepB">As <paramref name="StepA"/>.</param>
/// <param name="StepC">As <paramref name="StepA"/>.</param>
internal readonly record struct Instruction(int A, int B, int C, int Y, byte StepA, byte StepB, byte StepC);

/// <summary>A kernel with its numbers, to be run over tensors; two are equal if they compute the same.</summary>
internal interface IKernel
{
    /// <summary>Runs it.</summary>
    /// <param name="x">The operands.</param>
    /// <param name="y">Takes the result: all of it.</param>
    void Run(ReadOnlySpan<Tensor> x, Tensor y);

    /// <summary>Whether each of a number of equal parts of the result, in memory's order, comes of the same part of the operands that have parts, and of all of the others.</summary>
    /// <param name="parts">How many parts.</param>
    /// <param name="hasParts">Which operands have them.</param>
    bool KeepsParts(long parts, ReadOnlySpan<bool> hasParts) => false;

    /// <summary>Whether the result is the plain sum of all elements of one operand.</summary>
    bool SumsAll => false;
}

/// <summary>An elementwise kernel with its dtype and constants; two are equal if they compute the same.</summary>
internal abstract unsafe class ElementKernel : IKernel
{
    /// <summary>Whether it works in whole vectors, past the end of the elements.</summary>
    public abstract bool Pads { get; }

    /// <summary>Runs over a tile.</summary>
    /// <param name="slots">Where each slot's part of the tile begins.</param>
    /// <param name="i">The operation.</param>
    /// <param name="n">Elements of the tile.</param>
    public abstract void Run(byte** slots, in Instruction i, long n);

    /// <summary>Runs over whole tensors, of any layout.</summary>
    public abstract void Run(ReadOnlySpan<Tensor> x, Tensor y);
}
