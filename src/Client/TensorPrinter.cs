using System.Globalization;
using System.Text;

namespace AutogradService.Client;

/// <summary>Writes tensors as PyTorch prints them (torch/_tensor_str.py with its default options).</summary>
public static class TensorPrinter
{
    private const int Precision = 4;
    private const int Threshold = 1000;
    private const int EdgeItems = 3;
    private const int LineWidth = 80;
    private const string Prefix = "tensor(";

    /// <summary>Writes a tensor.</summary>
    /// <param name="elements">Row-major, little-endian, without padding.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="shape">Size of each dimension.</param>
    /// <param name="requiresGrad">Whether it requires grad.</param>
    /// <param name="gradFn">Name of its graph node; null: none.</param>
    public static string Print(ReadOnlySpan<byte> elements, DType dtype, ReadOnlySpan<long> shape, bool requiresGrad = false, string? gradFn = null)
    {
        long count = 1;
        foreach (long size in shape) count *= size;
        var suffixes = new List<string>();
        string body = "[]";
        if (count == 0)
        {
            if (shape.Length != 1) suffixes.Add($"size=({string.Join(", ", shape.ToArray())})");
            if (dtype != DType.Float32) suffixes.Add("dtype=torch." + dtype.Name);
        }
        else
        {
            if (dtype is not (DType.Float32 or DType.Int64 or DType.Bool)) suffixes.Add("dtype=torch." + dtype.Name);
            var writer = new Writer(elements, dtype, shape, count > Threshold);
            body = writer.Write();
        }
        if (gradFn is not null) suffixes.Add($"grad_fn=<{gradFn[(gradFn.LastIndexOf("::", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..]}>");
        else if (requiresGrad) suffixes.Add("requires_grad=True");
        return Join(Prefix + body, suffixes);
    }

    private static string Join(string tensor, List<string> suffixes)
    {
        var text = new StringBuilder(tensor);
        int lineLength = tensor.Length - tensor.LastIndexOf('\n') + 1;
        foreach (string suffix in suffixes)
        {
            if (lineLength + suffix.Length + 2 > LineWidth)
            {
                text.Append(",\n").Append(' ', Prefix.Length).Append(suffix);
                lineLength = Prefix.Length + suffix.Length;
            }
            else
            {
                text.Append(", ").Append(suffix);
                lineLength += suffix.Length + 2;
            }
        }
        return text.Append(')').ToString();
    }

