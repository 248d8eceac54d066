"""What goes wrong is told as what it is, where it was, and in time."""

import asyncio
import gc
import socket
import threading
import time

import grpc
import numpy as np
import pytest

import autograd_client as ag
from conftest import Server


def line_of(text):
    with open(__file__) as own:
        return next(i for i, line in enumerate(own, 1) if line.rstrip().endswith(text))


@pytest.mark.parametrize("kind,reason,call", [
    (RuntimeError, "SHAPE_MISMATCH", lambda: ag.ones(2, 3) @ ag.ones(2, 3)),
    (RuntimeError, "SHAPE_MISMATCH", lambda: ag.ones(2) + ag.ones(3)),
    (IndexError, "DIM_OUT_OF_RANGE", lambda: ag.ones(2, 3).sum(dim=5)),
    (IndexError, "DIM_OUT_OF_RANGE", lambda: ag.ones(2, 3)[7]),
    (RuntimeError, "INVALID_SHAPE", lambda: ag.ones(2).view(3)),
    (ValueError, None, lambda: ag.nn.functional.mse_loss(ag.ones(1), ag.ones(1), reduction="median")),
    (RuntimeError, "DTYPE_UNSUPPORTED", lambda: ag.ones(2) & 1),
    (NotImplementedError, "OP_UNSUPPORTED", lambda: ag.current_session().apply("nonsense", [ag.ones(1)])),
    (RuntimeError, "LEAF_MODIFIED", lambda: ag.ones(1, requires_grad=True).add_(1)),
    (RuntimeError, None, lambda: ag.linalg.inv(ag.zeros(2, 2))),
], ids=lambda v: v if isinstance(v, str) else "")
def test_errors_are_pytorchs(session, kind, reason, call):
    with pytest.raises(kind) as caught:
        call()
        session.flush()
    assert isinstance(caught.value, ag.AutogradError)
    assert caught.value.location.file == __file__ and caught.value.command
    if reason:
        assert caught.value.reason == reason
    # The session goes on.
    assert (ag.ones(2) + 1).tolist() == [2, 2]


def test_the_root_of_a_failure_is_told_with_its_line(session):
    a, b = ag.ones(2, 3), ag.ones(2, 3)
    c = a @ b  # the root
    d = c + 1
    e = ag.nn.functional.relu(d)
    with pytest.raises(RuntimeError) as caught:
        e.numpy()
    error = caught.value
    assert error.is_dependency and error.command == "matmul" and error.location.line == line_of("# the root") and error.location.function.endswith("lines_line") is False
    assert "matmul" in str(error) and f"{__file__}:{error.location.line}" in str(error) and "'numpy'" in str(error) or "'read'" in str(error)


def test_the_line_is_the_users_also_within_modules(session):
    layer = ag.nn.Linear(3, 2)
    x = ag.ones(5)
    y = layer(x)  # through a module
    with pytest.raises(RuntimeError) as caught:
        y.tolist()
    assert caught.value.location.line == line_of("# through a module") and caught.value.command == "linear"


def test_each_failure_is_told_once_and_what_depends_on_nothing_goes_on(session):
    bad = ag.ones(2) + ag.ones(3)
    good = ag.ones(2) * 2
    with pytest.raises(RuntimeError):
        good.tolist()
    assert good.tolist() == [2, 2]
    with pytest.raises(RuntimeError):
        bad.tolist()
    session.flush()


def test_several_failures_are_told_together(session):
    ag.ones(2) + ag.ones(3)
    ag.ones(2, 3) @ ag.ones(2, 3)
    with pytest.raises(RuntimeError) as caught:
        session.flush()
    assert len(caught.value.others) == 1 and caught.value.others[0].command == "matmul"


def test_failures_that_nobody_waited_for_fail_the_with_block(server):
    with pytest.raises(RuntimeError):
        with ag.connect(server.address):
            ag.ones(2) + ag.ones(3)


def test_blocking_sessions_raise_where_the_op_is_called(server):
    with ag.connect(server.address, blocking=True):
        x = ag.ones(2)
        with pytest.raises(RuntimeError):
            x + ag.ones(3)
        assert (x + 1).tolist() == [2, 2] and x.add_(1).tolist() == [2, 2]


@pytest.mark.parametrize("call", [
    lambda x: x.matmul(3.0), lambda x: ag.matmul(x, "a"), lambda x: x.sum("a"), lambda x: x + [1, 2], lambda x: ag.cat(x), lambda x: ag.cat([x, 3]), lambda x: x.max(1.5), lambda x: x.reshape("a"),
    lambda x: x.softmax(), lambda x: x.nonsense, lambda x: ag.nonsense,
], ids=str)
def test_wrong_types_are_told_at_once(session, call):
    with pytest.raises((TypeError, AttributeError)):
        call(ag.ones(2))


def test_tensors_of_another_session_are_refused(session, server):
    x = ag.ones(1)
    with ag.connect(server.address):
        y = ag.ones(1)
        for call in (lambda: x + y, lambda: y.add_(x), lambda: ag.cat([x, y])):
            with pytest.raises(ValueError, match="another session"):
                call()


def test_no_session_is_told(monkeypatch):
    monkeypatch.delenv("AUTOGRAD_SERVER", raising=False)
    with pytest.raises(RuntimeError, match="no session"):
        ag.ones(1)


