using AutogradService.Client;

namespace AutogradService.Examples.Tutorial.Chapters;

/// <summary>Backward of an output that is not a number.</summary>
internal static class JacobianProducts
{
    /// <summary>Runs the chapter.</summary>
    public static async Task RunAsync(AutogradSession session, Page page)
    {
        page.Title("Jacobian products");
        page.Say("An output with many elements has not one gradient but a matrix of derivatives, the Jacobian. Backward never makes that matrix: it multiplies a vector of the output's shape with it, and that product is what you get. With ones as the vector, each input gets the sum of the derivatives of all outputs by it: here 2 (input + 1).");
        var input = page.Let("input", session.Eye(4, 5, requiresGrad: true));
        var output = page.Let("output", (input + 1).Pow(2).T());
        page.Do(() => output.Backward(output.OnesLike(), retainGraph: true));
        await page.ShowAsync(input.Grad);

        page.Say("A second call adds to Grad what the first one left there: everything doubles.");
        page.Do(() => output.Backward(output.OnesLike(), retainGraph: true));
        await page.ShowAsync(input.Grad);

        page.Say("So Grad has to be zeroed before each step of a training loop.");
        page.Do(() => input.ZeroGrad(setToNone: false));
        page.Do(() => output.Backward(output.OnesLike()));
        await page.ShowAsync(input.Grad);

        page.Say("That last call did not ask to retain the graph, so what the forward pass had saved is gone now, and one more call must fail. Commands are sent without waiting, so the failure is told by the next call that is awaited; the exception knows the line of the command that was wrong.");
        try
        {
            page.Do(() => output.Backward(output.OnesLike()));
            await session.FlushAsync();
            page.Claim("the second call fails", false);
        }
        catch (AutogradException e)
        {
            page.Code("await session.FlushAsync();");
            page.Lines($"{e.GetType().Name}, reason {e.Reason}, status {e.Code}");
            page.Lines(e.ServerMessage);
            page.Lines($"given in {Path.GetFileName(e.SourceFile)}, line {e.SourceLine}, by {e.SourceMember}");
            page.Claim("the reason is a freed graph", e.Reason == ErrorReason.GraphFreed);
        }
    }
}