    private readonly ref struct Writer
    {
        private readonly ReadOnlySpan<byte> _elements;
        private readonly ReadOnlySpan<long> _shape;
        private readonly DType _dtype;
        private readonly bool _summarize;
        private readonly NumberFormat _format;

        public Writer(ReadOnlySpan<byte> elements, DType dtype, ReadOnlySpan<long> shape, bool summarize)
        {
            _elements = elements;
            _dtype = dtype;
            _shape = shape;
            _summarize = summarize;
            // Widths are those of what is shown.
            var shown = new List<long>();
            Shown(0, 0, shown);
            _format = new NumberFormat(elements, dtype, shown);
        }

        public string Write()
        {
            var text = new StringBuilder();
            if (_shape.Length == 0) text.Append(Format(0));
            else Write(text, 0, 0, Prefix.Length);
            return text.ToString();
        }

        private void Shown(int dim, long offset, List<long> shown)
        {
            if (dim == _shape.Length)
            {
                shown.Add(offset);
                return;
            }
            foreach (long i in Kept(dim))
                if (i >= 0) Shown(dim + 1, offset + i * Stride(dim), shown);
        }

        private void Write(StringBuilder text, int dim, long offset, int indent)
        {
            bool vector = dim == _shape.Length - 1;
            // As many elements on a line as fit.
            int perLine = vector ? Math.Max(1, (LineWidth - indent) / (_format.Width + 2)) : 1;
            string newLine = "," + new string('\n', Math.Max(1, _shape.Length - dim - 1)) + new string(' ', indent + 1);
            int written = 0;
            text.Append('[');
            foreach (long i in Kept(dim))
            {
                if (written > 0) text.Append(written % perLine == 0 ? newLine : ", ");
                written++;
                if (i < 0) text.Append(vector ? " ..." : "...");
                else if (vector) text.Append(Format(offset + i));
                else Write(text, dim + 1, offset + i * Stride(dim), indent + 1);
            }
            text.Append(']');
        }

        // Indices along a dimension; -1 stands for those left out.
        private List<long> Kept(int dim)
        {
            var kept = new List<long>();
            bool cut = _summarize && _shape[dim] > 2 * EdgeItems;
            for (long i = 0; i < _shape[dim]; i++)
            {
                if (cut && i == EdgeItems)
                {
                    kept.Add(-1);
                    i = _shape[dim] - EdgeItems;
                }
                kept.Add(i);
            }
            return kept;
        }

        private long Stride(int dim)
        {
            long stride = 1;
            for (int d = dim + 1; d < _shape.Length; d++) stride *= _shape[d];
            return stride;
        }

        private string Format(long i) => _dtype switch
        {
            _ when _dtype.IsFloatingPoint => _format.Format(Elements.RealAt(_elements, _dtype, (int)i)),
            DType.Bool => _format.Pad(_elements[(int)i] != 0 ? "True" : "False"),
            _ => _format.Pad(Elements.IntegerAt(_elements, _dtype, (int)i).ToString(CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>How the numbers of one tensor are written, all alike.</summary>
    private sealed class NumberFormat
    {
        private readonly bool _integers = true;
        private readonly bool _scientific;

        public NumberFormat(ReadOnlySpan<byte> elements, DType dtype, List<long> shown)
        {
            if (!dtype.IsFloatingPoint)
            {
                foreach (long i in shown)
                {
                    int length = dtype == DType.Bool ? elements[(int)i] != 0 ? 4 : 5 : Elements.IntegerAt(elements, dtype, (int)i).ToString(CultureInfo.InvariantCulture).Length;
                    Width = Math.Max(Width, length);
                }
                return;
            }
            var values = new List<double>();
            double min = double.PositiveInfinity, max = 0;
            foreach (long i in shown)
            {
                double value = Elements.RealAt(elements, dtype, (int)i);
                if (!double.IsFinite(value) || value == 0) continue;
                values.Add(value);
                min = Math.Min(min, Math.Abs(value));
                max = Math.Max(max, Math.Abs(value));
                if (value != Math.Ceiling(value)) _integers = false;
            }
            if (values.Count == 0) return;
            _scientific = max / min > 1000 || max > 1e8 || min < 1e-4;
            foreach (double value in values)
            {
                string text = _scientific ? Scientific(value) : _integers ? Fixed(value, 0) + "." : Fixed(value, Precision);
                Width = Math.Max(Width, text.Length);
            }
        }

        public int Width { get; } = 1;

        public string Pad(string text) => text.PadLeft(Width);

        public string Format(double value)
        {
            if (double.IsNaN(value)) return Pad("nan");
            if (double.IsInfinity(value)) return Pad(value > 0 ? "inf" : "-inf");
            return Pad(_scientific ? Scientific(value) : _integers ? Fixed(value, 0) + "." : Fixed(value, Precision));
        }

        // Both round the exact value, ties to even, as C's printf does; .NET rounds ties away from zero.
        private static string Fixed(double value, int digits)
        {
            string text = value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            // Only values with few binary places can lie half-way.
            double scaled = value * 32;
            if (Math.Abs(value) >= 1e15 || scaled != Math.Truncate(scaled)) return text;
            decimal exact = (decimal)(long)scaled / 32m;
            string even = decimal.Round(exact, digits, MidpointRounding.ToEven).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            return double.IsNegative(value) && !even.StartsWith('-') ? "-" + even : even;
        }

        private static string Scientific(double value)
        {
            const string format = "0.0000e+00";
            string exact = value.ToString("E40", CultureInfo.InvariantCulture);
            int point = exact.IndexOf('.', StringComparison.Ordinal);
            int end = exact.IndexOf('E', StringComparison.Ordinal);
            var rest = exact.AsSpan(point + 1 + Precision, end - point - 1 - Precision);
            bool tie = rest[0] == '5' && rest[1..].IndexOfAnyExcept('0') < 0;
            int exponent = int.Parse(exact.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            string mantissa = exact[..(point + 1 + Precision)];
            bool up = tie ? (mantissa[^1] - '0') % 2 == 1 : rest[0] >= '5';
            if (!up) return mantissa + exponent.ToString("'e'+00;'e'-00", CultureInfo.InvariantCulture);
            decimal rounded = decimal.Parse(mantissa, CultureInfo.InvariantCulture);
            rounded += (mantissa[0] == '-' ? -1m : 1m) / 10000m;
            if (Math.Abs(rounded) >= 10)
            {
                rounded /= 10;
                exponent++;
            }
            return rounded.ToString(format[..6], CultureInfo.InvariantCulture) + exponent.ToString("'e'+00;'e'-00", CultureInfo.InvariantCulture);
        }
    }
}
