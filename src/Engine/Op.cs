using AutogradService.Engine.Kernels;

namespace AutogradService.Engine;

/// <summary>Shape and dtype of a tensor that does not exist yet.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="DType">The element type.</param>
public readonly record struct TensorSpec(Shape Shape, DType DType);

/// <summary>Geometry of a view over an existing storage.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="Strides">Elements to step per dim.</param>
/// <param name="Offset">Elements from the storage's start.</param>
public readonly record struct ViewSpec(Shape Shape, long[] Strides, long Offset);

/// <summary>How an op brings its inputs to one dtype before the kernel runs.</summary>
public enum Promotion
{
    /// <summary>It does not: the op checks dtypes itself.</summary>
    None,
    /// <summary>To torch.result_type of the tensor inputs.</summary>
    Common,
    /// <summary>As Common, and integers become the default float.</summary>
    Float,
}

/// <summary>The inputs of an op: tensors in the order of the signature, null where an optional one is absent.</summary>
public readonly ref struct Inputs
{
    private readonly ReadOnlySpan<Tensor?> _tensors;

    internal Inputs(ReadOnlySpan<Tensor?> tensors, DType common)
    {
        _tensors = tensors;
        CommonDType = common;
    }

    /// <summary>The promoted dtype; meaningful if the op declares a <see cref="Promotion"/>.</summary>
    public DType CommonDType { get; }

    /// <summary>Number of inputs.</summary>
    public int Count => _tensors.Length;

    /// <summary>An input that must be there.</summary>
    public Tensor this[int index] => _tensors[index] ?? throw AutogradException.Attribute($"operand {index} is missing", TorchErrorType.TypeError);

    /// <summary>An input that may be absent.</summary>
    public Tensor? Optional(int index) => index < _tensors.Length ? _tensors[index] : null;

    internal ReadOnlySpan<Tensor?> Tensors => _tensors;

    /// <summary>The shape to which all inputs broadcast.</summary>
    public Shape BroadcastShape()
    {
        var shape = this[0].Shape;
        for (int i = 1; i < _tensors.Length; i++)
            if (_tensors[i] is { } t) shape = Shape.Broadcast(shape, t.Shape);
        return shape;
    }
}

/// <summary>
/// Everything known about an operation, in one record: constructor parameters are its attributes, <see cref="OpAttribute"/> names its inputs.
/// Adding one is adding a file under Ops/: table, schema, factory and fluent method are generated from the declaration.
/// </summary>
public abstract record Op
{
    private OpTraits _traits;

    private protected Op()
    {
    }

    /// <summary>Copies an op. What was found out about the original may not hold for the copy.</summary>
    protected Op(Op original)
    {
    }

