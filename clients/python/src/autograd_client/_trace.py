"""Functions that are recorded rather than run: what they call becomes the steps of a Segment, which the server runs, once or often."""

from __future__ import annotations

import threading
from typing import Any, Callable, List, Sequence, Tuple

from ._calls import Op, apply_op_bytes, message
from ._proto import command_pb2
from ._pipeline import number_of
from ._session import CLOSED, Session
from ._tensor import Tensor


class TracedTensor(Tensor):
    """A tensor within a recorded function. It has no value."""

    __slots__ = ()

    def __del__(self) -> None:
        """Nothing of it is on the server."""


class Trace:
    """A function while it is recorded."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.thread = threading.get_ident()
        self.steps: List[bytes] = []
        self.used: List[Tensor] = []
        self._made: List[TracedTensor] = []

    def new(self) -> TracedTensor:
        tensor = object.__new__(TracedTensor)
        tensor._s = self.session
        tensor._v = self.session.pipe.new_handle()
        tensor._meta = None
        self._made.append(tensor)
        return tensor

    def end(self) -> None:
        """Makes what was made unusable outside."""
        for tensor in self._made:
            tensor._s = CLOSED

    def apply(self, op: Op, operands: Sequence[Any], extra: bytes, in_place: bool, requires_grad: bool) -> Any:
        """Adds a step."""
        if op.outputs is None:
            self.session.refuse_in_trace(op.name)
        if self.session.inference:
            self.session.refuse_in_trace("inference_mode")
        outs = [] if in_place else [self.new() for _ in op.outputs or ()]
        for operand in operands:
            for tensor in operand if isinstance(operand, (tuple, list)) else (operand,):
                if isinstance(tensor, Tensor) and not isinstance(tensor, TracedTensor):
                    self.used.append(tensor)
        inner = apply_op_bytes(op, self.session, operands, extra, [o._v for o in outs], in_place, requires_grad)
        self.steps.append(message(2, message(1, inner) + (b"" if self.session.grad_enabled else b"\x10\x01")))
        if in_place:
            return operands[0]
        return op.result_type(*outs) if op.result_type is not None else outs[0]


def record(session: Session, function: Callable[..., Any], inputs: Sequence[Any]) -> Tuple[command_pb2.Segment, List[Tensor], bool]:
    """Records a function.

    Args:
        session: The session.
        function: Takes as many tensors as there are inputs; gives a tensor or a sequence of them.
        inputs: What it will be given: tensors, or whatever has a shape and a dtype.

    Returns:
        The segment, the session's own tensors that it uses (to be kept until it was given), and whether it gives a sequence.

    Raises:
        RuntimeError: It reads a value, or does anything else that is no op.
        TypeError: It gives something else than tensors.
    """
    session.refuse_in_trace("recording another function")
    if session.trace is not None:
        raise RuntimeError("another thread records a function in this session")
    trace = Trace(session)
    modes = session.set_modes(True, False)
    session.trace = trace
    session.update_modes()
    try:
        parameters = [trace.new() for _ in inputs]
        for parameter, given_ in zip(parameters, inputs):
            # What is known already may be asked for inside.
            parameter._meta = (given_.shape, given_.dtype) if not isinstance(given_, Tensor) else given_._meta
        given = function(*parameters)
        many = isinstance(given, (tuple, list))
        results = list(given) if many else [given]
        for result in results:
            if not isinstance(result, Tensor):
                raise TypeError(f"The outputs of the user-provided function must be Tensors or a tuple of Tensors, not {type(result).__name__}")
            if not isinstance(result, TracedTensor):
                trace.used.append(result)
        segment = command_pb2.Segment.FromString(b"".join(trace.steps))
        segment.parameters.extend(number_of(p._v) for p in parameters)
        segment.results.extend(number_of(session.handle_of(r)) for r in results)
    finally:
        session.trace = None
        session.set_modes(*modes)
        trace.end()
    return segment, trace.used, many
