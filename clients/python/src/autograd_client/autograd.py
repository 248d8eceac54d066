"""torch.autograd: gradients, grad mode, derivatives of functions, checks."""

from __future__ import annotations

import functools
from typing import Any, Callable, List, Optional, Sequence, Tuple, Union

from . import _autograd_functional as functional
from ._calls import new_tensor
from ._pipeline import number_bytes, number_of
from ._proto import command_pb2
from ._session import Session, current_session
from ._tensor import GradientHook as GradientHook, Tensor

__all__ = [
    "backward", "grad", "no_grad", "enable_grad", "set_grad_enabled", "inference_mode", "is_grad_enabled", "is_inference_mode_enabled",
    "detect_anomaly", "set_detect_anomaly", "gradcheck", "gradgradcheck", "GradcheckError", "functional", "forward_ad", "GradientHook",
]


class GradcheckError(RuntimeError):
    """Derivatives and finite differences do not agree."""


def tensors_of(value: Any) -> List[Any]:
    """A tensor or a sequence of them as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, Tensor) else list(value)


def handle(session: Session, tensor: Optional[Tensor]) -> int:
    """A tensor's handle as a number; 0 for None."""
    if tensor is None:
        return 0
    if not isinstance(tensor, Tensor):
        raise TypeError(f"expected a Tensor, not {type(tensor).__name__}")
    return number_of(session.handle_of(tensor))


def backward(tensors: Any, grad_tensors: Any = None, retain_graph: Optional[bool] = None, create_graph: bool = False, grad_variables: Any = None, inputs: Any = None) -> None:
    """Sums gradients of tensors into .grad of the leaves (torch.autograd.backward). Returns at once.

    Args:
        tensors: A tensor or tensors to differentiate.
        grad_tensors: A gradient for each, None where it has one element; None: none at all.
        retain_graph: Whether saved tensors stay, so that backward can run again; None: as ``create_graph``.
        create_graph: Whether the gradients are themselves recorded.
        grad_variables: PyTorch's older name of ``grad_tensors``.
        inputs: A tensor or tensors to accumulate into, and no others.

    Raises:
        RuntimeError: ``inputs`` is empty.
        AutogradError: GRAD_OUTPUT_REQUIRED, NO_GRAD_PATH, GRAPH_FREED, TENSOR_MODIFIED; told by the next call that waits.
    """
    roots = tensors_of(tensors)
    if not roots:
        return
    session = roots[0]._s
    command = command_pb2.Backward(roots=[handle(session, r) for r in roots], create_graph=create_graph, detect_anomaly=session.anomaly)
    given = tensors_of(grad_tensors if grad_tensors is not None else grad_variables)
    command.grad_outputs.extend(handle(session, g) for g in given)
    if retain_graph is not None:
        command.retain_graph = retain_graph
    if inputs is not None:
        into = tensors_of(inputs)
        if not into:
            raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
        command.inputs.handles.extend(handle(session, i) for i in into)
    session.give(command_pb2.Command(backward=command), "backward")


def grad(outputs: Any, inputs: Any, grad_outputs: Any = None, retain_graph: Optional[bool] = None, create_graph: bool = False, only_inputs: bool = True,
         allow_unused: Optional[bool] = None, is_grads_batched: bool = False, materialize_grads: bool = False) -> Tuple[Optional[Tensor], ...]:
    """Gradients of outputs with respect to inputs, as new tensors (torch.autograd.grad). Touches no .grad.

    Args:
        outputs: A tensor or tensors to differentiate.
        inputs: A tensor or tensors to differentiate with respect to.
        grad_outputs: A gradient for each output, None where it has one element.
        retain_graph: Whether saved tensors stay; None: as ``create_graph``.
        create_graph: Whether the gradients are themselves recorded.
        only_inputs: Must be True.
        allow_unused: Gives None for an input that the outputs do not depend on, which waits for the server; else that is an error.
        is_grads_batched: ``grad_outputs`` hold several cotangents, stacked along a new first dimension; so do the results.
        materialize_grads: Gives zeros rather than None.

    Returns:
        A gradient for each input.

    Raises:
        AutogradError: NO_GRAD_PATH and what ``backward`` raises; told by the next call that waits.
    """
    if not only_inputs:
        raise ValueError("only_inputs argument must be True")
    if materialize_grads and allow_unused is False:
        raise ValueError("Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.")
    roots, leaves = tensors_of(outputs), tensors_of(inputs)
    if not leaves:
        raise ValueError("grad requires non-empty inputs.")
    if not roots:
        raise ValueError("grad requires non-empty outputs.")
    session = roots[0]._s
    unused = bool(allow_unused) and not materialize_grads
    results = [] if unused else [new_tensor(session, session.pipe.new_handle()) for _ in leaves]
    command = command_pb2.ComputeGradients(
        outputs=[handle(session, o) for o in roots], inputs=[handle(session, i) for i in leaves], grad_outputs=[handle(session, g) for g in tensors_of(grad_outputs)],
        create_graph=create_graph, allow_unused=unused, materialize_grads=materialize_grads, is_grads_batched=is_grads_batched, out=[number_of(r._v) for r in results], detect_anomaly=session.anomaly)
    if retain_graph is not None:
        command.retain_graph = retain_graph
    if not unused:
        session.give(command_pb2.Command(compute_gradients=command), "grad")
        return tuple(results)
    answer = session.pipe.finish(session.ask(command_pb2.Command(compute_gradients=command), "grad"))
    return tuple(session.adopt(g.tensor) if g.HasField("tensor") else None for g in answer.gradients.gradients)