    // Records compare fields; what was found out about an op is no part of what it is.
    /// <summary>Whether both are of one kind; records compare their attributes themselves.</summary>
    public virtual bool Equals(Op? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>Name, parameters, documentation.</summary>
    public abstract OpSchema Schema { get; }

    /// <summary>The name that PyTorch gives the recorded node.</summary>
    public virtual string GradFnName(ReadOnlySpan<Tensor?> inputs) => Schema.GradFnName;

    /// <summary>What backward needs, given which inputs require grad.</summary>
    public virtual Saves Saves(NeedsGrad needs) => Engine.Saves.Nothing;

    /// <summary>How inputs are brought to one dtype.</summary>
    public virtual Promotion Promotion => Promotion.None;

    /// <summary>False for what has no derivative at all: comparisons, arg functions. Their results never require grad.</summary>
    public virtual bool Differentiable => true;

    /// <summary>How tangents go through: Note [Forward mode].</summary>
    public virtual JvpRule Jvp => JvpRule.Transposed;

    /// <summary>The value that all elements of the other of two inputs must have for the result to be this input, bit for bit; null if there is none.</summary>
    internal virtual double? Identity(int input) => null;

    /// <summary>Floating-point operations of a call; one an element of the first output, where an op does not say otherwise.</summary>
    internal virtual long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => output.Shape.Numel;

    private protected long FlopsOf(Inputs x, Tensor y)
    {
        SpecBuffer few = default;
        var specs = x.Count <= SpecBuffer.Length ? ((Span<TensorSpec>)few)[..x.Count] : new TensorSpec[x.Count];
        for (int i = 0; i < specs.Length; i++)
            if (x.Optional(i) is { } t) specs[i] = new TensorSpec(t.Shape, t.DType);
        return Flops(specs, new TensorSpec(y.Shape, y.DType));
    }

    // Asked for at every application, so they are found out once.
    private protected OpTraits Traits => _traits != OpTraits.None ? _traits : _traits = FindTraits();

    private protected virtual OpTraits FindTraits()
    {
        var traits = OpTraits.Known;
        if (Differentiable) traits |= OpTraits.Differentiable;
        if (Array.TrueForAll(Schema.Inputs, static input => input.Differentiable)) traits |= OpTraits.AllInputs;
        return traits;
    }

    /// <summary>Whether an input of a call takes gradients, counting list elements one by one.</summary>
    internal bool Differentiates(int input, int count) => (Traits & OpTraits.AllInputs) != 0 || Schema.Differentiates(input, count);

    // Printed as its name and attributes.
    /// <inheritdoc/>
    protected virtual bool PrintMembers(System.Text.StringBuilder builder) => false;

    internal abstract Tensor Run(Workspace workspace, ReadOnlySpan<Tensor?> inputs);

    internal virtual Tensor[] RunMany(Workspace workspace, ReadOnlySpan<Tensor?> inputs) => [Run(workspace, inputs)];

    internal abstract Tensor? BackwardEdge(int edge, Grads grads, Saved saved);

    private protected AutogradException NoDerivative() =>
        new(ErrorReason.NotDifferentiable, $"derivative for aten::{Schema.Name} is not implemented");

    /// <summary>Whether an output carries a gradient; integers never do.</summary>
    internal virtual bool HasGradient(int output) => true;

    // A node that only tangents need lives no longer than it takes to push them.
    private protected void PushTangents(OpNode node, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
    {
        node.Retain();
        try
        {
            ForwardMode.Push(this, node, inputs, outputs);
        }
        finally
        {
            node.Release();
        }
    }

    private protected bool Records(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        if (!workspace.GradEnabled || (Traits & OpTraits.Differentiable) == 0) return false;
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { RequiresGrad: true } && Differentiates(i, inputs.Length)) return true;
        return false;
    }
}

/// <summary>The inputs of nearly every op, without an array.</summary>
[System.Runtime.CompilerServices.InlineArray(Length)]
internal struct SpecBuffer
{
    public const int Length = 8;
    private TensorSpec _first;
}

/// <summary>What an op says about itself, as flags.</summary>
[Flags]
internal enum OpTraits
{
    None = 0,
    Known = 1,
    Differentiable = 2,
    AllInputs = 4,
    AliasSafe = 8,
    KeepsLayout = 16,
    PromotesToCommon = 32,
    PromotesToFloat = 64,
    Promotes = PromotesToCommon | PromotesToFloat,
    MayTake = 128,
}

/// <summary>An op with one output of its own memory.</summary>
public abstract record ComputeOp : Op
{
    /// <summary>Whether the kernel may write its output over its first input.</summary>
    private protected virtual bool AliasSafe => false;

    /// <summary>Whether the result is laid out as the operands are; row-major otherwise.</summary>
    private protected virtual bool KeepsLayout => AliasSafe;

    // What may overwrite its first operand and brings all of them to one dtype works element by element.
    /// <inheritdoc/>
    public override JvpRule Jvp => AliasSafe && Promotion != Promotion.None ? JvpRule.Pointwise : JvpRule.Transposed;

    /// <summary>Whether it does not matter if the tensor written in place shows a place of memory twice: all elements become the same.</summary>
    private protected virtual bool MayRepeatWrites => false;

    /// <summary>The output's shape and dtype; refuses inputs that do not fit.</summary>
    public abstract TensorSpec Infer(Inputs x);

    /// <summary>Whether the op may have an output without computing it: whether <see cref="Take"/> is worth asking.</summary>
    private protected virtual bool MayTake => false;

    /// <summary>An output over memory that is there already, or null to compute one.</summary>
    private protected virtual Tensor? Take(Inputs x) => null;

    private protected sealed override OpTraits FindTraits()
    {
        var traits = base.FindTraits();
        if (AliasSafe) traits |= OpTraits.AliasSafe;
        if (KeepsLayout) traits |= OpTraits.KeepsLayout;
        if (MayTake) traits |= OpTraits.MayTake;
        return traits | Promotion switch
        {
            Promotion.Common => OpTraits.PromotesToCommon,
            Promotion.Float => OpTraits.PromotesToFloat,
            _ => OpTraits.None,
        };
    }

