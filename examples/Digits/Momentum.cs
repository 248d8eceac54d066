using AutogradService.Client;

namespace AutogradService.Examples.Digits;

/// <summary>Stochastic gradient descent with momentum, as torch.optim.SGD has it: v = momentum * v + grad; p = p - rate * v.</summary>
internal sealed class Momentum
{
    private readonly AutogradSession _session;
    private readonly IReadOnlyList<Tensor> _parameters;
    private readonly Tensor[] _velocities;
    private readonly double _rate;
    private readonly double _momentum;

    /// <summary>Makes an optimizer at rest.</summary>
    public Momentum(AutogradSession session, IReadOnlyList<Tensor> parameters, double rate, double momentum)
    {
        _session = session;
        _parameters = parameters;
        _velocities = [.. parameters.Select(p => p.ZerosLike())];
        _rate = rate;
        _momentum = momentum;
    }

    /// <summary>Changes the parameters by their gradients, and takes the gradients away. Waits for nothing.</summary>
    public void Step()
    {
        using var scope = _session.Scope();
        using var mode = _session.NoGrad();
        for (int i = 0; i < _velocities.Length; i++)
        {
            _velocities[i].MulInPlace(_momentum).AddInPlace(_parameters[i].Grad);
            _parameters[i].AddInPlace(_velocities[i], alpha: -_rate);
        }
        _session.ZeroGrad(_parameters);
    }
}
