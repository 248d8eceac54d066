using AutogradService.Client;

namespace AutogradService.Examples.Digits;

/// <summary>One hidden layer of rectified linear units. Its parameters live in a session.</summary>
internal sealed class Network
{
    // N. Srivastava and others: Dropout (2014). Half is what they advise for hidden units.
    private const double Dropped = 0.5;

    private readonly AutogradSession _session;
    private readonly Tensor _w1, _b1, _w2, _b2;

    /// <summary>Makes a network of the session's random numbers.</summary>
    public Network(AutogradSession session, int hiddenUnits)
    {
        _session = session;
        _w1 = Weights(DigitsData.Pixels, hiddenUnits);
        _b1 = session.Zeros([hiddenUnits], requiresGrad: true);
        _w2 = Weights(hiddenUnits, DigitsData.Classes);
        _b2 = session.Zeros([DigitsData.Classes], requiresGrad: true);
    }

    /// <summary>What training changes.</summary>
    public IReadOnlyList<Tensor> Parameters => [_w1, _b1, _w2, _b2];

    /// <summary>How much each image, a row each, speaks for each digit.</summary>
    /// <param name="images">The images.</param>
    /// <param name="isTraining">Whether half of the hidden units are left out, at random, so that none relies on another.</param>
    public Tensor Logits(Tensor images, bool isTraining) => (images.Matmul(_w1) + _b1).Relu().Dropout(Dropped, isTraining).Matmul(_w2) + _b2;

    /// <summary>Reads images.</summary>
    /// <returns>The digit on each.</returns>
    public async Task<long[]> PredictAsync(float[,] images)
    {
        using var scope = _session.Scope();
        using var mode = _session.NoGrad();
        return await Logits(_session.Tensor(images), isTraining: false).Argmax(1).ToArrayAsync<long>();
    }

    // K. He, X. Zhang, S. Ren, J. Sun: Delving Deep into Rectifiers (2015): a variance of 2 / inputs keeps signals from fading.
    private Tensor Weights(int inputs, int outputs) => _session.Randn([inputs, outputs]).MulInPlace(Math.Sqrt(2.0 / inputs)).SetRequiresGrad();
}
