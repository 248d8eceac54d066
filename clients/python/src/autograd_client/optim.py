"""torch.optim: optimizers as objects. Their state lives on the server; a step asks it once which parameters have a gradient."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from ._calls import new_tensor, place_of_caller
from ._functions import zeros_like
from ._tensor import Tensor
from .autograd import enable_grad, no_grad
from .nn.modules import zero_grad

__all__ = ["Optimizer", "SGD", "Adam", "AdamW", "RMSprop"]


class Optimizer:
    """What all optimizers have in common (torch.optim.Optimizer)."""

    def __init__(self, params: Iterable[Any], defaults: Dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError("params argument given to the optimizer should be an iterable of Tensors or dicts, but got " + type(params).__name__)
        given = list(params)
        if not given:
            raise ValueError("optimizer got an empty parameter list")
        self.defaults = defaults
        self.state: Dict[Tensor, Dict[str, Any]] = defaultdict(dict)
        self.param_groups: List[Dict[str, Any]] = []
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    def add_param_group(self, param_group: Dict[str, Any]) -> None:
        """Adds parameters with settings of their own."""
        members = param_group["params"]
        members = [members] if isinstance(members, Tensor) else list(members)
        for member in members:
            if not isinstance(member, Tensor):
                raise TypeError("optimizer can only optimize Tensors, but one of the params is " + type(member).__name__)
        self.param_groups.append({**self.defaults, **param_group, "params": members})

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Resets .grad of all parameters, in one command."""
        zero_grad([p for group in self.param_groups for p in group["params"]], set_to_none)

    def step(self, closure: Optional[Callable[[], Any]] = None) -> Any:
        """Changes the parameters by their gradients; those without one stay as they are.

        Args:
            closure: Computes the loss anew and runs backward.

        Returns:
            What the closure gives.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            for group in self.param_groups:
                pairs = _with_gradients(group["params"])
                if pairs:
                    self._update(group, pairs)
        return loss

    def _update(self, group: Dict[str, Any], pairs: List[Tuple[Tensor, Tensor]]) -> None:
        raise NotImplementedError


def _with_gradients(parameters: List[Tensor]) -> List[Tuple[Tensor, Tensor]]:
    # One round trip for all: which have a gradient, and by what handle.
    asked = []
    place = place_of_caller()
    for parameter in parameters:
        session = parameter._s
        handle = session.pipe.new_handle()
        asked.append((parameter, handle, session.pipe.ask((b"\xaa\x01\x10\x08" + session.handle_of(parameter) + b"\x10" + handle,), "step", place, urge=False)))
    if asked:
        pipe = asked[0][0]._s.pipe
        with pipe.lock:
            pipe.seal()
    return [(p, new_tensor(p._s, handle)) for p, handle, waiter in asked if p._s.pipe.finish(waiter).outputs.tensors]


def _positive(name: str, value: float) -> None:
    if value < 0.0:
        raise ValueError(f"Invalid {name}: {value}")


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum, dampening, weight decay and Nesterov's variant (torch.optim.SGD)."""

    def __init__(self, params: Iterable[Any], lr: float = 1e-3, momentum: float = 0.0, dampening: float = 0.0, weight_decay: float = 0.0, nesterov: bool = False, *, maximize: bool = False) -> None:
        _positive("learning rate", lr)
        _positive("momentum value", momentum)
        _positive("weight_decay value", weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        super().__init__(params, dict(lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov, maximize=maximize))

    def _update(self, group: Dict[str, Any], pairs: List[Tuple[Tensor, Tensor]]) -> None:
        for parameter, gradient in pairs:
            if group["maximize"]:
                gradient = -gradient
            if group["weight_decay"] != 0:
                gradient = gradient.add(parameter, alpha=group["weight_decay"])
            if group["momentum"] != 0:
                state = self.state[parameter]
                buffer = state.get("momentum_buffer")
                if buffer is None:
                    buffer = state["momentum_buffer"] = gradient.detach().clone()
                else:
                    buffer.mul_(group["momentum"]).add_(gradient, alpha=1 - group["dampening"])
                gradient = gradient.add(buffer, alpha=group["momentum"]) if group["nesterov"] else buffer
            parameter.add_(gradient, alpha=-group["lr"])


class Adam(Optimizer):
    """Adam (torch.optim.Adam)."""

    _decoupled = False

    def __init__(self, params: Iterable[Any], lr: float = 1e-3, betas: Tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.0, amsgrad: bool = False, *, maximize: bool = False) -> None:
        _positive("learning rate", lr)
        _positive("epsilon value", eps)
        _positive("weight_decay value", weight_decay)
        for i, beta in enumerate(betas):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"Invalid beta parameter at index {i}: {beta}")
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize))

    def _update(self, group: Dict[str, Any], pairs: List[Tuple[Tensor, Tensor]]) -> None:
        beta1, beta2 = group["betas"]
        for parameter, gradient in pairs:
            if group["maximize"]:
                gradient = -gradient
            state = self.state[parameter]
            if not state:
                state["step"] = 0
                state["exp_avg"], state["exp_avg_sq"] = zeros_like(parameter), zeros_like(parameter)
                if group["amsgrad"]:
                    state["max_exp_avg_sq"] = zeros_like(parameter)
            state["step"] += 1
            if group["weight_decay"] != 0:
                if self._decoupled:
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                else:
                    gradient = gradient.add(parameter, alpha=group["weight_decay"])
            mean = state["exp_avg"].lerp_(gradient, 1 - beta1)
            square = state["exp_avg_sq"].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
            if group["amsgrad"]:
                square = state["max_exp_avg_sq"]
                square.copy_(square.maximum(state["exp_avg_sq"]))
            denominator = (square.sqrt() / math.sqrt(1 - beta2 ** state["step"])).add_(group["eps"])
            parameter.addcdiv_(mean, denominator, value=-group["lr"] / (1 - beta1 ** state["step"]))


