using AutogradService.Engine.Kernels;

namespace AutogradService.Engine;

public sealed partial class Tensor
{
    private bool _requiresGrad;
    private Node? _gradFn;
    private ViewMeta? _view;
    private RareState? _rare;

    /// <summary>Which output of <see cref="GradFn"/> this is.</summary>
    public int OutputNr { get; private set; }

    /// <summary>Whether gradients flow to this tensor: a leaf that was asked to, or a result of one.</summary>
    public bool RequiresGrad => _requiresGrad || _gradFn is not null || _view is { } view && view.Base.RequiresGrad;

    /// <summary>Not the result of a recorded op. Whatever does not require grad is a leaf.</summary>
    // As PyTorch has it, a stale view whose base came to require grad is still a leaf until its history is asked for.
    public bool IsLeaf => _gradFn is null;

    /// <summary>
    /// Whether a gradient can be delivered: the tensor was made by a recorded op, or is a leaf that was itself asked to require grad. A view made under no_grad
    /// of a tensor that requires grad reports that it does too, but nothing arrives there.
    /// </summary>
    internal bool TakesGradient => GradFn is not null || _requiresGrad;

    /// <summary>Whether autograd treats this as a view of another tensor.</summary>
    public bool IsView => _view is not null;

    /// <summary>Whether it still has memory, and nothing else: no history, no gradient, no base, no tangent.</summary>
    internal bool IsOnlyAValue => _storage is not null && _gradFn is null && !_requiresGrad && _view is null && _rare is null;

    /// <summary>The tensor this is a view of, if any.</summary>
    public Tensor? ViewBase => _view?.Base;

    /// <summary>Whether a non-leaf keeps its gradient.</summary>
    public bool RetainsGrad { get; private set; }

    /// <summary>The accumulated gradient; null if there is none, which is not the same as zero.</summary>
    public Tensor? Grad => OwnGrad;

    /// <summary>The node that made this tensor; null for a leaf. A view whose base was modified in place gets its history anew.</summary>
    public Node? GradFn
    {
        get
        {
            if (_view is { } view && view.HistoryVersion != Storage.Version) RefreshHistory(view);
            return _gradFn;
        }
    }

    // Note [Regenerated view history]
    // After an in-place write through the base or another view, the recorded history of this view is that of the old value. The version
    // counter tells; the new history is "this geometry of the base as it is now".
    private void RefreshHistory(ViewMeta view)
    {
        if (_gradFn is null && !view.Base.RequiresGrad) return;
        if (!view.Base.RequiresGrad) return;
        CheckViewOrigin(view, indirect: true);
        var op = new Ops.AsStrided(Dims.Of(Shape), Dims.Create(StridesArray), Offset);
        ReplaceHistory(op.Record(view.Base), 0);
    }

