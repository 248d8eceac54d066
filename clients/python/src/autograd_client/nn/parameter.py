"""torch.nn.Parameter."""

from __future__ import annotations

from typing import Any

from .._tensor import Tensor, move


class Parameter(Tensor):
    """A tensor that a module counts among its parameters. A leaf that requires grad, of the memory of another tensor."""

    __slots__ = ()

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> "Parameter":
        if data is None:
            from .._functions import empty

            data = empty(0)
        shape = data._meta
        leaf = data.detach()
        if requires_grad:
            leaf.requires_grad_()
        result = move(leaf, cls)
        result._meta = shape
        return result
