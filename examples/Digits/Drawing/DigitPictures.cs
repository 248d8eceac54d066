namespace AutogradService.Examples.Digits.Drawing;

/// <summary>Images in shades of block characters, side by side.</summary>
internal static class DigitPictures
{
    private const string Shades = " ░▒▓█";
    private const string Gap = "   ";

    /// <summary>Draws images of one size, each with its caption.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="pictures">Brightnesses from 0 to 1, rows by columns, and captions.</param>
    public static void Write(TextWriter output, ReadOnlySpan<(float[,] Image, string Caption)> pictures)
    {
        if (pictures.IsEmpty) return;
        int columns = pictures[0].Image.GetLength(1);
        for (int row = 0; row < pictures[0].Image.GetLength(0); row++)
        {
            foreach (var (image, _) in pictures)
            {
                for (int column = 0; column < columns; column++) output.Write(Pixel(image[row, column]));
                output.Write(Gap);
            }
            output.WriteLine();
        }
        foreach (var (_, caption) in pictures) output.Write(caption.PadRight(2 * columns) + Gap);
        output.WriteLine();
    }

    // Two characters, which together are about square.
    private static string Pixel(float brightness) => new(Shades[(int)Math.Round(Math.Clamp(brightness, 0, 1) * (Shades.Length - 1))], 2);
}
