namespace AutogradService.Client;

/// <summary>How frames reach the server: as a stream, as batches, or as one unary call for each command.</summary>
internal abstract class Transport
{
    /// <summary>Whether each frame names the session, rather than the first one only.</summary>
    public abstract bool NamesSessionInEveryFrame { get; }

    /// <summary>Most commands in a frame.</summary>
    public abstract int FrameCommandsMax { get; }

    /// <summary>Largest frame that can be sent.</summary>
    public abstract long FrameBytesMax { get; }

    /// <summary>Starts whatever it needs.</summary>
    /// <param name="pipeline">Where answers go.</param>
    public virtual void Start(Pipeline pipeline)
    {
    }

    /// <summary>Connects anew, after the connection was lost.</summary>
    /// <returns>When the server is known to answer.</returns>
    /// <exception cref="Grpc.Core.RpcException">It does not, or refuses.</exception>
    public virtual Task ReopenAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Sends a frame; done when the frame may be written again.</summary>
    /// <exception cref="Grpc.Core.RpcException">The connection is of no more use.</exception>
    public abstract Task SendAsync(Frame frame, CancellationToken cancellation);

    /// <summary>Says that no more frames come, and waits for the answers to those sent.</summary>
    public virtual Task CompleteAsync() => Task.CompletedTask;

    /// <summary>Ends at once.</summary>
    public virtual void Abort()
    {
    }
}
