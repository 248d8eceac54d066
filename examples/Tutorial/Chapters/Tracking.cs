using AutogradService.Client;

namespace AutogradService.Examples.Tutorial.Chapters;

/// <summary>Turning the recording of operations off.</summary>
internal static class Tracking
{
    /// <summary>Runs the chapter.</summary>
    public static async Task RunAsync(AutogradSession session, Page page, Tensor z)
    {
        page.Title("What is recorded, and what is not");
        page.Say("Whatever is computed from a marked tensor is recorded, because a gradient may be wanted later.");
        await page.ShowAsync(z.RequiresGradAsync());

        page.Say("To use a network, rather than train it, no gradients are needed. Within NoGrad nothing is recorded, which saves time and memory.");
        page.Code("using (session.NoGrad())");
        using (session.NoGrad())
        {
            var plain = page.Let("plain", z * 2);
            await page.ShowAsync(plain.RequiresGradAsync());
        }

        page.Say("Detach gives the same elements, in the same memory, without their history.");
        var detached = page.Let("detached", z.Detach());
        await page.ShowAsync(detached.RequiresGradAsync());

        page.Say("A parameter is frozen by taking its mark away. Whatever is computed from it alone is then a constant.");
        var frozen = page.Let("frozen", session.Randn([5, 3], requiresGrad: true));
        page.Do(() => frozen.SetRequiresGrad(false));
        await page.ShowAsync(frozen.RequiresGradAsync());
        await page.ShowAsync(frozen.Sum().RequiresGradAsync());
    }
}