    /// <summary>Asks for gradients, or stops it.</summary>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE: not a floating dtype, or False on a non-leaf.</exception>
    public Tensor SetRequiresGrad(bool requiresGrad = true)
    {
        if (!requiresGrad && !IsLeaf)
            throw new AutogradException(ErrorReason.InvalidGradState, "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
        if (requiresGrad && !DType.IsFloatingPoint)
            throw new AutogradException(ErrorReason.InvalidGradState, "only Tensors of floating point dtype can require gradients");
        if (requiresGrad && IsInference && !Workspace.InInferenceMode)
            throw new AutogradException(ErrorReason.InvalidGradState, "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.");
        if (!IsLeaf) return this;
        _requiresGrad = requiresGrad;
        return this;
    }

    /// <summary>Asks a tensor that is just being created for gradients: the requires_grad argument of creation, which PyTorch refuses in words of its own.</summary>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE: not a floating dtype.</exception>
    public Tensor CreatedRequiringGrad() => DType.IsFloatingPoint
        ? SetRequiresGrad()
        : throw new AutogradException(ErrorReason.InvalidGradState, "Only Tensors of floating point and complex dtype can require gradients");

    /// <summary>Makes a non-leaf keep its gradient in <see cref="Grad"/>; nothing to do for a leaf.</summary>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE.</exception>
    public void RetainGrad()
    {
        if (!RequiresGrad) throw new AutogradException(ErrorReason.InvalidGradState, "can't retain_grad on Tensor that has requires_grad=False");
        if (GradFn is not { } node || RetainsGrad) return;
        RetainsGrad = true;
        node.SetRetaining(OutputNr, this);
    }

    /// <summary>Registers a hook on the gradient of this tensor; for a leaf it runs once, on the sum.</summary>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE.</exception>
    public void RegisterHook(GradientHook hook)
    {
        if (!RequiresGrad) throw new AutogradException(ErrorReason.InvalidGradState, "cannot register a hook on a tensor that doesn't require gradient");
        if (GradFn is { } node)
        {
            node.AddHook(OutputNr, hook);
            return;
        }
        hook.AddTo(LeafHooks ??= []);
        Accumulator?.AddHook(0, hook);
    }

    /// <summary>Registers what runs after a backward has added to this leaf's <see cref="Grad"/>: an optimizer's step, for one.</summary>
    /// <param name="hook">Is given the leaf; may change it under no_grad, or clear its gradient.</param>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE.</exception>
    public void RegisterPostAccumulateGradHook(Action<Tensor> hook)
    {
        if (!RequiresGrad) throw new AutogradException(ErrorReason.InvalidGradState, "cannot register a hook on a tensor that doesn't require gradient");
        if (GradFn is not null) throw new AutogradException(ErrorReason.InvalidGradState, "post accumulate grad hooks cannot be registered on non-leaf tensors");
        (PostAccumulateHooks ??= []).Add(hook);
    }

    internal void RunPostAccumulateGradHooks()
    {
        if (PostAccumulateHooks is not null)
            foreach (var hook in PostAccumulateHooks) hook(this);
    }

    /// <summary>Replaces the gradient; null clears it (zero_grad with set_to_none).</summary>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE: another shape or dtype, or the tensor itself.</exception>
    public void SetGrad(Tensor? grad)
    {
        if (grad is not null)
        {
            if (ReferenceEquals(grad, this)) throw new AutogradException(ErrorReason.InvalidGradState, "can't assign Variable as its own grad");
            if (grad.DType != DType)
                throw new AutogradException(ErrorReason.InvalidGradState, $"attempting to assign a gradient with dtype '{grad.DType.CName}' to a tensor with dtype '{DType.CName}'. Please ensure that the gradient and the tensor have the same dtype");
            if (!grad.Shape.Equals(Shape))
                throw new AutogradException(ErrorReason.InvalidGradState, $"attempting to assign a gradient of size '{grad.Shape}' to a tensor of size '{Shape}'. Please ensure that the gradient and the tensor are the same size");
        }
        grad?.Retain();
        OwnGrad?.Release();
        OwnGrad = grad;
    }

    /// <summary>Forgets the history in place.</summary>
    /// <exception cref="AutogradException">VIEW_MODIFIED for a view.</exception>
    public Tensor DetachInPlace()
    {
        if (_view is not null)
            throw new AutogradException(ErrorReason.ViewModified, "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be called on these gradients. To fix this error, please refer to the Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution.");
        _gradFn?.SetRetaining(OutputNr, null);
        _gradFn?.Release();
        _gradFn = null;
        OutputNr = 0;
        _requiresGrad = false;
        RetainsGrad = false;
        return this;
    }

    /// <summary>Where this tensor's gradient goes.</summary>
    internal Edge GradientEdge()
    {
        if (GradFn is { } node) return new Edge(node, OutputNr, Shape, DType, IsColumnMajor);
        return _requiresGrad ? LeafEdge() : new Edge(null, 0, Shape, DType);
    }

    private Edge LeafEdge()
    {
        if (Accumulator is null)
        {
            Accumulator = new AccumulateGrad(this);
            if (LeafHooks is not null)
                foreach (var hook in LeafHooks) Accumulator.AddHook(0, hook);
        }
        return new Edge(Accumulator, 0, Shape, DType);
    }

    internal void ForgetAccumulator() => Accumulator = null;

    internal void SetHistory(Node node, int outputNr)
    {
        node.Retain();
        _gradFn?.Release();
        _gradFn = node;
        OutputNr = outputNr;
    }

    internal void SetView(Tensor source, ViewOrigin origin)
    {
        var root = source._view?.Base ?? source;
        if (source._view is { } parent && parent.Origin > origin) origin = parent.Origin;
        HidesTangent = source.HidesTangent;
        root.Retain();
        _view = new ViewMeta(root, origin, Storage.Version);
    }

    /// <summary>Refuses in-place writes that would make gradients wrong, before anything is written.</summary>
    /// <param name="recorded">Whether the write will be recorded in the graph.</param>
    internal void CheckInPlace(bool recorded)
    {
        if (IsInference && !Workspace.InInferenceMode)
            throw new AutogradException(ErrorReason.InvalidGradState, "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details.");
        if (recorded)
        {
            if (_view is { } view)
            {
                CheckViewOrigin(view, indirect: false);
                if (RequiresGrad && view.Base.IsLeaf)
                    throw new AutogradException(ErrorReason.LeafModified, "a view of a leaf Variable that requires grad is being used in an in-place operation.");
            }
            if (RequiresGrad && IsLeaf)
                throw new AutogradException(ErrorReason.LeafModified, "a leaf Variable that requires grad is being used in an in-place operation.");
        }
    }

    private void CheckViewOrigin(ViewMeta view, bool indirect)
    {
        if (view.Origin == ViewOrigin.Recorded) return;
        string modified = indirect ? "and its base or another view of its base has been modified inplace" : "and is being modified inplace";
        string message;
        if (view.Origin is ViewOrigin.NoGrad or ViewOrigin.Inference || _gradFn is null)
        {
            string prefix = _gradFn is null ? "A view was created in" : $"Output {OutputNr} of {_gradFn.Name} is a view of a view which was created in";
            var (mode, where, block) = view.Origin == ViewOrigin.Inference ? ("inference mode", "in normal mode", "inference_mode") : ("no_grad mode", "with grad mode enabled", "no_grad");
            message = $"{prefix} {mode} {modified} {where}. Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both inside the {block} block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked).";
        }
        else
        {
            message = $"Output {OutputNr} of {_gradFn.Name} is a view {modified}. This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.";
        }
        throw new AutogradException(ErrorReason.ViewModified, message);
    }

    /// <summary>After an in-place op: this tensor's history is now that op, and, for a view, so is its base's.</summary>
    internal void RebaseHistory(OpNode function)
    {
        if (_view is { } view)
        {
            var slices = new CopySlices(view.Base, this, function);
            view.Base.ReplaceHistory(slices, 0);
            if (RetainsGrad) _gradFn?.SetRetaining(OutputNr, null);
            bool retains = RetainsGrad;
            RefreshHistory(view);
            if (retains) _gradFn!.SetRetaining(OutputNr, this);
            return;
        }
        ReplaceHistory(function, 0);
    }

    // Hooks registered before stay with the old value's node; a retained gradient belongs to the new value.
    private void ReplaceHistory(Node node, int outputNr)
    {
        if (RetainsGrad)
        {
            _gradFn?.SetRetaining(OutputNr, null);
            node.SetRetaining(outputNr, this);
        }
        LeafHooks = null;
        SetHistory(node, outputNr);
        _requiresGrad = false;
        if (_view is { } view) view.HistoryVersion = Storage.Version;
    }

    /// <summary>Adds a gradient to a leaf: the first is taken over if nobody else holds it, later ones add in place, or out of place under create_graph.</summary>
    internal void AccumulateGradient(Tensor gradient, bool createGraph)
    {
        if (OwnGrad is null)
        {
            if (createGraph)
            {
                var copy = Workspace.RawEmptyStrided(Shape, Shape.ContiguousStrides, DType);
                copy.CopyInPlace(gradient);
                SetGrad(copy);
            }
            // One owner is the pass's own buffer, one holder of the storage is this tensor, and no scope of the caller's knows it: nobody else can see it.
            else if (gradient.Owners == 1 && !gradient.InScope && gradient.IsContiguous && gradient._gradFn is null && !gradient.IsWrappedNumber && gradient.IsOnlyHolder)
                SetGrad(gradient.IsView ? gradient.Alias() : gradient);
            else SetGrad(Workspace.RawClone(gradient));
        }
        else if (createGraph)
        {
            SetGrad(OwnGrad.Add(gradient));
        }
        else
        {
            OwnGrad.AddInPlace(gradient); // unrecorded: a pass without create_graph runs with grad mode off
        }
    }

    // A view keeps its base alive, which keeps nothing else and nobody else knows.
    private bool IsOnlyHolder => Storage.References == 1 || Storage.References == 2 && _view is { Base: { _owners: 1, InScope: false } };

    /// <summary>The gradient that a non-leaf retains: each pass replaces nothing but adds, as leaves do.</summary>
    internal void AccumulateRetained(Tensor gradient) => SetGrad(OwnGrad is null ? (gradient.RequiresGrad ? gradient.Clone() : Workspace.RawClone(gradient)) : OwnGrad.Add(gradient));

    // Only leaves that gradients flow to, and duals, have any of this: the others are many, and stay small.
    private sealed class RareState
    {
        public Tensor? Grad;
        public AccumulateGrad? Accumulator;
        public List<GradientHook>? LeafHooks;
        public List<Action<Tensor>>? PostAccumulateHooks;
        public Tensor? Tangent;
    }

    private RareState Rare => _rare ??= new RareState();

    private Tensor? OwnGrad
    {
        get => _rare?.Grad;
        set
        {
            if (value is not null || _rare is not null) Rare.Grad = value;
        }
    }

    private AccumulateGrad? Accumulator
    {
        get => _rare?.Accumulator;
        set
        {
            if (value is not null || _rare is not null) Rare.Accumulator = value;
        }
    }

    private List<GradientHook>? LeafHooks
    {
        get => _rare?.LeafHooks;
        set
        {
            if (value is not null || _rare is not null) Rare.LeafHooks = value;
        }
    }

    private List<Action<Tensor>>? PostAccumulateHooks
    {
        get => _rare?.PostAccumulateHooks;
        set => Rare.PostAccumulateHooks = value;
    }

    private Tensor? OwnTangent
    {
        get => _rare?.Tangent;
        set
        {
            if (value is not null || _rare is not null) Rare.Tangent = value;
        }
    }

    private void FreeAutograd()
    {
        if (_rare is not null)
        {
            DropTangent();
            OwnGrad?.Release();
            OwnGrad = null;
        }
        if (_gradFn is { } node)
        {
            if (RetainsGrad) node.SetRetaining(OutputNr, null);
            _gradFn = null;
            node.Release();
        }
        if (_view is { } view)
        {
            _view = null;
            view.Base.Release();
        }
    }
}
