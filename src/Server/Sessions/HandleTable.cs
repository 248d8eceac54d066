using AutogradService.Engine;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Sessions;

/// <summary>What a session's handles stand for: tensors, which it owns, and failures ("poisoned" handles). Bounded in both.</summary>
internal sealed class HandleTable(int tensorsMax, int poisonedMax)
{
    /// <summary>Handles that the server chooses start here; clients choose below. Both fit a double.</summary>
    public const ulong ServerRange = 1UL << 48;

    private readonly Dictionary<ulong, Entry> _entries = [];
    private ulong _highestByClient;
    private ulong _nextByServer = ServerRange;
    private int _poisoned;

    private readonly record struct Entry(Tensor? Tensor, RootFailure? Failure);

    /// <summary>Tensors with a handle.</summary>
    public int Tensors => _entries.Count - _poisoned;

    /// <summary>Poisoned handles.</summary>
    public int Poisoned => _poisoned;

    /// <summary>The tensor that a handle stands for.</summary>
    /// <exception cref="Refusal">DEPENDENCY_FAILED, TENSOR_RELEASED, TENSOR_NOT_FOUND, INVALID_FIELD.</exception>
    public Tensor Get(ulong handle)
    {
        if (!_entries.TryGetValue(handle, out var entry)) throw NotThere(handle);
        return entry.Tensor ?? throw Refusal.DependencyFailed(handle, entry.Failure!);
    }

    /// <summary>Whether a handle stands for a tensor.</summary>
    public bool IsLive(ulong handle) => _entries.TryGetValue(handle, out var entry) && entry.Tensor is not null;

    /// <summary>Refuses an output handle that cannot be bound.</summary>
    /// <exception cref="Refusal">INVALID_HANDLE, HANDLE_IN_USE.</exception>
    public void CheckFree(ulong handle)
    {
        if (handle >= ServerRange && !_entries.ContainsKey(handle))
            throw Refusal.InvalidHandle(handle, $"handle {handle} is in the server's range; choose below {ServerRange}");
        if (IsLive(handle)) throw Refusal.HandleInUse(handle);
    }

    /// <summary>Refuses if so many more tensors would be too many.</summary>
    /// <exception cref="Refusal">QUOTA_TENSORS.</exception>
    public void CheckRoom(int more)
    {
        if (Tensors + (long)more > tensorsMax)
            throw Refusal.Quota(Wire.ErrorReason.QuotaTensors, $"the session may hold {tensorsMax} tensors: it holds {Tensors} and {more} more were asked for", tensorsMax);
    }

    /// <summary>Gives a tensor its handle and becomes an owner of it.</summary>
    /// <param name="handle">One that was checked, or 0: choose one.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The handle.</returns>
    public ulong Bind(ulong handle, Tensor tensor)
    {
        if (handle == 0) handle = _nextByServer++;
        else if (_entries.TryGetValue(handle, out var before) && before.Failure is not null) _poisoned--;
        if (handle < ServerRange && handle > _highestByClient) _highestByClient = handle;
        _entries[handle] = new Entry(tensor.Retain(), null);
        return handle;
    }

    /// <summary>Lets a handle stand for a failure; does nothing if it stands for a tensor, is no client's, or there are too many.</summary>
    public void Poison(ulong handle, RootFailure failure)
    {
        if (handle is 0 or >= ServerRange || IsLive(handle)) return;
        if (!_entries.ContainsKey(handle))
        {
            if (_poisoned == poisonedMax) return;
            _poisoned++;
        }
        if (handle > _highestByClient) _highestByClient = handle;
        _entries[handle] = new Entry(null, failure);
    }

    /// <summary>Lets go of a handle.</summary>
    /// <returns>False if it stands for nothing.</returns>
    public bool Release(ulong handle)
    {
        if (!_entries.Remove(handle, out var entry)) return false;
        if (entry.Tensor is { } tensor) tensor.Release();
        else _poisoned--;
        return true;
    }

    /// <summary>Why a handle stands for nothing. Handles below the highest one ever bound count as released: clients count up.</summary>
    public Refusal NotThere(ulong handle)
    {
        if (handle == 0) return Refusal.InvalidField("handle", "0 is no tensor's handle");
        bool was = handle < ServerRange ? handle <= _highestByClient : handle < _nextByServer;
        return was ? Refusal.TensorReleased(handle) : Refusal.TensorNotFound(handle);
    }

    /// <summary>The handle of a tensor, or 0; a search, for introspection only.</summary>
    public Dictionary<Tensor, ulong> ByTensor()
    {
        var handles = new Dictionary<Tensor, ulong>(ReferenceEqualityComparer.Instance);
        foreach (var (handle, entry) in _entries)
            if (entry.Tensor is { } tensor && (!handles.TryGetValue(tensor, out ulong other) || handle < other)) handles[tensor] = handle;
        return handles;
    }

    /// <summary>All tensors, in no order.</summary>
    public IEnumerable<Tensor> AllTensors()
    {
        foreach (var entry in _entries.Values)
            if (entry.Tensor is { } tensor) yield return tensor;
    }

    /// <summary>The tensors with the lowest handles above one, in order.</summary>
    /// <param name="after">The handle to start after.</param>
    /// <param name="count">How many at most.</param>
    public List<(ulong Handle, Tensor Tensor)> Page(ulong after, int count)
    {
        // The largest of those kept is on top of the heap, and gives way to smaller ones.
        var heap = new PriorityQueue<(ulong, Tensor), ulong>(Comparer<ulong>.Create(static (a, b) => b.CompareTo(a)));
        foreach (var (handle, entry) in _entries)
        {
            if (handle <= after || entry.Tensor is not { } tensor) continue;
            if (heap.Count < count) heap.Enqueue((handle, tensor), handle);
            else if (handle < heap.Peek().Item1) heap.DequeueEnqueue((handle, tensor), handle);
        }
        var page = new List<(ulong Handle, Tensor Tensor)>(heap.Count);
        while (heap.TryDequeue(out var item, out _)) page.Add(item);
        page.Reverse();
        return page;
    }
}
