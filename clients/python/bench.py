"""Measures this client against a real server, on this machine, in one run.

    dotnet build -c Release src/Server
    python clients/python/bench.py --server localhost:50051 [--csharp-ms 1.2 | --csharp] [--steps 100000]

- chain: 1,000 dependent ops, backward, one gradient fetched. --csharp runs the C# client's row of tests/Benchmarks before and after
  (it brings its own server), --csharp-ms takes its time as given.
- transfers: 16 MiB up and down, beside a bare grpcio client and server that move the same bytes and do nothing with them.
- leak: what the session and this process hold after the first steps and after all of them.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import gc
import json
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "src"))

import grpc  # noqa: E402
import numpy as np  # noqa: E402

import autograd_client as ag  # noqa: E402

BYTES = 16 << 20
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def milliseconds(call, rounds, warm=5):
    for _ in range(warm):
        call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def line(name, times, note=""):
    print(f"{name:44} median {statistics.median(times):9.3f} ms   minimum {min(times):9.3f} ms   {note}", flush=True)


def chain(rounds):
    x, a, b, one = ag.rand(4, requires_grad=True), ag.rand(4), ag.rand(4), ag.ones(4)

    def once():
        y = x
        for _ in range(500):
            y = y.mul(a).add(b)
        y.backward(one)
        x.grad.numpy()
        x.grad = None

    # Long enough for the server to have compiled what it runs, which takes seconds.
    return milliseconds(once, rounds, warm=1500)


def csharp_chain():
    """Median and minimum of the C# client's row, in milliseconds."""
    # While the compiler instruments what runs, for seconds, it runs at a fifth of its speed: the row is to say what the client does when warm, as ours does.
    environment = {**os.environ, "DOTNET_TieredPGO": "0"}
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = ["dotnet", "run", "-c", "Release", "--no-build", "--project", str(HERE.parents[1] / "tests" / "Benchmarks"), "--", "table", "--suite", "wire", "--rows", "gradient fetched: pipelined", "--rounds", "60", "--json", file.name]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=HERE.parents[1], env=environment)
        row = json.loads(pathlib.Path(file.name).read_text())[0]
    return row["MedianNanoseconds"] / 1e6, row["MinimumNanoseconds"] / 1e6


def serve_bytes(connection):
    """A grpcio server whose methods take and give 16 MiB."""
    blob = bytes(BYTES)
    handlers = grpc.method_handlers_generic_handler("bare.Bytes", {
        "Up": grpc.unary_unary_rpc_method_handler(lambda request, context: b""),
        "Down": grpc.unary_unary_rpc_method_handler(lambda request, context: blob),
    })
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2), options=OPTIONS)
    server.add_generic_rpc_handlers((handlers,))
    connection.send(server.add_insecure_port("127.0.0.1:0"))
    server.start()
    connection.recv()
    server.stop(0)


def transfers(session, port, rounds):
    channel = grpc.insecure_channel(f"127.0.0.1:{port}", OPTIONS)
    up, down = channel.unary_unary("/bare.Bytes/Up"), channel.unary_unary("/bare.Bytes/Down")
    blob, values = bytes(BYTES), np.zeros(BYTES // 4, np.float32)
    held = ag.from_numpy(values)

    def upload():
        ag.from_numpy(values)
        session.flush()

    ours_up, bare_up, ours_down, bare_down = [], [], [], []
    for i in range(rounds):
        # By turns, so that whatever else runs here meets all alike.
        ours_up += milliseconds(upload, 1, warm=int(i == 0))
        bare_up += milliseconds(lambda: up(blob, timeout=60), 1, warm=int(i == 0))
        ours_down += milliseconds(held._array, 1, warm=int(i == 0))
        bare_down += milliseconds(lambda: down(b"", timeout=60), 1, warm=int(i == 0))
    for name, ours, bare in (("16 MiB up", ours_up, bare_up), ("16 MiB down", ours_down, bare_down)):
        line(name + ", bare grpcio", bare)
        speed = [statistics.median(bare) / statistics.median(ours), min(bare) / min(ours)]
        line(name, ours, f"{speed[0]:.0%} of bare grpcio's speed by median, {speed[1]:.0%} by minimum (bar: 60%)")
    channel.close()


def resident():
    with open("/proc/self/status") as status:
        return next(int(row.split()[1]) for row in status if row.startswith("VmRSS")) / 1024


def leak(session, steps):
    x, w = ag.rand(8, requires_grad=True), ag.rand(8)

    def run(count):
        for i in range(count):
            loss = (x * w).sum()
            loss.backward()
            x.grad = None
            if i % 1000 == 999:
                loss.item()
        del loss
        gc.collect()
        usage = session.usage()
        return usage.tensors, usage.nodes, usage.bytes, resident()

    first = run(steps // 10)
    start = time.perf_counter()
    last = run(steps - steps // 10)
    print(f"{steps:,} steps: tensors {first[0]} -> {last[0]}, nodes {first[1]} -> {last[1]}, bytes {first[2]} -> {last[2]}, this process {first[3]:.1f} -> {last[3]:.1f} MiB, "
          f"{(time.perf_counter() - start) / (steps - steps // 10) * 1e6:.1f} us a step")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default=None, help="address; None: what AUTOGRAD_SERVER says")
    parser.add_argument("--csharp", action="store_true", help="measure the C# client too")
    parser.add_argument("--csharp-ms", type=float, help="the C# client's time for the chain")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--steps", type=int, default=100_000)
    given = parser.parse_args()
    mine, theirs = multiprocessing.Pipe()
    bare = multiprocessing.get_context("spawn").Process(target=serve_bytes, args=(theirs,), daemon=True)
    try:
        with ag.connect(given.server) as session:
            before = csharp_chain() if given.csharp else None
            times = chain(given.rounds)
            line("1,000 ops, backward, one gradient fetched", times)
            if before is not None:
                after = csharp_chain()
                median, least = statistics.mean((before[0], after[0])), min(before[1], after[1])
                print(f"  the C# client: median {median:.3f} ms, minimum {least:.3f} ms; ratio {statistics.median(times) / median:.2f} by median, {min(times) / least:.2f} by minimum (bar: 3)")
            elif given.csharp_ms:
                print(f"  ratio to the C# client's {given.csharp_ms} ms: {statistics.median(times) / given.csharp_ms:.2f} by median, {min(times) / given.csharp_ms:.2f} by minimum (bar: 3)")
            line("one op and its value: a round trip", milliseconds(lambda: ag.ones(4).sum().item(), given.rounds))
            # Not before: its start would disturb what is measured above.
            bare.start()
            transfers(session, mine.recv(), max(5, given.rounds // 10))
            leak(session, given.steps)
    finally:
        if bare.is_alive():
            mine.send(None)
            bare.join(5)


if __name__ == "__main__":
    main()
