namespace AutogradService.Engine;

/// <summary>
/// torch.autograd.functional: derivatives of functions of tensors. Jacobians and Hessians row by row through reverse mode; jvp and hvp through the backward of the backward,
/// as PyTorch has them, so that strict mode refuses what it refuses there.
/// </summary>
public static class Functional
{
    /// <summary>The Jacobian of each output with respect to each input.</summary>
    /// <param name="workspace">Where the tensors live.</param>
    /// <param name="function">The function.</param>
    /// <param name="inputs">Where to differentiate; floating.</param>
    /// <param name="createGraph">Whether the Jacobian can be differentiated.</param>
    /// <param name="strict">Refuse an output that does not depend on an input, rather than give zeros.</param>
    /// <returns>By output, then by input: a tensor of the output's shape followed by the input's.</returns>
    /// <exception cref="AutogradException">Whatever the function throws; NO_GRAD_PATH in strict mode.</exception>
    public static Tensor[][] Jacobian(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, bool createGraph = false, bool strict = false)
    {
        using var mode = workspace.EnableGrad();
        var x = Variables(inputs, createGraph);
        var y = function(x);
        RequireGrad(y, strict, "outputs");
        var result = new Tensor[y.Length][];
        for (int o = 0; o < y.Length; o++) result[o] = Rows(workspace, y[o], x, o, createGraph, strict);
        return result;
    }

    /// <summary>The Hessian of a function of one element.</summary>
    /// <inheritdoc cref="Jacobian" path="/param"/>
    /// <returns>By input, then by input: a tensor of the first's shape followed by the second's.</returns>
    /// <exception cref="AutogradException">Whatever the function throws; GRAD_OUTPUT_REQUIRED; NO_GRAD_PATH in strict mode.</exception>
    public static Tensor[][] Hessian(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, bool createGraph = false, bool strict = false)
    {
        int count = inputs.Length;
        return Jacobian(workspace, x =>
        {
            var y = Single(function(x), "hessian");
            RequireGrad([y], strict, "outputs");
            // Jacobian's own rows: the output is one element, so each is a gradient.
            var gradients = Rows(workspace, y, x, 0, createGraph: true, strict);
            for (int i = 0; i < count; i++)
                if (!gradients[i].Shape.Equals(x[i].Shape)) gradients[i] = gradients[i].Reshape(Dims.Of(x[i].Shape));
            RequireGrad(gradients, strict, "jacobian");
            return gradients;
        }, inputs, createGraph, strict);
    }

    /// <summary>A vector times the Jacobian: Jᵀ v.</summary>
    /// <param name="workspace">Where the tensors live.</param>
    /// <param name="function">The function.</param>
    /// <param name="inputs">Where to differentiate.</param>
    /// <param name="v">A vector for each output, of its shape; empty only if there is one output of one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated.</param>
    /// <param name="strict">Refuse an output that does not depend on an input, rather than give zeros.</param>
    /// <returns>The function's results, and the product for each input.</returns>
    /// <exception cref="AutogradException">Whatever the function throws; SHAPE_MISMATCH; GRAD_OUTPUT_REQUIRED; NO_GRAD_PATH in strict mode.</exception>
    public static (Tensor[] Outputs, Tensor[] Products) Vjp(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> v = default, bool createGraph = false, bool strict = false)
    {
        using var mode = workspace.EnableGrad();
        var x = Variables(inputs, createGraph);
        var y = function(x);
        RequireGrad(y, strict, "outputs");
        if (v.Length > 0) RequireFits(v, y);
        else if (y.Length != 1 || y[0].Numel != 1)
            throw new AutogradException(ErrorReason.GradOutputRequired, "The vector v can only be None if the user-provided function returns a single Tensor with a single element.");
        var products = Filled(workspace, Pull(workspace, y, x, Seeds(workspace, v, y), createGraph), x, strict, createGraph, "back");
        return (Finished(y, createGraph), Finished(products, createGraph));
    }

    /// <summary>The Jacobian times a vector: J v.</summary>
    /// <inheritdoc cref="Vjp" path="/param"/>
    /// <returns>The function's results, and the product for each output.</returns>
    /// <exception cref="AutogradException">As <see cref="Vjp"/>.</exception>
    public static (Tensor[] Outputs, Tensor[] Products) Jvp(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> v = default, bool createGraph = false, bool strict = false)
    {
        using var mode = workspace.EnableGrad();
        var x = Variables(inputs, createGraph);
        if (v.Length > 0) RequireFits(v, x);
        else if (x.Length != 1 || x[0].Numel != 1)
            throw new AutogradException(ErrorReason.GradOutputRequired, "The vector v can only be None if the input to the user-provided function is a single Tensor with a single element.");
        var directions = Seeds(workspace, v, x);
        var y = function(x);
        RequireGrad(y, strict, "outputs");
        // The backward is linear in the outputs' gradients; its transpose is the forward derivative.
        var cotangents = Array.ConvertAll(y, o => workspace.RawFull(o.Shape, 0.0, o.DType).SetRequiresGrad());
        var pulled = Filled(workspace, Pull(workspace, y, x, cotangents, createGraph: true), x, strict, createGraph, "back");
        RequireGrad(pulled, strict, "grad_inputs");
        var products = Filled(workspace, Pull(workspace, pulled, cotangents, directions, createGraph), y, strict, createGraph, "back_trick");
        return (Finished(y, createGraph), Finished(products, createGraph));
    }

