"""How commands travel: in frames, within credit, released when collected, whatever the size."""

import gc
import subprocess
import sys
import threading

import numpy as np
import pytest

import autograd_client as ag
from autograd_client import _pipeline
from autograd_client._errors import Failure
from autograd_client._proto import autograd_pb2, command_pb2
from conftest import ROOT, Server


@pytest.fixture(scope="module")
def small_server(server):
    """A server with little credit and small messages."""
    # Its catalogue, which does not fit into such a message, is the other server's.
    ag.connect(server.address).close()
    settings = ["MessageBytesMax=65536", "BatchCommandsMax=64", "StreamCreditCommands=128", "StreamCreditBytes=65536", "ChunkBytes=4096", "ChunkBytesMax=4096", "QueuedBytesMax=65536"]
    running = Server(*[f"--Autograd:Limits:{s}" for s in settings])
    yield running
    running.stop()


def test_numbers_are_varints_of_one_length():
    counted = _pipeline.numbers()
    for expected in range(1, 2000):
        data = next(counted)
        assert len(data) == _pipeline.NUMBER_BYTES and _pipeline.number_of(data) == expected and data == _pipeline.number_bytes(expected)
    request = autograd_pb2.ReleaseTensorsRequest.FromString(b"\x1a\x0e" + _pipeline.number_bytes(5) + _pipeline.number_bytes((1 << 49) - 1))
    assert list(request.handles) == [5, (1 << 49) - 1]
    with pytest.raises(OverflowError):
        _pipeline._block(_pipeline.NUMBER_MAX >> 7)


def test_a_thousand_commands_take_a_few_frames(session):
    x = ag.ones(3)
    session.flush()
    before = session.pipe.frames
    for _ in range(1000):
        x = x + 1.0
    assert x.tolist() == [1001] * 3
    assert session.pipe.frames - before < 25


def test_the_server_is_told_which_answers_are_here(server):
    with ag.connect(server.address) as session:
        # All are kept: what is let go of is released by a frame of its own a moment later, which tells more.
        x = ag.ones(2)
        session.flush()
        # This frame says that the ones before it were answered; nobody says so of itself.
        told = session.pipe._acknowledged
        y = x.sum()
        assert y.item() == 2
        assert session.pipe._told == told > 0
        run = session._channel.unary_unary("/autograd.v1.AutogradService/RunCommands", autograd_pb2.RunCommandsRequest.SerializeToString, autograd_pb2.RunCommandsResponse.FromString)

        def reason_of(seq):
            command = command_pb2.Command(seq=seq, list_handles=command_pb2.ListHandles())
            (result,) = run(autograd_pb2.RunCommandsRequest(session_id=session.id, commands=[command]), timeout=60).results
            return Failure(seq, "", None, result.error).reason

        assert reason_of(told) == "SEQUENCE_STALE"
        assert reason_of(session.pipe._acknowledged) == "SEQUENCE_REUSED"


def test_what_nobody_waits_for_is_sent_all_the_same(server, eventually):
    with ag.connect(server.address) as session:
        x = ag.ones(2)
        eventually(lambda: session.pipe._acknowledged >= session.pipe._last_seq > 0)
        assert not session.pipe.sources and x is not None


def test_hand_written_commands_are_those_of_the_generated_code(session):
    a, b = ag.ones(2), ag.ones(2)
    # Twice, so that the templates are used.
    for _ in range(2):
        session.flush()
        with session.pipe.lock:
            kept = []
            for make in (lambda: a + b, lambda: a * 2.0, lambda: a * 3, lambda: a.exp(), lambda: a.sum(0, True), lambda: a.clamp(0.5, b), lambda: a.add_(b), lambda: ag.cat([a, b], 0), lambda: a.max(0)):
                kept.append(make())
            data = b"".join(session.pipe.pieces)
        commands = autograd_pb2.ExecuteRequest.FromString(data).commands
        assert [c.apply_op.in_place for c in commands] == [False] * 6 + [True, False, False]
        assert [c.apply_op.a for c in commands[:5]] == [a.handle] * 5 and commands[0].apply_op.b == b.handle and commands[0].apply_op.out == kept[0].handle
        assert commands[1].apply_op.scalar == 2.0 and commands[2].apply_op.integer_scalar == 3 and [x.name for x in commands[4].apply_op.extra.attributes] == ["dim", "keepdim"]
        assert [o.WhichOneof("value") for o in commands[5].apply_op.extra.operands] == ["handle", "number", "handle"] and list(commands[7].apply_op.extra.operands[0].list.handles) == [a.handle, b.handle]
        assert list(commands[8].apply_op.extra.outputs) == [kept[8].indices.handle] and all(c.seq for c in commands) and len({c.seq for c in commands}) == 9
        again = autograd_pb2.ExecuteRequest.FromString(autograd_pb2.ExecuteRequest.FromString(data).SerializeToString())
        assert again == autograd_pb2.ExecuteRequest.FromString(data)
        with ag.no_grad():
            (a + b).tolist()


