"""Errors, as Python and PyTorch have them, with the server's reason and the line of the program that is at fault."""

from __future__ import annotations

from types import CodeType
from typing import Any, Dict, NamedTuple, Optional, Sequence, Tuple

import grpc

from ._proto import error_details_pb2, status_pb2

__all__ = [
    "AutogradError", "AutogradRuntimeError", "AutogradIndexError", "AutogradValueError", "AutogradTypeError", "AutogradNotImplementedError",
    "LinAlgError", "OutOfMemoryError", "AutogradConnectionError", "AutogradTimeoutError", "AutogradPermissionError", "SourceLocation",
]

_DETAILS_TRAILER = "grpc-status-details-bin"


class SourceLocation(NamedTuple):
    """A place in the caller's program."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} ({self.function})"


class AutogradError(Exception):
    """The server refused a command, or could not be reached.

    Commands are pipelined, so this may be raised by a later call than the one at fault: ``location`` tells which one that is. Every instance is
    also what PyTorch raises in the same place: RuntimeError, IndexError, ValueError, TypeError or NotImplementedError.
    """

    #: Name of the ErrorReason (errors.proto), "SHAPE_MISMATCH": branch on this, not on the text.
    reason: str = ""
    #: Name of the gRPC status code, "INVALID_ARGUMENT".
    code: str = "UNKNOWN"
    #: The server's text alone; where PyTorch raises the same error it is PyTorch's wording.
    server_message: str = ""
    #: What the server tells beside the text ("handle", "op").
    metadata: Dict[str, str]
    #: The op or call that failed first: "matmul", "backward".
    command: str = ""
    #: Where ``command`` was given, if that is known.
    location: Optional[SourceLocation] = None
    #: Whether what was waited for failed only because it depends on ``command``.
    is_dependency: bool = False
    #: For a backward that failed at a node of the graph: where that node was recorded, if that is still known.
    recorded_location: Optional[SourceLocation] = None
    #: Seconds after which trying again may help; None: it would not.
    retry_after: Optional[float] = None
    #: Further failures that the same call tells of.
    others: Sequence["AutogradError"] = ()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.metadata = {}


class AutogradRuntimeError(AutogradError, RuntimeError):
    """What PyTorch raises as RuntimeError."""


class AutogradIndexError(AutogradError, IndexError):
    """A dim or an index out of range."""


class AutogradValueError(AutogradError, ValueError):
    """A value that the op does not take."""


class AutogradTypeError(AutogradError, TypeError):
    """An argument of a type that the op does not take."""


class AutogradNotImplementedError(AutogradError, NotImplementedError):
    """No such op, dtype or derivative. NotImplementedError is a RuntimeError too."""


class LinAlgError(AutogradRuntimeError):
    """A matrix that has no such decomposition or inverse (torch.linalg.LinAlgError)."""


class OutOfMemoryError(AutogradRuntimeError):
    """A quota of the session's, or the server's memory, is used up (torch.OutOfMemoryError)."""


class AutogradConnectionError(AutogradError, ConnectionError):
    """The server cannot be reached, is gone, was restarted, or refuses work. The session is lost: connect again."""


class AutogradTimeoutError(AutogradError, TimeoutError):
    """The answer did not come before the deadline."""


class AutogradPermissionError(AutogradError, PermissionError):
    """No credentials, or the wrong ones."""


_BY_TORCH_TYPE = {
    "RuntimeError": AutogradRuntimeError,
    "IndexError": AutogradIndexError,
    "ValueError": AutogradValueError,
    "TypeError": AutogradTypeError,
    "NotImplementedError": AutogradNotImplementedError,
    "LinAlgError": LinAlgError,
    "_LinAlgError": LinAlgError,
}
_BY_CODE = {
    grpc.StatusCode.UNAVAILABLE.value[0]: AutogradConnectionError,
    grpc.StatusCode.DEADLINE_EXCEEDED.value[0]: AutogradTimeoutError,
    grpc.StatusCode.UNIMPLEMENTED.value[0]: AutogradNotImplementedError,
    grpc.StatusCode.UNAUTHENTICATED.value[0]: AutogradPermissionError,
    grpc.StatusCode.PERMISSION_DENIED.value[0]: AutogradPermissionError,
    grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]: OutOfMemoryError,
}
# The session is gone, so nothing that is sent to it can succeed any more.
_LOST = frozenset(("SESSION_NOT_FOUND", "SESSION_EXPIRED"))
_CODE_NAMES = {code.value[0]: code.name for code in grpc.StatusCode}

#: A place in the program before anybody asked which: a code object and the offset of an instruction.
Place = Optional[Tuple[CodeType, int]]


def locate(place: Place) -> Optional[SourceLocation]:
    """File and line of a place."""
    if place is None or place[0] is None:
        return None
    code, offset = place
    found = code.co_firstlineno
    for start, end, line in code.co_lines():
        if start <= offset < end and line is not None:
            found = line
            break
    return SourceLocation(code.co_filename, found, getattr(code, "co_qualname", code.co_name))


class Failure:
    """A failed command, as the server told of it."""

    __slots__ = ("seq", "command", "place", "status", "info", "recorded")

    def __init__(self, seq: int, command: str, place: Place, status: status_pb2.Status) -> None:
        self.seq = seq
        self.command = command
        self.place = place
        self.status = status
        self.info = _find(status, error_details_pb2.ErrorInfo) or error_details_pb2.ErrorInfo()
        self.recorded: Optional[Tuple[str, Place]] = None

    @property
    def reason(self) -> str:
        return self.info.reason

    @property
    def is_consequence(self) -> bool:
        return self.info.reason in ("DEPENDENCY_FAILED", "BATCH_STOPPED")

    @property
    def root_seq(self) -> int:
        return int(self.info.metadata.get("root_seq", self.seq)) if self.is_consequence else self.seq

    @property
    def recorded_by_seq(self) -> int:
        return int(self.info.metadata.get("recorded_by_seq", 0))

    def to_exception(self, root: Optional["Failure"] = None, others: Sequence[AutogradError] = ()) -> AutogradError:
        """The exception that tells it.

        Args:
            root: The failure that this one is a consequence of, if that is still known.
            others: Further failures to tell of.
        """
        if root is not None and root.seq != self.seq:
            return root._exception(self, others)
        return self._exception(self if self.is_consequence else None, others)

    def _exception(self, consequence: Optional["Failure"], others: Sequence[AutogradError]) -> AutogradError:
        reason, code = self.reason, self.status.code
        if self.is_consequence and "root_reason" in self.info.metadata:
            reason = self.info.metadata["root_reason"]
        kind = _BY_TORCH_TYPE.get(self.info.metadata.get("torch_type", ""))
        if kind is None or reason.startswith("QUOTA_"):
            kind = AutogradConnectionError if reason in _LOST else _BY_CODE.get(code, AutogradRuntimeError)
        location = locate(self.place)
        recorded = locate(self.recorded[1]) if self.recorded else None
        text = self.status.message
        if self.command:
            text += f"\n  in '{self.command}'" + (f" at {location}" if location else "")
        if self.recorded:
            text += f"\n  at a node that '{self.recorded[0]}' recorded" + (f" at {recorded}" if recorded else "")
        if consequence is not None and consequence.command and consequence.seq != self.seq:
            place = locate(consequence.place)
            text += f"\n  on which '{consequence.command}'" + (f" at {place}" if place else "") + " depends"
        error = kind(text)
        error.reason = reason
        error.code = _CODE_NAMES.get(code, "UNKNOWN")
        error.server_message = self.status.message
        error.metadata = dict(self.info.metadata)
        error.command = self.command
        error.location = location
        error.recorded_location = recorded
        error.is_dependency = consequence is not None
        error.others = tuple(others)
        retry = _find(self.status, error_details_pb2.RetryInfo)
        if retry is not None and retry.HasField("retry_delay"):
            error.retry_after = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
        return error


def status_of(error: grpc.RpcError) -> status_pb2.Status:
    """What a failed call's trailers say, or its bare status."""
    try:
        for key, value in error.trailing_metadata() or ():  # type: ignore[attr-defined]
            if key == _DETAILS_TRAILER:
                return status_pb2.Status.FromString(value)
        code = error.code()  # type: ignore[attr-defined]
        return status_pb2.Status(code=code.value[0], message=error.details() or code.name)  # type: ignore[attr-defined]
    except Exception:  # an RpcError need not be a call; its text must do
        return status_pb2.Status(code=grpc.StatusCode.UNAVAILABLE.value[0], message=str(error))


