"""torch.linalg."""

from typing import Any, List

from . import _ops
from ._calls import apply
from ._errors import LinAlgError as LinAlgError
from ._ops import NAMESPACES
from ._tensor import Tensor

globals().update(NAMESPACES["linalg"])


def multi_dot(tensors: List[Tensor]) -> Tensor:
    """The product of matrices, in the order that costs least."""
    return apply(_ops.LINALG_MULTI_DOT, (list(tensors),))


def __getattr__(name: str) -> Any:
    raise AttributeError(f"torch.linalg has no '{name}' here")