    /// <summary>Computes the output. Inputs have the common dtype if the op promotes; half types arrive as float32.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The output, row-major unless the op keeps its operands' layout or runs in place; contents undefined.</param>
    public abstract void Forward(Inputs x, Tensor y);

    /// <summary>The gradient for one input from the output's, in tensor ops, so that it can be differentiated again. Need not be un-broadcast. Null is zero.</summary>
    public virtual Tensor? Vjp(int input, Tensor grad, Saved saved) => throw NoDerivative();

    internal sealed override Tensor? BackwardEdge(int edge, Grads grads, Saved saved) => grads[0] is { } grad ? Vjp(edge, grad, saved) : null;

    internal sealed override Tensor Run(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        var traits = Traits;
        var common = Promote(traits, inputs);
        var spec = Infer(new Inputs(inputs, common));
        var y = (traits & OpTraits.MayTake) != 0 ? Take(new Inputs(inputs, common)) : null;
        if (y is null)
        {
            y = (traits & OpTraits.KeepsLayout) != 0 && spec.Shape.Rank > 1 && OutputLayout.StridesFor(inputs, spec.Shape) is { } strides
                ? workspace.RawEmptyStrided(spec.Shape, strides, spec.DType)
                : workspace.RawEmpty(spec.Shape, spec.DType);
            Compute(workspace, traits, inputs, common, y);
        }
        if (workspace.NeverRecords || !spec.DType.IsFloatingPoint) return y;
        bool records = Records(workspace, inputs), dual = workspace.HasDuals && Differentiable && ForwardMode.Concerns(this, workspace, inputs);
        if (!records && !dual) return y;
        var saves = Saves(new NeedsGrad(inputs));
        var node = OpNode.Of(workspace, this, GradFnName(inputs), inputs, 1);
        node.SaveInputs(saves, inputs, cloneFirst: false);
        if (records) y.SetHistory(node, 0);
        node.SaveOutputs(saves, new ReadOnlySpan<Tensor>(in y));
        if (dual) PushTangents(node, inputs, new ReadOnlySpan<Tensor>(in y));
        return y;
    }

    /// <summary>Writes the result over the first input, with all that autograd needs to know of it.</summary>
    internal Tensor RunInPlace(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        var self = inputs[0] ?? throw AutogradException.Attribute("an in-place operation needs a tensor to write to", TorchErrorType.TypeError);
        var traits = Traits;
        bool records = Records(workspace, inputs);
        self.CheckInPlace(records);
        if (!MayRepeatWrites) MemoryOverlap.CheckWrite(self, inputs);
        var common = Promote(traits, inputs);
        var spec = Infer(new Inputs(inputs, common));
        if (!spec.Shape.Equals(self.Shape))
            throw AutogradException.Shape($"output with shape {self.Shape} doesn't match the broadcast shape {spec.Shape}");
        if (spec.DType.Category > self.DType.Category)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"result type {spec.DType.TorchName} can't be cast to the desired output type {self.DType.TorchName}");
        bool dual = workspace.HasDuals && (self.Tangent is not null || Differentiable && ForwardMode.Concerns(this, workspace, inputs));
        bool derives = records || dual && Differentiable;
        var saves = derives ? Saves(new NeedsGrad(inputs)) : default;
        OpNode? node = null;
        try
        {
            if (derives)
            {
                // The op itself, and for a view its base's new history and its own; refused before anything is overwritten.
                workspace.EnsureNodes(inputs.Length + 3);
                node = OpNode.Of(workspace, this, GradFnName(inputs), inputs, 1);
                node.Retain();
                node.SaveInputs(saves, inputs, cloneFirst: true, cloneShared: dual);
            }
            using (workspace.Scope())
            {
                if (AliasSafe && spec.DType == self.DType && (common == self.DType || Promotion == Promotion.None) && self.DType.ComputeType == self.DType && !Overlaps(self, inputs))
                {
                    Compute(workspace, traits, inputs, common, self);
                }
                else
                {
                    var y = workspace.RawEmpty(spec.Shape, spec.DType);
                    Compute(workspace, traits, inputs, common, y);
                    Transfer.Into(y, self);
                }
            }
            self.Written();
            if (records) self.RebaseHistory(node!);
            node?.SaveOutputs(saves, new ReadOnlySpan<Tensor>(in self));
            if (!dual) return self;
            ForwardMode.PushInPlace(this, node, inputs, self);
            node?.SaveTangents(new ReadOnlySpan<Tensor>(in self));
        }
        finally
        {
            node?.Release();
        }
        return self;
    }

