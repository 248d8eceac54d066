"""Functions whose arguments PyTorch has in a form that the schema alone does not tell."""

from __future__ import annotations

import builtins
from typing import Any, List, Optional, Sequence, Tuple, Union

import numpy as np

from . import _dtypes, _ops
from ._calls import apply, call, ints
from ._dtypes import Size, as_dtype
from ._session import Session, current_session
from ._tensor import Tensor, device as _device, move
from ._proto import command_pb2

_default: List[_dtypes.dtype] = [_dtypes.float32]
_PLAIN = (builtins.bool, builtins.int, builtins.float)


def set_default_dtype(d: Any) -> None:
    """Sets the dtype of new floating tensors: float32 or float64."""
    wanted = as_dtype(d)
    if not wanted.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    _default[0] = wanted


def get_default_dtype() -> _dtypes.dtype:
    """The dtype of new floating tensors."""
    return _default[0]


def manual_seed(seed: builtins.int) -> None:
    """Seeds the current session's random numbers. Equal seeds give equal numbers."""
    current_session().give(command_pb2.Command(seed_random=command_pb2.SeedRandom(seed=seed & 0xFFFFFFFFFFFFFFFF)), "manual_seed")


# -- tensors of values


def tensor(data: Any, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False, pin_memory: builtins.bool = False, session: Optional[Session] = None) -> Tensor:
    """A tensor of values (torch.tensor): always a copy, always a leaf.

    Args:
        data: A number, nested sequences of numbers, a numpy array, or a tensor.
        dtype: Another dtype than that of the values.
        device: Taken and not used.
        requires_grad: Whether gradients are accumulated into it; floating dtypes only.
        pin_memory: Taken and not used.
        session: Where; None: the current session.

    Raises:
        TypeError: No dtype holds the values.
        ValueError: Sequences of unequal length.
    """
    if device is not None:
        _device(device)
    wanted = as_dtype(dtype) if dtype is not None else None
    if isinstance(data, Tensor):
        result = data.detach().clone() if wanted is None else data.detach().to(wanted, copy=True)
        return result.requires_grad_() if requires_grad else result
    session = session or current_session()
    array, kind = _array_of(data, wanted)
    return session.create(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data if array.size else b"", array.shape, kind, requires_grad)


def _array_of(data: Any, wanted: Optional[_dtypes.dtype]) -> Tuple[np.ndarray, _dtypes.dtype]:
    if isinstance(data, (list, tuple)) and _has_tensors(data):
        data = _numbers(data)
    if isinstance(data, (np.ndarray, np.generic)):
        array = np.asarray(data)
        own = _dtypes.BY_NUMPY.get(array.dtype.newbyteorder("<") if array.dtype.itemsize > 1 else array.dtype)
        if own is None and wanted is None:
            raise TypeError(f"can't convert np.ndarray of type {array.dtype}. The only supported types are: float64, float32, float16, int64, int32, int16, int8, uint8, and bool.")
        own = own or wanted
    else:
        try:
            array = np.array(data)
        except ValueError as error:
            raise ValueError(f"expected sequences of equal length: {error}") from None
        if array.dtype.kind == "f" or array.size == 0:
            own = _default[0]
        elif array.dtype.kind in "iu":
            own = _dtypes.int64
        elif array.dtype.kind == "b":
            own = _dtypes.bool
        else:
            if array.dtype == object and _ragged(data):
                raise ValueError("expected sequences of equal length")
            raise TypeError(f"new(): invalid data type '{_leaf_type(data)}'")
    kind = wanted or own
    assert kind is not None
    if kind is _dtypes.bfloat16:
        return _dtypes.to_bfloat16(array.astype(np.float32)), kind
    return array.astype(kind.numpy, copy=False), kind


def _has_tensors(data: Any) -> builtins.bool:
    return builtins.any(isinstance(v, Tensor) or (isinstance(v, (list, tuple)) and _has_tensors(v)) for v in data)


def _numbers(data: Any) -> Any:
    if isinstance(data, Tensor):
        return data.tolist()
    return [_numbers(v) for v in data] if isinstance(data, (list, tuple)) else data


def _ragged(data: Any) -> builtins.bool:
    return isinstance(data, (list, tuple)) and builtins.any(isinstance(v, (list, tuple)) for v in data)


def _leaf_type(data: Any) -> str:
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return type(data).__name__


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """The tensor itself, or a tensor of the values."""
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return tensor(data, dtype=dtype, device=device)


asarray = as_tensor


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor of a numpy array's values; a copy, as the tensor is elsewhere."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    return tensor(ndarray)


