"""Commands on their way to the server.

Commands are written as bytes when they are given and collected in a frame (an ExecuteRequest). A frame leaves when somebody waits for a value, when
it is full, or about a millisecond after its first command. Nothing here waits without a deadline.

Every number on the wire that a client chooses (a command's, a handle) is a varint padded to 7 bytes, which reaches up to 2**49: all numbers are of
one length, so the bytes of a command are a template with gaps, and a handle's bytes are made once. The number of a command is that of its first
result; numbers only grow, with gaps, which the contract allows.
"""

from __future__ import annotations

import _thread
import itertools
import queue
import threading
import time
from collections import OrderedDict, deque
from typing import Any, Callable, Deque, Dict, Iterator, List, Optional, Sequence, Tuple

import grpc

from ._errors import AutogradTimeoutError, Failure, FailureLog, Place, connection_failure, status_of
from ._proto import autograd_pb2, command_pb2

NUMBER_BYTES = 7
NUMBER_MAX = 1 << 48
WANT_RESULT = b"\x10\x01"
_LOW = [bytes((i | 0x80,)) for i in range(128)]
_FRAME_COMMANDS = 1024
_FRAME_BYTES = 256 << 10
# Bounds what the common commands take, which are counted rather than measured.
COMMON_COMMAND_BYTES_MAX = 200
_FRAMES_WAITING_MAX = 32
_BYTES_WAITING_MAX = 64 << 20
_KEPT_MAX = 1 << 18
_LARGE_RESPONSE = 32 << 10
_RELEASES_MAX = 4096


def number_bytes(number: int) -> bytes:
    """A number as a varint of 7 bytes."""
    return bytes([(number >> shift) & 0x7F | (0x80 if shift < 42 else 0) for shift in range(0, 49, 7)])


def number_of(data: bytes) -> int:
    """The number that such a varint holds."""
    return sum((byte & 0x7F) << (7 * i) for i, byte in enumerate(data))


def varint(number: int) -> bytes:
    """A non-negative number as a varint, as short as can be."""
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _block(high: int) -> List[bytes]:
    if high >= NUMBER_MAX >> 7:
        raise OverflowError("the session has given all of its 2**48 numbers: connect again")
    rest = number_bytes(high << 7)[1:]
    return [low + rest for low in _LOW]


def numbers() -> Iterator[bytes]:
    """1, 2, 3, ... as bytes. Made of C iterators: what a command costs begins here."""
    counted = itertools.chain.from_iterable(map(_block, itertools.count()))
    next(counted)
    return counted


class Waiter:
    """Somebody who waits for the answer to a command."""

    __slots__ = ("seq", "_lock", "result", "failure", "broken", "on_done", "may_be_left")

    def __init__(self, seq: int, may_be_left: bool = False) -> None:
        self.seq = seq
        self._lock = _thread.allocate_lock()
        self._lock.acquire()
        self.result: Any = None
        self.failure: Optional[Failure] = None
        self.broken: Optional[Failure] = None
        self.on_done: Optional[Callable[[], None]] = None
        self.may_be_left = may_be_left

    def done(self) -> None:
        self._lock.release()
        if self.on_done is not None:
            self.on_done()

    def wait(self, seconds: float) -> bool:
        """Whether the answer came in time."""
        if self._lock.acquire(True, min(seconds, _thread.TIMEOUT_MAX)):
            self._lock.release()
            return True
        return False


