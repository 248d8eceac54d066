using System.Net.Sockets;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;

namespace AutogradService.Fuzz.Protocol;

/// <summary>Attacks below gRPC: frames of HTTP/2 that lie or stop in the middle, floods, and bytes that are no protocol at all, on each of the ports.</summary>
internal sealed class SocketAttacks(ServerUnderTest server, Tally tally)
{
    private static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    private readonly HttpAttacks _http = new(server, tally);

    /// <summary>One attack.</summary>
    /// <returns>Its name, and what is wrong; null if nothing is.</returns>
    public async Task<(string Name, string? Fault)> RunAsync(Random random)
    {
        if (random.Next(2) == 0) return await _http.RunAsync(random);
        var (name, port, bytes) = random.Next(9) switch
        {
            0 => ("garbage", Port(random), Garbage(random)),
            1 => ("preface, then garbage", server.Grpc.Port, [.. s_preface, .. Garbage(random)]),
            2 => ("HTTP/1.1 where HTTP/2 is spoken", server.Grpc.Port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray()),
            3 => ("broken HTTP/1.1", random.Next(2) == 0 ? server.Http.Port : server.Web.Port, BrokenHttp(random)),
            4 => ("half a request", server.Grpc.Port, [.. Opening(), .. Request(1, endStream: false), .. Frame(0, 0, 1, [0, 0, 0, 0, 200, 1, 2, 3])]),
            5 => ("reset at once", server.Grpc.Port, [.. Opening(), .. Enumerable.Range(0, random.Next(1, 120)).SelectMany(static i => (byte[])[.. Request(2 * i + 1, endStream: false), .. Frame(3, 0, 2 * i + 1, [0, 0, 0, 8])])]),
            6 => ("frames in the wrong place", server.Grpc.Port, [.. Opening(), .. Misplaced(random)]),
            7 => ("pings and settings", server.Grpc.Port, [.. Opening(), .. Enumerable.Range(0, 500).SelectMany(i => i % 2 == 0 ? Frame(6, 0, 0, new byte[8]) : Frame(4, 0, 0, []))]),
            _ => ("changed request", server.Grpc.Port, Changed([.. Opening(), .. Request(1, endStream: false), .. Frame(0, 1, 1, [0, 0, 0, 0, 0])], random)),
        };
        tally.Count("socket", name);
        return (name, await SendAsync(port, bytes, random));
    }

    // What comes back is the protocol's own business; that the server goes on is looked at by the others.
    private static async Task<string?> SendAsync(int port, byte[] bytes, Random random)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        try
        {
            int cut = random.Next(3) == 0 ? random.Next(bytes.Length + 1) : bytes.Length;
            await stream.WriteAsync(bytes.AsMemory(0, cut));
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            byte[] buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
        // Not always a polite end.
        if (random.Next(2) == 0) client.Client.LingerState = new LingerOption(true, 0);
        return null;
    }

    private int Port(Random random) => random.Next(3) switch { 0 => server.Grpc.Port, 1 => server.Http.Port, _ => server.Web.Port };

    private static byte[] Garbage(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 5000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] BrokenHttp(Random random)
    {
        string[] requests =
        [
            "GET /healthz HTTP/9.9\r\n\r\n", "GET\0/healthz HTTP/1.1\r\nHost: x\r\n\r\n", "POST /readyz HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n", $"GET / HTTP/1.1\r\nHost: x\r\nA: {new string('b', 70_000)}\r\n\r\n", "\r\n\r\n\r\n",
            "GET /%00%ff HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        ];
        return System.Text.Encoding.Latin1.GetBytes(requests[random.Next(requests.Length)]);
    }

    private static byte[] Opening() => [.. s_preface, .. Frame(4, 0, 0, [])];

    private static byte[] Misplaced(Random random) => random.Next(8) switch
    {
        0 => Frame(0, 0, 0, [1, 2, 3]), // DATA of no stream
        1 => Frame(0, 1, 7, [1, 2, 3]), // DATA of a stream that is idle
        2 => Frame(8, 0, 0, [0x7f, 0xff, 0xff, 0xff]), // a window beyond its end
        3 => Frame(9, 4, 1, [0x80]), // CONTINUATION of nothing
        4 => [.. Request(2, endStream: true)], // an even stream, which is the server's
        5 => [.. Request(3, endStream: true), .. Request(1, endStream: true)], // numbers that fall
        6 => Frame(1, 0x2c, 1, [255, 0, 0, 0, 1, 9, 1, 2, 3]), // padding longer than the frame
        _ => [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1], // a frame of 16 MiB
    };

    private static byte[] Changed(byte[] bytes, Random random)
    {
        for (int i = random.Next(1, 6); i > 0; i--) bytes[random.Next(s_preface.Length, bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static byte[] Request(int stream, bool endStream)
    {
        var block = new List<byte>();
        (string, string)[] headers = [(":method", "POST"), (":scheme", "http"), (":path", "/autograd.v1.AutogradService/Execute"), (":authority", "x"), ("content-type", "application/grpc"), ("te", "trailers")];
        foreach (var (name, value) in headers)
        {
            block.Add(0); // a literal that is not indexed
            foreach (string text in (string[])[name, value])
            {
                block.Add((byte)text.Length);
                block.AddRange(System.Text.Encoding.ASCII.GetBytes(text));
            }
        }
        return Frame(1, (byte)(4 | (endStream ? 1 : 0)), stream, [.. block]);
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload];
}
