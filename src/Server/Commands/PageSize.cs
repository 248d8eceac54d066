namespace AutogradService.Server.Commands;

/// <summary>How long a page of a listing is.</summary>
internal static class PageSize
{
    private const uint Default = 100;
    private const uint Most = 1000;

    /// <summary>The size to use for one asked for; 0 asks for the default.</summary>
    public static int Of(uint asked) => (int)(asked == 0 ? Default : Math.Min(asked, Most));
}