# -- modes


class _Mode:
    """A mode that can be entered with ``with``, called, or put before a function."""

    def __init__(self) -> None:
        self._entered: List[Tuple[Session, Any]] = []

    def _set(self, session: Session) -> Any:
        raise NotImplementedError

    def __enter__(self) -> Any:
        session = current_session()
        self._entered.append((session, self._set(session)))
        return self

    def __exit__(self, *_: Any) -> None:
        session, before = self._entered.pop()
        session.set_modes(*before)

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def inside(*args: Any, **kwargs: Any) -> Any:
            with self.clone():
                return function(*args, **kwargs)

        return inside

    def clone(self) -> "_Mode":
        return type(self)()


class no_grad(_Mode):
    """Turns recording off (torch.no_grad), in the current session, in a ``with`` block or in a function. It is a field of each command."""

    def __new__(cls, function: Optional[Callable[..., Any]] = None) -> Any:
        mode = super().__new__(cls)
        if function is None:
            return mode
        mode.__init__()  # type: ignore[misc]
        return mode(function)

    def _set(self, session: Session) -> Any:
        return session.set_modes(False, session.inference)


class enable_grad(no_grad):
    """Turns recording on inside :class:`no_grad` (torch.enable_grad)."""

    def _set(self, session: Session) -> Any:
        return session.set_modes(True, session.inference)


class inference_mode(_Mode):
    """Turns recording off, and makes tensors that can never be used in autograd (torch.inference_mode)."""

    def __init__(self, mode: bool = True) -> None:
        super().__init__()
        self.mode = mode

    def _set(self, session: Session) -> Any:
        return session.set_modes(not self.mode and session.grad_enabled, self.mode)

    def clone(self) -> "_Mode":
        return type(self)(self.mode)


class set_grad_enabled(_Mode):
    """Sets whether commands are recorded (torch.set_grad_enabled): at once, and until the end of a ``with`` block if it begins one."""

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = bool(mode)
        session = current_session()
        self._before: Any = session.set_modes(self.mode, session.inference)

    def _set(self, session: Session) -> Any:
        before = self._before if self._before is not None else (session.grad_enabled, session.inference)
        self._before = None
        session.set_modes(self.mode, session.inference)
        return before

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        current_session().set_modes(*self._before)
        return super().__call__(function)

    def clone(self) -> "_Mode":
        return type(self)(self.mode)


def is_grad_enabled() -> bool:
    """Whether commands of the current session are recorded."""
    return current_session().grad_enabled


def is_inference_mode_enabled() -> bool:
    """Whether the current session is in inference mode."""
    return current_session().inference


