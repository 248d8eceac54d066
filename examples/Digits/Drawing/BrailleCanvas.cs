namespace AutogradService.Examples.Digits.Drawing;

/// <summary>A black-and-white picture made of braille characters, each two dots wide and four dots high.</summary>
internal sealed class BrailleCanvas
{
    private const int DotsAcross = 2;
    private const int DotsDown = 4;
    private const char Blank = '\u2800';
    private readonly byte[,] _cells;

    /// <summary>Makes an empty picture.</summary>
    /// <param name="columns">Characters across.</param>
    /// <param name="rows">Characters down.</param>
    public BrailleCanvas(int columns, int rows) => _cells = new byte[rows, columns];

    /// <summary>Dots across.</summary>
    public int Width => _cells.GetLength(1) * DotsAcross;

    /// <summary>Dots down.</summary>
    public int Height => _cells.GetLength(0) * DotsDown;

    /// <summary>Sets a dot.</summary>
    /// <param name="x">From the left.</param>
    /// <param name="y">From the top.</param>
    public void Set(int x, int y) => _cells[y / DotsDown, x / DotsAcross] |= Dot(x % DotsAcross, y % DotsDown);

    /// <summary>Sets the dots of a column from one height to another, both included, in whichever order.</summary>
    public void SetVertical(int x, int y1, int y2)
    {
        for (int y = Math.Min(y1, y2); y <= Math.Max(y1, y2); y++) Set(x, y);
    }

    /// <summary>A row of characters.</summary>
    public string Row(int row) => string.Create(_cells.GetLength(1), (_cells, row), static (text, source) =>
    {
        for (int i = 0; i < text.Length; i++) text[i] = (char)(Blank + source._cells[source.row, i]);
    });

    // Unicode numbers the upper three dots down the left column, then the right, and adds the lowest two later.
    private static byte Dot(int x, int y) => (byte)(y < 3 ? 1 << (y + 3 * x) : 1 << (6 + x));
}
