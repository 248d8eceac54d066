"""PyTorch's surface over an AutogradService server: tensors live on the server, commands are pipelined, gradients come back.

    import autograd_client as ag
    with ag.connect("localhost:50051"):
        w = ag.randn(5, 3, requires_grad=True)
        loss = (ag.ones(5) @ w).sum()
        loss.backward()
        print(w.grad.numpy())

``import autograd_client as torch`` runs ordinary PyTorch scripts of the supported ops.
"""

from __future__ import annotations

import math as _math
from typing import Any

from . import _ops, _dtypes
from ._dtypes import *  # noqa: F401,F403
from ._dtypes import dtype as dtype
from ._errors import *  # noqa: F401,F403
from ._tensor import GradientHook as GradientHook, Tensor as Tensor, device as device
from ._session import Session as Session, Usage as Usage, connect as connect, current_session as current_session
from . import _functions
from . import aio as aio, autograd as autograd, cuda as cuda, linalg as linalg, special as special
from .autograd import enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled
from . import nn as nn, optim as optim
from ._function import Function as Function, function as function
from ._functions import (
    adjoint, allclose, arange, as_tensor, asarray, atleast_1d, atleast_2d, atleast_3d, block_diag, broadcast_tensors, cartesian_prod, chain_matmul, detach_, einsum, empty, empty_like, equal,
    eye, from_dlpack, from_numpy, full, full_like, get_default_dtype, is_floating_point, is_nonzero, is_tensor, linspace, logspace, manual_seed, meshgrid, nonzero, norm, normal, numel,
    ones, ones_like, rand, rand_like, randint, randn, randn_like, randperm, scalar_tensor, set_default_dtype, split, tensor, tensordot, unique, unique_consecutive, where, zeros, zeros_like,
)

__version__ = "0.1.0"

pi, e, inf, nan = _math.pi, _math.e, _math.inf, _math.nan
strided, contiguous_format, preserve_format = "strided", "contiguous_format", "preserve_format"
FloatTensor, DoubleTensor, LongTensor = (
    lambda data: tensor(data, dtype=_dtypes.float32), lambda data: tensor(data, dtype=_dtypes.float64), lambda data: tensor(data, dtype=_dtypes.int64))

_generated = {name: value for name, value in vars(_ops).items() if callable(value) and not name.startswith("_") and name.islower() and getattr(value, "__module__", "") == _ops.__name__}
for _name, _value in _generated.items():
    globals().setdefault(_name, _value)
det, slogdet, inverse = _ops.linalg_det, _ops.linalg_slogdet, _ops.linalg_inv
matrix_power = _ops.linalg_matrix_power
del _name, _value


class Generator:
    """torch.Generator, for scripts that make one: random numbers belong to the session, so seeding it seeds the session."""

    def manual_seed(self, seed: int) -> "Generator":
        """Seeds the current session."""
        manual_seed(seed)
        return self


def synchronize() -> None:
    """Waits until every command given so far was run; see :meth:`Session.flush`."""
    current_session().flush()


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'autograd_client' has no attribute '{name}'")
