using System.Globalization;
using System.Net;
using System.Text;

namespace AutogradService.LoadTests.Reports;

/// <summary>How a series is drawn.</summary>
internal enum Stroke
{
    /// <summary>A line.</summary>
    Line,
    /// <summary>A broken line, for what is compared with.</summary>
    Dashed,
    /// <summary>A line with the area below it.</summary>
    Area,
    /// <summary>A line with a dot at each point.</summary>
    Dots,
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Color">Number of its colour, from 1 to 6.</param>
/// <param name="Points">In order of x.</param>
/// <param name="Stroke">How it is drawn.</param>
internal sealed record Series(string Name, int Color, IReadOnlyList<(double X, double Y)> Points, Stroke Stroke = Stroke.Line);

/// <summary>A chart as inline SVG: colours come from the page's style, so that it is right in light and in dark; values are told when the pointer rests on them.</summary>
internal sealed record Chart
{
    private const int Width = 640;
    private const int Height = 250;
    private const int Left = 54;
    private const int Right = 14;
    private const int Top = 12;
    private const int Bottom = 34;
    private const int ColumnsMax = 160;

    public required string Title { get; init; }

    /// <summary>What the title does not say.</summary>
    public string Note { get; init; } = "";

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    public required Scale X { get; init; }

    public required Scale Y { get; init; }

    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>A moment or value of x that is marked, with what is written at it.</summary>
    public (double X, string Text)? Mark { get; init; }

    /// <summary>How a value of x is told.</summary>
    public Func<double, string> TellX { get; init; } = Scale.Brief;

    /// <summary>The figure.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"chart\"><figcaption><h3>{Text(Title)}</h3>{(Note.Length > 0 ? $"<p>{Text(Note)}</p>" : "")}<ul class=\"legend\">");
        foreach (var series in Series) html.Append(CultureInfo.InvariantCulture, $"<li class=\"c{series.Color}{(series.Stroke == Stroke.Dashed ? " dashed" : "")}\">{Text(series.Name)}</li>");
        html.Append(CultureInfo.InvariantCulture, $"</ul></figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Text(Title)}\">");
        Axes(html);
        foreach (var series in Series) Line(html, series);
        if (Mark is { } mark)
        {
            double x = XOf(mark.X);
            bool isRight = x > Width * 0.7;
            html.Append(CultureInfo.InvariantCulture, $"<g class=\"mark\"><line x1=\"{x:F1}\" x2=\"{x:F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><text x=\"{(isRight ? x - 6 : x + 6):F1}\" y=\"{Top + 12}\" text-anchor=\"{(isRight ? "end" : "start")}\">{Text(mark.Text)}</text></g>");
        }
        Columns(html);
        html.Append("</svg></figure>");
        return html.ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private double XOf(double value) => Left + X.Share(value) * (Width - Left - Right);

    private double YOf(double value) => Height - Bottom - Math.Clamp(Y.Share(value), 0, 1) * (Height - Top - Bottom);

    private void Axes(StringBuilder html)
    {
        html.Append("<g class=\"grid\">");
        foreach (var (value, text) in Y.Marks())
        {
            double y = YOf(value);
            html.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\"/><text x=\"{Left - 7}\" y=\"{y + 3.5:F1}\" text-anchor=\"end\">{text}</text>");
        }
        foreach (var (value, text) in X.Marks())
        {
            double x = XOf(value);
            html.Append(CultureInfo.InvariantCulture, $"<line class=\"tick\" x1=\"{x:F1}\" x2=\"{x:F1}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom + 4}\"/><text x=\"{x:F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{text}</text>");
        }
        html.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{Width - Right}\" y=\"{Height - 3}\" text-anchor=\"end\">{Text(XLabel)}</text><text class=\"label\" x=\"{Left + 5}\" y=\"{Top + 6}\">{Text(YLabel)}</text></g>");
    }

    private void Line(StringBuilder html, Series series)
    {
        if (series.Points.Count == 0) return;
        string path = string.Join(' ', series.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{XOf(p.X):F1},{YOf(p.Y):F1}")));
        if (series.Stroke == Stroke.Area)
        {
            double foot = Height - Bottom;
            html.Append(CultureInfo.InvariantCulture, $"<polygon class=\"c{series.Color} area\" points=\"{XOf(series.Points[0].X):F1},{foot} {path} {XOf(series.Points[^1].X):F1},{foot}\"/>");
        }
        html.Append(CultureInfo.InvariantCulture, $"<polyline class=\"c{series.Color}{(series.Stroke == Stroke.Dashed ? " dashed" : "")}\" points=\"{path}\"/>");
        if (series.Stroke == Stroke.Dots || series.Points.Count == 1)
            foreach (var (x, y) in series.Points) html.Append(CultureInfo.InvariantCulture, $"<circle class=\"c{series.Color}\" cx=\"{XOf(x):F1}\" cy=\"{YOf(y):F1}\" r=\"3.2\"/>");
    }

    // Slices of the chart that tell all series' values: the browser shows a title by itself, so no script is needed.
    private void Columns(StringBuilder html)
    {
        var longest = Series.MaxBy(static s => s.Points.Count);
        if (longest is null || longest.Points.Count == 0) return;
        int step = (longest.Points.Count + ColumnsMax - 1) / ColumnsMax;
        double[] at = [.. longest.Points.Where((_, i) => i % step == 0).Select(static p => p.X)];
        html.Append("<g class=\"columns\">");
        for (int i = 0; i < at.Length; i++)
        {
            double from = i == 0 ? Left : (XOf(at[i - 1]) + XOf(at[i])) / 2, to = i == at.Length - 1 ? Width - Right : (XOf(at[i]) + XOf(at[i + 1])) / 2;
            if (to <= from) continue;
            string told = string.Join('\n', Series.Where(static s => s.Points.Count > 0).Select(s => $"{s.Name}: {Scale.Brief(s.Points.MinBy(p => Math.Abs(p.X - at[i])).Y)}"));
            html.Append(CultureInfo.InvariantCulture, $"<rect x=\"{from:F1}\" y=\"{Top}\" width=\"{to - from:F1}\" height=\"{Height - Top - Bottom}\"><title>{Text(TellX(at[i]))}\n{Text(told)}</title></rect>");
        }
        html.Append("</g>");
    }
}
