namespace AutogradService.Client.Tests;

/// <summary>Training on the server: the numbers of an eager loop, schedules, clipping, accumulation, cancellation.</summary>
public sealed class TrainingTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const int Rows = 10;
    private static readonly double[,] s_images = Fill(Rows, 3, 0.37);
    private static readonly double[,] s_targets = Fill(Rows, 2, 0.71);
    private static readonly double[,] s_start = Fill(3, 2, 0.53);

    public static TheoryData<string> Optimizers => ["sgd", "momentum", "nesterov", "adam", "amsgrad", "adamw", "rmsprop", "centered"];

    [Theory, MemberData(nameof(Optimizers))]
    public async Task Steps_are_those_of_pytorchs_formulas(string name)
    {
        await using var session = await server.ConnectAsync();
        var (settings, reference) = Of(name);
        Tensor w = session.Tensor(s_start, requiresGrad: true), images = session.Tensor(s_images), targets = session.Tensor(s_targets);
        var f = session.Trace((x, t) => ((x.Matmul(w) - t) * (x.Matmul(w) - t)).Mean(), TensorSpec.Of(DType.Float64, "batch", 3), TensorSpec.Of(DType.Float64, "batch", 2));
        using var optimizer = session.Optimizer(settings, w);
        var losses = new List<float>();
        await foreach (var p in session.TrainAsync(f, optimizer, [TrainingInput.Rows(images), TrainingInput.Rows(targets)], new TrainingOptions { BatchSize = 4, Epochs = 3 })) losses.AddRange(p.Losses);
        Assert.Equal(9, losses.Count);
        Assert.Equal(9, optimizer.StepsDone);

        // The same in plain arithmetic.
        double[] expected = [.. s_start.Cast<double>()];
        var kept = new double[3][];
        for (int k = 0; k < 3; k++) kept[k] = new double[6];
        for (int step = 0; step < 9; step++)
        {
            var (loss, gradient) = Loss(expected, step % 3 * 4, Math.Min(4, Rows - step % 3 * 4));
            Assert.Equal((float)loss, losses[step], 1e-5f);
            for (int i = 0; i < 6; i++) expected[i] = reference(step + 1, expected[i], gradient[i], kept, i);
        }
        double[,] trained = await w.ToArrayAsync<double>();
        Assert.All(trained.Cast<double>().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.Equal(9f, await optimizer.StepCount.ItemAsync<float>());
    }

    [Fact]
    public async Task One_call_a_step_gives_the_same_numbers_as_many_steps_in_one_call_and_as_batches_by_the_stream()
    {
        await using var session = await server.ConnectAsync();
        double[][] results = new double[3][];
        for (int way = 0; way < 3; way++)
        {
            Tensor w = session.Tensor(s_start, requiresGrad: true);
            var f = session.Trace((x, t) => ((x.Matmul(w) - t) * (x.Matmul(w) - t)).Mean(), TensorSpec.Of(DType.Float64, "batch", 3), TensorSpec.Of(DType.Float64, "batch", 2));
            using var optimizer = session.Optimizer(new Adam(0.05), w);
            if (way == 0)
            {
                await foreach (var _ in session.TrainAsync(f, optimizer, [TrainingInput.Rows(session.Tensor(s_images)), TrainingInput.Rows(session.Tensor(s_targets))], new TrainingOptions { BatchSize = 5, Steps = 6 }))
                {
                }
            }
            else if (way == 1)
            {
                for (int step = 0; step < 6; step++) Assert.True((float)(await f.StepAsync(optimizer, Slice(s_images, step % 2 * 5, 5), Slice(s_targets, step % 2 * 5, 5))).Values[0] > 0);
            }
            else
            {
                await using var stream = await session.OpenTrainingAsync(f, optimizer, [TrainingInput.FromBatch, TrainingInput.FromBatch]);
                for (int step = 0; step < 6; step++) Assert.Equal(step + 1, (await stream.StepAsync(Slice(s_images, step % 2 * 5, 5), Slice(s_targets, step % 2 * 5, 5)))!.Step);
            }
            Assert.Equal(6, optimizer.StepsDone);
            results[way] = await w.ToArrayAsync<double>();
        }
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public async Task A_training_that_is_gone_on_with_is_the_training_that_was_not_interrupted()
    {
        await using var session = await server.ConnectAsync();
        double[][] results = new double[2][];
        for (int way = 0; way < 2; way++)
        {
            Tensor w = session.Tensor(s_start, requiresGrad: true);
            var f = session.Trace((x, t) => ((x.Matmul(w).Dropout(0.5) - t) * (x.Matmul(w) - t)).Mean(), TensorSpec.Of(DType.Float64, "batch", 3), TensorSpec.Of(DType.Float64, "batch", 2));
            using var optimizer = session.Optimizer(new Sgd(0.1, 0.9), w);
            TrainingInput[] inputs = [TrainingInput.Rows(session.Tensor(s_images)), TrainingInput.Rows(session.Tensor(s_targets))];
            var options = new TrainingOptions { BatchSize = 3, ShuffleSeed = 7, Seed = 1000, Schedule = new ExponentialDecay(0.9) };
            foreach (long steps in way == 0 ? new long[] { 9 } : [2, 5, 2])
                await foreach (var p in session.TrainAsync(f, optimizer, inputs, options with { Steps = steps }))
                    Assert.Equal(0.1 * Math.Pow(0.9, p.Step - 1), p.Lr, 1e-15);
            results[way] = await w.ToArrayAsync<double>();
        }
        Assert.Equal(results[0], results[1]);
        Assert.NotEqual([.. s_start.Cast<double>()], results[0]);
    }

    [Fact]
    public async Task Shuffling_and_random_numbers_are_those_that_a_session_draws_under_the_same_seeds()
    {
        await using var session = await server.ConnectAsync();
        Tensor w = session.Tensor(s_start, requiresGrad: true), images = session.Tensor(s_images), targets = session.Tensor(s_targets);
        Tensor Model(Tensor x, Tensor t) => ((x.Matmul(w).Dropout(0.5) - t) * (x.Matmul(w) - t)).Mean();
        var f = session.Trace(Model, TensorSpec.Of(DType.Float64, "batch", 3), TensorSpec.Of(DType.Float64, "batch", 2));
        using var optimizer = session.Optimizer(new Sgd(0.0), w);
        var losses = new List<float>();
        await foreach (var p in session.TrainAsync(f, optimizer, [TrainingInput.Rows(images), TrainingInput.Rows(targets)], new TrainingOptions { BatchSize = 4, Epochs = 2, ShuffleSeed = 5, Seed = 40 })) losses.AddRange(p.Losses);
        int batch = 0;
        for (int epoch = 0; epoch < 2; epoch++)
        {
            session.ManualSeed(5 + (ulong)epoch);
            var order = session.Randperm(Rows);
            for (int start = 0; start < Rows; start += 4, batch++)
            {
                var rows = order[start..Math.Min(start + 4, Rows)];
                session.ManualSeed(40 + (ulong)batch);
                Assert.Equal(await Model(images.IndexSelect(0, rows), targets.IndexSelect(0, rows)).ItemAsync<float>(), losses[batch], 1e-6f);
            }
        }
        Assert.Equal(batch, losses.Count);
    }

    [Fact]
    public async Task Gradients_are_clipped_and_accumulated_as_in_an_eager_loop()
    {
        await using var session = await server.ConnectAsync();
        Tensor w = session.Tensor(s_start, requiresGrad: true), v = session.Tensor(s_start, requiresGrad: true), images = session.Tensor(s_images), targets = session.Tensor(s_targets);
        Tensor Model(Tensor x, Tensor t, Tensor p) => ((x.Matmul(p) - t) * (x.Matmul(p) - t)).Sum();
        var f = session.Trace((x, t) => Model(x, t, w), TensorSpec.Of(DType.Float64, "batch", 3), TensorSpec.Of(DType.Float64, "batch", 2));
        using var optimizer = session.Optimizer(new Sgd(0.1), w);
        var norms = new List<double>();
        await foreach (var p in session.TrainAsync(f, optimizer, [TrainingInput.Rows(images), TrainingInput.Rows(targets)], new TrainingOptions { BatchSize = 5, Epochs = 1, Accumulate = 2, AverageAccumulated = true, Clipping = new GradientClipping(Norm: 0.5, Value: 0.2) }))
            norms.Add(p.GradientNorm!.Value);
        for (int batch = 0; batch < 2; batch++) Model(images[(batch * 5)..(batch * 5 + 5)], targets[(batch * 5)..(batch * 5 + 5)], v).Backward();
        double[] g = [.. ((double[])await v.Grad.ToArrayAsync<double>()).Select(e => e / 2)];
        double norm = Math.Sqrt(g.Sum(e => e * e));
        Assert.Equal(norm, Assert.Single(norms), 1e-9);
        double[] expected = [.. s_start.Cast<double>().Zip(g, (p, e) => p - 0.1 * Math.Clamp(e * Math.Min(1, 0.5 / (norm + 1e-6)), -0.2, 0.2))];
        double[] trained = await w.ToArrayAsync<double>();
        for (int i = 0; i < 6; i++) Assert.Equal(expected[i], trained[i], 1e-9);
    }

    public static TheoryData<string> Schedules => ["step", "multi_step", "exponential", "cosine", "linear", "one_cycle", "one_cycle_linear", "warm_up", "epochs"];

    [Theory, MemberData(nameof(Schedules))]
    public async Task Learning_rates_are_those_of_pytorchs_schedulers(string name)
    {
        const double lr = 0.05;
        const int steps = 10;
        // The recursions by which PyTorch's schedulers go from one rate to the next.
        var expected = new List<double>();
        double rate = lr;
        for (int t = 0; t < steps; t++)
        {
            switch (name)
            {
                case "step": if (t > 0 && t % 3 == 0) rate *= 0.1; break;
                case "multi_step": if (t is 2 or 7) rate *= 0.5; break;
                case "exponential": if (t > 0) rate *= 0.8; break;
                case "cosine": if (t > 0) rate = (1 + Math.Cos(Math.PI * t / 8)) / (1 + Math.Cos(Math.PI * (t - 1) / 8)) * (rate - 0.01) + 0.01; break;
                case "linear" or "warm_up": rate = t == 0 ? lr / 3 : t > 5 ? rate : rate * (1 + (1 - 1.0 / 3) / (5 * (1.0 / 3) + (t - 1) * (1 - 1.0 / 3))); break;
                case "epochs": if (t > 0 && t % 2 == 0) rate *= 0.8; break; // 10 rows in batches of 5: two steps an epoch
                case "one_cycle": rate = t <= 2 ? 0.1 + (0.004 - 0.1) / 2 * (1 + Math.Cos(Math.PI * t / 2)) : 4e-7 + (0.1 - 4e-7) / 2 * (1 + Math.Cos(Math.PI * (t - 2) / 7)); break;
                default: rate = t <= 2 ? 0.004 + (0.1 - 0.004) * t / 2 : 0.1 + (4e-7 - 0.1) * (t - 2) / 7; break;
            }
            // 1 + cos(pi) is 0: there the recursion says nothing.
            if (name == "cosine" && t == 9) rate = 0.01 + 0.04 * (1 + Math.Cos(Math.PI * 9 / 8)) / 2;
            expected.Add(rate);
        }
        LearningRateSchedule schedule = name switch
        {
            "step" => new StepDecay(3),
            "multi_step" => new MultiStepDecay([2, 7], 0.5),
            "exponential" => new ExponentialDecay(0.8),
            "cosine" => new CosineAnnealing(8, 0.01),
            "linear" => new LinearFactor(),
            "warm_up" => new ConstantRate { WarmUp = new LinearFactor() },
            "epochs" => new ExponentialDecay(0.8) { PerEpoch = true },
            "one_cycle" => new OneCycle(0.1, steps),
            _ => new OneCycle(0.1, steps, Linear: true),
        };
        await using var session = await server.ConnectAsync();
        Tensor w = session.Zeros([1], DType.Float64, requiresGrad: true), data = session.Zeros([10], DType.Float64);
        // The gradient is 1: each step moves the parameter by the rate.
        var f = session.Trace(x => w.Sum() + x.Sum(), TensorSpec.Of(DType.Float64, "batch"));
        using var optimizer = session.Optimizer(new Sgd(lr), w);
        var rates = new List<double>();
        double before = 0;
        for (int t = 0; t < steps; t++)
        {
            await foreach (var p in session.TrainAsync(f, optimizer, [TrainingInput.Rows(data)], new TrainingOptions { BatchSize = 5, Steps = 1, Schedule = schedule })) rates.Add(p.Lr);
            double now = await w.ItemAsync<double>();
            Assert.Equal(rates[t], before - now, 1e-12);
            before = now;
        }
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public async Task Leaving_the_loop_ends_the_training_after_a_whole_step_and_gives_memory_back()
    {
        await using var session = await server.ConnectAsync();
        Tensor w = session.Zeros([64, 64], requiresGrad: true), b = session.Zeros([64], requiresGrad: true), x = session.Randn([256, 64]);
        // Every step adds the same to each parameter: a half-done step would show.
        var f = session.Trace(t => -(w.Sum() / 4096 + b.Sum() / 64) + t.Sum() * 0, ["batch", 64]);
        using var optimizer = session.Optimizer(new Sgd(1.0), w, b);
        var inputs = new[] { TrainingInput.Rows(x) };
        await foreach (var _ in session.TrainAsync(f, optimizer, inputs, new TrainingOptions { BatchSize = 64, Steps = 3 }))
        {
        }
        var before = await session.UsageAsync();
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var p in session.TrainAsync(f, optimizer, inputs, new TrainingOptions { BatchSize = 64, Steps = 10_000_000 }, cancellation.Token))
                await cancellation.CancelAsync();
        });
        float count = await optimizer.StepCount.ItemAsync<float>();
        // The server ends the training at its next step.
        for (float next; (next = await optimizer.StepCount.ItemAsync<float>()) != count; count = next) await Task.Delay(20, TestContext.Current.CancellationToken);
        float[] ws = await w.ToArrayAsync<float>(), bs = await b.ToArrayAsync<float>();
        Assert.InRange(count, 4, 9_000_000);
        Assert.Single(ws.Distinct());
        Assert.Equal(ws[0], count / 4096, 1e-2f * ws[0]);
        Assert.Equal(bs[0], count / 64, 1e-2f * bs[0]);
        Assert.Equal(before.Bytes, (await session.UsageAsync()).Bytes);
    }

    [Fact]
    public async Task What_cannot_be_trained_is_refused_by_field()
    {
        await using var session = await server.ConnectAsync();
        Tensor w = session.Tensor(s_start, requiresGrad: true), images = session.Tensor(s_images);
        var f = session.Trace(x => x.Matmul(w).Sum(), TensorSpec.Of(DType.Float64, "batch", 3));
        using var optimizer = session.Optimizer(new Sgd(0.1), w);
        using var nothing = session.Optimizer(new Sgd(0.1), images);
        await RefusedAsync(ErrorReason.InvalidField, optimizer, images, new TrainingOptions()); // neither epochs nor steps
        await RefusedAsync(ErrorReason.InvalidField, optimizer, images, new TrainingOptions { Epochs = 1, BatchSize = 0 });
        await RefusedAsync(ErrorReason.InvalidField, optimizer, images, new TrainingOptions { Epochs = 1, BatchSize = 11, DropLast = true });
        await RefusedAsync(ErrorReason.InvalidField, nothing, images, new TrainingOptions { Epochs = 1 });
        await RefusedAsync(ErrorReason.InvalidField, session.Optimizer(new Sgd(0.1, Nesterov: true), w), images, new TrainingOptions { Epochs = 1 });
        await RefusedAsync(ErrorReason.InvalidField, optimizer, images, new TrainingOptions { Epochs = 1, Schedule = new CosineAnnealing(0) });
        await RefusedAsync(ErrorReason.InvalidField, optimizer, images, new TrainingOptions { Epochs = 1, Clipping = new GradientClipping(Norm: -1) });
        await RefusedAsync(ErrorReason.ShapeMismatch, optimizer, session.Zeros([4, 2], DType.Float64), new TrainingOptions { Epochs = 1 });
        Assert.Equal(s_start, (double[,])await w.ToArrayAsync<double>());

        async Task RefusedAsync(ErrorReason reason, Optimizer by, Tensor data, TrainingOptions options)
        {
            var e = await Assert.ThrowsAnyAsync<AutogradException>(async () =>
            {
                await foreach (var _ in session.TrainAsync(f, by, [TrainingInput.Rows(data)], options))
                {
                }
            });
            Assert.Equal(reason, e.Reason);
        }
    }

    private static (OptimizerSettings, Func<int, double, double, double[][], int, double>) Of(string name)
    {
        const double lr = 0.05;
        double Momentum(int t, double g, double[][] k, int i) => k[0][i] = t == 1 ? g : 0.9 * k[0][i] + (1 - 0.25) * g;
        double Adam(int t, double p, double g, double[][] k, int i, bool amsgrad)
        {
            k[0][i] = 0.9 * k[0][i] + 0.1 * g;
            k[1][i] = 0.999 * k[1][i] + 0.001 * g * g;
            k[2][i] = Math.Max(k[2][i], k[1][i]);
            return p - lr * (k[0][i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt((amsgrad ? k[2] : k[1])[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
        }
        double Rms(double p, double g, double[][] k, int i, bool centered)
        {
            k[0][i] = 0.99 * k[0][i] + 0.01 * g * g;
            k[2][i] = 0.99 * k[2][i] + 0.01 * g;
            k[1][i] = 0.5 * k[1][i] + g / (Math.Sqrt(k[0][i] - (centered ? k[2][i] * k[2][i] : 0)) + 1e-8);
            return p - lr * k[1][i];
        }
        return name switch
        {
            "sgd" => (new Sgd(lr, WeightDecay: 0.01, Maximize: true), (_, p, g, _, _) => p - lr * (-g + 0.01 * p)),
            "momentum" => (new Sgd(lr, 0.9, 0.25), (t, p, g, k, i) => p - lr * Momentum(t, g, k, i)),
            "nesterov" => (new Sgd(lr, 0.9, Nesterov: true), (t, p, g, k, i) =>
            {
                k[0][i] = t == 1 ? g : 0.9 * k[0][i] + g;
                return p - lr * (g + 0.9 * k[0][i]);
            }),
            "adam" => (new Adam(lr, WeightDecay: 0.1), (t, p, g, k, i) => Adam(t, p, g + 0.1 * p, k, i, false)),
            "amsgrad" => (new Adam(lr, Amsgrad: true), (t, p, g, k, i) => Adam(t, p, g, k, i, true)),
            "adamw" => (new AdamW(lr, WeightDecay: 0.1), (t, p, g, k, i) => Adam(t, p * (1 - lr * 0.1), g, k, i, false)),
            "rmsprop" => (new RmsProp(lr, Momentum: 0.5), (_, p, g, k, i) => Rms(p, g, k, i, false)),
            _ => (new RmsProp(lr, Momentum: 0.5, Centered: true), (_, p, g, k, i) => Rms(p, g, k, i, true)),
        };
    }

    // Mean squared error of a linear map, and its gradient.
    private static (double Loss, double[] Gradient) Loss(double[] w, int first, int count)
    {
        double loss = 0;
        var gradient = new double[6];
        for (int r = first; r < first + count; r++)
            for (int c = 0; c < 2; c++)
            {
                double e = -s_targets[r, c];
                for (int k = 0; k < 3; k++) e += s_images[r, k] * w[k * 2 + c];
                loss += e * e / (count * 2);
                for (int k = 0; k < 3; k++) gradient[k * 2 + c] += 2 * e * s_images[r, k] / (count * 2);
            }
        return (loss, gradient);
    }

    private static double[,] Fill(int rows, int columns, double step)
    {
        var values = new double[rows, columns];
        for (int i = 0; i < values.Length; i++) values[i / columns, i % columns] = Math.Sin(step * (i + 1));
        return values;
    }

    private static double[,] Slice(double[,] values, int first, int count)
    {
        var slice = new double[count, values.GetLength(1)];
        for (int i = 0; i < slice.Length; i++) slice[i / slice.GetLength(1), i % slice.GetLength(1)] = values[first + i / slice.GetLength(1), i % slice.GetLength(1)];
        return slice;
    }
}