def connection_failure(message: str, code: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE) -> Failure:
    """A failure that no server told."""
    return Failure(0, "", None, status_pb2.Status(code=code.value[0], message=message))


def raise_call(error: grpc.RpcError, command: str) -> Any:
    """Raises a failed unary call as what it is."""
    raise Failure(0, command, None, status_of(error)).to_exception() from None


class FailureLog:
    """Failures that nobody was told of, and those that later ones may be a consequence of. Bounded."""

    _UNTOLD_MAX = 64
    _ROOTS_MAX = 1024

    def __init__(self) -> None:
        self._untold: list = []
        self._roots: Dict[int, Failure] = {}

    def remember(self, failure: Failure) -> None:
        """Keeps a failure as a possible root of later ones."""
        if failure.is_consequence or failure.seq in self._roots:
            return
        self._roots[failure.seq] = failure
        if len(self._roots) > self._ROOTS_MAX:
            del self._roots[next(iter(self._roots))]

    def add(self, failure: Failure) -> None:
        """Keeps a failure until somebody waits for something."""
        self.remember(failure)
        # What follows from a failure that will be told anyway need not be told.
        if failure.is_consequence and any(f.root_seq == failure.root_seq for f in self._untold):
            return
        if len(self._untold) < self._UNTOLD_MAX:
            self._untold.append(failure)

    def take(self, seq: int, own: Optional[Failure]) -> Optional[AutogradError]:
        """The exception that who waited for command ``seq`` should get: earlier failures that nobody was told of first, then its own."""
        told = [f for f in self._untold if f.seq <= seq]
        if not told:
            return own.to_exception(self._roots.get(own.root_seq)) if own is not None else None
        self._untold = [f for f in self._untold if f.seq > seq]
        follows = own is not None and own.root_seq == told[0].root_seq
        if own is not None and all(f.root_seq != own.root_seq for f in told):
            told.append(own)
        others = [f.to_exception(self._roots.get(f.root_seq)) for f in told[1:]]
        first = self._roots.get(told[0].root_seq) if told[0].is_consequence else told[0]
        return (own if follows else told[0]).to_exception(first, others)  # type: ignore[union-attr]


def _find(status: status_pb2.Status, kind: Any) -> Any:
    # By the name's end: here the messages are named after this package, on the wire after Google's.
    for detail in status.details:
        if detail.type_url.rsplit(".", 1)[-1] == kind.DESCRIPTOR.name:
            return kind.FromString(detail.value)
    return None