    /// <summary>A vector times the Hessian of a function of one element: vᵀ H.</summary>
    /// <inheritdoc cref="Vjp" path="/param"/>
    /// <returns>The function's result, and the product for each input.</returns>
    /// <exception cref="AutogradException">As <see cref="Vjp"/>.</exception>
    public static (Tensor[] Outputs, Tensor[] Products) Vhp(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> v = default, bool createGraph = false, bool strict = false)
    {
        using var mode = workspace.EnableGrad();
        var (x, y, gradients) = Differentiated(workspace, function, inputs, v, "vhp", createGraph, strict);
        RequireGrad(gradients, strict, "jacobian");
        var products = Filled(workspace, Pull(workspace, gradients, x, Seeds(workspace, v, x), createGraph), x, strict, createGraph, "double_back");
        return (Finished(y, createGraph), Finished(products, createGraph));
    }

    /// <summary>The Hessian of a function of one element times a vector: H v.</summary>
    /// <inheritdoc cref="Vjp" path="/param"/>
    /// <returns>The function's result, and the product for each input.</returns>
    /// <exception cref="AutogradException">As <see cref="Vjp"/>.</exception>
    public static (Tensor[] Outputs, Tensor[] Products) Hvp(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> v = default, bool createGraph = false, bool strict = false)
    {
        using var mode = workspace.EnableGrad();
        var (x, y, gradients) = Differentiated(workspace, function, inputs, v, "hvp", createGraph, strict);
        RequireGrad(gradients, strict, "jacobian");
        var cotangents = Array.ConvertAll(x, t => workspace.RawFull(t.Shape, 0.0, t.DType).SetRequiresGrad());
        var pulled = Filled(workspace, Pull(workspace, gradients, x, cotangents, createGraph: true), x, strict, createGraph, "double_back");
        RequireGrad(pulled, strict, "hessian");
        var products = Filled(workspace, Pull(workspace, pulled, cotangents, Seeds(workspace, v, x), createGraph), x, strict, createGraph, "double_back_trick");
        return (Finished(y, createGraph), Finished(products, createGraph));
    }

    private static (Tensor[] Inputs, Tensor[] Outputs, Tensor[] Gradients) Differentiated(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> v, string name, bool createGraph, bool strict)
    {
        var x = Variables(inputs, createGraph);
        if (v.Length > 0) RequireFits(v, x);
        else if (x.Length != 1 || x[0].Numel != 1)
            throw new AutogradException(ErrorReason.GradOutputRequired, "The vector v can only be None if the input to the user-provided function is a single Tensor with a single element.");
        var y = Single(function(x), name);
        RequireGrad([y], strict, "outputs");
        var gradients = Filled(workspace, Pull(workspace, [y], x, [workspace.RawFull(y.Shape, 1.0, y.DType)], createGraph: true), x, strict, createGraph, "back");
        return (x, [y], gradients);
    }

    private static Tensor Single(Tensor[] outputs, string name)
    {
        if (outputs.Length != 1) throw AutogradException.Attribute($"The function given to {name} should return a single Tensor");
        if (outputs[0].Numel != 1) throw new AutogradException(ErrorReason.GradOutputRequired, $"The Tensor returned by the function given to {name} should contain a single element");
        return outputs[0];
    }

    // A result that is to be differentiated depends on the given inputs; else it depends on copies that nobody else knows.
    private static Tensor[] Variables(ReadOnlySpan<Tensor> inputs, bool createGraph)
    {
        var x = new Tensor[inputs.Length];
        for (int i = 0; i < x.Length; i++) x[i] = createGraph && inputs[i].RequiresGrad ? inputs[i].ViewAs(inputs[i]) : inputs[i].Detach().SetRequiresGrad();
        return x;
    }