class set_detect_anomaly:
    """Makes backward fail at the first node that makes a NaN, naming the line that recorded it (torch.autograd.set_detect_anomaly). At once, and until the end of a ``with`` block if it begins one."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._session = current_session()
        self._before = self._session.anomaly
        self._switch(mode and check_nan)

    def _switch(self, mode: bool) -> None:
        if mode != self._session.anomaly:
            self._session.pipe.keeps += 1 if mode else -1
        self._session.anomaly = mode

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: Any) -> None:
        self._switch(self._before)


class detect_anomaly(set_detect_anomaly):
    """As :class:`set_detect_anomaly` with True, for a ``with`` block."""

    def __init__(self, check_nan: bool = True) -> None:
        self._session = current_session()
        self._check = check_nan

    def __enter__(self) -> None:
        self._before = self._session.anomaly
        self._switch(self._check)


# -- checks


def _check(name: str, second_order: bool, func: Callable[..., Any], inputs: Any, grad_outputs: Any, raise_exception: bool, **options: Any) -> bool:
    from ._trace import record

    given = tensors_of(inputs)
    session = given[0]._s if given else current_session()
    segment, used, _ = record(session, func, given)
    command = command_pb2.CheckGradients(segment=segment, inputs=[handle(session, i) for i in given], second_order=second_order, grad_outputs=[handle(session, g) for g in tensors_of(grad_outputs)], **options)
    check = session.pipe.finish(session.ask(command_pb2.Command(check_gradients=command), name)).gradient_check
    del used
    if not check.passed and raise_exception:
        raise GradcheckError(check.message)
    return check.passed


def gradcheck(func: Callable[..., Any], inputs: Any, *, eps: float = 1e-6, atol: float = 1e-5, rtol: float = 1e-3, raise_exception: bool = True, nondet_tol: float = 0.0,
              check_forward_ad: bool = False, fast_mode: bool = False, **unused: Any) -> bool:
    """Compares a function's derivatives with finite differences, on the server (torch.autograd.gradcheck).

    Args:
        func: Only ops on tensors: it is recorded, and run by the server.
        inputs: A tensor or tensors; those that require grad are differentiated. float64, or rounding alone fails the check.
        eps: Step of the differences.
        atol: Absolute tolerance.
        rtol: Relative tolerance.
        raise_exception: Raises if they do not agree.
        nondet_tol: How far two runs of the same backward may differ.
        check_forward_ad: Compares forward mode too.
        fast_mode: Compares a random projection of each Jacobian.
        unused: PyTorch's other options, which do not matter here.

    Returns:
        Whether they agree.

    Raises:
        GradcheckError: They do not.
    """
    return _check("gradcheck", False, func, inputs, None, raise_exception, eps=eps, atol=atol, rtol=rtol, nondet_tol=nondet_tol, check_forward_ad=check_forward_ad, fast_mode=fast_mode)


def gradgradcheck(func: Callable[..., Any], inputs: Any, grad_outputs: Any = None, *, eps: float = 1e-6, atol: float = 1e-5, rtol: float = 1e-3, raise_exception: bool = True,
                  nondet_tol: float = 0.0, fast_mode: bool = False, **unused: Any) -> bool:
    """As :func:`gradcheck`, for second derivatives (torch.autograd.gradgradcheck)."""
    return _check("gradgradcheck", True, func, inputs, grad_outputs, raise_exception, eps=eps, atol=atol, rtol=rtol, nondet_tol=nondet_tol, fast_mode=fast_mode)


class forward_ad:
    """torch.autograd.forward_ad: tangents that every op pushes on."""

    class dual_level:
        """The session's level of forward mode; its end drops all tangents."""

        def __enter__(self) -> int:
            self._session = current_session()
            self._session.give(command_pb2.Command(set_dual_level=command_pb2.SetDualLevel(entered=True)), "dual_level")
            return 0

        def __exit__(self, *_: Any) -> None:
            self._session.give(command_pb2.Command(set_dual_level=command_pb2.SetDualLevel()), "dual_level")

    class UnpackedDualTensor(Tuple[Tensor, Optional[Tensor]]):
        """A primal and its tangent."""

        primal = property(lambda self: self[0])
        tangent = property(lambda self: self[1])

    @staticmethod
    def make_dual(tensor: Tensor, tangent: Tensor, *, level: Any = None) -> Tensor:
        """A tensor with the value and history of one and another as its tangent."""
        session = tensor._s
        out = new_tensor(session, session.pipe.new_handle())
        session.give(command_pb2.Command(make_dual=command_pb2.MakeDual(primal=handle(session, tensor), tangent=handle(session, tangent), out=number_of(out._v))), "make_dual")
        return out

    @staticmethod
    def unpack_dual(tensor: Tensor, *, level: Any = None) -> "forward_ad.UnpackedDualTensor":
        """The value and the tangent of a tensor, which is None if none arrived; waits for the server."""
        session = tensor._s
        unpack = command_pb2.UnpackDual(tensor=handle(session, tensor))
        outputs = session.pipe.finish(session.ask(command_pb2.Command(unpack_dual=unpack), "unpack_dual")).outputs.tensors
        parts = [session.adopt(o) for o in outputs]
        return forward_ad.UnpackedDualTensor((parts[0], parts[1] if len(parts) > 1 else None))
