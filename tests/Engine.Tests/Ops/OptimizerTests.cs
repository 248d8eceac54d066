using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>Optimizer steps: the bits that torch.optim's single-tensor implementation gives when its ops are applied one by one, the state they keep, what they refuse.</summary>
public sealed class OptimizerTests : IDisposable
{
    private const int Steps = 4;

    // Not a multiple of any vector's width, and long enough for several threads.
    private const int Length = 70_003;

    private readonly Workspace _ws = new();

    public static TheoryData<DType, double, bool, bool> AdamCases
    {
        get
        {
            var cases = new TheoryData<DType, double, bool, bool>();
            foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
                foreach (double decay in (double[])[0, 0.01])
                    foreach (bool amsgrad in (bool[])[false, true])
                        cases.Add(dtype, decay, amsgrad, decay != 0 && amsgrad);
            return cases;
        }
    }

    public static TheoryData<DType, double, double, bool> SgdCases => new()
    {
        { DType.Float32, 0, 0, false }, { DType.Float32, 0.9, 0.2, false }, { DType.Float32, 0.9, 0, true },
        { DType.Float64, 0, 0, false }, { DType.Float64, 0.9, 0.2, false }, { DType.Float64, 0.9, 0, true },
    };

    public static TheoryData<DType, bool, double> RmspropCases => new()
    {
        { DType.Float32, false, 0 }, { DType.Float32, true, 0 }, { DType.Float32, false, 0.9 }, { DType.Float32, true, 0.9 }, { DType.Float64, true, 0.9 }, { DType.Float64, false, 0 },
    };

    public void Dispose() => _ws.Dispose();

    [Theory, MemberData(nameof(AdamCases))]
    public void Adam_and_AdamW_are_their_ops_in_one_pass(DType dtype, double decay, bool amsgrad, bool maximize)
    {
        const double Rate = 0.003, Beta1 = 0.9, Beta2 = 0.99, Eps = 1e-6;
        using var mode = _ws.NoGrad();
        foreach (bool decoupled in (bool[])[false, true])
        {
            Tensor p = Random(dtype), m = Zeros(dtype), v = Zeros(dtype), count = Count();
            Tensor? top = amsgrad ? Zeros(dtype) : null;
            Tensor q = p.Clone(), mean = m.Clone(), square = v.Clone(), largest = v.Clone();
            for (int step = 1; step <= Steps; step++)
            {
                var g = Random(dtype);
                var same = decoupled
                    ? p.FusedAdamwInPlace(g, m, v, top, count, Rate, Beta1, Beta2, decay, Eps, maximize)
                    : p.FusedAdamInPlace(g, m, v, top, count, Rate, Beta1, Beta2, decay, Eps, maximize);
                Assert.Same(p, same);

                if (maximize) g = -g;
                if (decoupled && decay != 0) q.MulInPlace(1 - Rate * decay);
                if (!decoupled && decay != 0) g = g.Add(q, decay);
                mean.LerpInPlace(g, 1 - Beta1);
                square.MulInPlace(Beta2).AddcmulInPlace(g, g, 1 - Beta2);
                largest = largest.Maximum(square);
                var divisor = (amsgrad ? largest : square).Sqrt().Div(Math.Sqrt(1 - Math.Pow(Beta2, step))).Add(Eps);
                q.AddcdivInPlace(mean, divisor, -(Rate / (1 - Math.Pow(Beta1, step))));
                Same(q, p);
                Same(mean, m);
                Same(square, v);
                if (top is not null) Same(largest, top);
                Assert.Equal(step, count.Item());
            }
        }
    }