    // Another operand over the same memory in another geometry would be overwritten while it is still read.
    private static bool Overlaps(Tensor self, ReadOnlySpan<Tensor?> inputs)
    {
        for (int i = 1; i < inputs.Length; i++)
            if (inputs[i] is { } t && ReferenceEquals(t.Storage, self.Storage) && !MemoryOverlap.IsSame(t, self))
                return true;
        return false;
    }

    private static DType Promote(OpTraits traits, ReadOnlySpan<Tensor?> inputs)
    {
        if ((traits & OpTraits.Promotes) == 0) return default;
        var common = DTypes.ResultType(inputs);
        return (traits & OpTraits.PromotesToFloat) != 0 && !common.IsFloatingPoint ? DTypes.DefaultFloat : common;
    }

    private void Compute(Workspace workspace, OpTraits traits, ReadOnlySpan<Tensor?> inputs, DType common, Tensor y)
    {
        var compute = common.ComputeType;
        bool promotes = (traits & OpTraits.Promotes) != 0;
        bool direct = y.DType.ComputeType == y.DType;
        foreach (var t in inputs)
            if (t is not null && (promotes ? t.DType != compute : t.DType.ComputeType != t.DType)) direct = false;
        if (direct)
        {
            Execute(workspace, traits, new Inputs(inputs, compute), y);
            return;
        }
        using var scope = workspace.Scope();
        var cast = new Tensor?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            cast[i] = inputs[i] is { } t ? workspace.RawCast(t, promotes ? compute : t.DType.ComputeType) : null;
        var target = y.DType.ComputeType == y.DType ? y : workspace.RawEmpty(y.Shape, y.DType.ComputeType);
        Execute(workspace, traits, new Inputs(cast, compute), target);
        if (!ReferenceEquals(target, y)) Transfer.Into(target, y);
    }

    private void Execute(Workspace workspace, OpTraits traits, Inputs x, Tensor y)
    {
        if (workspace.Recorder is { } recorder)
        {
            recorder.Forward(this, x, y);
            return;
        }
        // What goes element by element does one operation for each, and is small too often to be asked.
        workspace.CountFlops((traits & OpTraits.KeepsLayout) != 0 ? y.Numel : FlopsOf(x, y));
        Forward(x, y);
    }
}

/// <summary>An op with several outputs of their own memory: values and indices.</summary>
public abstract record MultiOp : Op
{
    /// <summary>Shapes and dtypes of the outputs.</summary>
    public abstract TensorSpec[] Infer(Inputs x);

    /// <summary>Computes the outputs; half types arrive as float32.</summary>
    public abstract void Forward(Inputs x, Tensor[] y);

    /// <summary>The gradient for one input from those of the outputs.</summary>
    public virtual Tensor? Vjp(int input, Grads grads, Saved saved) => throw NoDerivative();

    internal sealed override Tensor? BackwardEdge(int edge, Grads grads, Saved saved) => Vjp(edge, grads, saved);

    internal sealed override Tensor Run(Workspace workspace, ReadOnlySpan<Tensor?> inputs) => RunMany(workspace, inputs)[0];

