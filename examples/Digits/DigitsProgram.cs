using System.Diagnostics;
using System.Globalization;
using AutogradService.Client;
using AutogradService.Examples.Digits.Drawing;

namespace AutogradService.Examples.Digits;

/// <summary>Trains a network to read handwritten digits; all arithmetic happens on a server.</summary>
public static class DigitsProgram
{
    private const string Usage = "usage: dotnet run --project examples/Digits [-- --address http://host:port --epochs N --seed N --functions]";
    private const double HeldOut = 0.2;
    private const int HiddenUnits = 256;
    private const int EpochsUnlessTold = 30;
    private const int CurveColumns = 60;
    private const int CurveRows = 10;
    private const int MistakesShown = 4;

    /// <summary>Trains and reports.</summary>
    /// <param name="args">The command line. Without an address the program starts a server of its own.</param>
    /// <param name="output">What it has to say.</param>
    /// <returns>0; 1 if the server failed or could not be reached; 2 if the command line is wrong.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        try
        {
            var options = new CommandLine(args, ["--functions"], "--address", "--epochs", "--seed");
            int epochs = options.Integer("--epochs", EpochsUnlessTold, 1, 10_000);
            int seed = options.Integer("--seed", 0, 0, int.MaxValue);
            await using var server = await ExampleServer.StartAsync(options.Address("--address"));
            await using var session = await AutogradSession.ConnectAsync(server.Address);
            await RunAsync(session, epochs, seed, options.Flag("--functions"), output);
            return 0;
        }
        catch (FormatException e)
        {
            output.WriteLine(e.Message);
            output.WriteLine(Usage);
            return 2;
        }
        catch (AutogradException e)
        {
            output.WriteLine(e.Message);
            return 1;
        }
    }

    private static async Task RunAsync(AutogradSession session, int epochs, int seed, bool byFunction, TextWriter output)
    {
        var (training, test) = DigitsData.Load().Split(seed, HeldOut);
        output.WriteLine(Invariant($"{training.Count} images to learn from, {test.Count} held out; {DigitsData.Pixels} - {HiddenUnits} - {DigitsData.Classes} units; epochs {epochs}, seed {seed}"));
        session.ManualSeed((ulong)seed);
        // Holds the images, the parameters and their velocities; within it each step releases its own tensors.
        using var scope = session.Scope();
        var network = new Network(session, HiddenUnits);
        var trainer = new Trainer(session, network, training, seed);
        long bytesBefore = (await session.UsageAsync()).Bytes;

        var progress = new ProgressBar(output, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected, epochs * trainer.StepsPerEpoch);
        var clock = Stopwatch.StartNew();
        void Report(int step, float loss) => progress.Report(step, Invariant($"epoch {1 + (step - 1) / trainer.StepsPerEpoch}/{epochs}, loss {loss:F4}"));
        float[] losses = byFunction ? await trainer.RunByFunctionAsync(epochs, Report) : await trainer.RunAsync(epochs, Report);
        double seconds = clock.Elapsed.TotalSeconds;

        long[] predicted = await network.PredictAsync(test.Images);
        long bytesAfter = (await session.UsageAsync()).Bytes;
        var matrix = new ConfusionMatrix(DigitsData.Classes);
        for (int i = 0; i < test.Count; i++) matrix.Add(test.Labels[i], predicted[i]);

        output.WriteLine();
        output.WriteLine("Loss of each step");
        LossCurve.Write(output, losses, CurveColumns, CurveRows);
        output.WriteLine();
        output.WriteLine("Digits held out");
        matrix.Write(output);
        WriteMistakes(output, test, predicted);
        output.WriteLine();
        output.WriteLine(Invariant($"test accuracy   {100 * matrix.Accuracy:F2}%"));
        output.WriteLine(Invariant($"training time   {seconds:F2} s"));
        output.WriteLine(Invariant($"steps per s     {losses.Length / seconds:F0}"));
        output.WriteLine(Invariant($"commands        {session.CommandsGiven}, sent in {session.FramesSent} frames"));
        output.WriteLine(Invariant($"session bytes   {bytesBefore} before training, {bytesAfter} after"));
    }

    private static void WriteMistakes(TextWriter output, DigitsData test, long[] predicted)
    {
        int[] wrong = [.. Enumerable.Range(0, test.Count).Where(i => predicted[i] != test.Labels[i]).Take(MistakesShown)];
        if (wrong.Length == 0) return;
        output.WriteLine();
        DigitPictures.Write(output, [.. wrong.Select(i => (test.ImageAt(i), Invariant($"{test.Labels[i]} read as {predicted[i]}")))]);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
