using AutogradService.Client;

namespace AutogradService.Examples.Tutorial.Chapters;

/// <summary>Forward, backward and gradients of one linear layer.</summary>
internal static class OneLayer
{
    private const float Tolerance = 1e-6f;

    /// <summary>Runs the chapter.</summary>
    /// <returns>The layer: parameters, output, loss.</returns>
    public static async Task<(Tensor W, Tensor B, Tensor Z, Tensor Loss)> RunAsync(AutogradSession session, Page page)
    {
        page.Title("One layer");
        page.Say("The smallest network there is: five inputs, three outputs. The weights w and the bias b are what training would change, so they are marked with requiresGrad; the input x and the wanted output y are not. Nothing here waits for the server: every line only sends a command.");
        var x = page.Let("x", session.Ones([5]));
        var y = page.Let("y", session.Zeros([3]));
        var w = page.Let("w", session.Randn([5, 3], requiresGrad: true));
        var b = page.Let("b", session.Randn([3], requiresGrad: true));
        var z = page.Let("z", x.Matmul(w) + b);
        var loss = page.Let("loss", z.BinaryCrossEntropyWithLogits(y));

        page.Say("To see a tensor is to fetch it, and that does wait. A tensor that was computed from a marked one carries grad_fn: the function that will push gradients back through the operation that made it.");
        await page.ShowAsync(w);
        await page.ShowAsync(b);
        await page.ShowAsync(z);
        await page.ShowAsync(loss);
        await page.ShowAsync(z.GradFnAsync());
        await page.ShowAsync(loss.GradFnAsync());

        page.Say("Backward walks from the loss to the leaves and adds the derivative of the loss with respect to each marked leaf to its Grad.");
        // The graph is wanted again, to be drawn.
        page.Do(() => loss.Backward(retainGraph: true));
        await page.ShowAsync(w.Grad);
        await page.ShowAsync(b.Grad);

        page.Say("That can be checked by hand. The loss is a mean over three outputs, and its derivative by z is (sigmoid(z) - y) / 3 with y = 0. The bias is added to z, so it gets just that; each input is 1, so each row of w gets it too.");
        float[,] rows = await w.Grad.ToArrayAsync<float>();
        float[] bias = await b.Grad.ToArrayAsync<float>();
        float[] byHand = await (z.Detach().Sigmoid() / 3).ToArrayAsync<float>();
        page.Claim("each row of w.Grad equals b.Grad", Enumerable.Range(0, 5).All(i => Enumerable.Range(0, 3).All(j => Math.Abs(rows[i, j] - bias[j]) <= Tolerance)));
        page.Claim("b.Grad equals sigmoid(z) / 3", bias.Zip(byHand).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance));
        return (w, b, z, loss);
    }
}
