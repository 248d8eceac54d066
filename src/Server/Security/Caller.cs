namespace AutogradService.Server.Security;

/// <summary>Who calls, as found out from a credential.</summary>
/// <param name="principal">The name that sessions and functions belong to.</param>
/// <param name="isAdmin">Whether server-wide views are open to it.</param>
/// <param name="notAfter">When the credential expires.</param>
/// <param name="stillHolds">Whether the credential would be accepted now, its time apart; asked after files of keys or certificates were read again.</param>
internal sealed class Caller(string principal, bool isAdmin, DateTimeOffset notAfter, Func<bool> stillHolds)
{
    /// <summary>Longest name of a principal.</summary>
    public const int NameLengthMax = 256;

    /// <summary>Whoever calls a server that asks for no credentials.</summary>
    public static Caller Anonymous { get; } = new("anonymous", false, DateTimeOffset.MaxValue, static () => true);

    public string Principal => principal;

    public bool IsAdmin => isAdmin;

    public DateTimeOffset NotAfter => notAfter;

    public bool StillHolds => stillHolds();

    /// <summary>Whether a principal may have this name: it ends up in logs and labels, and must not be one of the server's own.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && name is not ("anonymous" or OwnKey.Principal) && !name.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c));
}