    internal sealed override Tensor[] RunMany(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        var specs = Infer(new Inputs(inputs, default));
        var y = new Tensor[specs.Length];
        for (int i = 0; i < y.Length; i++) y[i] = workspace.RawEmpty(specs[i].Shape, specs[i].DType);
        using (workspace.Scope())
        {
            var cast = new Tensor?[inputs.Length];
            for (int i = 0; i < inputs.Length; i++)
                cast[i] = inputs[i] is { } t ? workspace.RawCast(t, t.DType.ComputeType) : null;
            var target = new Tensor[y.Length];
            for (int i = 0; i < y.Length; i++)
                target[i] = y[i].DType.ComputeType == y[i].DType ? y[i] : workspace.RawEmpty(y[i].Shape, y[i].DType.ComputeType);
            if (workspace.Recorder is { } recorder)
            {
                recorder.Forward(this, new Inputs(cast, default), target);
            }
            else
            {
                if (target.Length > 0) workspace.CountFlops(FlopsOf(new Inputs(cast, default), target[0]));
                Forward(new Inputs(cast, default), target);
            }
            for (int i = 0; i < y.Length; i++)
                if (!ReferenceEquals(target[i], y[i])) Transfer.Into(target[i], y[i]);
        }
        bool records = Records(workspace, inputs), dual = Differentiable && ForwardMode.Concerns(this, workspace, inputs);
        if (!records && !dual) return y;
        var saves = Saves(new NeedsGrad(inputs));
        var node = OpNode.Of(workspace, this, GradFnName(inputs), inputs, y.Length);
        node.OutputSpecs = specs;
        node.SaveInputs(saves, inputs, cloneFirst: false);
        if (records)
            for (int i = 0; i < y.Length; i++)
                if (y[i].DType.IsFloatingPoint && HasGradient(i)) y[i].SetHistory(node, i);
        node.SaveOutputs(saves, y);
        if (dual) PushTangents(node, inputs, y);
        return y;
    }
}

/// <summary>An op whose output is its first input's memory, seen in another geometry.</summary>
public abstract record ViewOp : Op
{
    /// <summary>The geometry over the input's storage.</summary>
    public abstract ViewSpec Geometry(Tensor x);

    /// <summary>The gradient for the input.</summary>
    public abstract Tensor Vjp(Tensor grad, Saved saved);

    /// <inheritdoc/>
    public override JvpRule Jvp => JvpRule.Linear;

    /// <summary>The op as the node keeps it: one whose derivative depends on the input's own geometry notes that here.</summary>
    private protected virtual ViewOp Recorded(Tensor x) => this;

    /// <summary>The name of the recorded node where the op changed its input itself; PyTorch counts such forms on.</summary>
    private protected virtual string InPlaceGradFnName => GradFnName([]);

    internal OpNode Record(Tensor x, bool inPlace = false) => OpNode.Of(x.Workspace, Recorded(x), inPlace ? InPlaceGradFnName : GradFnName([x]), [x], 1);

    internal sealed override Tensor? BackwardEdge(int edge, Grads grads, Saved saved) => edge == 0 && grads[0] is { } grad ? Vjp(grad, saved) : null;

    internal sealed override Tensor Run(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        var x = inputs[0]!;
        var geometry = Geometry(x);
        var y = x.Alias(geometry.Shape, geometry.Strides, geometry.Offset);
        y.SetView(x, workspace.ViewOrigin(ViewOrigin.Recorded));
        if (x.DType.IsFloatingPoint && Records(workspace, inputs)) y.SetHistory(Record(x), 0);
        if (Jvp == JvpRule.None) y.HidesTangent = true;
        else if (ForwardMode.Concerns(this, workspace, inputs)) PushTangent(x, y, x.Tangent!);
        return y;
    }

    private void PushTangent(Tensor x, Tensor y, Tensor tangent)
    {
        if (!tangent.LiesAs(x)) PushTangents(Record(x), [x], new ReadOnlySpan<Tensor>(in y)); // x shows one place twice, its tangent does not
        else if (tangent.Offset == x.Offset) y.SetTangent(Run(x.Workspace, [tangent]));
        else y.SetTangent(tangent.AsStrided(Dims.Of(y.Shape), Dims.Create(y.StridesArray), y.Offset - x.Offset + tangent.Offset));
    }

    /// <summary>Changes the geometry of the input itself: squeeze_, t_.</summary>
    internal Tensor RunInPlace(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        var self = inputs[0]!;
        bool records = Records(workspace, inputs);
        self.CheckInPlace(records);
        var geometry = Geometry(self);
        OpNode? node = records ? Record(self, inPlace: true) : null;
        var tangent = ForwardMode.Concerns(this, workspace, inputs) ? self.Tangent : null;
        if (tangent is not null)
        {
            if (!tangent.LiesAs(self)) throw new AutogradException(ErrorReason.NotDifferentiable, $"Trying to use forward AD with {Schema.Name}_ on an expanded tensor that does not support it.", TorchErrorType.NotImplementedError);
            tangent = tangent.AsStrided(Dims.Of(geometry.Shape), Dims.Create(geometry.Strides), geometry.Offset - self.Offset + tangent.Offset);
        }
        self.Restride(geometry.Shape, geometry.Strides, geometry.Offset);
        self.Written();
        if (tangent is not null) self.SetTangent(tangent);
        if (node is not null) self.RebaseHistory(node);
        return self;
    }
}

