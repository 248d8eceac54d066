"""Sessions: the connection to a server, and what of a program's state belongs to it."""

from __future__ import annotations

import atexit
import ipaddress
import os
import threading
import weakref
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple, Union

import grpc

from . import _calls, _dtypes
from ._calls import message, new_tensor, place_of_caller
from ._errors import AutogradError, AutogradTimeoutError, Place, raise_call
from ._pipeline import LargeTensor, Pipeline, Waiter, number_bytes, number_of, parse_response, varint
from ._proto import autograd_pb2, catalog_pb2, command_pb2, session_pb2

__all__ = ["Session", "Usage", "connect", "current_session"]

_PATIENCE = 5.0
_PIECE_BYTES = 32 << 20
_catalogs: Dict[str, Dict[str, Tuple[int, Any]]] = {}
_open: List["Session"] = []


class Usage:
    """What a session uses: bytes, peak_bytes, tensors, nodes, queued_commands, commands_applied, hooks, poisoned; and what was done for it:
    compute_seconds (of the server's threads, by the clock), flops, backward_calls, function_calls, received_bytes, sent_bytes."""

    def __init__(self, usage: session_pb2.Usage) -> None:
        self.bytes: int = usage.bytes
        self.peak_bytes: int = usage.peak_bytes
        self.tensors: int = usage.tensors
        self.nodes: int = usage.nodes
        self.queued_commands: int = usage.queued_commands
        self.commands_applied: int = usage.commands_applied
        self.hooks: int = usage.hooks
        self.poisoned: int = usage.poisoned
        self.compute_seconds: float = usage.compute_time.ToTimedelta().total_seconds()
        self.flops: int = usage.flops
        self.backward_calls: int = usage.backward_calls
        self.function_calls: int = usage.function_calls
        self.received_bytes: int = usage.received_bytes
        self.sent_bytes: int = usage.sent_bytes

    def __repr__(self) -> str:
        return "Usage(" + ", ".join(f"{k}={v}" for k, v in vars(self).items()) + ")"


