using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace AutogradService.Client;

/// <summary>
/// A tensor that lives on the server. Methods that make tensors return at once; what needs the server's answer is awaited. Dispose it, or let a
/// scope do so, to give its memory back soon; otherwise that happens some time after it was collected.
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private readonly bool _isGrad;
    private int _disposed;
    private CollectedRelease? _whenCollected;

    internal Tensor(AutogradSession session, ulong handle, bool isGrad, FunctionTrace? recording)
    {
        Session = session;
        Handle = handle;
        _isGrad = isGrad;
        Recording = recording;
    }

    /// <summary>The session it belongs to.</summary>
    public AutogradSession Session { get; }

    /// <summary>The number it goes by within its session.</summary>
    public ulong Handle { get; }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>The recorded function within which the tensor exists, if it is not one of the session.</summary>
    internal FunctionTrace? Recording { get; }

    internal bool IsKept { get; private set; }

    /// <summary>Releases the handle. The server gives the memory back once nothing else (graph, view, .grad) holds it.</summary>
    public void Dispose()
    {
        if (TryDispose()) Session.Pipeline.Release(Handle);
    }

    /// <summary>Keeps the tensor beyond the scopes in which it was made.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor Keep()
    {
        IsKept = true;
        ReleaseWhenCollected();
        return this;
    }

    /// <summary>Marks it as disposed.</summary>
    /// <returns>Whether its handle is to be released now.</returns>
    internal bool TryDispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return false;
        _whenCollected?.Dispose();
        return Recording is null;
    }

    /// <summary>Has the handle released should the tensor be collected without having been disposed. One in a scope need not: the scope holds it, and disposes it.</summary>
    internal void ReleaseWhenCollected()
    {
        if (_whenCollected is not null || IsDisposed || Recording is not null || !Session.ReleasesCollected) return;
        _whenCollected = new CollectedRelease(Session.Pipeline, Handle);
        if (IsDisposed) _whenCollected.Dispose();
    }

    // Objects with a finalizer are slow to make and live longer than others, so the tensor itself has none.
    private sealed class CollectedRelease(Pipeline pipeline, ulong handle) : IDisposable
    {
        ~CollectedRelease() => pipeline.ReleaseCollected(handle);

        /// <summary>The handle is released otherwise.</summary>
        public void Dispose() => GC.SuppressFinalize(this);
    }

    /// <summary>Reads the elements; converts to <c>T[]</c>, <c>T[,]</c>, <c>T[,,]</c> or <c>T</c>: <c>float[,] g = await w.Grad.ToArrayAsync&lt;float&gt;()</c>.</summary>
    /// <typeparam name="T">What to read them as; other dtypes are converted.</typeparam>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">This or an earlier command failed.</exception>
    /// <remarks>A tensor too large for one message comes in chunks; commands given before those are read may then show in them.</remarks>
    public async Task<TensorValue<T>> ToArrayAsync<T>(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged
    {
        var raw = await ReadAsync(new Source(sourceFile, sourceLine, sourceMember), cancellation).ConfigureAwait(false);
        return new TensorValue<T>(Elements.Decode<T>(raw.Bytes.Span, raw.DType), raw.Shape);
    }

    /// <summary>Reads the elements of a matrix.</summary>
    /// <exception cref="InvalidCastException">It does not have two dimensions.</exception>
    /// <inheritdoc cref="ToArrayAsync{T}"/>
    public async Task<T[,]> To2DAsync<T>(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged =>
        await ToArrayAsync<T>(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false);

    /// <summary>Reads the elements as an array of the tensor's own shape.</summary>
    /// <inheritdoc cref="ToArrayAsync{T}"/>
    public async Task<Array> ToNdArrayAsync<T>(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged =>
        (await ToArrayAsync<T>(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).ToNdArray();

    /// <summary>Reads the element of a one-element tensor.</summary>
    /// <exception cref="InvalidOperationException">There are more, or none.</exception>
    /// <inheritdoc cref="ToArrayAsync{T}"/>
    public async Task<T> ItemAsync<T>(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged =>
        (await ToArrayAsync<T>(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).Item();

    /// <summary>Reads the elements as bytes: row-major, little-endian, without padding.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">This or an earlier command failed.</exception>
    public async Task<(DType DType, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Bytes)> ToBytesAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        var raw = await ReadAsync(new Source(sourceFile, sourceLine, sourceMember), cancellation).ConfigureAwait(false);
        return (raw.DType, raw.Shape, raw.Bytes);
    }

    /// <summary>Asks for everything the server knows about the tensor but its elements.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">This or an earlier command failed.</exception>
    public async Task<TensorInfo> DescribeAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        var asking = Session.AskAsync(new Wire.Command { Describe = new Wire.Describe { Tensor = Session.HandleOf(this) } }, "describe", new Source(sourceFile, sourceLine, sourceMember), cancellation);
        GC.KeepAlive(this);
        return new TensorInfo((await asking.ConfigureAwait(false)).Metadata);
    }

    /// <summary>Size of each dimension.</summary>
    /// <inheritdoc cref="DescribeAsync"/>
    public async Task<Dims> ShapeAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        (await DescribeAsync(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).Shape;

    /// <summary>Element type.</summary>
    /// <inheritdoc cref="DescribeAsync"/>
    public async Task<DType> DTypeAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        (await DescribeAsync(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).DType;

    /// <summary>How often the storage was modified in place.</summary>
    /// <inheritdoc cref="DescribeAsync"/>
    public async Task<long> VersionAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        (await DescribeAsync(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).Version;

    /// <summary>The tensor as PyTorch prints it.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">This or an earlier command failed.</exception>
    public async Task<string> ToStringAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        var source = new Source(sourceFile, sourceLine, sourceMember);
        var describing = DescribeAsync(cancellation, sourceFile, sourceLine, sourceMember);
        var reading = ReadAsync(source, cancellation);
        var info = await describing.ConfigureAwait(false);
        var raw = await reading.ConfigureAwait(false);
        return TensorPrinter.Print(raw.Bytes.Span, raw.DType, raw.Shape.AsSpan(), info.RequiresGrad, info.GradFn);
    }

    /// <summary>What can be said without asking the server; see <see cref="ToStringAsync"/>.</summary>
    public override string ToString() => $"Tensor {Handle}";

    internal Task<RawTensor> ReadAsync(Source source, CancellationToken cancellation)
    {
        if (Session.Recording is not null) throw FunctionTrace.Refuse("reading a tensor");
        var reading = Session.Pipeline.TryAskAsync(new Wire.Command { ReadTensor = new Wire.ReadTensor { Tensor = Session.HandleOf(this) } }, "read", source, cancellation);
        GC.KeepAlive(this);
        return FinishAsync(reading, cancellation);
    }

    private async Task<RawTensor> FinishAsync(Task<(ulong Seq, Answer Answer)> reading, CancellationToken cancellation)
    {
        var (seq, answer) = await reading.ConfigureAwait(false);
        bool tooLarge = answer.Failure is { Reason: ErrorReason.QuotaMessageBytes };
        var failure = answer.Failure is { Reason: ErrorReason.TensorNotFound } none && _isGrad ? none.Saying(".grad is None: no backward has reached the tensor since it was last set to None") : answer.Failure;
        Session.Pipeline.ThrowIfFailed(seq, tooLarge ? null : failure);
        if (!tooLarge) return RawTensor.Of(answer.Result.Tensor);
        try
        {
            // Read again from the start if the connection is lost: what it reads is the tensor as it is by then.
            var raw = await Resumption.CallAsync(Session.Options.ResumeTimeout, () => Download.ReadAsync(Session.Calls, Session.Id, Handle, grad: false, cancellation), () => Session.IsBroken, cancellation).ConfigureAwait(false);
            GC.KeepAlive(this);
            return raw!.Value;
        }
        catch (Grpc.Core.RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Failure.Of(e, seq, "read").ToException();
        }
    }
}