/// <summary>An op whose outputs are several views of its input: unbind, split. Such views may not be written in place.</summary>
public abstract record MultiViewOp : Op
{
    /// <summary>The geometries over the input's storage.</summary>
    public abstract ViewSpec[] Geometries(Tensor x);

    /// <summary>The gradient for the input from those of the views.</summary>
    public abstract Tensor Vjp(Grads grads, Saved saved);

    /// <inheritdoc/>
    public override JvpRule Jvp => JvpRule.Linear;

    internal sealed override Tensor? BackwardEdge(int edge, Grads grads, Saved saved) => Vjp(grads, saved);

    internal sealed override Tensor Run(Workspace workspace, ReadOnlySpan<Tensor?> inputs) => RunMany(workspace, inputs)[0];

    // Each output's tangent is the same part of the input's.
    private static void PushTangents(Tensor x, Tensor[] y, Tensor tangent)
    {
        if (!tangent.LiesAs(x)) tangent = x.Workspace.RawEmpty(x.Shape, x.DType).CopyInPlace(tangent);
        foreach (var part in y)
            part.SetTangent(tangent.LiesAs(x)
                ? tangent.AsStrided(Dims.Of(part.Shape), Dims.Create(part.StridesArray), part.Offset - x.Offset + tangent.Offset)
                : throw new AutogradException(ErrorReason.NotDifferentiable, "Trying to use forward AD with parts of an expanded tensor that does not support it.", TorchErrorType.NotImplementedError));
    }

    internal sealed override Tensor[] RunMany(Workspace workspace, ReadOnlySpan<Tensor?> inputs)
    {
        var x = inputs[0]!;
        var geometries = Geometries(x);
        var y = new Tensor[geometries.Length];
        OpNode? node = null;
        if (geometries.Length > 0 && x.DType.IsFloatingPoint && Records(workspace, inputs))
        {
            node = OpNode.Of(workspace, this, GradFnName(inputs), inputs, y.Length);
            var specs = node.OutputSpecs = new TensorSpec[y.Length];
            for (int i = 0; i < y.Length; i++) specs[i] = new TensorSpec(geometries[i].Shape, x.DType);
        }
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x.Alias(geometries[i].Shape, geometries[i].Strides, geometries[i].Offset);
            y[i].SetView(x, workspace.ViewOrigin(ViewOrigin.MultiOutput));
            if (node is not null) y[i].SetHistory(node, i);
        }
        if (ForwardMode.Concerns(this, workspace, inputs)) PushTangents(x, y, x.Tangent!);
        return y;
    }
}

/// <summary>An op made of other ops: it has no derivative of its own, and none of it shows in the graph.</summary>
public abstract record CompositeOp : Op
{
    /// <summary>The result, in terms of other ops.</summary>
    public abstract Tensor Compose(Workspace workspace, Inputs x);

    /// <summary>The in-place form, in terms of the in-place forms of other ops; writes over the first input.</summary>
    internal virtual Tensor ComposeInPlace(Workspace workspace, Inputs x) => throw new NotSupportedException($"{Schema.Name} declares an in-place form and has none");

    internal sealed override Tensor Run(Workspace workspace, ReadOnlySpan<Tensor?> inputs) => Compose(workspace, new Inputs(inputs, default));

    internal sealed override Tensor? BackwardEdge(int edge, Grads grads, Saved saved) => throw NoDerivative();
}

/// <summary>A composite with several results.</summary>
public abstract record CompositeMultiOp : Op
{
    /// <summary>The results, in terms of other ops.</summary>
    public abstract Tensor[] Compose(Workspace workspace, Inputs x);

    internal sealed override Tensor Run(Workspace workspace, ReadOnlySpan<Tensor?> inputs) => Compose(workspace, new Inputs(inputs, default))[0];

    internal sealed override Tensor[] RunMany(Workspace workspace, ReadOnlySpan<Tensor?> inputs) => Compose(workspace, new Inputs(inputs, default));

    internal sealed override Tensor? BackwardEdge(int edge, Grads grads, Saved saved) => throw NoDerivative();
}
