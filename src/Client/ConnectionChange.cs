namespace AutogradService.Client;

/// <summary>What became of a session's connection.</summary>
public enum ConnectionState
{
    /// <summary>It was lost, and is about to be tried again.</summary>
    Reconnecting,
    /// <summary>It is there again; nothing was lost, nothing was done twice.</summary>
    Resumed,
    /// <summary>It was given up: everything given from now on fails, and only a new session helps.</summary>
    Lost,
}

/// <summary>A change of a session's connection.</summary>
/// <param name="State">What became of it.</param>
/// <param name="Attempt">How many times it was tried since it was lost.</param>
/// <param name="FramesResent">Frames that were sent again, because their answers had not come.</param>
/// <param name="Cause">Why it was lost, or could not be had again; null once it is.</param>
public sealed record ConnectionChange(ConnectionState State, int Attempt, int FramesResent, AutogradException? Cause);
