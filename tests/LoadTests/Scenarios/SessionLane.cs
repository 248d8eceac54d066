using AutogradService.Client;

namespace AutogradService.LoadTests.Scenarios;

/// <summary>Lanes that are sessions.</summary>
internal static class SessionLane
{
    /// <summary>A lane that closes its session with itself, and is opened anew once the session's connection has broken.</summary>
    public static Lane Of(AutogradSession session, Func<CancellationToken, Task> request, string tenant = "") =>
        new(request) { Tenant = tenant, IsUsable = () => !session.IsBroken, Close = session.DisposeAsync };

    /// <summary>Refuses an answer that is not what was computed.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static void Require(bool isRight, string what)
    {
        if (!isRight) throw new InvalidDataException($"wrong answer: {what}");
    }
}
