using AutogradService.Engine;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Sessions;

/// <summary>What a session's handles stand for: tensors, which it owns, and failures ("poisoned" handles). Bounded in both.</summary>
internal sealed class HandleTable(int tensorsMax, int poisonedMax)
{
    /// <summary>Handles that the server chooses start here; clients choose below. Both fit a double.</summary>
    public const ulong ServerRange = 1UL << 48;

    private readonly Places _entries = new();
    private ulong _highestByClient;
    private ulong _nextByServer = ServerRange;
    private int _poisoned;

    /// <summary>Tensors with a handle.</summary>
    public int Tensors => _entries.Count - _poisoned;

    /// <summary>Poisoned handles.</summary>
    public int Poisoned => _poisoned;

    /// <summary>The tensor that a handle stands for.</summary>
    /// <exception cref="Refusal">DEPENDENCY_FAILED, TENSOR_RELEASED, TENSOR_NOT_FOUND, INVALID_FIELD.</exception>
    public Tensor Get(ulong handle)
    {
        return _entries.Find(handle) switch
        {
            Tensor tensor => tensor,
            RootFailure failure => throw Refusal.DependencyFailed(handle, failure),
            _ => throw NotThere(handle),
        };
    }

    /// <summary>Whether a handle stands for a tensor.</summary>
    public bool IsLive(ulong handle) => _entries.Find(handle) is Tensor;

    /// <summary>Refuses an output handle that cannot be bound.</summary>
    /// <exception cref="Refusal">INVALID_HANDLE, HANDLE_IN_USE.</exception>
    public void CheckFree(ulong handle)
    {
        if (handle >= ServerRange && _entries.Find(handle) is null)
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
        else if (_poisoned > 0 && _entries.Find(handle) is RootFailure) _poisoned--;
        if (handle < ServerRange && handle > _highestByClient) _highestByClient = handle;
        _entries.Put(handle, tensor.Retain());
        return handle;
    }

    /// <summary>Lets a handle stand for a failure; does nothing if it stands for a tensor, is no client's, or there are too many.</summary>
    public void Poison(ulong handle, RootFailure failure)
    {
        if (handle is 0 or >= ServerRange || IsLive(handle)) return;
        if (_entries.Find(handle) is null)
        {
            if (_poisoned == poisonedMax) return;
            _poisoned++;
        }
        if (handle > _highestByClient) _highestByClient = handle;
        _entries.Put(handle, failure);
    }

    /// <summary>Lets go of a handle.</summary>
    /// <returns>False if it stands for nothing.</returns>
    public bool Release(ulong handle)
    {
        if (_entries.Take(handle) is not { } entry) return false;
        if (entry is Tensor tensor) tensor.Release();
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
        foreach (var (handle, entry) in _entries.All())
            if (entry is Tensor tensor && (!handles.TryGetValue(tensor, out ulong other) || handle < other)) handles[tensor] = handle;
        return handles;
    }

    /// <summary>All tensors, in no order.</summary>
    public IEnumerable<Tensor> AllTensors()
    {
        foreach (var (_, entry) in _entries.All())
            if (entry is Tensor tensor) yield return tensor;
    }

    /// <summary>The tensors with the lowest handles above one, in order.</summary>
    /// <param name="after">The handle to start after.</param>
    /// <param name="count">How many at most.</param>
    public List<(ulong Handle, Tensor Tensor)> Page(ulong after, int count)
    {
        // The largest of those kept is on top of the heap, and gives way to smaller ones.
        var heap = new PriorityQueue<(ulong, Tensor), ulong>(Comparer<ulong>.Create(static (a, b) => b.CompareTo(a)));
        foreach (var (handle, entry) in _entries.All())
        {
            if (handle <= after || entry is not Tensor tensor) continue;
            if (heap.Count < count) heap.Enqueue((handle, tensor), handle);
            else if (handle < heap.Peek().Item1) heap.DequeueEnqueue((handle, tensor), handle);
        }
        var page = new List<(ulong Handle, Tensor Tensor)>(heap.Count);
        while (heap.TryDequeue(out var item, out _)) page.Add(item);
        page.Reverse();
        return page;
    }

    /// <summary>
    /// What stands at each handle. Clients count up, so a handle's last bits are its place in an array, nearly always; where two want one place,
    /// the later goes into a dictionary.
    /// </summary>
    private sealed class Places
    {
        private (ulong Handle, object? Entry)[] _places = new (ulong, object?)[64];
        private readonly Dictionary<ulong, object> _others = [];
        private int _placed;

        public int Count => _placed + _others.Count;

        public object? Find(ulong handle)
        {
            ref var place = ref PlaceOf(handle);
            if (place.Handle == handle) return place.Entry;
            return _others.Count == 0 ? null : _others.GetValueOrDefault(handle);
        }

        public void Put(ulong handle, object entry)
        {
            ref var place = ref PlaceOf(handle);
            if (place.Entry is not null && place.Handle != handle)
            {
                if (2 * Count < _places.Length)
                {
                    _others[handle] = entry;
                    return;
                }
                Grow();
                Put(handle, entry);
                return;
            }
            if (place.Entry is null)
            {
                // It may have come while somebody else had its place.
                if (_others.Count > 0) _others.Remove(handle);
                _placed++;
            }
            place = (handle, entry);
        }

        public object? Take(ulong handle)
        {
            ref var place = ref PlaceOf(handle);
            if (place.Handle == handle && place.Entry is { } entry)
            {
                place = default;
                _placed--;
                return entry;
            }
            return _others.Count > 0 && _others.Remove(handle, out var other) ? other : null;
        }

        public IEnumerable<(ulong Handle, object Entry)> All()
        {
            foreach (var (handle, entry) in _places)
                if (entry is not null) yield return (handle, entry);
            foreach (var (handle, entry) in _others) yield return (handle, entry);
        }

        private ref (ulong Handle, object? Entry) PlaceOf(ulong handle) => ref _places[(int)handle & (_places.Length - 1)];

        private void Grow()
        {
            var before = _places;
            (ulong Handle, object Entry)[] others = [.. _others.Select(static pair => (pair.Key, pair.Value))];
            _places = new (ulong, object?)[2 * before.Length];
            _others.Clear();
            _placed = 0;
            foreach (var (handle, entry) in before)
                if (entry is not null) Put(handle, entry);
            foreach (var (handle, entry) in others) Put(handle, entry);
        }
    }
}
