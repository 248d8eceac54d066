"""torch.nn.functional: the functions of the catalogue, with Python's arguments where those differ from the schema's."""

from __future__ import annotations

from typing import Any, Optional

from .. import _ops
from .._calls import apply, call, in_place, ints
from .._ops import NAMESPACES
from .._tensor import Tensor

globals().update(NAMESPACES["functional"])


def _maybe(op: Any, input: Tensor, attributes: Any, inplace: bool) -> Tensor:
    return in_place(op, (input,), attributes) if inplace else call(op, (input,), attributes)


def _reduction(reduction: str, size_average: Optional[bool], reduce: Optional[bool]) -> str:
    # PyTorch's older arguments, which its functions still take.
    if size_average is None and reduce is None:
        return reduction
    if reduce is False:
        return "none"
    return "sum" if size_average is False else "mean"


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """The elements, negative ones as zero."""
    return _maybe(_ops.RELU, input, (), inplace)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """The elements, clamped to [0, 6]."""
    return _maybe(_ops.RELU6, input, (), inplace)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """alpha * (exp(x) - 1) for negative elements, else the elements."""
    return _maybe(_ops.ELU, input, (alpha, None, None), inplace)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """The scaled exponential linear unit."""
    return _maybe(_ops.SELU, input, (), inplace)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The continuously differentiable exponential linear unit."""
    return _maybe(_ops.CELU, input, (alpha,), inplace)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x * sigmoid(x)."""
    return _maybe(_ops.SILU, input, (), inplace)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """x * tanh(softplus(x))."""
    return _maybe(_ops.MISH, input, (), inplace)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """The elements, clamped."""
    return _maybe(_ops.HARDTANH, input, (min_val, max_val), inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """x * relu6(x + 3) / 6."""
    return _maybe(_ops.HARDSWISH, input, (), inplace)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """relu6(x + 3) / 6."""
    return _maybe(_ops.HARDSIGMOID, input, (), inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """The elements, negative ones times a slope."""
    return _maybe(_ops.LEAKY_RELU, input, (negative_slope,), inplace)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """The elements above a threshold, a value elsewhere."""
    return _maybe(_ops.THRESHOLD, input, (threshold, value), inplace)


def rrelu(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False) -> Tensor:
    """The elements, negative ones times a random slope."""
    return _maybe(_ops.RRELU, input, (lower, upper, training), inplace)


def _dropout(op: Any) -> Any:
    def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        return _maybe(op, input, (p, training), inplace)

    return dropout


dropout = _dropout(_ops.DROPOUT)
dropout.__doc__ = """Zeroes elements with probability ``p`` and scales the others by 1 / (1 - p), in training."""
dropout1d, dropout2d, dropout3d = _dropout(_ops.DROPOUT1D), _dropout(_ops.DROPOUT2D), _dropout(_ops.DROPOUT3D)


def softmax(input: Tensor, dim: Optional[int] = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """exp(x) / sum(exp(x)) along a dimension."""
    return call(_ops.SOFTMAX, (input,), (_softmax_dim(input, dim), dtype))


def log_softmax(input: Tensor, dim: Optional[int] = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """The logarithm of softmax."""
    return call(_ops.LOG_SOFTMAX, (input,), (_softmax_dim(input, dim), dtype))


def softmin(input: Tensor, dim: Optional[int] = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """softmax of -x."""
    return call(_ops.SOFTMIN, (input,), (_softmax_dim(input, dim), dtype))


def _softmax_dim(input: Tensor, dim: Optional[int]) -> int:
    # What PyTorch does, with a warning, where no dim is given.
    return dim if dim is not None else 0 if input.ndim in (0, 1, 3) else 1


def linear(input: Tensor, weight: Tensor, bias: Optional[Tensor] = None) -> Tensor:
    """x @ weight.T + bias."""
    return call(_ops.LINEAR, (input, weight, bias), ()) if bias is not None else call(_ops.LINEAR, (input, weight), ())


def embedding(input: Tensor, weight: Tensor, padding_idx: Optional[int] = None, max_norm: Optional[float] = None, norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False) -> Tensor:
    """Rows of a table by their indices."""
    return apply(_ops.EMBEDDING, (weight, input), (padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse))


def cross_entropy(input: Tensor, target: Tensor, weight: Optional[Tensor] = None, size_average: Optional[bool] = None, ignore_index: int = -100, reduce: Optional[bool] = None, reduction: str = "mean", label_smoothing: float = 0.0) -> Tensor:
    """Cross entropy of logits with classes, or with their probabilities."""
    return call(_ops.CROSS_ENTROPY, (input, target, weight), (_reduction(reduction, size_average, reduce), ignore_index, label_smoothing))


def nll_loss(input: Tensor, target: Tensor, weight: Optional[Tensor] = None, size_average: Optional[bool] = None, ignore_index: int = -100, reduce: Optional[bool] = None, reduction: str = "mean") -> Tensor:
    """The negative log likelihood of classes."""
    return call(_ops.NLL_LOSS, (input, target, weight), (_reduction(reduction, size_average, reduce), ignore_index))


def binary_cross_entropy(input: Tensor, target: Tensor, weight: Optional[Tensor] = None, size_average: Optional[bool] = None, reduce: Optional[bool] = None, reduction: str = "mean") -> Tensor:
    """Cross entropy of probabilities with targets between 0 and 1."""
    return call(_ops.BINARY_CROSS_ENTROPY, (input, target, weight), (_reduction(reduction, size_average, reduce),))


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Optional[Tensor] = None, size_average: Optional[bool] = None, reduce: Optional[bool] = None, reduction: str = "mean", pos_weight: Optional[Tensor] = None) -> Tensor:
    """Cross entropy of logits with targets between 0 and 1."""
    return call(_ops.BINARY_CROSS_ENTROPY_WITH_LOGITS, (input, target, weight, pos_weight), (_reduction(reduction, size_average, reduce),))


def _loss(op: Any, name: str) -> Any:
    def loss(input: Tensor, target: Tensor, size_average: Optional[bool] = None, reduce: Optional[bool] = None, reduction: str = "mean") -> Tensor:
        return call(op, (input, target), (_reduction(reduction, size_average, reduce),))

    loss.__name__ = loss.__qualname__ = name
    return loss


mse_loss = _loss(_ops.MSE_LOSS, "mse_loss")
mse_loss.__doc__ = """Squared differences."""
l1_loss = _loss(_ops.L1_LOSS, "l1_loss")
l1_loss.__doc__ = """Absolute differences."""


def smooth_l1_loss(input: Tensor, target: Tensor, size_average: Optional[bool] = None, reduce: Optional[bool] = None, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """Squared differences where they are small, absolute ones elsewhere."""
    return call(_ops.SMOOTH_L1_LOSS, (input, target), (_reduction(reduction, size_average, reduce), beta))


def kl_div(input: Tensor, target: Tensor, size_average: Optional[bool] = None, reduce: Optional[bool] = None, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """The Kullback-Leibler divergence of log probabilities."""
    if reduction == "batchmean":
        return call(_ops.KL_DIV, (input, target), ("sum", log_target)) / input.size(0)
    return call(_ops.KL_DIV, (input, target), (_reduction(reduction, size_average, reduce), log_target))


def _max_pool(plain: Any, with_indices: Any, name: str) -> Any:
    def pool(input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False, return_indices: bool = False) -> Any:
        attributes = (ints(kernel_size), None if stride is None else ints(stride), ints(padding), ints(dilation), ceil_mode)
        return call(with_indices if return_indices else plain, (input,), attributes)

    pool.__name__ = pool.__qualname__ = name
    pool.__doc__ = """The largest element of each window; with ``return_indices`` also where it was."""
    return pool


max_pool1d = _max_pool(_ops.MAX_POOL1D, _ops.MAX_POOL1D_WITH_INDICES, "max_pool1d")
max_pool2d = _max_pool(_ops.MAX_POOL2D, _ops.MAX_POOL2D_WITH_INDICES, "max_pool2d")
max_pool3d = _max_pool(_ops.MAX_POOL3D, _ops.MAX_POOL3D_WITH_INDICES, "max_pool3d")


def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """Windows of images as columns."""
    return call(_ops.IM2COL, (input,), (ints(kernel_size), ints(dilation), ints(padding), ints(stride)))


def fold(input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """Columns as windows of images, summed where they overlap."""
    return call(_ops.COL2IM, (input,), (ints(output_size), ints(kernel_size), ints(dilation), ints(padding), ints(stride)))