def test_large_answers_are_read_as_the_generated_code_reads_them():
    from autograd_client._proto import command_pb2, tensor_pb2

    values = np.arange(20_000, dtype=np.float32)
    tensor = tensor_pb2.TensorData(dtype=1, shape=[200, 100], data=values.tobytes())
    # Fields of a later version of the contract: a varint, a fixed64, bytes.
    later = tensor_pb2.TensorData.FromString(b"\xf8\x07\x05" + b"\xf1\x07" + bytes(8) + b"\xfa\x07\x02ab" + tensor.SerializeToString())
    for data in (tensor, later):
        response = autograd_pb2.ExecuteResponse(results=[command_pb2.CommandResult(seq=7), command_pb2.CommandResult(seq=300, tensor=data)], acknowledged_seq=300, credit_commands=2, credit_bytes=99, frames=1)
        results, acknowledged, commands, size = _pipeline.parse_response(response.SerializeToString())
        assert (acknowledged, commands, size, [r.seq for r in results]) == (300, 2, 99, [7, 300])
        large = results[1].message
        assert isinstance(large, _pipeline.LargeTensor) and (large.dtype, large.shape) == (1, [200, 100]) and bytes(large.data) == values.tobytes()


def test_no_grad_is_a_field_of_each_command(session):
    x = ag.ones(2, requires_grad=True)
    for _ in range(3):
        with ag.no_grad():
            y = x + x
        z = x + x
        assert not y.requires_grad and z.requires_grad


def test_collected_tensors_are_released(session, eventually):
    keep = ag.ones(4)
    base = session.usage().tensors
    for _ in range(5000):
        keep + 1.0
    gc.collect()
    eventually(lambda: session.usage().tensors <= base)
    held = [keep + 1.0 for _ in range(100)]
    assert session.usage().tensors == base + 100
    held.clear()
    assert session.usage().tensors == base


def test_collected_tensors_are_released_though_nothing_follows(server, eventually):
    with ag.connect(server.address) as session:
        x = ag.ones(4)
        session.flush()
        commands = session.pipe._last_seq
        del x
        eventually(lambda: session.pipe._acknowledged > commands)


def test_more_than_the_credit(small_server):
    with ag.connect(small_server.address, timeout=60) as session:
        x = ag.zeros(2)
        for _ in range(5000):
            x = x + 1.0
        assert x.tolist() == [5000, 5000] and session.pipe._frame_commands <= 64


@pytest.mark.parametrize("dtype", [ag.float32, ag.float64, ag.bool, ag.bfloat16], ids=str)
def test_tensors_larger_than_a_message(small_server, dtype):
    with ag.connect(small_server.address, timeout=60) as session:
        values = (np.arange(3 * 40_000).reshape(3, 40_000) % 251).astype(np.float32)
        x = ag.tensor(values, dtype=dtype, requires_grad=dtype.is_floating_point)
        assert x.shape == (3, 40_000) and x.dtype is dtype and x.is_leaf and x.requires_grad == dtype.is_floating_point
        expected = values.astype(bool).astype(np.float32) if dtype is ag.bool else values
        np.testing.assert_array_equal(np.array(x.float().tolist(), np.float32), expected)
        assert session.usage().bytes < 4 * x.nbytes


def test_large_tensors_keep_their_place_in_the_queue(session):
    values = np.random.default_rng(0).random(1 << 20, np.float32)
    x = ag.from_numpy(values)
    y = x + 1.0
    values[:] = 0  # it was copied when it was given
    z = y.sum() - x.sum()
    assert z.item() == pytest.approx(1 << 20, rel=1e-3) and x.max() > 0.9
    np.testing.assert_array_equal(y.numpy(), (x + 1).numpy())


def test_threads_share_a_session(session):
    failures = []

    def work(n):
        try:
            x = ag.tensor([float(n)])
            for _ in range(300):
                x = x + 1.0
            assert x.item() == n + 300
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures and not any(t.is_alive() for t in threads)


def test_sessions_nest(server):
    with ag.connect(server.address) as outer:
        a = ag.ones(1)
        with ag.connect(server.address) as inner:
            assert ag.current_session() is inner and ag.ones(1).session is inner
        assert ag.current_session() is outer and (a + 1).item() == 2 and a.session is outer


def test_a_program_that_ends_without_closing_ends(server):
    program = f"import sys; sys.path.insert(0, {str(ROOT / 'clients/python/src')!r})\nimport autograd_client as ag\nag.connect({server.address!r})\nx = ag.ones(3)\ny = x + 1\nprint(y.tolist())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout == "[2.0, 2.0, 2.0]\n" and done.stderr == ""


def test_no_leak_over_many_steps(session):
    x = ag.rand(8, requires_grad=True)
    w = ag.rand(8)

    def steps(count):
        for i in range(count):
            loss = (x * w).sum()
            loss.backward()
            x.grad = None
            if i % 500 == 499:
                loss.item()
        return session.usage()

    first = steps(500)
    last = steps(3000)
    assert (last.tensors, last.nodes, last.bytes) == (first.tensors, first.nodes, first.bytes)
    gc.collect()
    session.flush()
    assert not session.pipe.dead and not session.pipe._waiters and len(session.pipe._sent) == 0