    [Theory, MemberData(nameof(SgdCases))]
    public void Sgd_is_its_ops_in_one_pass(DType dtype, double momentum, double dampening, bool nesterov)
    {
        const double Rate = 0.05, Decay = 0.01;
        using var mode = _ws.NoGrad();
        foreach (bool counted in (bool[])[false, true])
        {
            Tensor p = Random(dtype), q = p.Clone();
            // What stands in the buffer before the first step is not looked at.
            Tensor? buffer = momentum == 0 ? null : Random(dtype), count = counted ? Count() : null, own = null;
            for (int step = 0; step < Steps; step++)
            {
                var g = Random(dtype);
                p.FusedSgdInPlace(g, buffer, count, Rate, Decay, momentum, dampening, nesterov, maximize: true, isFirstStep: !counted && step == 0);

                g = (-g).Add(q, Decay);
                if (momentum != 0)
                {
                    own = own is null ? g.Clone() : own.MulInPlace(momentum).AddInPlace(g, 1 - dampening);
                    g = nesterov ? g.Add(own, momentum) : own;
                    Same(own, buffer!);
                }
                q.AddInPlace(g, -Rate);
                Same(q, p);
            }
            if (counted) Assert.Equal(Steps, count!.Item());
        }
    }

    [Theory, MemberData(nameof(RmspropCases))]
    public void Rmsprop_is_its_ops_in_one_pass(DType dtype, bool centered, double momentum)
    {
        const double Rate = 0.01, Alpha = 0.95, Eps = 1e-5, Decay = 0.02;
        using var mode = _ws.NoGrad();
        Tensor p = Random(dtype), v = Zeros(dtype), count = Count();
        Tensor? mean = centered ? Zeros(dtype) : null, buffer = momentum > 0 ? Zeros(dtype) : null;
        Tensor q = p.Clone(), square = v.Clone(), average = v.Clone(), velocity = v.Clone();
        for (int step = 0; step < Steps; step++)
        {
            var g = Random(dtype);
            p.FusedRmspropInPlace(g, v, mean, buffer, count, Rate, Alpha, Decay, Eps, momentum);

            g = g.Add(q, Decay);
            square.MulInPlace(Alpha).AddcmulInPlace(g, g, 1 - Alpha);
            var divisor = square;
            if (centered)
            {
                average.LerpInPlace(g, 1 - Alpha);
                divisor = square.Addcmul(average, average, -1.0);
            }
            divisor = divisor.Sqrt().Add(Eps);
            if (momentum > 0) q.AddInPlace(velocity.MulInPlace(momentum).AddcdivInPlace(g, divisor), -Rate);
            else q.AddcdivInPlace(g, divisor, -Rate);
            Same(q, p);
            Same(square, v);
            if (mean is not null) Same(average, mean);
            if (buffer is not null) Same(velocity, buffer);
        }
        Assert.Equal(Steps, count.Item());
    }

    [Fact]
    public void First_steps_by_hand()
    {
        using var mode = _ws.NoGrad();
        // Bias correction undoes the zero start: m' = g and v' = g^2, whatever the betas.
        var p = Vector(1, -2);
        p.FusedAdamInPlace(Vector(0.5, -4), Vector(0, 0), Vector(0, 0), null, Count(), 0.1, eps: 0);
        AssertClose([0.9, -1.9], p);
        p = Vector(1, -2);
        p.FusedAdamwInPlace(Vector(0.5, -4), Vector(0, 0), Vector(0, 0), null, Count(), 0.1, weightDecay: 0.5, eps: 0);
        AssertClose([1 * 0.95 - 0.1, -2 * 0.95 + 0.1], p);
        // RMSprop has no correction: g / sqrt((1 - alpha) g^2).
        p = Vector(1, -2);
        p.FusedRmspropInPlace(Vector(0.5, -4), Vector(0, 0), null, null, null, 0.1, alpha: 0.99, eps: 0);
        AssertClose([0, -1], p);
        var buffer = Vector(7, 7);
        p = Vector(1, -2);
        p.FusedSgdInPlace(Vector(0.5, -4), buffer, null, 0.1, momentum: 0.5, dampening: 0.25, isFirstStep: true);
        p.FusedSgdInPlace(Vector(1, 0), buffer, null, 0.1, momentum: 0.5, dampening: 0.25);
        AssertClose([1 - 0.05 - 0.1 * (0.25 + 0.75), -2 + 0.4 + 0.2], p);
    }

    [Fact]
    public void A_rate_that_is_a_tensor_is_a_number()
    {
        using var mode = _ws.NoGrad();
        Tensor p = Random(DType.Float32), q = p.Clone(), g = Random(DType.Float32);
        p.FusedSgdInPlace(g, null, null, _ws.FromArray<double>([0.25], Shape.Scalar));
        q.FusedSgdInPlace(g, null, null, 0.25);
        Same(q, p);
    }

