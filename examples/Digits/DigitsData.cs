using System.Globalization;
using System.IO.Compression;

namespace AutogradService.Examples.Digits;

/// <summary>Handwritten digits: images of 8x8 pixels, scaled to 0..1, and which digit each one shows. See data/README.md for their origin.</summary>
/// <param name="Images">One row of <see cref="Pixels"/> values for each image.</param>
/// <param name="Labels">The digits.</param>
internal sealed record DigitsData(float[,] Images, long[] Labels)
{
    /// <summary>Values along each edge of an image.</summary>
    public const int Edge = 8;

    /// <summary>Values of an image.</summary>
    public const int Pixels = Edge * Edge;

    /// <summary>Different digits.</summary>
    public const int Classes = 10;

    private const float Brightest = 16;

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Reads all images.</summary>
    /// <exception cref="InvalidDataException">A line is not 64 brightnesses and a digit.</exception>
    public static DigitsData Load()
    {
        using var packed = typeof(DigitsData).Assembly.GetManifestResourceStream("digits.csv.gz")!;
        using var text = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return Parse(text);
    }

    /// <summary>Reads lines of comma-separated integers: 64 brightnesses from 0 to 16, then the digit.</summary>
    /// <exception cref="InvalidDataException">A line is something else.</exception>
    public static DigitsData Parse(TextReader text)
    {
        var rows = new List<int[]>();
        while (text.ReadLine() is { } line) rows.Add(ParseLine(line, rows.Count + 1));
        var images = new float[rows.Count, Pixels];
        var labels = new long[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            for (int p = 0; p < Pixels; p++) images[i, p] = rows[i][p] / Brightest;
            labels[i] = rows[i][Pixels];
        }
        return new DigitsData(images, labels);
    }

    /// <summary>Shuffles and divides.</summary>
    /// <param name="seed">Which shuffling; the same seed gives the same division.</param>
    /// <param name="heldOut">The share of the second part, from 0 to 1.</param>
    public (DigitsData Training, DigitsData Test) Split(int seed, double heldOut)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        new Random(seed).Shuffle(order);
        int training = Count - (int)(Count * heldOut);
        return (Take(order.AsSpan(0, training)), Take(order.AsSpan(training)));
    }

    /// <summary>An image as rows of pixels.</summary>
    public float[,] ImageAt(int index)
    {
        var image = new float[Edge, Edge];
        for (int p = 0; p < Pixels; p++) image[p / Edge, p % Edge] = Images[index, p];
        return image;
    }

    private static int[] ParseLine(string line, int number)
    {
        string[] fields = line.Split(',');
        var values = new int[Pixels + 1];
        bool isValid = fields.Length == values.Length;
        for (int i = 0; isValid && i < values.Length; i++)
            isValid = int.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]) && values[i] <= (i < Pixels ? (int)Brightest : Classes - 1);
        return isValid ? values : throw new InvalidDataException($"line {number} is not {Pixels} brightnesses and a digit");
    }

    private DigitsData Take(ReadOnlySpan<int> rows)
    {
        var images = new float[rows.Length, Pixels];
        var labels = new long[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int p = 0; p < Pixels; p++) images[i, p] = Images[rows[i], p];
            labels[i] = Labels[rows[i]];
        }
        return new DigitsData(images, labels);
    }
}
