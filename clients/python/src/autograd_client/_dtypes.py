"""Element types, under PyTorch's names."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "dtype", "float32", "float", "float64", "double", "float16", "half", "bfloat16", "int64", "long", "int32", "int", "int16", "short",
    "int8", "uint8", "bool", "Size", "finfo", "iinfo",
]

_int, _float, _bool = int, float, bool


class dtype:
    """An element type (torch.dtype). There is one object for each; compare with ``is`` or ``==``."""

    __slots__ = ("name", "code", "itemsize", "is_floating_point", "numpy")
    is_complex = False
    is_signed: Any

    def __init__(self, name: str, code: _int, itemsize: _int, floating: _bool, numpy: Any) -> None:
        self.name = name
        self.code = code
        self.itemsize = itemsize
        self.is_floating_point = floating
        #: The numpy dtype whose elements are laid out alike; uint16 for bfloat16, which numpy lacks.
        self.numpy = np.dtype(numpy).newbyteorder("<") if np.dtype(numpy).itemsize > 1 else np.dtype(numpy)

    def __repr__(self) -> str:
        return "torch." + self.name

    def __reduce__(self) -> str:
        return self.name


float32 = float = dtype("float32", 1, 4, True, np.float32)  # type: ignore[misc]
float64 = double = dtype("float64", 2, 8, True, np.float64)
int64 = long = dtype("int64", 3, 8, False, np.int64)
int32 = int = dtype("int32", 4, 4, False, np.int32)  # type: ignore[misc]
bool = dtype("bool", 5, 1, False, np.bool_)  # type: ignore[misc]
uint8 = dtype("uint8", 6, 1, False, np.uint8)
int8 = dtype("int8", 7, 1, False, np.int8)
int16 = short = dtype("int16", 8, 2, False, np.int16)
float16 = half = dtype("float16", 9, 2, True, np.float16)
bfloat16 = dtype("bfloat16", 10, 2, True, np.uint16)

ALL = (float32, float64, int64, int32, bool, uint8, int8, int16, float16, bfloat16)
BY_CODE = {d.code: d for d in ALL}
BY_NUMPY = {d.numpy: d for d in ALL if d is not bfloat16}
BY_NAME = {d.name: d for d in ALL}
#: Python's types as dtypes, as PyTorch takes them.
BY_TYPE = {_float: float32, _int: int64, _bool: bool}


def as_dtype(value: Any) -> dtype:
    """The dtype that a dtype, a Python type or a numpy dtype stands for.

    Raises:
        TypeError: It stands for none.
    """
    if isinstance(value, dtype):
        return value
    if value in BY_TYPE:
        return BY_TYPE[value]
    try:
        return BY_NUMPY[np.dtype(value)]
    except (TypeError, KeyError):
        raise TypeError(f"dtype must be a torch.dtype, not {type(value).__name__}") from None


class Size(tuple):
    """The sizes of a tensor's dimensions, outermost first (torch.Size)."""

    __slots__ = ()

    def numel(self) -> _int:
        """The number of elements."""
        count = 1
        for size in self:
            count *= size
        return count

    def __getitem__(self, index: Any) -> Any:
        item = tuple.__getitem__(self, index)
        return Size(item) if isinstance(index, slice) else item

    def __add__(self, other: Any) -> "Size":
        return Size(tuple.__add__(self, tuple(other)))

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"


class finfo:
    """Limits of a floating dtype (torch.finfo): bits, eps, max, min, tiny, smallest_normal, resolution."""

    def __init__(self, type: Any = None) -> None:
        which = float32 if type is None else as_dtype(type)
        if not which.is_floating_point:
            raise TypeError(f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle '{which.name}'")
        self.dtype = which.name
        if which is bfloat16:
            self.bits, self.eps, self.max, self.tiny, self.resolution = 16, 2.0**-7, (2.0 - 2.0**-7) * 2.0**127, 2.0**-126, 0.01
        else:
            info = np.finfo(which.numpy)
            self.bits, self.eps, self.max, self.tiny, self.resolution = info.bits, _float(info.eps), _float(info.max), _float(info.tiny), _float(info.resolution)
        self.min = -self.max
        self.smallest_normal = self.tiny


class iinfo:
    """Limits of an integer dtype (torch.iinfo): bits, max, min."""

    def __init__(self, type: Any) -> None:
        which = as_dtype(type)
        if which.is_floating_point or which is bool:
            raise TypeError(f"torch.iinfo() requires an integer input type. Use torch.finfo to handle '{which.name}'")
        info = np.iinfo(which.numpy)
        self.dtype, self.bits, self.max, self.min = which.name, info.bits, _int(info.max), _int(info.min)


def to_bfloat16(values: np.ndarray) -> np.ndarray:
    """float32 values as the bits of bfloat16: to nearest, ties to even; a NaN stays a quiet one."""
    values = np.asarray(values, np.float32)
    bits = np.ascontiguousarray(values).reshape(-1).view(np.uint32).reshape(values.shape)
    rounded = ((bits + (0x7FFF + ((bits >> 16) & 1))) >> 16).astype(np.uint16)
    return np.where(np.isnan(values), ((bits >> 16) | 0x40).astype(np.uint16), rounded)


def from_bfloat16(bits: np.ndarray) -> np.ndarray:
    """The bits of bfloat16 as float32."""
    return (bits.reshape(-1).astype(np.uint32) << 16).view(np.float32).reshape(bits.shape)