    [Fact]
    public void The_plain_form_leaves_everything_alone()
    {
        Tensor p = Random(DType.Float32).SetRequiresGrad(), g = Random(DType.Float32), m = Zeros(DType.Float32), v = Zeros(DType.Float32), count = Count();
        double[] before = p.ToDoubles();
        var news = p.FusedAdam(g, m, v, null, count, 0.1);
        Assert.Equal(4, news.Length);
        Assert.All(news, t => Assert.False(t.RequiresGrad));
        Assert.Equal(before, p.ToDoubles());
        Assert.Equal(0, count.Item());
        Assert.Equal(1, news[3].Item());
        using (_ws.NoGrad()) p.FusedAdamInPlace(g, m, v, null, count, 0.1);
        Same(news[0], p);
        Same(news[2], v);
    }

    [Fact]
    public void A_leaf_that_requires_grad_is_refused_outside_no_grad()
    {
        var p = Random(DType.Float32).SetRequiresGrad();
        var g = Random(DType.Float32);
        var refusal = Assert.Throws<AutogradException>(() => p.FusedSgdInPlace(g, null, null, 0.1));
        Assert.Equal(ErrorReason.LeafModified, refusal.Reason);
        Assert.Equal("a leaf Variable that requires grad is being used in an in-place operation.", refusal.Message);
        // What cannot be recorded is not done.
        var inner = p * 2;
        Assert.Equal(ErrorReason.NotDifferentiable, Assert.Throws<AutogradException>(() => inner.FusedSgdInPlace(g, null, null, 0.1)).Reason);
        Assert.Equal(0, inner.Version);
    }