    private static Tensor[] Rows(Workspace workspace, Tensor y, Tensor[] x, int output, bool createGraph, bool strict)
    {
        var rows = new Tensor[x.Length][];
        for (int i = 0; i < x.Length; i++) rows[i] = new Tensor[y.Numel];
        var flat = y.Reshape([-1]);
        for (long j = 0; j < y.Numel; j++)
        {
            Tensor?[] gradients = y.RequiresGrad ? workspace.Gradients([flat.Select(0, j)], x, retainGraph: true, createGraph: createGraph, allowUnused: true) : new Tensor?[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                if (gradients[i] is null && strict)
                    throw NoPath($"Output {output} of the user-provided function is independent of input {i}. This is not allowed in strict mode.");
                if (gradients[i] is { RequiresGrad: false } && strict && createGraph)
                    throw NoPath($"The jacobian of the user-provided function is independent of input {i}. This is not allowed in strict mode when create_graph=True.");
                rows[i][j] = gradients[i] ?? workspace.RawFull(x[i].Shape, 0.0, x[i].DType);
            }
        }
        var result = new Tensor[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            Dims shape = Dims.Create([.. y.Shape.Sizes, .. x[i].Shape.Sizes]);
            result[i] = y.Numel == 0 ? workspace.RawFull(Shape.Of(shape.Values), 0.0, x[i].DType) : workspace.Stack(rows[i], 0).View(shape);
        }
        return Finished(result, createGraph);
    }

    private static Tensor?[] Pull(Workspace workspace, ReadOnlySpan<Tensor> outputs, Tensor[] inputs, Tensor[] vectors, bool createGraph)
    {
        var roots = new List<Tensor>();
        var seeds = new List<Tensor?>();
        for (int i = 0; i < outputs.Length; i++)
            if (outputs[i].RequiresGrad)
            {
                roots.Add(outputs[i]);
                seeds.Add(vectors[i]);
            }
        return roots.Count == 0 ? new Tensor?[inputs.Length] : workspace.Gradients([.. roots], inputs, [.. seeds], retainGraph: true, createGraph: createGraph, allowUnused: true);
    }

    private static Tensor[] Seeds(Workspace workspace, ReadOnlySpan<Tensor> v, Tensor[] like) =>
        v.Length > 0 ? v.ToArray() : [workspace.RawFull(like[0].Shape, 1.0, like[0].DType)];

    private static Tensor[] Finished(Tensor[] tensors, bool createGraph) => createGraph ? tensors : Array.ConvertAll(tensors, t => t.RequiresGrad ? t.Detach() : t);

    private static void RequireFits(ReadOnlySpan<Tensor> v, Tensor[] to)
    {
        if (v.Length != to.Length)
            throw AutogradException.Shape(to.Length > 1 ? $"v is a tuple of invalid length: should be {to.Length} but got {v.Length}." : "The given v should contain a single Tensor.");
        for (int i = 0; i < to.Length; i++)
            if (!v[i].Shape.Equals(to[i].Shape))
                throw AutogradException.Shape($"{(to.Length > 1 ? $"Entry {i} in " : "")}v has invalid size: should be torch.Size({to[i].Shape}) but got torch.Size({v[i].Shape}).");
    }

    private static void RequireGrad(ReadOnlySpan<Tensor> tensors, bool strict, string what)
    {
        if (!strict) return;
        for (int i = 0; i < tensors.Length; i++)
        {
            if (tensors[i].RequiresGrad) continue;
            throw NoPath(what switch
            {
                "hessian" => $"The hessian of the user-provided function with respect to input {i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is thrice differentiable and that the hessian depends on the inputs.",
                "jacobian" => $"While computing the hessian, found that the jacobian of the user-provided function with respect to input {i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is twice differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for example).",
                "grad_inputs" => $"The gradient with respect to input {i} is independent of the inputs of the user-provided function. This is not allowed in strict mode.",
                _ => $"Output {i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.",
            });
        }
    }

    private static Tensor[] Filled(Workspace workspace, Tensor?[] gradients, Tensor[] like, bool strict, bool createGraph, string stage)
    {
        var result = new Tensor[gradients.Length];
        for (int i = 0; i < result.Length; i++)
        {
            if (gradients[i] is { } gradient)
            {
                if (strict && createGraph && !gradient.RequiresGrad)
                    throw NoPath($"The {(stage.StartsWith("double", StringComparison.Ordinal) ? "hessian" : "jacobian")} of the user-provided function is independent of input {i}. This is not allowed in strict mode when create_graph=True.");
                result[i] = gradient;
                continue;
            }
            if (strict)
                throw NoPath(stage switch
                {
                    "back" => $"The output of the user-provided function is independent of input {i}. This is not allowed in strict mode.",
                    "back_trick" => $"The gradient with respect to the input is independent of entry {i} in the grad_outputs when using the double backward trick to compute forward mode gradients. This is not allowed in strict mode.",
                    "double_back" => $"The jacobian of the user-provided function is independent of input {i}. This is not allowed in strict mode.",
                    _ => $"The hessian of the user-provided function is independent of entry {i} in the grad_jacobian. This is not allowed in strict mode as it prevents from using the double backward trick to replace forward mode AD.",
                });
            result[i] = workspace.RawFull(like[i].Shape, 0.0, like[i].DType);
        }
        return result;
    }

    private static AutogradException NoPath(string message) => new(ErrorReason.NoGradPath, message);
}
