namespace AutogradService.Engine;

/// <summary>Which tensors share memory: PyTorch's rules for what may be written in place.</summary>
internal static class MemoryOverlap
{
    /// <summary>Refuses to write a tensor that shows one place twice, or while operands show part of its memory in another way.</summary>
    /// <exception cref="AutogradException">VIEW_MODIFIED.</exception>
    public static void CheckWrite(Tensor self, ReadOnlySpan<Tensor?> inputs)
    {
        if (IsInternal(self))
            throw new AutogradException(ErrorReason.ViewModified, "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.");
        for (int i = 1; i < inputs.Length; i++)
            if (inputs[i] is { } input && IsPartial(self, input))
                throw new AutogradException(ErrorReason.ViewModified, "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory location. Please clone() the tensor before performing the operation.");
    }

    /// <summary>Whether a tensor shows one place of memory several times, as an expanded one does.</summary>
    public static bool IsInternal(Tensor t)
    {
        for (int i = 0; i < t.Dim; i++)
            if (t.Strides[i] == 0 && t.Shape[i] > 1) return true;
        return false;
    }

    /// <summary>Whether two tensors show the same elements in the same order.</summary>
    public static bool IsSame(Tensor a, Tensor b) =>
        ReferenceEquals(a.Storage, b.Storage) && a.Offset == b.Offset && a.Shape.Equals(b.Shape) && a.Strides.SequenceEqual(b.Strides);

    // Only of tensors without gaps can it be told from their ends; PyTorch lets the others pass.
    private static bool IsPartial(Tensor a, Tensor b)
    {
        if (!ReferenceEquals(a.Storage, b.Storage) || ReferenceEquals(a, b) || a.Numel == 0 || b.Numel == 0 || !IsDense(a) || !IsDense(b)) return false;
        if (a.Offset == b.Offset && a.Numel == b.Numel) return !a.Strides.SequenceEqual(b.Strides);
        return a.Offset < b.Offset + b.Numel && b.Offset < a.Offset + a.Numel;
    }

    // Every place between the first and the last is shown exactly once, in whatever order.
    private static bool IsDense(Tensor t)
    {
        if (t.IsContiguous) return true;
        Span<int> dims = stackalloc int[t.Dim];
        int n = 0;
        for (int d = 0; d < t.Dim; d++)
        {
            if (t.Shape[d] == 1) continue;
            int at = n++;
            for (; at > 0 && t.Strides[dims[at - 1]] > t.Strides[d]; at--) dims[at] = dims[at - 1];
            dims[at] = d;
        }
        long expected = 1;
        foreach (int d in dims[..n])
        {
            if (t.Strides[d] != expected) return false;
            expected *= t.Shape[d];
        }
        return true;
    }
}