class Pipeline:
    """The Execute stream of one session, and what waits to be sent on it.

    ``lock`` guards everything. The attributes without an underscore are for ``_calls``, which writes the common commands itself.
    """

    def __init__(self, stream: Any, session_id: str, limits: Any, flush_delay: float, timeout: float) -> None:
        self.lock = threading.RLock()
        self.numbers = numbers()
        self.pieces: List[bytes] = [b"\x0a" + varint(len(session_id)) + session_id.encode()]
        # For each command of the open frame: number, name, code object and offset of who gave it.
        self.sources: List[Tuple[bytes, Any, Any, int]] = []
        # How many commands call for `full`: at the first one the timer is to be set, later the frame is full.
        self.limit = 1
        # Handles of collected tensors. Finalizers append, whatever else goes on.
        self.dead: Deque[bytes] = deque()
        self.frames = 0
        self.bytes_sent = 0
        self.timeout = timeout
        self.message_max = int(limits.message_bytes_max)
        self._credit_commands = int(limits.stream_credit_commands)
        self._credit_bytes = int(limits.stream_credit_bytes)
        # What common commands take, what others take and what releases take fit into a message together, each within this.
        self._budget = min(_FRAME_BYTES, self.message_max // 4, self._credit_bytes // 4)
        self._batch_max = min(int(limits.batch_commands_max), self._credit_commands)
        self._frame_commands = max(1, min(_FRAME_COMMANDS, self._batch_max - 1, self._credit_commands // 2, self._budget // COMMON_COMMAND_BYTES_MAX))
        self._list_max = min(_RELEASES_MAX, int(limits.list_length_max))
        self._room = threading.Condition(self.lock)
        self._extra_bytes = 0
        self._flush_delay = flush_delay
        self._sealed: Deque[Tuple[bytes, int]] = deque()
        self._bytes_waiting = 0
        self._queue: "queue.SimpleQueue[Optional[bytes]]" = queue.SimpleQueue()
        self._sent: Deque[Tuple[int, int, List[Any]]] = deque()
        self._kept: "OrderedDict[int, Tuple[str, Place]]" = OrderedDict()
        self.keeps = 0
        self._waiters: Dict[int, Waiter] = {}
        self._failures = FailureLog()
        self._acknowledged = 0
        self._told = 0
        self._last_seq = 0
        self._last_given: Optional[bytes] = None
        self._broken: Optional[Failure] = None
        self._closing = False
        self._timer = _thread.allocate_lock()
        self._timer.acquire()
        self._timer_set = False
        self._call = stream(iter(self._queue.get, None))
        self._ended = threading.Event()
        threading.Thread(target=self._read, name="autograd-client-reader", daemon=True).start()
        threading.Thread(target=self._tick, name="autograd-client-timer", daemon=True).start()

    # -- giving commands

    def give(self, parts: Sequence[Any], name: Any, place: Place, *, quiet: bool = False) -> int:
        """Adds a command without waiting for anything.

        Args:
            parts: The bytes of the Command without its number, in pieces.
            name: What it is called in errors.
            place: Who gave it.
            quiet: Whether nobody wants to hear of its failure.

        Returns:
            Its number.
        """
        size = sum(map(len, parts)) + NUMBER_BYTES + 1
        with self.lock:
            self.check()
            if size > self.message_max - 128:
                raise ValueError(f"'{name}' takes {size} bytes, but a message to this server holds no more than {self.message_max}")
            if self.sources and self._extra_bytes + size > self._budget:
                self.seal()
            number = next(self.numbers)
            self.pieces += (b"\x1a" + varint(size) + b"\x08", number)
            self.pieces += parts
            code, offset = place if place is not None else (None, 0)
            self.sources.append((number, None if quiet else name, code, offset))
            self._extra_bytes += size
            if len(self.sources) >= self.limit:
                self.full()
            if self._extra_bytes > self._budget:
                # At once: the parts may be somebody's memory.
                self.seal()
            return number_of(number)

    def ask(self, parts: Sequence[Any], name: str, place: Place, *, urge: bool = True, may_be_left: bool = False) -> Waiter:
        """Adds a command whose result is wanted. Unless told otherwise it is sent at once."""
        with self.lock:
            waiter = Waiter(0, may_be_left)
            # Registered before the frame can leave, and the lock is held until then.
            waiter.seq = self.give((WANT_RESULT, *parts), name, place)
            self._waiters[waiter.seq] = waiter
            if urge:
                self.seal()
        return waiter

    def new_handle(self) -> bytes:
        """A handle that was never used."""
        with self.lock:
            return next(self.numbers)

    def finish(self, waiter: Waiter, timeout: Optional[float] = None) -> Any:
        """Waits for an answer.

        Returns:
            The CommandResult.

        Raises:
            AutogradError: The command failed, or an earlier one that nobody was told of; or the connection broke.
            AutogradTimeoutError: The deadline passed; the command runs all the same.
        """
        self.wait(waiter, timeout)
        return self.result_of(waiter)

    def wait(self, waiter: Waiter, timeout: Optional[float] = None) -> None:
        """Waits for an answer without raising what it tells."""
        seconds = self.timeout if timeout is None else timeout
        if not waiter.wait(seconds):
            with self.lock:
                self._waiters.pop(waiter.seq, None)
            raise _too_late(seconds, "an answer")

    def result_of(self, waiter: Waiter) -> Any:
        """The result that came, or raises what it or an earlier command failed with."""
        if waiter.broken is not None:
            raise waiter.broken.to_exception()
        self.raise_failures(waiter.seq, waiter.failure)
        return waiter.result

    def raise_failures(self, seq: int, own: Optional[Failure]) -> None:
        """Raises failures that came before a command and that nobody was told of, else the command's own."""
        with self.lock:
            error = self._failures.take(seq, own)
        if error is not None:
            raise error

    def flush(self, timeout: Optional[float] = None) -> None:
        """Sends what was given so far, and waits until all of it was run.

        Raises:
            AutogradError: The first command that failed and that no call told of yet.
        """
        seconds = self.timeout if timeout is None else timeout
        deadline = time.monotonic() + seconds
        with self.lock:
            self.check()
            self.seal()
            seq = self._last_seq
            while self._acknowledged < seq:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise _too_late(seconds, "the acknowledgement of a command")
                self._room.wait(left)
                self.check()
        self.raise_failures(seq, None)

    def nothing_since(self, seq: int) -> bool:
        """Whether no command was given after one, releases aside."""
        with self.lock:
            return not self.sources and self._last_given is not None and number_of(self._last_given) == seq

    def check(self) -> None:
        """Raises if the connection is broken or closed."""
        if self._closing:
            raise RuntimeError("the session is closed")
        if self._broken is not None:
            raise self._broken.to_exception()

    @property
    def is_broken(self) -> bool:
        return self._broken is not None

    # -- frames

    def full(self) -> None:
        """What is to be done at a frame's first command, and once it is full. Under the lock."""
        self.check()
        if len(self.sources) < self._frame_commands and self._extra_bytes <= self._budget:
            self.limit = self._frame_commands
            if not self._timer_set:
                self._timer_set = True
                self._timer.release()
            return
        self.seal()
        # The thread that sends it needs the interpreter.
        self.lock.release()
        try:
            time.sleep(0)
        finally:
            self.lock.acquire()

    def seal(self) -> None:
        """Closes the open frame and hands it on; waits, within the deadline, if too much is under way."""
        if self.sources:
            self._last_given = self.sources[-1][0]
        self._release_dead()
        count = len(self.sources)
        if count == 0:
            return
        if self._acknowledged > self._told:
            # So that the server need not keep what it answered.
            self._told = self._acknowledged
            self.pieces.append(b"\x20" + varint(self._told))
        data = b"".join(self.pieces)
        sources = self.sources
        self.pieces, self.sources, self.limit, self._extra_bytes = [], [], 1, 0
        self._last_seq = last = number_of(sources[-1][0])
        self._sent.append((number_of(sources[0][0]), last, sources))
        self._sealed.append((data, count))
        self._bytes_waiting += len(data)
        self._pump()
        if len(self._sealed) > _FRAMES_WAITING_MAX or self._bytes_waiting > _BYTES_WAITING_MAX:
            deadline = time.monotonic() + self.timeout
            while len(self._sealed) > _FRAMES_WAITING_MAX or self._bytes_waiting > _BYTES_WAITING_MAX:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise _too_late(self.timeout, "room to send commands")
                self._room.wait(left)
                self.check()

    def _pump(self) -> None:
        while self._sealed:
            data, count = self._sealed[0]
            if count > self._credit_commands or len(data) > self._credit_bytes:
                return
            self._sealed.popleft()
            self._bytes_waiting -= len(data)
            self._credit_commands -= count
            self._credit_bytes -= len(data)
            self.frames += 1
            self.bytes_sent += len(data)
            self._queue.put(data)

    def _release_dead(self) -> None:
        dead = self.dead
        if not dead or self._extra_bytes > self._budget:
            return  # a large command has a frame to itself
        left = self._budget // (NUMBER_BYTES + 1)
        while dead and left > 0 and len(self.sources) < self._batch_max:
            handles = []
            while dead and len(handles) < min(self._list_max, left):
                handles.append(dead.popleft())
            left -= len(handles)
            packed = b"".join(handles)
            inner = b"\x0a" + varint(len(packed)) + packed
            body = b"\x32" + varint(len(inner)) + inner
            number = next(self.numbers)
            self.pieces += (b"\x1a" + varint(len(body) + NUMBER_BYTES + 1) + b"\x08", number, body)
            self.sources.append((number, None, None, 0))

    def _tick(self) -> None:
        idle = 1.0
        while True:
            # Once a second something may have been collected that no command takes along.
            armed = self._timer.acquire(True, idle)
            if armed:
                time.sleep(self._flush_delay)
            with self.lock:
                if armed:
                    self._timer_set = False
                if self._broken is not None or self._closing:
                    return
                try:
                    if self.sources or self.dead:
                        self.seal()
                except AutogradTimeoutError:
                    pass  # whoever gives the next command is told the same

    # -- answers

    def _read(self) -> None:
        try:
            for results, acknowledged, commands, size in self._call:
                self._receive(results, acknowledged, commands, size)
            failure = connection_failure("the server ended the stream")
        except grpc.RpcError as error:
            status = status_of(error)
            # Whatever the transport calls it: a stream that the server's own status does not explain is a broken connection.
            if not status.details and status.code in (1, 2, 13):
                status.code = grpc.StatusCode.UNAVAILABLE.value[0]
            failure = Failure(0, "", None, status)
        except Exception as error:  # a reader that dies silently would leave everybody waiting
            failure = connection_failure(f"an answer could not be read: {error!r}", grpc.StatusCode.INTERNAL)
        self._ended.set()
        self.break_(failure)

    def _receive(self, results: List[Any], acknowledged: int, commands: int, size: int) -> None:
        waiters = []
        with self.lock:
            for result in results:
                waiter = self._waiters.pop(result.seq, None)
                if result.error is not None:
                    failure = self._failure(result.seq, result.error)
                    if failure is None:
                        continue
                    if waiter is not None:
                        waiter.failure = failure
                    if waiter is not None and not waiter.may_be_left:
                        self._failures.remember(failure)
                    else:
                        self._failures.add(failure)
                if waiter is not None:
                    waiter.result = result.message
                    waiters.append(waiter)
            self._credit_commands += commands
            self._credit_bytes += size
            if acknowledged > self._acknowledged:
                self._acknowledged = acknowledged
                while self._sent and self._sent[0][1] <= acknowledged:
                    _, _, sources = self._sent.popleft()
                    if self.keeps:
                        self._keep(sources)
            self._pump()
            self._room.notify_all()
        for waiter in waiters:
            waiter.done()

    def break_(self, failure: Failure) -> None:
        """The connection broke: everything that waits fails, and so does everything given from now on."""
        with self.lock:
            if self._broken is not None:
                return
            self._broken = failure
            self.limit = 0
            waiters = list(self._waiters.values())
            self._waiters.clear()
            self._room.notify_all()
            if not self._timer_set:
                self._timer_set = True
                self._timer.release()
        self._queue.put(None)
        for waiter in waiters:
            waiter.broken = failure
            waiter.done()

    def close(self, patience: float) -> None:
        """Sends what is left and ends the stream."""
        with self.lock:
            try:
                if self._broken is None and not self._closing:
                    self.seal()
            except Exception:
                pass  # the session is deleted next, whatever is left
            self._closing = True
            self.limit = 0
        self._queue.put(None)
        if not self._ended.wait(patience):
            self._call.cancel()
        self.break_(connection_failure("the session is closed"))

    def abort(self) -> None:
        """Ends the stream at once."""
        self._call.cancel()

    # -- sources

    def _failure(self, seq: int, status: Any) -> Optional[Failure]:
        found = self._find(seq)
        if found is not None and found[1] is None:
            return None  # a release: nobody wants to hear of it
        failure = Failure(seq, str(found[1]) if found else "", (found[2], found[3]) if found else None, status)
        recorded = failure.recorded_by_seq
        if recorded:
            by = self._find(recorded)
            failure.recorded = (str(by[1]), (by[2], by[3])) if by is not None else self._kept.get(recorded)
        return failure

    def _find(self, seq: int) -> Optional[Tuple[bytes, Any, Any, int]]:
        wanted = number_bytes(seq)
        for first, last, sources in self._sent:
            if first <= seq <= last:
                return next((s for s in sources if s[0] == wanted), None)
        return next((s for s in self.sources if s[0] == wanted), None)

    def _keep(self, sources: List[Any]) -> None:
        for number, name, code, offset in sources:
            if name is not None:
                self._kept[number_of(number)] = (str(name), (code, offset))
        while len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)


class Result:
    """The answer to a command."""

    __slots__ = ("seq", "error", "message")

    def __init__(self, seq: int, error: Any, message: Any) -> None:
        self.seq = seq
        self.error = error
        self.message = message


class LargeTensor:
    """A ReadTensor's or ReadGrad's result whose elements were left where they arrived."""

    __slots__ = ("dtype", "shape", "data")

    def __init__(self, dtype: int, shape: List[int], data: memoryview) -> None:
        self.dtype = dtype
        self.shape = shape
        self.data = data


def parse_response(data: bytes) -> Tuple[List[Result], int, int, int]:
    """An ExecuteResponse: results, acknowledged number, credit that comes back. Elements of large tensors are not copied."""
    if len(data) < _LARGE_RESPONSE:
        response = autograd_pb2.ExecuteResponse.FromString(data)
        results = [_result(r) for r in response.results]
        return results, response.acknowledged_seq, response.credit_commands, response.credit_bytes
    results, rest = [], []
    view = memoryview(data)
    at, end = 0, len(data)
    while at < end:
        start = at
        key, at = _varint_at(data, at)
        if key == 0x0A:
            size, at = _varint_at(data, at)
            results.append(_large_result(view[at : at + size]))
            at += size
        else:
            _, at = _varint_at(data, at)
            rest.append(data[start:at])
    response = autograd_pb2.ExecuteResponse.FromString(b"".join(rest))
    return results, response.acknowledged_seq, response.credit_commands, response.credit_bytes


def _result(message: Any) -> Result:
    return Result(message.seq, message.error if message.HasField("error") else None, message)


def _large_result(view: memoryview) -> Result:
    seq, at, end = 0, 0, len(view)
    while at < end:
        key, next_ = _varint_at(view, at)
        if key in (0x08, 0x10, 0x18):
            value, at = _varint_at(view, next_)
            if key == 0x08:
                seq = value
            continue
        if key == 0x32 and end - at > _LARGE_RESPONSE:
            size, start = _varint_at(view, next_)
            return Result(seq, None, _large_tensor(view[start : start + size]))
        break
    return _result(command_pb2.CommandResult.FromString(bytes(view)))


def _large_tensor(view: memoryview) -> LargeTensor:
    dtype, shape, data = 0, [], memoryview(b"")
    at, end = 0, len(view)
    while at < end:
        key, at = _varint_at(view, at)
        if key == 0x08:
            dtype, at = _varint_at(view, at)
        elif key == 0x12:
            size, at = _varint_at(view, at)
            stop = at + size
            while at < stop:
                value, at = _varint_at(view, at)
                shape.append(value)
        elif key == 0x1A:
            size, at = _varint_at(view, at)
            data = view[at : at + size]
            at += size
        elif key & 7 == 0:
            _, at = _varint_at(view, at)  # a field of a later version
        elif key & 7 == 2:
            size, at = _varint_at(view, at)
            at += size
        else:
            at += 8 if key & 7 == 1 else 4
    return LargeTensor(dtype, shape, data)


def _varint_at(data: Any, at: int) -> Tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _too_late(seconds: float, what: str) -> AutogradTimeoutError:
    error = AutogradTimeoutError(f"{what} did not come within {seconds:g} s; the session's `timeout` sets how long to wait")
    error.reason = error.code = "DEADLINE_EXCEEDED"
    return error
