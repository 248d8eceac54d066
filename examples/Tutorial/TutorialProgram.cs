using AutogradService.Client;
using AutogradService.Examples.Tutorial.Chapters;

namespace AutogradService.Examples.Tutorial;

/// <summary>Automatic differentiation, step by step, on a server.</summary>
public static class TutorialProgram
{
    private const string Usage = "usage: dotnet run --project examples/Tutorial [-- --address http://host:port]";

    /// <summary>Runs the tutorial.</summary>
    /// <param name="args">The command line. Without an address the tutorial starts a server of its own.</param>
    /// <param name="output">What it has to say.</param>
    /// <returns>0; 1 if something it claims turned out to be false, or the server failed or could not be reached; 2 if the command line is wrong.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var page = new Page(output);
        try
        {
            await using var server = await ExampleServer.StartAsync(new CommandLine(args, "--address").Address("--address"));
            await using var session = await AutogradSession.ConnectAsync(server.Address);
            session.ManualSeed(0);
            var (w, b, z, loss) = await OneLayer.RunAsync(session, page);
            await Tracking.RunAsync(session, page, z);
            await Graph.RunAsync(page, loss, w, b);
            await JacobianProducts.RunAsync(session, page);
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
        return page.AllClaimsHold ? 0 : 1;
    }
}
