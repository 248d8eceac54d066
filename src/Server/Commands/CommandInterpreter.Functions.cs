using AutogradService.Engine;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Commands;

// What calls of functions need of a session: its tensors by handle, and handles for what they make.
internal sealed partial class CommandInterpreter
{
    /// <summary>Where the session's tensors live.</summary>
    public Workspace Workspace => _workspace;

    /// <summary>The tensor that a handle stands for.</summary>
    /// <exception cref="Refusal">DEPENDENCY_FAILED, TENSOR_RELEASED, TENSOR_NOT_FOUND, INVALID_FIELD.</exception>
    public Tensor Find(ulong handle) => _handles.Get(handle);

    /// <summary>The tensor that a handle stands for, or null if it stands for none.</summary>
    public Tensor? TryFind(ulong handle) => _handles.IsLive(handle) ? _handles.Get(handle) : null;

    /// <summary>Refuses handles, 0 aside, that cannot be bound.</summary>
    /// <exception cref="Refusal">INVALID_HANDLE, HANDLE_IN_USE, INVALID_FIELD, QUOTA_TENSORS.</exception>
    public void CheckFree(ReadOnlySpan<ulong> handles, string field)
    {
        int count = 0;
        for (int i = 0; i < handles.Length; i++)
        {
            if (handles[i] == 0) continue;
            _handles.CheckFree(handles[i]);
            if (handles[..i].Contains(handles[i])) throw Refusal.InvalidField(field, "two tensors have the same handle");
            count++;
        }
        _handles.CheckRoom(count);
    }

    /// <summary>Makes a tensor of bytes.</summary>
    /// <param name="handle">A handle that was checked.</param>
    /// <param name="spec">Shape and dtype.</param>
    /// <param name="bytes">The elements.</param>
    /// <exception cref="AutogradException">QUOTA_BYTES, QUOTA_SERVER_MEMORY.</exception>
    public Tensor Make(ulong handle, TensorSpec spec, ReadOnlySpan<byte> bytes)
    {
        using var scope = _workspace.Scope();
        var tensor = _workspace.FromBytes(bytes, spec.Shape, spec.DType);
        _handles.Bind(handle, tensor);
        return tensor;
    }

    /// <summary>Makes a tensor of zeros.</summary>
    /// <inheritdoc cref="Make"/>
    public void MakeZeros(ulong handle, Shape shape, DType dtype)
    {
        using var scope = _workspace.Scope();
        _handles.Bind(handle, _workspace.Zeros(Dims.Of(shape), dtype));
    }

    /// <summary>Lets go of handles that were bound by a call that failed after all.</summary>
    public void Unmake(ReadOnlySpan<ulong> handles)
    {
        foreach (ulong handle in handles)
            if (handle != 0) _handles.Release(handle);
    }
}