class Session:
    """A session on an AutogradService server, which holds its tensors, gradients and graph.

    Calls that make tensors return at once: commands are pipelined, and what went wrong is told by the next call that waits for a value, with the line
    of the program that is at fault. Any thread may use a session; grad mode belongs to the session as a whole.
    """

    def __init__(self, channel: grpc.Channel, owns_channel: bool, token: Union[str, Callable[[], str], None], *, timeout: float, connect_timeout: float,
                 flush_delay: float, blocking: bool, display_name: str, idle_timeout: Optional[float]) -> None:
        self._channel = channel
        self._owns_channel = owns_channel
        self._token = token
        self.timeout = timeout
        #: Whether every op is waited for, so that its failure is raised where it was called.
        self.blocking = blocking
        info = self._unary("CatalogService/GetServerInfo", catalog_pb2.GetServerInfoRequest(), catalog_pb2.GetServerInfoResponse, "connect", connect_timeout)
        #: What GetServerInfo tells: versions, limits, dtypes.
        self.server_info = info
        catalog = _catalogs.get(info.catalog_digest)
        if catalog is None:
            ops = self._unary("CatalogService/ListOps", catalog_pb2.ListOpsRequest(), catalog_pb2.ListOpsResponse, "connect", connect_timeout)
            catalog = {op.name: (op.id, op) for op in ops.ops}
            if len(_catalogs) >= 16:
                _catalogs.clear()
            _catalogs[info.catalog_digest] = catalog
        self._catalog = catalog
        self._op_ids: Dict[str, bytes] = {}
        request = session_pb2.CreateSessionRequest(display_name=display_name)
        if idle_timeout is not None:
            request.idle_timeout.FromNanoseconds(int(idle_timeout * 1e9))
        created = self._unary("SessionService/CreateSession", request, session_pb2.CreateSessionResponse, "connect", connect_timeout)
        #: The session's id. Keep it secret: where the server asks for no credentials, whoever knows it can use the session.
        self.id: str = created.session.session_id
        stream = channel.stream_stream("/autograd.v1.AutogradService/Execute", request_serializer=None, response_deserializer=parse_response)
        self.pipe = Pipeline(lambda frames: stream(frames, metadata=self._metadata()), self.id, info.limits, flush_delay, timeout)
        #: Takes the handle of a tensor that was collected.
        self.dead = self.pipe.dead.append
        self.trace: Any = None
        # A gradient that was read when it was asked for: handle, number of the command, elements.
        self.ahead: Any = None
        self.grad_enabled = True
        self.inference = False
        self.anomaly = False
        self.mode_bytes = b""
        self._templates: Dict[bytes, Dict[Any, Any]] = {}
        self.templates: Optional[Dict[Any, Any]] = None
        self._closed = False
        self.update_modes()
        _open.append(self)

    def _metadata(self) -> Tuple[Tuple[str, str], ...]:
        token = self._token() if callable(self._token) else self._token
        return (("authorization", "Bearer " + token),) if token else ()

    # -- life

    def __enter__(self) -> "Session":
        _open.remove(self)
        _open.append(self)
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        try:
            if kind is None and not self.pipe.is_broken:
                # What nobody waited for must not fail unheard.
                self.flush()
        finally:
            self.close()

    def close(self) -> None:
        """Sends what is left, deletes the session with all it holds, and closes the connection. May be called twice."""
        if self._closed:
            return
        self._closed = True
        if self in _open:
            _open.remove(self)
        lost = self.pipe.is_broken
        self.pipe.close(_PATIENCE)
        if not lost:
            try:
                self._unary("SessionService/DeleteSession", session_pb2.DeleteSessionRequest(session_id=self.id), session_pb2.DeleteSessionResponse, "close", _PATIENCE)
            except AutogradError:
                pass  # it is gone already, or expires by itself
        if self._owns_channel:
            self._channel.close()

    @property
    def is_closed(self) -> bool:
        """Whether the session was closed."""
        return self._closed

    def flush(self, timeout: Optional[float] = None) -> None:
        """Waits until every command given so far was run.

        Raises:
            AutogradError: The first command that failed and that no call told of yet.
            AutogradTimeoutError: That took too long.
        """
        self.pipe.flush(timeout)

    synchronize = flush

    def usage(self) -> Usage:
        """What the session uses, after every command given so far."""
        self.flush()
        request = session_pb2.GetUsageRequest(session_id=self.id)
        return Usage(self._unary("SessionService/GetUsage", request, session_pb2.GetUsageResponse, "usage", self.timeout).usage)

    def renew(self) -> None:
        """Starts the session's idle time anew, as any command does."""
        self._unary("SessionService/RenewSession", session_pb2.RenewSessionRequest(session_id=self.id), session_pb2.RenewSessionResponse, "renew", self.timeout)

    def _unary(self, method: str, request: Any, response: Any, name: str, timeout: float) -> Any:
        call = self._channel.unary_unary("/autograd.v1." + method, request_serializer=type(request).SerializeToString, response_deserializer=response.FromString)
        try:
            return call(request, timeout=timeout, metadata=self._metadata())
        except grpc.RpcError as error:
            return raise_call(error, name)

    # -- modes

    def update_modes(self) -> None:
        """Makes what commands say of grad mode follow the flags."""
        mode = (b"" if self.grad_enabled else b"\x18\x01") + (b"\x58\x01" if self.inference else b"")
        self.mode_bytes = mode
        tracing = self.trace is not None
        self.templates = None if self.blocking or tracing else self._templates.setdefault(mode, {})

    def set_modes(self, grad: bool, inference: bool) -> Tuple[bool, bool]:
        """Sets grad and inference mode.

        Returns:
            What they were.
        """
        before = self.grad_enabled, self.inference
        self.grad_enabled, self.inference = grad, inference
        self.update_modes()
        return before

    # -- commands

    def op_id(self, name: str) -> bytes:
        """The field that names an op: by its id or, if the server has none of that name (which it will say itself), by name."""
        field = self._op_ids.get(name)
        if field is None:
            entry = self._catalog.get(name)
            field = self._op_ids[name] = b"\x08" + varint(entry[0]) if entry is not None else message(2, name.encode())
        return field

    def schema(self, name: str) -> Any:
        """The OpSchema of an op, as the server tells it; None if it has none of that name."""
        entry = self._catalog.get(name)
        return entry[1] if entry is not None else None

    @property
    def op_names(self) -> List[str]:
        """Names of all ops of the server."""
        return sorted(self._catalog)

    def apply(self, op: str, operands: Sequence[Any] = (), attributes: Optional[Dict[str, Any]] = None, *, in_place: bool = False, requires_grad: bool = False) -> Tuple[Any, ...]:
        """Applies an op of the server's catalogue by its name, for ops that this client has no function for.

        Args:
            op: Its name on the wire: "add", "max.dim".
            operands: Tensors, numbers, None or lists of tensors in the schema's order.
            attributes: Its attributes by name; those left out take their defaults.
            in_place: Writes into the first operand.
            requires_grad: Makes results that are leaves require grad.

        Returns:
            All results; waits for the server only where their number depends on the call.

        Raises:
            AutogradError: Whatever the op refuses; told by the next call that waits.
        """
        return _calls.apply_by_name(self, op, operands, attributes or {}, in_place, requires_grad)

    def handle_of(self, tensor: Any) -> bytes:
        """A tensor's handle for a command given now."""
        if tensor._s is not self:
            if tensor._s is CLOSED:
                raise RuntimeError("the tensor exists only in the recorded function that made it: let the function return it")
            raise ValueError("the tensor belongs to another session")
        return tensor._v

    def adopt(self, metadata: Any) -> Any:
        """A tensor that the server made."""
        tensor = new_tensor(self, number_bytes(metadata.handle))
        tensor._meta = shape_and_dtype(metadata)
        return tensor

    def refuse_in_trace(self, what: str) -> None:
        if self.trace is not None and self.trace.thread == threading.get_ident():
            raise RuntimeError(f"'{what}' inside a function that is recorded: only ops on tensors can be, and what they do cannot depend on values. Read values outside, or use ops such as where")

    def give(self, action: Any, name: str, place: Place = None) -> None:
        """Gives a Command message, without a number, and does not wait."""
        self.refuse_in_trace(name)
        self.pipe.give((self.mode_bytes, action.SerializeToString()), name, place or place_of_caller())
        if self.blocking:
            self.flush()

    def ask(self, action: Any, name: str, *, urge: bool = True, may_be_left: bool = False) -> Waiter:
        """Gives a Command message whose result is wanted."""
        self.refuse_in_trace(name)
        return self.pipe.ask((self.mode_bytes, action.SerializeToString()), name, place_of_caller(), urge=urge, may_be_left=may_be_left)

    def create(self, data: Any, shape: Sequence[int], dtype: _dtypes.dtype, requires_grad: bool) -> Any:
        """A tensor of row-major little-endian bytes.

        Args:
            data: An object with the buffer protocol, of bytes.
            shape: Its sizes.
            dtype: Its dtype.
            requires_grad: Whether gradients are accumulated into it.
        """
        self.refuse_in_trace("tensor")
        place = place_of_caller()
        view = memoryview(data)
        known = (_dtypes.Size(shape), dtype)
        if len(view) > min(self.pipe.message_max, _PIECE_BYTES * 2) - 1024:
            return self._create_in_pieces(view, shape, dtype, requires_grad, place)
        handle = self.pipe.new_handle()
        sizes = b"".join([varint(size) for size in shape])
        header = b"\x08" + varint(dtype.code) + (b"\x12" + varint(len(sizes)) + sizes if sizes else b"")
        tensor_data = header + b"\x1a" + varint(len(view))
        create = b"\x08" + handle + (b"\x10\x01" if requires_grad else b"") + b"\x1a" + varint(len(tensor_data) + len(view)) + tensor_data
        head = self.mode_bytes + b"\x2a" + varint(len(create) + len(view)) + create
        # The frame that takes large ones leaves at once, so nobody can change the memory before it is copied.
        self.pipe.give((head, view if len(view) > 256 << 10 else bytes(view)), "tensor", place)
        tensor = new_tensor(self, handle)
        tensor._meta = known
        if self.blocking:
            self.flush()
        return tensor

    def _create_in_pieces(self, view: memoryview, shape: Sequence[int], dtype: _dtypes.dtype, requires_grad: bool, place: Place) -> Any:
        # Each piece stands in the same queue, so whatever comes later finds the whole.
        step = min(_PIECE_BYTES, self.pipe.message_max // 2) // dtype.itemsize * dtype.itemsize
        before = self.set_modes(False, self.inference)
        try:
            pieces = [self.create(view[at : at + step], (len(view[at : at + step]) // dtype.itemsize,), dtype, False) for at in range(0, len(view), step)]
            whole = _calls.apply(_ops().CAT, (pieces,), (0,))
            del pieces
            result = _calls.apply(_ops().DETACH, (_calls.apply(_ops().VIEW, (whole,), (tuple(shape),)),))
        finally:
            self.set_modes(*before)
        if requires_grad:
            result.requires_grad_()
        result._meta = (_dtypes.Size(shape), dtype)
        return result

    def __repr__(self) -> str:
        return f"<autograd_client.Session {self.id[:8]}..., {'closed' if self._closed else 'open'}>"


class _Closed:
    """Stands for the session of tensors that exist no more."""

    templates = None

    @staticmethod
    def dead(handle: bytes) -> None:
        """Nothing is to be released."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("the tensor exists only in the recorded function that made it: let the function return it")


CLOSED: Any = _Closed()


def shape_and_dtype(metadata: Any) -> Tuple[_dtypes.Size, _dtypes.dtype]:
    """What a TensorMetadata or TensorData says."""
    return _dtypes.Size(metadata.shape), _dtypes.BY_CODE[metadata.dtype]


def connect(address: Optional[str] = None, *, channel: Optional[grpc.Channel] = None, timeout: float = 300.0, connect_timeout: float = 30.0, flush_delay: float = 0.001,
            blocking: Optional[bool] = None, display_name: str = "", idle_timeout: Optional[float] = None, key: Optional[str] = None,
            token: Union[str, Callable[[], str], None] = None, ca: Union[str, "os.PathLike[str]", bytes, None] = None,
            cert: Union[str, "os.PathLike[str]", Tuple[Any, Any], None] = None, allow_cleartext: bool = False,
            credentials: Optional[grpc.ChannelCredentials] = None, options: Iterable[Tuple[str, Any]] = ()) -> Session:
    """Connects to a server and creates a session, which becomes the current one.

    Args:
        address: "localhost:50051", "http://host:port" or "https://host:port". None: what AUTOGRAD_SERVER says.
        channel: A channel to use instead; it stays the caller's.
        timeout: Seconds that any call may wait for the server.
        connect_timeout: Seconds that each call made while connecting may take.
        flush_delay: Seconds that commands nobody waits for may wait for more of their kind.
        blocking: Waits for every op, so that errors are raised where the op was called; slow, for debugging. None: what AUTOGRAD_LAUNCH_BLOCKING says.
        display_name: A name for people.
        idle_timeout: Seconds that the session may be idle; None: the server's default.
        key: Key to present as ``authorization: Bearer``, where the server asks for one.
        token: The same, for JSON Web Tokens; or a function that is asked for one before each call, and should keep it until it is about to expire.
        ca: Authorities whose server certificates are trusted, and no others: the path of a PEM file, or its bytes. Implies TLS.
        cert: The client's own certificate, where the server asks for one: the path of a PEM file that holds its key too, or (certificate, key), paths or bytes. Implies TLS.
        allow_cleartext: Lets a key or token go to another machine without TLS, where everybody on the way can read it.
        credentials: For TLS, instead of ca and cert; None with an https address: the system's root certificates.
        options: Further gRPC channel options.

    Raises:
        AutogradConnectionError: The server cannot be reached or refuses work.
        AutogradPermissionError: It asks for other credentials.
        AutogradTimeoutError: It did not answer in time.
        ValueError: The credentials contradict each other, or would be sent in cleartext.
    """
    owns = channel is None
    if key is not None and token is not None:
        raise ValueError("connect() takes a key or a token, not both")
    if credentials is not None and (ca is not None or cert is not None):
        raise ValueError("connect() takes credentials, or ca and cert, not both")
    token = key if token is None else token
    if channel is None:
        address = address or os.environ.get("AUTOGRAD_SERVER")
        if not address:
            raise ValueError("connect() needs an address, or the environment variable AUTOGRAD_SERVER")
        if ca is not None or cert is not None:
            certificate, private = (cert, cert) if not isinstance(cert, tuple) else cert
            credentials = grpc.ssl_channel_credentials(_pem(ca), _pem(private), _pem(certificate))
        secure = credentials is not None or address.startswith("https://")
        target = address.split("://", 1)[-1].rstrip("/")
        if token is not None and not secure and not allow_cleartext and not _is_loopback(target):
            raise ValueError(f"a key would go to {target} in cleartext: use https, or allow_cleartext=True")
        settings = [
            ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1),
            ("grpc.keepalive_time_ms", 30_000),
            ("grpc.keepalive_timeout_ms", 20_000),
            ("grpc.http2.max_pings_without_data", 0),
            ("grpc.enable_retries", 0),
            *options,
        ]
        channel = grpc.secure_channel(target, credentials or grpc.ssl_channel_credentials(), settings) if secure else grpc.insecure_channel(target, settings)
    if blocking is None:
        blocking = os.environ.get("AUTOGRAD_LAUNCH_BLOCKING", "0") not in ("", "0")
    try:
        return Session(channel, owns, token, timeout=timeout, connect_timeout=connect_timeout, flush_delay=flush_delay, blocking=blocking, display_name=display_name, idle_timeout=idle_timeout)
    except BaseException:
        if owns:
            channel.close()
        raise


def _pem(source: Any) -> Optional[bytes]:
    if source is None or isinstance(source, bytes):
        return source
    with open(source, "rb") as file:
        return file.read()


def _is_loopback(target: str) -> bool:
    host = target.rsplit(":", 1)[0].strip("[]") if target.count(":") == 1 or target.startswith("[") else target
    if host == "localhost" or target.startswith("unix:"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def current_session() -> Session:
    """The session that module functions use: the one entered or connected last. The first use connects to AUTOGRAD_SERVER if there is none.

    Raises:
        RuntimeError: There is none, and nothing to connect to.
    """
    if _open:
        return _open[-1]
    if os.environ.get("AUTOGRAD_SERVER"):
        return connect()
    raise RuntimeError("no session: call autograd_client.connect(address), or set AUTOGRAD_SERVER")


@atexit.register
def _close_all() -> None:
    for session in list(_open):
        session.close()


def _ops() -> Any:
    from . import _ops as ops

    return ops
