"""Tensors as PyTorch prints them (torch/_tensor_str.py with its default options)."""

from __future__ import annotations

import math
from typing import Any, List, Optional

import numpy as np

from . import _dtypes

_PRECISION = 4
_THRESHOLD = 1000
_EDGE = 3
_WIDTH = 80
_PREFIX = "tensor("


class _Format:
    """How the numbers of one tensor are written, all alike."""

    def __init__(self, values: np.ndarray, floating: bool) -> None:
        self.floating = floating
        self.integers = True
        self.scientific = False
        self.width = 1
        if not floating:
            self.width = max((len(str(v)) for v in values.tolist()), default=1)
            return
        finite = values[np.isfinite(values) & (values != 0)].astype(np.float64)
        if finite.size == 0:
            return
        sizes = np.abs(finite)
        low, high = float(sizes.min()), float(sizes.max())
        self.integers = bool((finite == np.ceil(finite)).all())
        self.scientific = high / low > 1000 or high > 1e8 or low < 1e-4
        self.width = max(len(self._text(v)) for v in finite.tolist())

    def _text(self, value: float) -> str:
        if self.scientific:
            return f"{value:.{_PRECISION}e}"
        return f"{value:.0f}." if self.integers else f"{value:.{_PRECISION}f}"

    def __call__(self, value: Any) -> str:
        if not self.floating:
            text = str(value)
        elif math.isnan(value):
            text = "nan"
        elif math.isinf(value):
            text = "inf" if value > 0 else "-inf"
        else:
            text = self._text(value)
        return text.rjust(self.width)


def _kept(size: int, summarize: bool) -> List[Optional[int]]:
    if summarize and size > 2 * _EDGE:
        return [*range(_EDGE), None, *range(size - _EDGE, size)]
    return list(range(size))


def _write(values: np.ndarray, form: _Format, summarize: bool, indent: int, dims: int) -> str:
    vector = values.ndim == 1
    per_line = max(1, (_WIDTH - indent) // (form.width + 2)) if vector else 1
    new_line = "," + "\n" * max(1, dims - 1) + " " * (indent + 1)
    out = ["["]
    for written, i in enumerate(_kept(values.shape[0], summarize)):
        if written:
            out.append(new_line if written % per_line == 0 else ", ")
        if i is None:
            out.append(" ..." if vector else "...")
        elif vector:
            out.append(form(values[i].item()))
        else:
            out.append(_write(values[i], form, summarize, indent + 1, dims - 1))
    return "".join(out) + "]"


def _shown(values: np.ndarray, summarize: bool) -> np.ndarray:
    if summarize:
        for axis, size in enumerate(values.shape):
            if size > 2 * _EDGE:
                values = np.take(values, [*range(_EDGE), *range(size - _EDGE, size)], axis)
    return values.reshape(-1)


def render(values: np.ndarray, dtype: _dtypes.dtype, requires_grad: bool = False, grad_fn: str = "", before: str = "") -> str:
    """A tensor's text.

    Args:
        values: Its elements.
        dtype: Its dtype, which ``values`` may only stand for.
        requires_grad: Whether it requires grad.
        grad_fn: Name of its graph node; empty: none.
        before: What stands above it.
    """
    suffixes = []
    if values.size == 0:
        body = "[]"
        if values.ndim != 1:
            suffixes.append(f"size=({', '.join(map(str, values.shape))})")
        if dtype is not _dtypes.float32:
            suffixes.append(f"dtype={dtype!r}")
    else:
        if dtype not in (_dtypes.float32, _dtypes.int64, _dtypes.bool):
            suffixes.append(f"dtype={dtype!r}")
        summarize = values.size > _THRESHOLD
        form = _Format(_shown(values, summarize), dtype.is_floating_point)
        body = form(values.item()) if values.ndim == 0 else _write(values, form, summarize, len(_PREFIX), values.ndim)
        if values.ndim == 0:
            body = body.strip()
    if grad_fn:
        suffixes.append(f"grad_fn=<{grad_fn.rsplit('::', 1)[-1]}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    text = _PREFIX + body
    length = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if length + len(suffix) + 2 > _WIDTH:
            text += ",\n" + " " * len(_PREFIX) + suffix
            length = len(_PREFIX) + len(suffix)
        else:
            text += ", " + suffix
            length += len(suffix) + 2
    return before + text + ")"
