using System.Globalization;
using System.Text;

namespace AutogradService.Examples.Digits.Drawing;

/// <summary>How often which class was taken for which.</summary>
internal sealed class ConfusionMatrix
{
    private const int CellWidth = 5;
    private readonly int[,] _counts;

    /// <summary>Makes an empty matrix.</summary>
    public ConfusionMatrix(int classes) => _counts = new int[classes, classes];

    /// <summary>Number of classes.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>How often a class was taken for a class.</summary>
    public int this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>The share that was recognised; NaN if there was nothing.</summary>
    public double Accuracy
    {
        get
        {
            int right = 0, all = 0;
            for (int c = 0; c < Classes; c++)
            {
                right += _counts[c, c];
                all += Total(c);
            }
            return (double)right / all;
        }
    }

    /// <summary>Counts one more.</summary>
    public void Add(long actual, long predicted) => _counts[actual, predicted]++;

    /// <summary>The share of a class that was recognised; NaN if it did not occur.</summary>
    public double Recall(int actual) => (double)_counts[actual, actual] / Total(actual);

    /// <summary>Writes a row for each class, with its recall, and a column for each prediction; zeros are dots.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"{"",7}│ predicted");
        var line = new StringBuilder("actual │");
        for (int c = 0; c < Classes; c++) line.Append(Cell(c));
        output.WriteLine(line.Append(" │ recall"));
        output.WriteLine($"───────┼{new string('─', CellWidth * Classes + 1)}┼───────");
        for (int actual = 0; actual < Classes; actual++)
        {
            line.Clear().Append(CultureInfo.InvariantCulture, $"{actual,6} │");
            for (int predicted = 0; predicted < Classes; predicted++) line.Append(_counts[actual, predicted] == 0 ? "    ·" : Cell(_counts[actual, predicted]));
            line.Append(" │ ").Append(Total(actual) == 0 ? "     -" : (100 * Recall(actual)).ToString("0.0", CultureInfo.InvariantCulture).PadLeft(5) + "%");
            output.WriteLine(line);
        }
    }

    private static string Cell(int number) => number.ToString(CultureInfo.InvariantCulture).PadLeft(CellWidth);

    private int Total(int actual)
    {
        int total = 0;
        for (int predicted = 0; predicted < Classes; predicted++) total += _counts[actual, predicted];
        return total;
    }
}
