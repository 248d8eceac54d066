using AutogradService.Server.Telemetry;

namespace AutogradService.Server.Functions;

/// <summary>
/// What the calls in one message of a stream took, told together: to tell each by itself would cost a small call a tenth of its time. One stream's, whose calls run one after the other.
/// </summary>
internal sealed class FunctionWork(ServerMeter meter)
{
    private Account? _account;
    private Work _work;
    private long _elapsed;

    /// <summary>A call ran.</summary>
    /// <param name="account">Whose work it is.</param>
    /// <param name="elapsed">How long it took by the clock, in ticks of Stopwatch.</param>
    /// <param name="work">What was done.</param>
    public void Add(Account account, long elapsed, in Work work)
    {
        if (!ReferenceEquals(account, _account)) Tell();
        _account = account;
        _elapsed += elapsed;
        _work.Add(work);
    }

    /// <summary>Tells what was added up. Whoever has an answer finds its work in the totals, so this comes before it is sent.</summary>
    public void Tell()
    {
        if (_account is null) return;
        meter.Computed("function", _elapsed);
        _account.Add(_work);
        (_account, _work, _elapsed) = (null, default, 0);
    }
}
