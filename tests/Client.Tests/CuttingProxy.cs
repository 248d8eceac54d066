using System.Net;
using System.Net.Sockets;

namespace AutogradService.Client.Tests;

/// <summary>A way to a server that can be cut: every connection breaks after so many bytes, or when it is told to.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<long> _bytesUntilCut;
    private readonly Task _accepting;
    private CancellationTokenSource _cutting = new();
    private int _cuts;
    private volatile bool _refuses;

    /// <summary>Opens it.</summary>
    /// <param name="serverPort">Where the server is.</param>
    /// <param name="bytesUntilCut">Bytes, both ways together, after which a new connection is cut.</param>
    public CuttingProxy(int serverPort, Func<long> bytesUntilCut)
    {
        ServerPort = serverPort;
        _bytesUntilCut = bytesUntilCut;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>Where new connections lead.</summary>
    public int ServerPort { get; set; }

    /// <summary>Connections cut so far.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Whether connections are dropped as soon as they are made.</summary>
    public bool Refuses
    {
        get => _refuses;
        set => _refuses = value;
    }

    /// <summary>Cuts all connections.</summary>
    public void Cut() => Interlocked.Exchange(ref _cutting, new CancellationTokenSource()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        // Only then: a listener that is stopped between two connections refuses to wait for the next one.
        await _accepting;
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                open.RemoveAll(static t => t.IsCompleted);
                if (_refuses) client.Dispose();
                else open.Add(ForwardAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        long left = _bytesUntilCut();
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(Volatile.Read(ref _cutting).Token, _ending.Token);
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, ServerPort, cut.Token);
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAny(CopyAsync(client.GetStream(), server.GetStream()), CopyAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // It is cut either way.
            }
            await cut.CancelAsync();
            Interlocked.Increment(ref _cuts);
            // Not a polite end: what is under way is lost.
            client.LingerState = server.LingerState = new LingerOption(true, 0);
        }

        async Task CopyAsync(NetworkStream from, NetworkStream to)
        {
            byte[] buffer = new byte[4096];
            try
            {
                while (true)
                {
                    int count = await from.ReadAsync(buffer, cut.Token);
                    if (count == 0) return;
                    long after = Interlocked.Add(ref left, -count);
                    // In the middle of whatever the bytes are.
                    if (after < 0) count = (int)Math.Max(0, count + after);
                    await to.WriteAsync(buffer.AsMemory(0, count), cut.Token);
                    if (after < 0) return;
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // Cut from the other side.
            }
        }
    }
}