def test_the_environment_names_the_server(server, monkeypatch):
    monkeypatch.setenv("AUTOGRAD_SERVER", server.address)
    assert ag.ones(2).tolist() == [1, 1]
    ag.current_session().close()


def test_a_closed_session_says_so(server):
    session = ag.connect(server.address)
    x = ag.ones(1)
    session.close()
    session.close()
    assert session.is_closed
    for call in (lambda: x + 1, lambda: x.tolist(), session.flush):
        with pytest.raises((RuntimeError, ConnectionError), match="closed"):
            call()


def within(seconds, call):
    """What a call raises, which must be in time."""
    start = time.monotonic()
    with pytest.raises(Exception) as caught:
        call()
    assert time.monotonic() - start < seconds
    return caught.value


def test_nobody_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = within(15, lambda: ag.connect(f"127.0.0.1:{port}", connect_timeout=5))
    assert isinstance(error, ag.AutogradConnectionError) and isinstance(error, ConnectionError) and error.code == "UNAVAILABLE"


def test_somebody_who_never_answers():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        error = within(15, lambda: ag.connect("127.0.0.1:%d" % silent.getsockname()[1], connect_timeout=2))
    assert isinstance(error, (ag.AutogradTimeoutError, ag.AutogradConnectionError))


def test_a_server_that_dies_and_comes_back():
    server = Server()
    port = int(server.address.rsplit(":", 1)[1])
    session = ag.connect(server.address, timeout=20)
    try:
        x = ag.ones(3)
        assert x.sum() == 3
        waiting = []
        thread = threading.Thread(target=lambda: waiting.append(within(20, lambda: [(x + 1).tolist() for _ in range(10**9)])))
        thread.start()
        time.sleep(0.2)
        server.kill()
        thread.join(20)
        assert isinstance(waiting[0], ag.AutogradConnectionError)
        for call in (lambda: x + 1, lambda: x.tolist(), session.flush, lambda: session.usage()):
            assert isinstance(within(20, call), ag.AutogradConnectionError)
        assert isinstance(within(15, lambda: ag.connect(server.address, connect_timeout=5)), ag.AutogradConnectionError)
        server.start(port)
        # It is another server now: the old session stays lost, a new one works.
        assert isinstance(within(20, lambda: x + 1), ag.AutogradConnectionError)
        with ag.connect(server.address):
            assert ag.ones(2).tolist() == [1, 1]
    finally:
        session.close()
        server.stop()


def test_a_server_that_shuts_down_and_one_that_refuses():
    server = Server("--Autograd:Limits:SessionsMax=1")
    session = ag.connect(server.address, timeout=20)
    error = within(15, lambda: ag.connect(server.address))
    assert error.reason == "QUOTA_SESSIONS" and isinstance(error, RuntimeError)
    x = ag.ones(1)
    session.flush()
    server.stop()
    for call in (lambda: x.tolist(), session.flush):
        assert isinstance(within(25, call), ag.AutogradConnectionError)
    session.close()


def test_deleted_sessions_are_told(server):
    session = ag.connect(server.address, timeout=20)
    x = ag.ones(1)
    session.flush()
    from autograd_client._proto import session_pb2

    session._unary("SessionService/DeleteSession", session_pb2.DeleteSessionRequest(session_id=session.id), session_pb2.DeleteSessionResponse, "delete", 5)
    error = within(20, x.tolist)
    assert error.reason == "SESSION_EXPIRED" and isinstance(error, ConnectionError)
    session.close()


def test_quotas_are_told(server):
    running = Server("--Autograd:Limits:BytesMax=1000000")
    try:
        with ag.connect(running.address) as session:
            with pytest.raises(ag.OutOfMemoryError) as caught:
                ag.zeros(1000, 1000)
                session.flush()
            assert caught.value.reason == "QUOTA_BYTES" and isinstance(caught.value, RuntimeError)
            assert ag.ones(2).tolist() == [1, 1]
    finally:
        running.stop()


def test_a_deadline_is_kept_and_the_session_goes_on(session):
    x = ag.rand(400, 400)
    session.flush()
    for _ in range(10):
        x = x @ x
    error = within(20, lambda: session.flush(timeout=0.001))
    assert isinstance(error, ag.AutogradTimeoutError) and isinstance(error, TimeoutError)
    assert ag.ones(2).tolist() == [1, 1]


def test_asyncio(server):
    async def run():
        async with ag.aio.connect(server.address) as session:
            x = ag.ones(3, requires_grad=True)
            values = await asyncio.gather(*[(x * i).sum().item_async() for i in range(20)])
            assert values == [3.0 * i for i in range(20)]
            np.testing.assert_array_equal(await ag.aio.numpy(x), [1, 1, 1])
            with pytest.raises(RuntimeError, match="size of tensor"):
                await (x + ag.ones(2)).numpy_async()
            await ag.aio.flush(session)
        return True

    assert asyncio.run(run())


def test_asyncio_tells_of_a_server_that_dies():
    server = Server()

    async def run():
        session = await ag.aio.connect(server.address, timeout=20)
        x = ag.rand(500, 500)
        await ag.aio.flush(session)
        for _ in range(200):
            x = x @ x
        reading = asyncio.ensure_future(x.numpy_async())
        await asyncio.sleep(0.05)
        server.kill()
        with pytest.raises(ag.AutogradConnectionError):
            await reading
        await ag.aio.close(session)

    try:
        asyncio.run(asyncio.wait_for(run(), 40))
    finally:
        server.stop()
