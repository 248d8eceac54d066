using System.Text;

namespace AutogradService.Fuzz.Cases;

/// <summary>What was sent: enough to send it again. Sessions start with the tensors of <see cref="SessionSeed"/>; the id within the messages is replaced by the new session's, which is as long.</summary>
/// <param name="Path">The method.</param>
/// <param name="SessionId">The id that the messages name.</param>
/// <param name="Messages">The messages, serialised.</param>
internal sealed record FuzzCase(string Path, string SessionId, IReadOnlyList<byte[]> Messages)
{
    /// <summary>The case as text, one item a line.</summary>
    public string Write(string comment)
    {
        var text = new StringBuilder();
        foreach (string line in comment.Split('\n')) text.Append("# ").Append(line.TrimEnd()).Append('\n');
        text.Append("method ").Append(Path).Append('\n').Append("session ").Append(SessionId).Append('\n');
        foreach (byte[] message in Messages) text.Append("message ").Append(Convert.ToBase64String(message)).Append('\n');
        return text.ToString();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static FuzzCase Read(string text)
    {
        string path = "", session = "";
        var messages = new List<byte[]>();
        foreach (string line in text.Split('\n'))
        {
            var (word, rest) = line.IndexOf(' ', StringComparison.Ordinal) is var at and > 0 ? (line[..at], line[(at + 1)..].Trim()) : (line, "");
            switch (word)
            {
                case "method": path = rest; break;
                case "session": session = rest; break;
                case "message": messages.Add(Convert.FromBase64String(rest)); break;
            }
        }
        return new FuzzCase(path, session, messages);
    }

    /// <summary>The same case for another session.</summary>
    public FuzzCase For(string sessionId)
    {
        byte[] old = Encoding.ASCII.GetBytes(SessionId), now = Encoding.ASCII.GetBytes(sessionId);
        return new FuzzCase(Path, sessionId, [.. Messages.Select(m => Replace(m, old, now))]);
    }

    private static byte[] Replace(byte[] message, byte[] old, byte[] now)
    {
        byte[] copy = [.. message];
        if (old.Length == 0 || old.Length != now.Length) return copy;
        for (int at = 0; copy.AsSpan(at).IndexOf(old) is var found and >= 0; at += found + old.Length) now.CopyTo(copy, at + found);
        return copy;
    }
}
