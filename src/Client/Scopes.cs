using System.Buffers;

namespace AutogradService.Client;

/// <summary>Restores the session's modes when it is disposed.</summary>
public readonly struct GradScope : IDisposable
{
    private readonly AutogradSession _session;
    private readonly bool _grad;
    private readonly bool _inference;
    private readonly bool _anomaly;

    internal GradScope(AutogradSession session, bool grad, bool inference, bool anomaly)
    {
        _session = session;
        _grad = grad;
        _inference = inference;
        _anomaly = anomaly;
    }

    /// <summary>Restores the modes.</summary>
    public void Dispose() => _session?.RestoreModes(_grad, _inference, _anomaly);
}

/// <summary>When it is disposed, releases the tensors that were made in it and not kept (<see cref="Tensor.Keep"/>). Nests.</summary>
public sealed class TensorScope : IDisposable
{
    private readonly AutogradSession _session;
    private readonly TensorScope? _outer;
    private readonly List<Tensor> _tensors = [];
    private bool _ended;

    internal TensorScope(AutogradSession session, TensorScope? outer)
    {
        _session = session;
        _outer = outer;
    }

    /// <summary>Releases the tensors; those kept live on.</summary>
    public void Dispose()
    {
        lock (_tensors)
        {
            if (_ended) return;
            _ended = true;
        }
        _session.EndScope(this, _outer);
        var handles = ArrayPool<ulong>.Shared.Rent(_tensors.Count);
        int count = 0;
        foreach (var tensor in _tensors)
            if (!tensor.IsKept && tensor.TryDispose()) handles[count++] = tensor.Handle;
        _tensors.Clear();
        _session.Pipeline.Release(handles.AsSpan(0, count));
        ArrayPool<ulong>.Shared.Return(handles);
    }

    /// <summary>Takes a tensor in, to be released with the scope.</summary>
    /// <returns>False if the scope has ended.</returns>
    internal bool TryAdd(Tensor tensor)
    {
        lock (_tensors)
        {
            if (_ended) return false;
            _tensors.Add(tensor);
            return true;
        }
    }
}