    [Fact]
    public void A_step_shows_in_the_version_of_parameter_and_state()
    {
        Tensor p = Random(DType.Float32).SetRequiresGrad(), buffer = Zeros(DType.Float32);
        var loss = (p * p).Sum();
        using (_ws.NoGrad()) p.FusedSgdInPlace(Random(DType.Float32), buffer, null, 0.1, momentum: 0.9);
        Assert.Equal((1, 1), (p.Version, buffer.Version));
        Assert.Equal(ErrorReason.TensorModified, Assert.Throws<AutogradException>(() => _ws.Backward([loss])).Reason);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_nothing_changes()
    {
        using var mode = _ws.NoGrad();
        Tensor p = Vector(1, 2, 3), g = Vector(1, 1, 1), m = Vector(0, 0, 0), v = Vector(0, 0, 0), count = Count();
        Refused(ErrorReason.ShapeMismatch, "grad has shape [2], but the parameter has shape [3]", () => p.FusedAdamInPlace(Vector(1, 2), m, v, null, count, 0.1));
        Refused(ErrorReason.DtypeUnsupported, "expected dtype double for `exp_avg` but got dtype float", () => p.FusedAdamInPlace(g, m.To(DType.Float32), v, null, count, 0.1));
        Refused(ErrorReason.DtypeUnsupported, "expected dtype float for `state_step` but got dtype long int", () => p.FusedAdamInPlace(g, m, v, null, count.To(DType.Int64), 0.1));
        Refused(ErrorReason.ShapeMismatch, "state_step must have one element", () => p.FusedAdamInPlace(g, m, v, null, Vector(0, 0), 0.1));
        Refused(ErrorReason.InvalidAttribute, "Invalid learning rate: -1", () => p.FusedAdamInPlace(g, m, v, null, count, -1.0));
        Refused(ErrorReason.InvalidAttribute, "lr must be a number or a 0-d tensor", () => p.FusedAdamInPlace(g, m, v, null, count, Vector(1, 2)));
        Refused(ErrorReason.InvalidAttribute, "Invalid beta parameter at index 1: 1", () => p.FusedAdamInPlace(g, m, v, null, count, 0.1, 0.9, 1));
        Refused(ErrorReason.InvalidAttribute, "Invalid weight_decay value: -1", () => p.FusedSgdInPlace(g, null, null, 0.1, -1));
        Refused(ErrorReason.InvalidAttribute, "Nesterov momentum requires a momentum and zero dampening", () => p.FusedSgdInPlace(g, m, null, 0.1, 0, 0.9, 0.1, true));
        Refused(ErrorReason.InvalidAttribute, "momentum needs a momentum_buffer", () => p.FusedSgdInPlace(g, null, null, 0.1, 0, 0.9));
        Refused(ErrorReason.InvalidAttribute, "momentum needs a momentum_buffer", () => p.FusedRmspropInPlace(g, v, null, null, null, 0.1, momentum: 0.9));
        Refused(ErrorReason.ViewModified, "'exp_avg' and 'exp_avg_sq' refer to a single memory location", () => p.FusedAdamInPlace(g, m, m, null, count, 0.1));
        Refused(ErrorReason.ViewModified, "'self' and 'grad' refer to a single memory location", () => p.FusedSgdInPlace(p, null, null, 0.1));
        var expanded = _ws.FromArray<double>([1], Shape.Of(1)).Expand([3]);
        Refused(ErrorReason.ViewModified, "more than one element of the written-to tensor", () => expanded.FusedSgdInPlace(g, null, null, 0.1));
        Refused(ErrorReason.DtypeUnsupported, "\"fused optimizer step\" not implemented for 'Long'", () => p.To(DType.Int64).FusedSgdInPlace(g.To(DType.Int64), null, null, 0.1));
        Assert.Equal((0, 0, 0, 0), (p.Version, m.Version, v.Version, count.Version));
        Assert.Equal([1, 2, 3], p.ToDoubles());

        static void Refused(ErrorReason reason, string message, Func<Tensor> call)
        {
            var refusal = Assert.Throws<AutogradException>(call);
            Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
            Assert.Equal(reason, refusal.Reason);
        }
    }

    [Fact]
    public void Not_a_number_stays_one()
    {
        using var mode = _ws.NoGrad();
        Tensor p = Vector(1, 1), m = Vector(0, 0), v = Vector(0, 0), top = Vector(5, 5);
        p.FusedAdamInPlace(Vector(double.NaN, 1), m, v, top, Count(), 0.1);
        Assert.Equal([true, false], Array.ConvertAll(p.ToDoubles(), double.IsNaN));
        Assert.Equal([true, false], Array.ConvertAll(top.ToDoubles(), double.IsNaN));
    }

    [Fact]
    public void Gradients_are_clipped_to_a_total_norm()
    {
        Tensor a = Vector(3, 0), b = Vector(0, 4, 0);
        var total = _ws.GetTotalNorm([a, b]);
        AssertClose([5], total);
        using (_ws.NoGrad())
            foreach (var g in (Tensor[])[a, b]) g.ClipGradWithNormInPlace(total, 1);
        AssertClose([3 / (5 + 1e-6), 0], a);
        AssertClose([0, 4 / (5 + 1e-6), 0], b);
        a.ClipGradWithNormInPlace(_ws.GetTotalNorm([a, b]), 2);
        AssertClose([3 / (5 + 1e-6), 0], a);
        Assert.Equal(0, _ws.GetTotalNorm([]).Item());
        Assert.Equal(double.PositiveInfinity, _ws.GetTotalNorm([Vector(double.PositiveInfinity)]).Item());
        var refusal = Assert.Throws<AutogradException>(() => _ws.GetTotalNorm([Vector(double.NaN)], 2, true));
        Assert.Equal("The total norm of order 2.0 for gradients from `parameters` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set `error_if_nonfinite=False`", refusal.Message);
    }

    private static void Same(Tensor expected, Tensor actual) => Assert.Equal(expected.ToDoubles(), actual.ToDoubles());

    private static void AssertClose(double[] expected, Tensor actual)
    {
        double[] values = actual.ToDoubles();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], 1e-12);
    }

    private Tensor Random(DType dtype) => _ws.Randn([Length]).To(dtype);

    private Tensor Zeros(DType dtype) => _ws.Zeros([Length]).To(dtype);

    private Tensor Vector(params double[] values) => _ws.FromArray<double>(values, Shape.Of(values.Length));

    private Tensor Count() => _ws.FromArray<float>([0], Shape.Scalar);
}
