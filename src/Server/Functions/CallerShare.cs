using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;

namespace AutogradService.Server.Functions;

/// <summary>Whose computing a call of a function is that belongs to no session: its principal pays, and it shares the slots with others as one of its connection. Serves one call at a time.</summary>
internal sealed class CallerShare(Account account, PrincipalQuotas quotas, Flow flow)
{
    private static readonly object s_key = new();
    private readonly Run _run = new(flow);

    /// <summary>Whom the work is done for.</summary>
    public Account Account => account;

    /// <summary>The share of a call, or of a stream of calls.</summary>
    public static CallerShare Of(Account account, PrincipalQuotas quotas, ServerCallContext call)
    {
        var items = call.GetHttpContext().Features.Get<IConnectionItemsFeature>()?.Items;
        if (items is null) return new CallerShare(account, quotas, new Flow());
        // The calls of a connection come by several threads.
        lock (items)
        {
            if (items.TryGetValue(s_key, out object? flow)) return new CallerShare(account, quotas, (Flow)flow!);
            var made = new Flow();
            items[s_key] = made;
            return new CallerShare(account, quotas, made);
        }
    }

    /// <summary>Takes a slot; <see cref="Leave"/> must follow.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="patience">Whether it may be refused rather than wait for long.</param>
    /// <param name="call">Whose deadline and cancellation end the wait.</param>
    /// <param name="calls">How many calls will be run in it: what the caller's rate is charged.</param>
    /// <exception cref="Errors.Refusal">OVERLOADED, QUOTA_RATE.</exception>
    public ValueTask EnterAsync(RunSlots slots, Patience patience, ServerCallContext call, int calls = 1)
    {
        var admitted = quotas.AdmitAsync(calls, patience, call.CancellationToken);
        return admitted.IsCompletedSuccessfully ? slots.EnterAsync(_run, patience, call.Deadline, call.CancellationToken) : EnterLaterAsync(admitted, slots, patience, call);
    }

    /// <summary>Gives the slot back.</summary>
    public void Leave(RunSlots slots) => quotas.Computed(slots.Leave(_run));

    private async ValueTask EnterLaterAsync(ValueTask admitted, RunSlots slots, Patience patience, ServerCallContext call)
    {
        await admitted;
        await slots.EnterAsync(_run, patience, call.Deadline, call.CancellationToken);
    }
}
