using System.Globalization;

namespace AutogradService.LoadTests.Reports;

/// <summary>Maps values of an axis to a share of its length, and says where its marks are.</summary>
internal abstract class Scale
{
    /// <summary>0 at the axis' beginning, 1 at its end.</summary>
    public abstract double Share(double value);

    /// <summary>Marks with what is written at them.</summary>
    public abstract IEnumerable<(double Value, string Text)> Marks();

    /// <summary>From nothing to the least round number above the largest value.</summary>
    public static Scale Linear(double largest, int marks = 5) => new LinearScale(0, largest, marks);

    /// <summary>Between two values, not rounded.</summary>
    public static Scale Exactly(double least, double most) => new LinearScale(least, most, 6, round: false);

    /// <summary>By powers of ten.</summary>
    public static Scale Logarithmic(double least, double most) => new LogarithmicScale(least, most);

    /// <summary>Percentiles: 90, 99 and 99.9 are as far from each other.</summary>
    public static Scale Nines(double most) => new NinesScale(most);

    /// <summary>A number as briefly as it is still told from its neighbours.</summary>
    public static string Brief(double value)
    {
        double size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
            >= 1e4 => (value / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + "k",
            >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
            _ => value.ToString("0.####", CultureInfo.InvariantCulture),
        };
    }

    private sealed class LinearScale : Scale
    {
        private readonly double _least;
        private readonly double _most;
        private readonly double _step;

        public LinearScale(double least, double most, int marks, bool round = true)
        {
            double span = most - least;
            if (!(span > 0)) span = 1;
            double power = Math.Pow(10, Math.Floor(Math.Log10(span / marks)));
            double times = span / marks / power;
            _step = power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
            _least = least;
            _most = round ? least + Math.Ceiling(span / _step - 1e-9) * _step : least + span;
        }

        public override double Share(double value) => (value - _least) / (_most - _least);

        public override IEnumerable<(double Value, string Text)> Marks()
        {
            for (double value = Math.Ceiling(_least / _step - 1e-9) * _step; value <= _most + _step * 1e-6; value += _step) yield return (value, Brief(Math.Round(value / _step) * _step));
        }
    }

    private sealed class LogarithmicScale : Scale
    {
        private readonly double _least;
        private readonly double _most;

        public LogarithmicScale(double least, double most)
        {
            _least = Math.Floor(Math.Log10(Math.Max(least, 1e-4)));
            _most = Math.Max(_least + 1, Math.Ceiling(Math.Log10(Math.Max(most, 1e-4)) - 1e-9));
        }

        public override double Share(double value) => Math.Clamp((Math.Log10(Math.Max(value, 1e-9)) - _least) / (_most - _least), 0, 1);

        public override IEnumerable<(double Value, string Text)> Marks()
        {
            double[] steps = _most - _least > 3 ? [1] : _most - _least > 1 ? [1, 3] : [1, 2, 5];
            for (double power = _least; power <= _most; power++)
                foreach (double step in steps)
                {
                    double value = step * Math.Pow(10, power);
                    if (Math.Log10(value) <= _most + 1e-9) yield return (value, Brief(value));
                }
        }
    }

    private sealed class NinesScale(double most) : Scale
    {
        private readonly double _nines = Math.Max(1, NinesOf(most));

        public override double Share(double value) => Math.Min(1, NinesOf(value) / _nines);

        public override IEnumerable<(double Value, string Text)> Marks()
        {
            yield return (0, "0%");
            yield return (50, "50%");
            for (int nines = 1; nines <= _nines + 1e-6; nines++)
            {
                double value = 100 * (1 - Math.Pow(10, -nines));
                yield return (value, value.ToString("0.#####", CultureInfo.InvariantCulture) + "%");
            }
        }

        private static double NinesOf(double percent) => -Math.Log10(Math.Max(1e-7, 1 - percent / 100));
    }
}
