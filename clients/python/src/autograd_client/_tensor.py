"""Tensors that live on the server."""

from __future__ import annotations

import builtins
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from . import _calls, _dtypes, _ops
from ._calls import apply, binary, call, in_place, new_tensor, place_of_caller, unary
from ._dtypes import Size, dtype as _dtype
from ._errors import AutogradError
from ._ops import TensorOps
from ._pipeline import LargeTensor, Waiter, number_bytes, number_of, varint
from ._proto import autograd_pb2, command_pb2, tensor_pb2
from ._session import CLOSED, current_session, shape_and_dtype

__all__ = ["Tensor", "GradientHook", "RemovableHandle", "device"]

_AHEAD_MAX = 4096
# Tensors known to be larger are read in pieces: the server makes one while another travels and a third is copied.
# Pieces travel while the one before is unpacked. The server uses their memory again, which it does only for answers too large to be kept.
_WHOLE_BYTES_MAX = 4 << 20
_PIECE_BYTES = 4 << 20
_PIECES_AHEAD = 2


class device:
    """Where a tensor is (torch.device). Tensors are on the server, whose kernels run on its processor: there is only "cpu"."""

    __slots__ = ("type", "index")

    def __init__(self, type: Any = "cpu", index: Optional[int] = None) -> None:
        name = type.type if isinstance(type, device) else str(type)
        name, _, number = name.partition(":")
        if name != "cpu":
            raise RuntimeError(f"no device '{name}': tensors are on the server's processor, 'cpu'")
        self.type = name
        self.index = int(number) if number else index

    def __repr__(self) -> str:
        return f"device(type='{self.type}'" + (f", index={self.index})" if self.index is not None else ")")

    def __str__(self) -> str:
        return self.type

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))


class GradFn(NamedTuple):
    """The graph node that made a tensor: its name, as PyTorch has it, and those that it passes gradients on to."""

    node: str
    next_functions: Tuple[str, ...]

    def name(self) -> str:
        return self.node

    def __repr__(self) -> str:
        return f"<{self.node.rsplit('::', 1)[-1]}>"


class GradientHook:
    """Something that the server does to a gradient whenever backward has computed it. Python functions cannot be sent: use one of these."""

    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    @staticmethod
    def scale(factor: float) -> "GradientHook":
        """Multiplies the gradient."""
        return GradientHook(scale=factor)

    @staticmethod
    def clamp(min: Optional[float] = None, max: Optional[float] = None) -> "GradientHook":
        """Clamps every element."""
        return GradientHook(clamp=command_pb2.ClampHook(min=min, max=max))

    @staticmethod
    def clip_norm(norm: float) -> "GradientHook":
        """Scales the gradient down to a 2-norm, if its own is larger."""
        return GradientHook(clip_norm=norm)

    @staticmethod
    def stop_on_nonfinite() -> "GradientHook":
        """Fails the backward if the gradient has a NaN or an infinity."""
        return GradientHook(stop_on_nonfinite=True)

    @staticmethod
    def record_statistics() -> "GradientHook":
        """Records statistics, which :meth:`RemovableHandle.statistics` tells, and lets the gradient pass."""
        return GradientHook(record_statistics=True)


class RemovableHandle:
    """A registered hook."""

    def __init__(self, session: Any, waiter: Waiter) -> None:
        self._session = session
        self._waiter = waiter

    def _id(self) -> int:
        with self._session.pipe.lock:
            self._session.pipe.seal()
        return self._session.pipe.finish(self._waiter).hook_id

    def remove(self) -> None:
        """Removes the hook."""
        self._session.give(command_pb2.Command(remove_hook=command_pb2.RemoveHook(hook_id=self._id())), "remove_hook")

    def statistics(self, reset: bool = False) -> Dict[str, float]:
        """What a hook made by :meth:`GradientHook.record_statistics` has seen: calls, elements, nonfinite, sum, sum_of_squares, min, max, last_norm."""
        read = command_pb2.Command(read_hook=command_pb2.ReadHook(hook_id=self._id(), reset=reset))
        seen = self._session.pipe.finish(self._session.ask(read, "read_hook")).hook_statistics
        return {f.name: getattr(seen, f.name) for f in seen.DESCRIPTOR.fields}

    def __enter__(self) -> "RemovableHandle":
        return self

    def __exit__(self, *_: Any) -> None:
        self.remove()


