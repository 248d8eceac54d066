using System.Globalization;

namespace AutogradService.Examples.Digits.Drawing;

/// <summary>A curve of positive values over steps, on a logarithmic scale.</summary>
internal static class LossCurve
{
    private const int LabelWidth = 9;

    /// <summary>Draws the curve. Where several values share a column of dots, their mean stands for them.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="values">The values; columns whose mean is not positive and finite stay empty.</param>
    /// <param name="columns">Characters across, axis excluded.</param>
    /// <param name="rows">Characters down, axis excluded.</param>
    public static void Write(TextWriter output, ReadOnlySpan<float> values, int columns, int rows)
    {
        var canvas = new BrailleCanvas(columns, rows);
        double[] logarithms = Logarithms(values, canvas.Width);
        double[] drawn = [.. logarithms.Where(double.IsFinite)];
        if (drawn.Length == 0)
        {
            output.WriteLine("(nothing to draw)");
            return;
        }
        double low = drawn.Min(), high = drawn.Max();
        Draw(canvas, logarithms, low, high);
        for (int row = 0; row < rows; row++)
        {
            bool isLabelled = row == 0 || row == rows - 1 || row == rows / 2;
            string label = isLabelled ? Label(Math.Exp(high + (low - high) * row / Math.Max(1, rows - 1))) : "";
            output.WriteLine($"{label,LabelWidth} {(isLabelled ? '┤' : '│')}{canvas.Row(row)}");
        }
        output.WriteLine($"{"",LabelWidth} └{new string('─', columns)}");
        string last = values.Length.ToString(CultureInfo.InvariantCulture);
        output.WriteLine($"{"",LabelWidth}  1{last.PadLeft(columns - 1)}");
    }

    private static double[] Logarithms(ReadOnlySpan<float> values, int columns)
    {
        var logarithms = new double[columns];
        for (int x = 0; x < columns; x++)
        {
            int from = (int)((long)values.Length * x / columns);
            // At least one value each, so that few values become steps rather than gaps.
            int to = Math.Min(values.Length, Math.Max(from + 1, (int)((long)values.Length * (x + 1) / columns)));
            double sum = 0;
            foreach (float value in values[from..to]) sum += value;
            logarithms[x] = Math.Log(sum / (to - from));
        }
        return logarithms;
    }

    private static void Draw(BrailleCanvas canvas, double[] logarithms, double low, double high)
    {
        int? before = null;
        for (int x = 0; x < canvas.Width; x++)
        {
            if (!double.IsFinite(logarithms[x])) continue;
            int y = high > low ? (int)Math.Round((high - logarithms[x]) / (high - low) * (canvas.Height - 1)) : canvas.Height - 1;
            // Reach the column before: a curve, not a cloud.
            canvas.SetVertical(x, before ?? y, y);
            before = y;
        }
    }

    private static string Label(double value) => value.ToString(value is >= 0.001 and < 1000 ? "0.0##" : "0.0e0", CultureInfo.InvariantCulture);
}
