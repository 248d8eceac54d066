"""torch.special."""

from typing import Any

from ._ops import NAMESPACES

globals().update(NAMESPACES["special"])


def __getattr__(name: str) -> Any:
    raise AttributeError(f"torch.special has no '{name}' here")
