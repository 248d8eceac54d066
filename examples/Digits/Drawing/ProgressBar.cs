namespace AutogradService.Examples.Digits.Drawing;

/// <summary>How far a long work has come: a bar that grows in place on a terminal, now and then a line elsewhere.</summary>
internal sealed class ProgressBar
{
    private const int Width = 30;
    private const int LinesMax = 10;
    private const string Eighths = " ▏▎▍▌▋▊▉█";
    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly int _total;
    private int _drawnWidth;
    private int _lines;

    /// <summary>Makes a bar; nothing is drawn yet.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isTerminal">Whether a carriage return goes back to the start of the line there.</param>
    /// <param name="total">What will have been done at the end.</param>
    public ProgressBar(TextWriter output, bool isTerminal, int total)
    {
        _output = output;
        _isTerminal = isTerminal;
        _total = total;
    }

    /// <summary>The bar itself: full to a fraction, in eighths of a character.</summary>
    public static string Bar(int done, int total, int width)
    {
        int eighths = (int)((long)done * width * 8 / total);
        int full = eighths / 8;
        return full == width ? new string('█', width) : new string('█', full) + Eighths[eighths % 8] + new string(' ', width - full - 1);
    }

    /// <summary>Tells that something was done.</summary>
    /// <param name="done">How much by now.</param>
    /// <param name="note">What stands behind the bar.</param>
    public void Report(int done, string note)
    {
        string text = $"{Bar(done, _total, Width)} {100L * done / _total,3}%  {note}";
        if (_isTerminal)
        {
            _output.Write('\r' + text.PadRight(_drawnWidth));
            _output.Flush();
            _drawnWidth = text.Length;
            if (done == _total) _output.WriteLine();
        }
        else if ((long)done * LinesMax / _total > _lines)
        {
            _lines = (int)((long)done * LinesMax / _total);
            _output.WriteLine(text);
        }
    }
}