class AdamW(Adam):
    """Adam with decoupled weight decay (torch.optim.AdamW)."""

    _decoupled = True

    def __init__(self, params: Iterable[Any], lr: float = 1e-3, betas: Tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 1e-2, amsgrad: bool = False, *, maximize: bool = False) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)


class RMSprop(Optimizer):
    """RMSprop, centered or not, with momentum (torch.optim.RMSprop)."""

    def __init__(self, params: Iterable[Any], lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0, momentum: float = 0.0, centered: bool = False, *, maximize: bool = False) -> None:
        _positive("learning rate", lr)
        _positive("epsilon value", eps)
        _positive("momentum value", momentum)
        _positive("weight_decay value", weight_decay)
        _positive("alpha value", alpha)
        super().__init__(params, dict(lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum, centered=centered, maximize=maximize))

    def _update(self, group: Dict[str, Any], pairs: List[Tuple[Tensor, Tensor]]) -> None:
        for parameter, gradient in pairs:
            if group["maximize"]:
                gradient = -gradient
            state = self.state[parameter]
            if not state:
                state["square_avg"] = zeros_like(parameter)
            if group["weight_decay"] != 0:
                gradient = gradient.add(parameter, alpha=group["weight_decay"])
            square = state["square_avg"].mul_(group["alpha"]).addcmul_(gradient, gradient, value=1 - group["alpha"])
            if group["centered"]:
                mean = state.setdefault("grad_avg", None)
                mean = state["grad_avg"] = zeros_like(parameter) if mean is None else mean
                mean.lerp_(gradient, 1 - group["alpha"])
                square = square.addcmul(mean, mean, value=-1)
            root = square.sqrt().add_(group["eps"])
            if group["momentum"] > 0:
                buffer = state.setdefault("momentum_buffer", None)
                buffer = state["momentum_buffer"] = zeros_like(parameter) if buffer is None else buffer
                buffer.mul_(group["momentum"]).addcdiv_(gradient, root)
                parameter.add_(buffer, alpha=-group["lr"])
            else:
                parameter.addcdiv_(gradient, root, value=-group["lr"])
