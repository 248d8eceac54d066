"""A real server for the tests: built by the caller, started on free loopback ports, stopped at the end."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "clients" / "python" / "src"))

import autograd_client as ag  # noqa: E402


class Server:
    """A server process."""

    def __init__(self, *settings: str, port: int = 0) -> None:
        self.settings = settings
        self.process = None
        self.address = ""
        self.start(port)

    def start(self, port: int = 0) -> None:
        """Starts it and waits until it serves."""
        found = [ROOT / "src" / "Server" / "bin" / c / "net10.0" / "AutogradService.Server.dll" for c in (os.environ.get("CONFIGURATION", "Release"), "Release", "Debug")]
        dll = next((d for d in found if d.exists()), None)
        if dll is None:
            raise RuntimeError("the server is not built: dotnet build src/Server")
        command = ["dotnet", str(dll), f"--Autograd:GrpcPort={port}", "--Autograd:HttpPort=0", *self.settings]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            match = re.search(r"gRPC .* on https?://([\d.]+:\d+)", line)
            if match:
                self.address = match.group(1)
                # What it logs later must not fill the pipe.
                self.drain = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)
                return
        raise RuntimeError(f"the server ended with {self.process.wait()}")

    def kill(self) -> None:
        """Ends it as a crash does."""
        self.process.kill()
        self.process.wait(20)
        self.drain.wait(20)

    def stop(self) -> None:
        """Ends it as SIGTERM does."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.drain.wait(20)


@pytest.fixture(scope="session")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def session(server):
    with ag.connect(server.address, timeout=60) as current:
        ag.manual_seed(0)
        yield current


@pytest.fixture
def eventually():
    """Waits until something holds, for at most 10 seconds."""

    def wait(condition, seconds=10.0):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come to hold"
            time.sleep(0.02)

    return wait