def from_dlpack(ext_tensor: Any) -> Tensor:
    """A tensor of the values of anything with ``__dlpack__``; a copy."""
    return tensor(np.from_dlpack(ext_tensor))


def scalar_tensor(s: Any, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """A tensor without dimensions, of the default floating dtype."""
    return tensor(s, dtype=dtype or _default[0], requires_grad=requires_grad)


def _rebuild(array: np.ndarray, dtype: str, requires_grad: builtins.bool, kind: Any) -> Tensor:
    which = _dtypes.BY_NAME[dtype]
    made = current_session().create(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data if array.size else b"", array.shape, which, requires_grad)
    return made if kind is Tensor else move(made, kind)


# -- factories


def _sizes(size: Tuple[Any, ...]) -> Tuple[builtins.int, ...]:
    return ints(size[0] if len(size) == 1 and not isinstance(size[0], builtins.int) else size)


def _made(op: Any, attributes: Tuple[Any, ...], requires_grad: builtins.bool, size: Optional[Sequence[builtins.int]], kind: Optional[_dtypes.dtype]) -> Tensor:
    return apply(op, (), attributes, requires_grad=requires_grad, session=current_session(), shape=(Size(size), kind) if size is not None and kind is not None else None)


def _factory(op: Any, name: str, what: str) -> Any:
    def make(*size: Any, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False, layout: Any = None, generator: Any = None, out: Any = None, pin_memory: builtins.bool = False, memory_format: Any = None) -> Tensor:
        if device is not None:
            _device(device)
        sizes = _sizes(size)
        kind = as_dtype(dtype) if dtype is not None else _default[0]
        return _made(op, (sizes, kind), requires_grad, sizes, kind)

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"""{what}

    Args:
        size: The sizes, one by one or as a sequence.
        dtype: Its dtype; None: the default one.
        device: Taken and not used, as are layout, generator, pin_memory and memory_format.
        requires_grad: Whether gradients are accumulated into it.
    """
    return make


zeros = _factory(_ops.ZEROS, "zeros", "A tensor of zeros.")
ones = _factory(_ops.ONES, "ones", "A tensor of ones.")
empty = _factory(_ops.EMPTY, "empty", "A tensor of unspecified values.")
rand = _factory(_ops.RAND, "rand", "A tensor of random numbers, uniform in [0, 1).")
randn = _factory(_ops.RANDN, "randn", "A tensor of random numbers, normal with mean 0 and standard deviation 1.")


def full(size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """A tensor of one value."""
    return _made(_ops.FULL, (ints(size), fill_value, dtype), requires_grad, None, None)


def eye(n: builtins.int, m: Optional[builtins.int] = None, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """A matrix with ones on the diagonal and zeros elsewhere."""
    kind = as_dtype(dtype) if dtype is not None else _default[0]
    return _made(_ops.EYE, (n, m, kind), requires_grad, (n, n if m is None else m), kind)


def arange(*args: Any, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False, **kwargs: Any) -> Tensor:
    """Numbers from a start (0 if left out) up to an end, exclusive, by a step: arange(end), arange(start, end), arange(start, end, step)."""
    values = list(args)
    if "end" in kwargs:
        values = [kwargs.pop("start", 0) if not values else values[0], kwargs.pop("end")]
    if "step" in kwargs:
        values = [0, values[0]] if len(values) == 1 else values
        values.append(kwargs.pop("step"))
    if kwargs:
        raise TypeError(f"arange() got an unexpected keyword argument '{next(iter(kwargs))}'")
    values = [v.item() if isinstance(v, (Tensor, np.generic)) else v for v in values]
    if not 1 <= len(values) <= 3:
        raise TypeError(f"arange() takes from 1 to 3 positional arguments but {len(values)} were given")
    op = (_ops.ARANGE, _ops.ARANGE__START, _ops.ARANGE__START_STEP)[len(values) - 1]
    if dtype is None and _default[0] is not _dtypes.float32 and builtins.any(isinstance(v, builtins.float) for v in values):
        dtype = _default[0]
    return _made(op, (*values, dtype), requires_grad, None, None)


def linspace(start: Any, end: Any, steps: builtins.int, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """Numbers at equal distances, both ends included."""
    if isinstance(start, Tensor) or isinstance(end, Tensor):
        start, end = (v if isinstance(v, Tensor) else tensor(v) for v in (start, end))
        return apply(_ops.LINSPACE__TENSOR_TENSOR, (start, end), (steps, dtype))
    kind = as_dtype(dtype) if dtype is not None else _default[0]
    return _made(_ops.LINSPACE, (start, end, steps, kind), requires_grad, (steps,), kind)


def logspace(start: Any, end: Any, steps: builtins.int, base: builtins.float = 10.0, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """Powers of a base, their exponents at equal distances."""
    kind = as_dtype(dtype) if dtype is not None else _default[0]
    return _made(_ops.LOGSPACE, (start, end, steps, base, kind), requires_grad, (steps,), kind)


def randint(*args: Any, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False, generator: Any = None, **kwargs: Any) -> Tensor:
    """Random integers from a low (0 if left out) up to a high, exclusive: randint(high, size), randint(low, high, size)."""
    values = list(args)
    for name in ("low", "high", "size"):
        if name in kwargs:
            values.append(kwargs.pop(name))
    if kwargs or not 2 <= len(values) <= 3:
        raise TypeError("randint() takes (high, size) or (low, high, size)")
    low, high, size = values if len(values) == 3 else (0, *values)
    kind = as_dtype(dtype) if dtype is not None else _dtypes.int64
    return _made(_ops.RANDINT__LOW, (low, high, ints(size), kind), requires_grad, ints(size), kind)


def randperm(n: builtins.int, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False, generator: Any = None) -> Tensor:
    """The integers from 0 to ``n`` - 1 in random order."""
    kind = as_dtype(dtype) if dtype is not None else _dtypes.int64
    return _made(_ops.RANDPERM, (n, kind), requires_grad, (n,), kind)


def normal(mean: Any, std: Any = 1.0, size: Any = None, *, dtype: Any = None, generator: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """Normally distributed random numbers, with mean and standard deviation as numbers and a size, or as tensors."""
    if size is not None:
        return _made(_ops.NORMAL__FLOAT_FLOAT, (mean, std, ints(size), dtype), requires_grad, None, None)
    shaped = mean if isinstance(mean, Tensor) else std
    if not isinstance(shaped, Tensor):
        raise TypeError("normal() needs a size, or a tensor of means or standard deviations")
    if isinstance(mean, Tensor) and isinstance(std, Tensor):
        shaped = mean.detach() + std.detach()
    return apply(_ops.RANDN_LIKE, (shaped.detach(),), (None,)) * std + mean


def _like(op: Any, name: str, what: str) -> Any:
    def make(input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False, layout: Any = None, memory_format: Any = None) -> Tensor:
        result = apply(op, (input,), (as_dtype(dtype) if dtype is not None else None,), requires_grad=requires_grad)
        if input._meta is not None:
            result._meta = (input._meta[0], as_dtype(dtype) if dtype is not None else input._meta[1])
        return result

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"""{what}, of the shape of another tensor and, unless told otherwise, of its dtype."""
    return make


zeros_like = _like(_ops.ZEROS_LIKE, "zeros_like", "Zeros")
ones_like = _like(_ops.ONES_LIKE, "ones_like", "Ones")
empty_like = _like(_ops.EMPTY_LIKE, "empty_like", "Unspecified values")
rand_like = _like(_ops.RAND_LIKE, "rand_like", "Random numbers, uniform in [0, 1)")
randn_like = _like(_ops.RANDN_LIKE, "randn_like", "Normally distributed random numbers")


def full_like(input: Tensor, fill_value: Any, *, dtype: Any = None, device: Any = None, requires_grad: builtins.bool = False) -> Tensor:
    """One value, of the shape of another tensor and, unless told otherwise, of its dtype."""
    return apply(_ops.FULL_LIKE, (input,), (fill_value, dtype), requires_grad=requires_grad)


# -- ops


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """Elements of ``input`` where the condition holds, of ``other`` elsewhere; with one argument, the indices where it holds, a vector for each dimension."""
    if input is None and other is None:
        return apply(_ops.NONZERO_NUMPY, (condition,))
    return apply(_ops.WHERE, (condition, input, other))


def nonzero(input: Tensor, *, as_tuple: builtins.bool = False) -> Any:
    """Indices of the elements that are not zero: a matrix, or a vector for each dimension."""
    return input.nonzero(as_tuple=as_tuple)


def einsum(equation: str, *operands: Any) -> Tensor:
    """Sums of products of elements, told by an equation ("ij,jk->ik")."""
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    return apply(_ops.EINSUM, (list(operands),), (equation,))


def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """Sums of products over dimensions: so many of a's last and b's first, or those listed for each."""
    if isinstance(dims, builtins.int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        return call(_ops.TENSORDOT, (a, b), (tuple(range(-dims, 0)), tuple(range(dims))))
    first, second = dims
    return call(_ops.TENSORDOT, (a, b), (ints(first), ints(second)))


def _many(op: Any, tensors: Tuple[Any, ...], attributes: Tuple[Any, ...] = ()) -> Any:
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tuple(tensors[0])
    return apply(op, (list(tensors),), attributes)


def meshgrid(*tensors: Any, indexing: str = "ij") -> Tuple[Tensor, ...]:
    """Grids of coordinates, one for each vector."""
    return _many(_ops.MESHGRID, tensors, (indexing,))


def broadcast_tensors(*tensors: Any) -> Tuple[Tensor, ...]:
    """The tensors, expanded to their common shape."""
    return _many(_ops.BROADCAST_TENSORS, tensors)


def block_diag(*tensors: Tensor) -> Tensor:
    """A matrix with matrices along its diagonal."""
    return _many(_ops.BLOCK_DIAG, tensors)


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All combinations of the vectors' elements."""
    return _many(_ops.CARTESIAN_PROD, tensors)


def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of matrices, in the order that costs least."""
    return _many(_ops.CHAIN_MATMUL, matrices)


def _at_least(dims: builtins.int) -> Any:
    one, many = getattr(_ops, f"ATLEAST_{dims}D"), getattr(_ops, f"ATLEAST_{dims}D__SEQUENCE")

    def atleast(*tensors: Any) -> Any:
        if len(tensors) == 1 and isinstance(tensors[0], Tensor):
            return apply(one, tensors)
        return _many(many, tensors)

    atleast.__name__ = atleast.__qualname__ = f"atleast_{dims}d"
    atleast.__doc__ = f"The tensor, or each of the tensors, with at least {dims} dimensions."
    return atleast


atleast_1d, atleast_2d, atleast_3d = _at_least(1), _at_least(2), _at_least(3)


def split(tensor: Tensor, split_size_or_sections: Any, dim: builtins.int = 0) -> Tuple[Tensor, ...]:
    """Pieces of a size, or of sizes, along a dimension."""
    return tensor.split(split_size_or_sections, dim)


def _picked(outputs: Any, *wanted: builtins.bool) -> Any:
    picked = [outputs[0]] + [o for o, w in zip(outputs[1:], wanted) if w]
    return picked[0] if len(picked) == 1 else tuple(picked)


def unique(input: Tensor, sorted: builtins.bool = True, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, dim: Optional[builtins.int] = None) -> Any:
    """The different elements; if asked for, where each element went, and how often each was there."""
    return _picked(call(_ops.UNIQUE, (input,), (sorted, return_inverse, return_counts, dim)), return_inverse, return_counts)


def unique_consecutive(input: Tensor, return_inverse: builtins.bool = False, return_counts: builtins.bool = False, dim: Optional[builtins.int] = None) -> Any:
    """Runs of equal elements as one; if asked for, where each element went, and how long each run was."""
    return _picked(call(_ops.UNIQUE_CONSECUTIVE, (input,), (return_inverse, return_counts, dim)), return_inverse, return_counts)


def norm(input: Tensor, p: Any = "fro", dim: Any = None, keepdim: builtins.bool = False, dtype: Any = None) -> Tensor:
    """A norm of all elements or along dimensions.

    Args:
        input: The tensor.
        p: "fro", "nuc" or a number.
        dim: Dimensions; None: all elements.
        keepdim: Whether reduced dimensions stay with size 1.
        dtype: The dtype to compute in.
    """
    dims = None if dim is None else ints(dim)
    if isinstance(p, str):
        return apply(_ops.NORM__FRO, (input,), (p, dims, keepdim, dtype))
    return apply(_ops.NORM, (input,), (p, dims, keepdim, dtype))


def allclose(input: Tensor, other: Tensor, rtol: builtins.float = 1e-05, atol: builtins.float = 1e-08, equal_nan: builtins.bool = False) -> builtins.bool:
    """Whether all elements are close; waits for the server."""
    return input.allclose(other, rtol, atol, equal_nan)


def equal(input: Tensor, other: Tensor) -> builtins.bool:
    """Whether shapes and elements are equal; waits for the server."""
    return input.equal(other)


def numel(input: Tensor) -> builtins.int:
    """The number of elements."""
    return input.numel()


def is_tensor(obj: Any) -> builtins.bool:
    """Whether it is a tensor."""
    return isinstance(obj, Tensor)


def is_floating_point(input: Tensor) -> builtins.bool:
    """Whether the dtype is a floating one."""
    return input.is_floating_point()


def is_nonzero(input: Tensor) -> builtins.bool:
    """Whether the only element is not zero."""
    return input.is_nonzero()


def detach_(input: Tensor) -> Tensor:
    """Takes a tensor out of the graph, in place."""
    return input.detach_()


def adjoint(input: Tensor) -> Tensor:
    """The last two dimensions exchanged."""
    return input.mT
