using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Load;

/// <summary>
/// Takes down what became of every request that was due while the load was measured. Latency counts from the moment at which a request was due, so time that it waited because the
/// server was slow to answer others is part of it; beside it stands the time from when it was sent.
/// </summary>
/// <param name="from">When measuring begins.</param>
/// <param name="to">When it ends.</param>
internal sealed class Recorder(long from, long to)
{
    private const int ReasonsMax = 64;
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latency = new();
    private readonly LatencyHistogram _service = new();
    private readonly LatencyHistogram _interval = new();
    private readonly LatencyHistogram _lag = new();
    private readonly Dictionary<string, LatencyHistogram> _tenants = [];
    private readonly Dictionary<string, Errors> _errors = [];
    private readonly List<TimePoint> _timeline = [];
    private long _intervalFrom = from;
    private long _completedWithin;
    private long _due;
    private long _notStarted;
    private long _intervalRefused;
    private long _intervalFailed;
    private long _lanesReopened;

    /// <summary>When measuring begins.</summary>
    public long From { get; } = from;

    /// <summary>When it ends.</summary>
    public long To { get; } = to;

    /// <summary>When the last interval of the timeline ended.</summary>
    public long LastCut
    {
        get
        {
            lock (_lock) return _intervalFrom;
        }
    }

    /// <summary>Says that a request is due. Whatever becomes of it is told later, once.</summary>
    /// <param name="due">When it was due.</param>
    /// <param name="noticed">When the generator came to it.</param>
    public void Due(long due, long noticed)
    {
        if (!IsMeasured(due)) return;
        lock (_lock)
        {
            _due++;
            _lag.Add(Clock.Milliseconds(Math.Max(0, noticed - due)));
        }
    }

    /// <summary>Says that a request could not be sent, because as many as may be were in flight and waiting.</summary>
    public void NotStarted(long due)
    {
        if (!IsMeasured(due)) return;
        lock (_lock) _notStarted++;
    }

    /// <summary>Says that a lane was opened anew.</summary>
    public void LaneReopened() => Interlocked.Increment(ref _lanesReopened);

    /// <summary>Says what became of a request.</summary>
    /// <param name="due">When it was due.</param>
    /// <param name="sent">When it was sent.</param>
    /// <param name="ended">When the answer was there.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="failure">Why it did not succeed; null: it did.</param>
    public void Ended(long due, long sent, long ended, string tenant, Failure? failure)
    {
        if (!IsMeasured(due)) return;
        double latency = Clock.Milliseconds(ended - due), service = Clock.Milliseconds(ended - sent);
        lock (_lock)
        {
            if (failure is not null)
            {
                if (failure.Kind == FailureKind.Refused) _intervalRefused++;
                else _intervalFailed++;
                ErrorsOf(failure).Add(service, latency);
                return;
            }
            _latency.Add(latency);
            _service.Add(service);
            _interval.Add(latency);
            if (ended < To) _completedWithin++;
            if (tenant.Length == 0) return;
            if (!_tenants.TryGetValue(tenant, out var own)) _tenants[tenant] = own = new LatencyHistogram();
            own.Add(latency);
        }
    }

    /// <summary>Ends an interval of the timeline; null as long as nothing is measured.</summary>
    public TimePoint? Cut(long now)
    {
        lock (_lock)
        {
            if (now <= _intervalFrom) return null;
            double seconds = Clock.Seconds(now - _intervalFrom);
            var point = new TimePoint
            {
                Second = Clock.Seconds(now - From),
                Succeeded = _interval.Count / seconds,
                Refused = _intervalRefused / seconds,
                Failed = _intervalFailed / seconds,
                P50 = _interval.Percentile(50),
                P99 = _interval.Percentile(99),
                Max = _interval.Percentile(100),
            };
            _interval.Reset();
            _intervalRefused = _intervalFailed = 0;
            _intervalFrom = now;
            _timeline.Add(point);
            return point;
        }
    }

    /// <summary>All that was taken down.</summary>
    public RunResult Result()
    {
        lock (_lock)
        {
            double seconds = Clock.Seconds(To - From);
            return new RunResult
            {
                Seconds = seconds,
                Due = _due,
                NotStarted = _notStarted,
                Throughput = _completedWithin / seconds,
                Latency = _latency.Summary(),
                FromSending = _service.Summary(),
                Tenants = [.. _tenants.OrderBy(static t => t.Key, StringComparer.Ordinal).Select(static t => new TenantResult { Name = t.Key, Latency = t.Value.Summary() })],
                Curve = _latency.Curve(),
                Timeline = [.. _timeline],
                Errors = [.. _errors.Values.OrderByDescending(static e => e.Count).Select(static e => e.Result())],
                LanesReopened = Interlocked.Read(ref _lanesReopened),
                Lag = _lag.Summary(),
            };
        }
    }

    private bool IsMeasured(long due) => due >= From && due < To;

    private Errors ErrorsOf(Failure failure)
    {
        // Reasons are a closed list, but what exceptions are called is not.
        string reason = _errors.Count < ReasonsMax || _errors.ContainsKey(failure.Reason) ? failure.Reason : "others";
        if (!_errors.TryGetValue(reason, out var errors)) _errors[reason] = errors = new Errors(reason, failure);
        return errors;
    }

    private sealed class Errors(string reason, Failure first)
    {
        private readonly LatencyHistogram _service = new();
        private readonly LatencyHistogram _latency = new();

        public long Count => _service.Count;

        public void Add(double service, double latency)
        {
            _service.Add(service);
            _latency.Add(latency);
        }

        public ErrorResult Result() => new()
        {
            Reason = reason,
            IsRefusal = first.Kind == FailureKind.Refused,
            Example = first.Text,
            FromSending = _service.Summary(),
            Latency = _latency.Summary(),
        };
    }
}