class Tensor(TensorOps):
    """A tensor that lives on the server (torch.Tensor).

    Methods that make tensors return at once. What needs the server's answer (values, shapes, ``requires_grad``, ``grad``) waits for it; a shape is
    asked for once. A tensor that is collected is released with one of the next commands.
    """

    __slots__ = ("_s", "_v", "_meta", "__weakref__", "__dict__")
    __array_priority__ = 1000

    _s: Any
    _v: bytes
    _meta: Optional[Tuple[Size, _dtype]]

    def __new__(cls, *args: Any, **kwargs: Any) -> "Tensor":
        from ._functions import tensor

        if len(args) == 1 and isinstance(args[0], (Tensor, list, tuple, np.ndarray)):
            return tensor(args[0], dtype=_dtypes.float32)
        from ._functions import empty

        return empty(*args)

    def __del__(self) -> None:
        try:
            self._s.dead(self._v)
        except AttributeError:
            pass  # it was never finished

    @property
    def session(self) -> Any:
        """The session it belongs to."""
        return self._s

    @property
    def handle(self) -> int:
        """The number it goes by within its session."""
        return number_of(self._v)

    # -- what the server knows

    def _describe(self) -> Any:
        session = self._s
        waiter = session.ask(command_pb2.Command(describe=command_pb2.Describe(tensor=number_of(session.handle_of(self)))), "describe")
        metadata = session.pipe.finish(waiter).metadata
        self._meta = shape_and_dtype(metadata)
        return metadata

    def _known(self) -> Tuple[Size, _dtype]:
        meta = self._meta
        if meta is None:
            self._describe()
            meta = self._meta
        return meta  # type: ignore[return-value]

    @property
    def shape(self) -> Size:
        """Size of each dimension."""
        return self._known()[0]

    @property
    def dtype(self) -> _dtype:
        """Element type."""
        return self._known()[1]

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self._known()[0])

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of the elements."""
        return self.numel() * self.dtype.itemsize

    @property
    def device(self) -> "device":
        """Always "cpu": the server's."""
        return device("cpu")

    @property
    def is_leaf(self) -> bool:
        """Whether it has no grad_fn."""
        return self._describe().is_leaf

    @property
    def grad_fn(self) -> Optional[GradFn]:
        """The graph node that made it."""
        metadata = self._describe()
        return GradFn(metadata.grad_fn, tuple(metadata.next_functions)) if metadata.grad_fn else None

    @property
    def output_nr(self) -> int:
        """Which of its graph node's results it is."""
        return self._describe().output_nr

    @property
    def retains_grad(self) -> bool:
        """Whether retain_grad was asked for."""
        return self._describe().retains_grad

    @property
    def _version(self) -> int:
        return self._describe().version

    @property
    def is_cuda(self) -> bool:
        """Never."""
        return False

    is_sparse = False
    is_quantized = False
    is_meta = False

    def size(self, dim: Optional[int] = None) -> Any:
        """All sizes, or that of one dimension."""
        shape = self.shape
        if dim is None:
            return shape
        if not -len(shape) <= dim < max(len(shape), 1):
            raise IndexError(f"Dimension out of range (expected to be in range of [{-max(len(shape), 1)}, {max(len(shape), 1) - 1}], but got {dim})")
        return shape[dim]

    def stride(self, dim: Optional[int] = None) -> Any:
        """The step in elements along each dimension, or along one."""
        strides = tuple(self._describe().strides)
        return strides if dim is None else strides[dim]

    def is_contiguous(self) -> bool:
        """Whether the elements lie row-major without gaps."""
        expected = 1
        metadata = self._describe()
        for size, stride in zip(reversed(metadata.shape), reversed(metadata.strides)):
            if size == 0:
                return True
            if size != 1 and stride != expected:
                return False
            expected *= size
        return True

    def dim(self) -> int:
        """The number of dimensions."""
        return self.ndim

    ndimension = dim

    def numel(self) -> int:
        """The number of elements."""
        return self.shape.numel()

    nelement = numel

    def element_size(self) -> int:
        """Bytes of an element."""
        return self.dtype.itemsize

    def is_floating_point(self) -> bool:
        """Whether the dtype is a floating one."""
        return self.dtype.is_floating_point

    def is_complex(self) -> bool:
        """Never: there are no complex dtypes."""
        return False

    def is_signed(self) -> bool:
        """Whether the dtype holds negative numbers."""
        return self.dtype not in (_dtypes.bool, _dtypes.uint8)

    def is_inference(self) -> bool:
        """Whether it was made in inference mode."""
        return self._describe().is_inference

    def is_nonzero(self) -> bool:
        """Whether the only element is not zero."""
        return builtins.bool(self)

    def get_device(self) -> int:
        """-1: the server's processor."""
        return -1

    def is_same_size(self, other: "Tensor") -> bool:
        """Whether both have the same shape."""
        return self.shape == other.shape

    # -- values

    def _ask_read(self, urge: bool = True) -> Waiter:
        session = self._s
        return session.pipe.ask((b"\x42\x08\x08" + session.handle_of(self),), "read", place_of_caller(), urge=urge)

    def _array(self) -> np.ndarray:
        """The elements, bfloat16 as its bits; sets what is known of shape and dtype."""
        session = self._s
        session.refuse_in_trace("reading a tensor")
        pipe = session.pipe
        ahead, session.ahead = session.ahead, None
        if ahead is not None and ahead[0] is self._v and pipe.nothing_since(ahead[1]):
            return ahead[2]
        if self._is_large():
            return self._array_in_pieces()
        waiter = self._ask_read()
        pipe.wait(waiter)
        return self._array_of(waiter)

    def _is_large(self) -> bool:
        meta = self._meta
        return meta is not None and meta[0].numel() * meta[1].itemsize > _WHOLE_BYTES_MAX

    def _array_of(self, waiter: Waiter) -> np.ndarray:
        pipe = self._s.pipe
        if waiter.failure is not None and waiter.failure.reason == "QUOTA_MESSAGE_BYTES":
            pipe.raise_failures(waiter.seq, None)
            return self._array_in_pieces()
        result = pipe.result_of(waiter)
        return self._decode(result if isinstance(result, LargeTensor) else result.tensor)

    def _decode(self, data: Any) -> np.ndarray:
        shape, kind = self._meta = shape_and_dtype(data)
        # A copy, because what arrived cannot be written to.
        return np.frombuffer(data.data, kind.numpy).reshape(shape).copy()

    def _array_in_pieces(self) -> np.ndarray:
        # Commands, so that all pieces are read before whatever this session does next.
        shape, kind = self._known()
        count = shape.numel()
        out = np.empty(count, kind.numpy)
        before = self._s.set_modes(False, self._s.inference)
        try:
            flat = apply(_ops.RESHAPE, (apply(_ops.DETACH, (self,)),), ((-1,),))
            pieces: List[Any] = []
            step = min(_PIECE_BYTES, self._s.pipe.message_max // 2) // kind.itemsize
            for start in range(0, count, step):
                piece = apply(_ops.SLICE, (flat,), (0, start, min(start + step, count), 1))
                pieces.append((start, piece, piece._ask_read()))
                if len(pieces) > _PIECES_AHEAD:
                    self._take_piece(out, pieces.pop(0))
            for piece in pieces:
                self._take_piece(out, piece)
        finally:
            self._s.set_modes(*before)
        return out.reshape(shape)

    def _take_piece(self, out: np.ndarray, piece: Any) -> None:
        start, tensor, waiter = piece
        result = self._s.pipe.finish(waiter)
        data = np.frombuffer(result.data if isinstance(result, LargeTensor) else result.tensor.data, out.dtype)
        out[start : start + len(data)] = data

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The elements as a numpy array of the same shape and dtype: a copy, as the tensor is elsewhere.

        Args:
            force: Takes a tensor that requires grad too, as ``detach().numpy()`` does.

        Raises:
            RuntimeError: It requires grad.
            TypeError: bfloat16, which numpy lacks.
            AutogradError: This or an earlier command failed.
        """
        session = self._s
        session.refuse_in_trace("reading a tensor")
        ahead = session.ahead
        if force or (ahead is not None and ahead[0] is self._v):
            return self._as_numpy(self._array())
        pipe = session.pipe
        if self._is_large():
            if self.requires_grad:
                raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
            return self._as_numpy(self._array_in_pieces())
        describing = session.pipe.ask((b"\xc2\x01\x08\x08" + session.handle_of(self),), "numpy", place_of_caller(), urge=False)
        waiter = self._ask_read()
        pipe.wait(describing)
        if describing.failure is None and describing.broken is None and describing.result.metadata.requires_grad:
            pipe.wait(waiter)
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        pipe.wait(waiter)
        return self._as_numpy(self._array_of(waiter))

    def _as_numpy(self, array: np.ndarray) -> np.ndarray:
        if self._meta is not None and self._meta[1] is _dtypes.bfloat16:
            raise TypeError("Got unsupported ScalarType BFloat16")
        return array

    def _values(self) -> np.ndarray:
        array = self._array()
        return _dtypes.from_bfloat16(array) if self._meta[1] is _dtypes.bfloat16 else array  # type: ignore[index]

    async def numpy_async(self) -> np.ndarray:
        """As :meth:`numpy`, for asyncio; takes tensors that require grad too."""
        from .aio import wait

        session = self._s
        session.refuse_in_trace("reading a tensor")
        waiter = await wait(session, self._ask_read())
        return self._as_numpy(self._array_of(waiter))

    async def item_async(self) -> Union[int, float, bool]:
        """As :meth:`item`, for asyncio."""
        from .aio import wait

        waiter = await wait(self._s, self._ask_read())
        return self._item_of(self._array_of(waiter))

    def _item_of(self, array: np.ndarray) -> Any:
        if array.size != 1:
            raise RuntimeError(f"a Tensor with {array.size} elements cannot be converted to Scalar")
        return (_dtypes.from_bfloat16(array) if self._meta[1] is _dtypes.bfloat16 else array).item()  # type: ignore[index]

    def item(self) -> Any:
        """The value of a tensor with one element, as a Python number.

        Raises:
            RuntimeError: It has more, or none.
            AutogradError: This or an earlier command failed.
        """
        return self._item_of(self._array())

    def tolist(self) -> Any:
        """The elements as nested lists; a number for a tensor without dimensions."""
        return self._values().tolist()

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        array = self.numpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __dlpack__(self, stream: Any = None) -> Any:
        return self.numpy().__dlpack__()

    def __dlpack_device__(self) -> Tuple[int, int]:
        return 1, 0

    def __bool__(self) -> bool:
        array = self._array()
        if array.size > 1:
            raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
        if array.size == 0:
            raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
        return builtins.bool(self._item_of(array) != 0)

    def __float__(self) -> float:
        return builtins.float(self.item())

    def __int__(self) -> int:
        return builtins.int(self.item())

    def __index__(self) -> int:
        value = self.item()
        if not isinstance(value, int) or isinstance(value, builtins.bool):
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return value

    def __len__(self) -> int:
        shape = self.shape
        if not shape:
            raise TypeError("len() of a 0-d tensor")
        return shape[0]

    def __iter__(self) -> Iterator["Tensor"]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __reversed__(self) -> "Tensor":
        return self.flip(0) if self.ndim else self

    def __contains__(self, element: Any) -> bool:
        return builtins.bool((self == element).any())

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        from ._printing import render

        session = self._s
        if self._s is CLOSED or (session.trace is not None and _is_traced(self)):
            return "tensor(..., recorded)"
        asking = session.ask(command_pb2.Command(describe=command_pb2.Describe(tensor=number_of(session.handle_of(self)))), "print", urge=False)
        waiter = self._ask_read()
        session.pipe.wait(asking)
        session.pipe.wait(waiter)
        values = self._array_of(waiter)
        metadata = session.pipe.result_of(asking).metadata
        if self._meta[1] is _dtypes.bfloat16:  # type: ignore[index]
            values = _dtypes.from_bfloat16(values)
        return render(values, self._meta[1], metadata.requires_grad, metadata.grad_fn, "Parameter containing:\n" if type(self).__name__ == "Parameter" else "")  # type: ignore[index]

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self.item()) if self.ndim == 0 else repr(self)
        return format(self.item() if self.ndim == 0 else self, spec) if self.ndim == 0 else object.__format__(self, spec)

    def __deepcopy__(self, memo: Any) -> "Tensor":
        if not self.is_leaf:
            raise RuntimeError("Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.")
        copied = self.detach().clone()
        if self.requires_grad:
            copied.requires_grad_()
        result = move(copied, type(self))
        memo[id(self)] = result
        return result

    def __reduce_ex__(self, protocol: Any) -> Any:
        from ._functions import _rebuild

        return _rebuild, (self._array(), self.dtype.name, self.requires_grad, type(self))

    # -- gradients

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to or through it."""
        return self._describe().requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    def requires_grad_(self, requires_grad: bool = True) -> "Tensor":
        """Sets whether gradients are accumulated into it: only floating dtypes take True, only leaves False.

        Returns:
            The tensor itself.
        """
        session = self._s
        session.give(command_pb2.Command(set_requires_grad=command_pb2.SetRequiresGrad(tensor=number_of(session.handle_of(self)), requires_grad=requires_grad)), "requires_grad_")
        return self

    @property
    def grad(self) -> Optional["Tensor"]:
        """The accumulated gradient, or None; waits for the server."""
        session = self._s
        session.refuse_in_trace("grad")
        pipe = session.pipe
        place = place_of_caller()
        handle = pipe.new_handle()
        own = session.handle_of(self)
        meta = self._meta
        # A small gradient is read at once: whoever asks for it mostly wants to see it.
        small = meta is not None and meta[0].numel() <= _AHEAD_MAX
        asking = pipe.ask((b"\xaa\x01\x10\x08" + own + b"\x10" + handle,), "grad", place, urge=not small)
        reading = pipe.ask((b"\x4a\x08\x08" + own,), "grad", place, may_be_left=False) if small else None
        if reading is not None:
            pipe.wait(reading)
        outputs = pipe.finish(asking).outputs.tensors
        if not outputs:
            return None
        result = new_tensor(session, handle)
        result._meta = shape_and_dtype(outputs[0])
        if reading is not None and reading.failure is None and reading.broken is None:
            data = reading.result.grad.grad if not isinstance(reading.result, LargeTensor) else reading.result
            session.ahead = (handle, reading.seq, result._decode(data)) if not outputs[0].requires_grad else None
        return result

    @grad.setter
    def grad(self, value: Optional["Tensor"]) -> None:
        session = self._s
        if value is not None and not isinstance(value, Tensor):
            raise TypeError(f"assigned grad expected to be a Tensor or None but got grad of {type(value).__name__}")
        set_grad = command_pb2.SetGrad(tensor=number_of(session.handle_of(self)), grad=number_of(session.handle_of(value)) if value is not None else 0)
        session.give(command_pb2.Command(set_grad=set_grad), "grad")

    @grad.deleter
    def grad(self) -> None:
        self.grad = None

    def backward(self, gradient: Optional["Tensor"] = None, retain_graph: Optional[bool] = None, create_graph: bool = False, inputs: Any = None) -> None:
        """Sums the gradient of this tensor into .grad of the leaves it was made of. Returns at once.

        Args:
            gradient: Gradient with respect to this tensor, of its shape; needed unless it has one element.
            retain_graph: Whether saved tensors stay, so that backward can run again; None: as ``create_graph``.
            create_graph: Whether the gradients are themselves recorded.
            inputs: A tensor or tensors to accumulate into, and no others.

        Raises:
            AutogradError: GRAD_OUTPUT_REQUIRED, NO_GRAD_PATH, GRAPH_FREED, TENSOR_MODIFIED; told by the next call that waits.
        """
        from . import autograd

        autograd.backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    def retain_grad(self) -> None:
        """Makes backward keep the gradient of this tensor though it is no leaf."""
        session = self._s
        session.give(command_pb2.Command(retain_grad=command_pb2.RetainGrad(tensor=number_of(session.handle_of(self)))), "retain_grad")

    def detach_(self) -> "Tensor":
        """Takes the tensor out of the graph, in place.

        Returns:
            The tensor itself.
        """
        session = self._s
        session.give(command_pb2.Command(detach_in_place=command_pb2.DetachInPlace(tensor=number_of(session.handle_of(self)))), "detach_")
        return self

    def register_hook(self, hook: GradientHook) -> RemovableHandle:
        """Registers something to be done on the server to this tensor's gradient whenever backward has computed it.

        Raises:
            TypeError: A Python function, which cannot be sent to the server.
        """
        if not isinstance(hook, GradientHook):
            raise TypeError("register_hook() takes a GradientHook (scale, clamp, clip_norm, stop_on_nonfinite, record_statistics): the backward pass runs on the server, which cannot call Python functions")
        session = self._s
        fields = dict(hook._fields)
        waiter = session.ask(command_pb2.Command(register_hook=command_pb2.RegisterHook(tensor=number_of(session.handle_of(self)), **fields)), "register_hook", urge=False, may_be_left=True)
        return RemovableHandle(session, waiter)

    def graph(self, max_nodes: int = 0) -> Any:
        """The graph behind this tensor, as the Graph message of the contract; its field ``dot`` holds the Graphviz text."""
        session = self._s
        describe = command_pb2.DescribeGraph(roots=[number_of(session.handle_of(self))], max_nodes=max_nodes, with_dot=True, with_saved=True)
        return session.pipe.finish(session.ask(command_pb2.Command(describe_graph=describe), "graph")).graph

    @property
    def data(self) -> "Tensor":
        """The same memory outside the graph."""
        return self.detach()

    @data.setter
    def data(self, value: "Tensor") -> None:
        self.detach().copy_(value)

    # -- dtypes and copies

    def to(self, *args: Any, dtype: Any = None, copy: bool = False, **kwargs: Any) -> "Tensor":
        """The tensor in another dtype; devices are taken and change nothing.

        Args:
            args: A dtype, a device, a tensor whose dtype is wanted, or a device and a dtype.
            dtype: The dtype.
            copy: A copy even if nothing changes.
        """
        unknown = set(kwargs) - {"device", "non_blocking", "memory_format", "other"}
        if unknown:
            raise TypeError(f"to() got an unexpected keyword argument '{sorted(unknown)[0]}'")
        if kwargs.get("device") is not None:
            device(kwargs["device"])
        for value in (*args, kwargs.get("other")):
            if isinstance(value, Tensor):
                dtype = value.dtype
            elif isinstance(value, _dtype):
                dtype = value
            elif isinstance(value, (str, device)):
                device(value)
        if dtype is None:
            return self.clone() if copy else self
        wanted = _dtypes.as_dtype(dtype)
        if self._meta is not None and self._meta[1] is wanted:
            return self.clone() if copy else self
        result = call(_ops.TO, (self,), (wanted,))
        if self._meta is not None:
            result._meta = (self._meta[0], wanted)
        return result.clone() if copy else result

    def type(self, dtype: Any = None) -> Any:
        """The name of the type, or the tensor in another dtype."""
        if dtype is None:
            names = {"float32": "Float", "float64": "Double", "float16": "Half", "bfloat16": "BFloat16", "int64": "Long", "int32": "Int", "int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool"}
            return f"torch.{names[self.dtype.name]}Tensor"
        return self.to(dtype)

    def type_as(self, other: "Tensor") -> "Tensor":
        """The tensor in another's dtype."""
        return self.to(other.dtype)

    def float(self) -> "Tensor":
        """As float32."""
        return self.to(_dtypes.float32)

    def double(self) -> "Tensor":
        """As float64."""
        return self.to(_dtypes.float64)

    def half(self) -> "Tensor":
        """As float16."""
        return self.to(_dtypes.float16)

    def bfloat16(self) -> "Tensor":
        """As bfloat16."""
        return self.to(_dtypes.bfloat16)

    def long(self) -> "Tensor":
        """As int64."""
        return self.to(_dtypes.int64)

    def int(self) -> "Tensor":
        """As int32."""
        return self.to(_dtypes.int32)

    def short(self) -> "Tensor":
        """As int16."""
        return self.to(_dtypes.int16)

    def char(self) -> "Tensor":
        """As int8."""
        return self.to(_dtypes.int8)

    def byte(self) -> "Tensor":
        """As uint8."""
        return self.to(_dtypes.uint8)

    def bool(self) -> "Tensor":
        """As bool."""
        return self.to(_dtypes.bool)

    def cpu(self) -> "Tensor":
        """The tensor itself; its values stay on the server until they are read."""
        return self

    def new_tensor(self, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> "Tensor":
        """A tensor of values, of this one's dtype unless told otherwise."""
        from ._functions import tensor

        return tensor(data, dtype=dtype or self.dtype, requires_grad=requires_grad, session=self._s)

    @property
    def T(self) -> "Tensor":
        """All dimensions reversed."""
        return unary(_ops.NUMPY_T, self)

    @property
    def H(self) -> "Tensor":
        """A matrix transposed."""
        return unary(_ops.MATRIX_H, self)

    @property
    def mT(self) -> "Tensor":
        """The last two dimensions exchanged."""
        return call(_ops.TRANSPOSE, (self,), (-2, -1))

    mH = mT

    @property
    def real(self) -> "Tensor":
        """The tensor itself."""
        return self

    # -- methods whose arguments Python has in another form

    def allclose(self, other: "Tensor", rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> builtins.bool:
        """Whether all elements are close; waits for the server."""
        return builtins.bool(call(_ops.ALLCLOSE, (self, other), (rtol, atol, equal_nan)))

    def equal(self, other: "Tensor") -> builtins.bool:
        """Whether shapes and elements are equal; waits for the server."""
        return builtins.bool(binary(_ops.EQUAL, self, other))

    def unique(self, sorted: builtins.bool = True, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, dim: Optional[builtins.int] = None) -> Any:
        """The different elements; see :func:`autograd_client.unique`."""
        from ._functions import unique

        return unique(self, sorted, return_inverse, return_counts, dim)

    def unique_consecutive(self, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, dim: Optional[builtins.int] = None) -> Any:
        """Runs of equal elements as one; see :func:`autograd_client.unique_consecutive`."""
        from ._functions import unique_consecutive

        return unique_consecutive(self, return_inverse, return_counts, dim)

    def nonzero(self, *, as_tuple: builtins.bool = False) -> Any:
        """Indices of the elements that are not zero: a matrix, or a vector for each dimension."""
        return apply(_ops.NONZERO_NUMPY, (self,)) if as_tuple else unary(_ops.NONZERO, self)

    def split(self, split_size: Any, dim: builtins.int = 0) -> Tuple["Tensor", ...]:
        """Pieces of a size, or of sizes, along a dimension."""
        return _ops._split((self, split_size, dim), {})

    def norm(self, p: Any = "fro", dim: Any = None, keepdim: builtins.bool = False, dtype: Any = None) -> "Tensor":
        """A norm of all elements or along dimensions."""
        from ._functions import norm

        return norm(self, p, dim, keepdim, dtype)

    def where(self, condition: "Tensor", other: Any) -> "Tensor":
        """This tensor's elements where the condition holds, the other's elsewhere."""
        return apply(_ops.WHERE, (condition, self, other))

    def transpose_(self, dim0: builtins.int, dim1: builtins.int) -> "Tensor":
        """In-place form of :meth:`transpose`."""
        return in_place(_ops.TRANSPOSE, (self,), (dim0, dim1))

    def normal_(self, mean: builtins.float = 0.0, std: builtins.float = 1.0, *, generator: Any = None) -> "Tensor":
        """Fills it with normally distributed numbers."""
        return in_place(_ops.NORMAL, (self,), (mean, std))

    def random_(self, low: builtins.int, high: Optional[builtins.int] = None) -> "Tensor":
        """Fills it with integers from ``low`` up to ``high``, exclusive; with one argument from 0 up to it."""
        if high is None:
            low, high = 0, low
        return self.copy_(apply(_ops.RANDINT_LIKE__LOW_DTYPE, (self,), (low, high, None)))

    def set_(self, *_: Any) -> "Tensor":
        """Not supported: a tensor keeps its memory."""
        raise NotImplementedError("set_() is not supported: a tensor on the server keeps its memory; use copy_()")

    # -- operators

    def __add__(self, other: Any) -> "Tensor":
        return binary(_ops.ADD, self, other) if _takes(other) else NotImplemented

    def __radd__(self, other: Any) -> "Tensor":
        return binary(_ops.ADD, self, other) if _takes(other) else NotImplemented

    def __sub__(self, other: Any) -> "Tensor":
        return binary(_ops.SUB, self, other) if _takes(other) else NotImplemented

    def __rsub__(self, other: Any) -> "Tensor":
        return binary(_ops.RSUB, self, other) if _takes(other) else NotImplemented

    def __mul__(self, other: Any) -> "Tensor":
        return binary(_ops.MUL, self, other) if _takes(other) else NotImplemented

    def __rmul__(self, other: Any) -> "Tensor":
        return binary(_ops.MUL, self, other) if _takes(other) else NotImplemented

    def __truediv__(self, other: Any) -> "Tensor":
        return binary(_ops.DIV, self, other) if _takes(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> "Tensor":
        # As PyTorch records it.
        return unary(_ops.RECIPROCAL, self) * other if _takes(other) else NotImplemented

    def __floordiv__(self, other: Any) -> "Tensor":
        return binary(_ops.FLOOR_DIVIDE, self, other)

    def __rfloordiv__(self, other: Any) -> "Tensor":
        return apply(_ops.FLOOR_DIVIDE, (other, self))

    def __mod__(self, other: Any) -> "Tensor":
        return binary(_ops.REMAINDER, self, other)

    def __rmod__(self, other: Any) -> "Tensor":
        return apply(_ops.REMAINDER, (other, self))

    def __divmod__(self, other: Any) -> Tuple["Tensor", "Tensor"]:
        return self // other, self % other

    def __pow__(self, other: Any) -> "Tensor":
        return binary(_ops.POW, self, other)

    def __rpow__(self, other: Any) -> "Tensor":
        return apply(_ops.POW, (other, self))

    def __matmul__(self, other: Any) -> "Tensor":
        return binary(_ops.MATMUL, self, other)

    def __rmatmul__(self, other: Any) -> "Tensor":
        return apply(_ops.MATMUL, (other, self))

    def __neg__(self) -> "Tensor":
        return unary(_ops.NEG, self)

    def __pos__(self) -> "Tensor":
        return unary(_ops.POSITIVE, self)

    def __abs__(self) -> "Tensor":
        return unary(_ops.ABS, self)

    def __invert__(self) -> "Tensor":
        return unary(_ops.BITWISE_NOT, self)

    def __eq__(self, other: Any) -> Any:
        return binary(_ops.EQ, self, other) if _takes(other) else NotImplemented

    def __ne__(self, other: Any) -> Any:
        return binary(_ops.NE, self, other) if _takes(other) else NotImplemented

    def __lt__(self, other: Any) -> "Tensor":
        return binary(_ops.LT, self, other)

    def __le__(self, other: Any) -> "Tensor":
        return binary(_ops.LE, self, other)

    def __gt__(self, other: Any) -> "Tensor":
        return binary(_ops.GT, self, other)

    def __ge__(self, other: Any) -> "Tensor":
        return binary(_ops.GE, self, other)

    def __and__(self, other: Any) -> "Tensor":
        return binary(_ops.BITWISE_AND, self, other)

    __rand__ = __and__

    def __or__(self, other: Any) -> "Tensor":
        return binary(_ops.BITWISE_OR, self, other)

    __ror__ = __or__

    def __xor__(self, other: Any) -> "Tensor":
        return binary(_ops.BITWISE_XOR, self, other)

    __rxor__ = __xor__

    def __lshift__(self, other: Any) -> "Tensor":
        return binary(_ops.BITWISE_LEFT_SHIFT, self, other)

    def __rlshift__(self, other: Any) -> "Tensor":
        return apply(_ops.BITWISE_LEFT_SHIFT, (other, self))

    def __rshift__(self, other: Any) -> "Tensor":
        return binary(_ops.BITWISE_RIGHT_SHIFT, self, other)

    def __rrshift__(self, other: Any) -> "Tensor":
        return apply(_ops.BITWISE_RIGHT_SHIFT, (other, self))

    def __iadd__(self, other: Any) -> "Tensor":
        return in_place(_ops.ADD, (self, other))

    def __isub__(self, other: Any) -> "Tensor":
        return in_place(_ops.SUB, (self, other))

    def __imul__(self, other: Any) -> "Tensor":
        return in_place(_ops.MUL, (self, other))

    def __itruediv__(self, other: Any) -> "Tensor":
        return in_place(_ops.DIV, (self, other))

    def __ifloordiv__(self, other: Any) -> "Tensor":
        return in_place(_ops.FLOOR_DIVIDE, (self, other))

    def __imod__(self, other: Any) -> "Tensor":
        return in_place(_ops.REMAINDER, (self, other))

    def __ipow__(self, other: Any) -> "Tensor":
        return in_place(_ops.POW, (self, other))

    def __iand__(self, other: Any) -> "Tensor":
        return in_place(_ops.BITWISE_AND, (self, other))

    def __ior__(self, other: Any) -> "Tensor":
        return in_place(_ops.BITWISE_OR, (self, other))

    def __ixor__(self, other: Any) -> "Tensor":
        return in_place(_ops.BITWISE_XOR, (self, other))

    # -- indexing

    def __getitem__(self, index: Any) -> "Tensor":
        view, indices = _view_of(self, index)
        if indices is not None:
            return apply(_ops.INDEX, (view, indices))
        return call(_ops.SLICE, (self,), (0, 0, None, 1)) if view is self else view

    def __setitem__(self, index: Any, value: Any) -> None:
        view, indices = _view_of(self, index)
        if not isinstance(value, Tensor) and _calls._number_operand(value) is None:
            from ._functions import tensor

            value = tensor(value, dtype=self.dtype, session=self._s)
        if indices is None:
            in_place(_ops.COPY, (view, value))
            return
        if not isinstance(value, Tensor):
            # index_put takes tensors only: a number becomes one of the dtype that is written to.
            value = apply(_ops.NEW_FULL, (view,), ((), value, None))
        in_place(_ops.INDEX_PUT, (view, indices, value), (False,))


def _takes(value: Any) -> bool:
    return isinstance(value, (Tensor, int, float, np.number, np.bool_))


def _is_traced(tensor: Tensor) -> bool:
    return type(tensor).__name__ == "TracedTensor"


def move(source: Tensor, kind: Any) -> Any:
    """Another object, of another class perhaps, for a tensor that is not used any more."""
    result = object.__new__(kind)
    result._s, result._v, result._meta = source._s, source._v, source._meta
    source._s = CLOSED
    return result


# Brackets become ops, as PyTorch does it: integers, slices and None give a view; tensors of indices and masks go into one index, or index_put, over it.
def _view_of(x: Tensor, index: Any) -> Tuple[Tensor, Optional[List[Optional[Tensor]]]]:
    if index.__class__ is int:
        return call(_ops.SELECT, (x,), (0, index)), None
    items = list(index) if isinstance(index, tuple) else [index]
    items = [_normalized(x, item) for item in items]
    ellipses = [i for i, item in enumerate(items) if item is Ellipsis]
    if len(ellipses) > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    view, dim, after_mask = x, 0, False
    tensors: List[Optional[Tensor]] = []
    any_tensor = False
    for i, item in enumerate(items):
        if item is Ellipsis:
            rest = items[i + 1 :]
            if not rest:
                break
            skipped = x.ndim - sum(_consumed(item) for item in items if item is not Ellipsis)
            if skipped < 0:
                raise IndexError(f"too many indices for tensor of dimension {x.ndim}")
            dim += skipped
            tensors += [None] * skipped
        elif item is None:
            view = call(_ops.UNSQUEEZE, (view,), (dim,))
            dim += 1
            tensors.append(None)
        elif item is True or item is False:
            view = call(_ops.UNSQUEEZE, (view,), (dim,))
            from ._functions import tensor

            tensors.append(tensor([item], dtype=_dtypes.bool, session=x._s))
            any_tensor = True
            dim += 1
        elif isinstance(item, slice):
            view = _sliced(view, item, dim)
            dim += 1
            tensors.append(None)
        elif isinstance(item, Tensor):
            tensors.append(item)
            any_tensor = True
            # Only what follows needs to know how many dimensions a mask takes.
            dim += _consumed(item) if i + 1 < len(items) else 1
        else:
            view = call(_ops.SELECT, (view,), (dim, item))
    if not any_tensor:
        return view, None
    while tensors[-1] is None:
        tensors.pop()
    return view, tensors


def _consumed(item: Any) -> int:
    if item is None or item is True or item is False:
        return 0
    if isinstance(item, Tensor):
        shape, kind = item._known()
        return len(shape) if kind in (_dtypes.bool, _dtypes.uint8) else 1
    return 1


def _sliced(x: Tensor, item: slice, dim: int) -> Tensor:
    if item.start is None and item.stop is None and item.step is None:
        return x
    step = 1 if item.step is None else item.step.__index__()
    if step <= 0:
        raise ValueError("step must be greater than zero")
    start = None if item.start is None else item.start.__index__()
    stop = None if item.stop is None else item.stop.__index__()
    return call(_ops.SLICE, (x,), (dim, start, stop, step))


def _normalized(x: Tensor, item: Any) -> Any:
    if item is None or item is Ellipsis or item is True or item is False or isinstance(item, (slice, Tensor)):
        return item
    if isinstance(item, (list, tuple, range, np.ndarray)):
        from ._functions import tensor

        array = np.asarray(item)
        if array.size == 0:
            array = array.astype(np.int64)
        if array.dtype.kind not in "iub":
            raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
        return tensor(array if array.dtype.kind == "b" else array.astype(np.int64), session=x._s)
    try:
        return item.__index__()
    except AttributeError:
        raise TypeError(f"only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got {type(item).__name__})") from None


_calls._bind_tensor(Tensor, object.__new__)
