namespace AutogradService.Engine;

public sealed partial class Tensor
{
    /// <summary>The directional derivative that a dual tensor carries; null if it carries none, which means zero. A view shows its base's.</summary>
    public Tensor? Tangent
    {
        get
        {
            if (OwnTangent is null && !HidesTangent && _view is { Base.OwnTangent: { } tangent } view && tangent.LiesAs(view.Base))
                SetTangent(tangent.AsStrided(Dims.Of(Shape), Dims.Create(StridesArray), Offset - view.Base.Offset + tangent.Offset));
            return OwnTangent;
        }
    }

    /// <summary>Whether this is, or is a view of, the primal of a dual tensor: the base's tangent is not for it.</summary>
    internal bool HidesTangent { get; set; }

    /// <summary>Attaches a tangent, laid out in memory as this tensor is, or, where several elements are one place, as it is.</summary>
    internal void SetTangent(Tensor tangent)
    {
        if (!tangent.LiesAs(this) && !MemoryOverlap.IsInternal(this))
        {
            var copy = Workspace.RawEmptyStrided(Shape, StridesArray, DType);
            copy.CopyInPlace(tangent);
            tangent = copy;
        }
        tangent.Retain();
        OwnTangent?.Release();
        OwnTangent = tangent;
        Workspace.TangentSet(this);
    }

    internal void DropTangent()
    {
        if (OwnTangent is null) return;
        Workspace.TangentDropped(this);
        OwnTangent.Release();
        OwnTangent = null;
    }

    /// <summary>Whether the elements lie in memory in the same way, from wherever they start.</summary>
    internal bool LiesAs(Tensor other)
    {
        if (!Shape.Equals(other.Shape)) return false;
        var sizes = Shape.Sizes;
        for (int i = 0; i < sizes.Length; i++)
            if (sizes[i] > 1 && StridesArray[i] != other.StridesArray[i]) return false;
        return true;
    }
}
