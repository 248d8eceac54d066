namespace AutogradService.Client;

/// <summary>An optimizer of torch.optim, by its settings; the defaults are PyTorch's.</summary>
public abstract record OptimizerSettings
{
    private protected OptimizerSettings()
    {
    }

    /// <summary>Tensors kept for each parameter.</summary>
    internal abstract int Kept { get; }

    internal abstract Wire.Optimizer ToWire();
}

/// <summary>Stochastic gradient descent (torch.optim.SGD).</summary>
/// <param name="Lr">Learning rate.</param>
/// <param name="Momentum">Share of the last step's direction that is kept.</param>
/// <param name="Dampening">Damps the gradient's part of the direction, from the second step on.</param>
/// <param name="WeightDecay">Added to the gradient: this times the parameter.</param>
/// <param name="Nesterov">Nesterov's momentum. Needs momentum and no dampening.</param>
/// <param name="Maximize">Climbs rather than descends.</param>
public sealed record Sgd(double Lr = 1e-3, double Momentum = 0, double Dampening = 0, double WeightDecay = 0, bool Nesterov = false, bool Maximize = false) : OptimizerSettings
{
    internal override int Kept => Momentum != 0 ? 1 : 0;

    internal override Wire.Optimizer ToWire() => new() { Sgd = new Wire.Sgd { Lr = Lr, Momentum = Momentum, Dampening = Dampening, WeightDecay = WeightDecay, Nesterov = Nesterov, Maximize = Maximize } };
}

/// <summary>Adam (torch.optim.Adam).</summary>
/// <param name="Lr">Learning rate.</param>
/// <param name="Beta1">Decay of the running mean of the gradient.</param>
/// <param name="Beta2">Decay of the running mean of its square.</param>
/// <param name="Eps">Added to the denominator.</param>
/// <param name="WeightDecay">Added to the gradient: this times the parameter.</param>
/// <param name="Amsgrad">Divides by the largest second moment so far.</param>
/// <param name="Maximize">Climbs rather than descends.</param>
public sealed record Adam(double Lr = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Eps = 1e-8, double WeightDecay = 0, bool Amsgrad = false, bool Maximize = false) : OptimizerSettings
{
    internal override int Kept => Amsgrad ? 3 : 2;

    internal override Wire.Optimizer ToWire() => new() { Adam = new Wire.Adam { Lr = Lr, Beta1 = Beta1, Beta2 = Beta2, Eps = Eps, WeightDecay = WeightDecay, Amsgrad = Amsgrad, Maximize = Maximize } };
}

/// <summary>Adam with decoupled weight decay (torch.optim.AdamW).</summary>
/// <param name="Lr">Learning rate.</param>
/// <param name="Beta1">Decay of the running mean of the gradient.</param>
/// <param name="Beta2">Decay of the running mean of its square.</param>
/// <param name="Eps">Added to the denominator.</param>
/// <param name="WeightDecay">The parameter is multiplied by 1 less this times the learning rate.</param>
/// <param name="Amsgrad">Divides by the largest second moment so far.</param>
/// <param name="Maximize">Climbs rather than descends.</param>
public sealed record AdamW(double Lr = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Eps = 1e-8, double WeightDecay = 1e-2, bool Amsgrad = false, bool Maximize = false) : OptimizerSettings
{
    internal override int Kept => Amsgrad ? 3 : 2;

    internal override Wire.Optimizer ToWire() => new() { AdamW = new Wire.AdamW { Lr = Lr, Beta1 = Beta1, Beta2 = Beta2, Eps = Eps, WeightDecay = WeightDecay, Amsgrad = Amsgrad, Maximize = Maximize } };
}

/// <summary>RMSprop (torch.optim.RMSprop).</summary>
/// <param name="Lr">Learning rate.</param>
/// <param name="Alpha">Decay of the running mean of the gradient's square.</param>
/// <param name="Eps">Added to the denominator.</param>
/// <param name="WeightDecay">Added to the gradient: this times the parameter.</param>
/// <param name="Momentum">Share of the last step's direction that is kept.</param>
/// <param name="Centered">Divides by the standard deviation rather than by the root mean square.</param>
/// <param name="Maximize">Climbs rather than descends.</param>
public sealed record RmsProp(double Lr = 1e-2, double Alpha = 0.99, double Eps = 1e-8, double WeightDecay = 0, double Momentum = 0, bool Centered = false, bool Maximize = false) : OptimizerSettings
{
    internal override int Kept => 1 + (Momentum > 0 ? 1 : 0) + (Centered ? 1 : 0);

    internal override Wire.Optimizer ToWire() => new() { RmsProp = new Wire.RmsProp { Lr = Lr, Alpha = Alpha, Eps = Eps, WeightDecay = WeightDecay, Momentum = Momentum, Centered = Centered, Maximize = Maximize } };
}

/// <summary>
/// An optimizer with what it keeps: tensors of a session, made by the server at the first step. It goes on where it stopped, in whichever way its steps are taken.
/// </summary>
public sealed class Optimizer : IDisposable
{
    private readonly Tensor _step;

    internal Optimizer(AutogradSession session, OptimizerSettings settings, IReadOnlyList<Tensor> parameters)
    {
        Session = session;
        Settings = settings;
        Parameters = [.. parameters];
        foreach (var parameter in Parameters) session.HandleOf(parameter);
        _step = session.NewTensor().Keep();
        State = [.. session.NewTensors(settings.Kept * Parameters.Count).Select(static t => t.Keep())];
    }

    /// <summary>The settings.</summary>
    public OptimizerSettings Settings { get; }

    /// <summary>What it updates.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>What it keeps, there after the first step: for each parameter its momentum_buffer, or exp_avg, exp_avg_sq and so on, in the order of torch.optim's.</summary>
    public IReadOnlyList<Tensor> State { get; }

    /// <summary>The number of steps done, a 0-d float32, there after the first one.</summary>
    public Tensor StepCount => _step;

    /// <summary>Steps that trainings have taken with it; where the next one goes on with schedules, seeds and the order of data. Set it to start anew, or after steps were taken in another way.</summary>
    public long StepsDone { get; set; }

    internal AutogradSession Session { get; }

    /// <summary>Releases what it keeps.</summary>
    public void Dispose()
    {
        _step.Dispose();
        foreach (var tensor in State) tensor.Dispose();
    }

    /// <summary>Where the state of some of the parameters is.</summary>
    /// <param name="order">The parameters, in the order in which the server updates them.</param>
    internal Wire.OptimizerState StateOf(IEnumerable<Tensor> order)
    {
        var state = new Wire.OptimizerState { Step = _step.Handle };
        foreach (var parameter in order)
        {
            int i = IndexOf(parameter);
            for (int k = 0; k < Settings.Kept; k++) state.Tensors.Add(State[i * Settings.Kept + k].Handle);
        }
        return state;
    }

    internal bool Updates(Tensor tensor) => IndexOf(tensor) >= 0;

    private int IndexOf(Tensor tensor)
    {
        for (int i = 0; i < Parameters.Count; i++)
            if (Parameters[i].Handle == tensor.Handle) return i;
        return -1;
    }
}
