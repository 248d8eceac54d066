"""Ordinary PyTorch scripts run with only the import changed."""

import os
import re
import subprocess
import sys

import pytest

from conftest import ROOT

FOLDER = ROOT / "clients" / "python" / "examples"


def run(name, server):
    environment = {**os.environ, "AUTOGRAD_SERVER": server.address, "PYTHONPATH": str(ROOT / "clients" / "python" / "src")}
    done = subprocess.run([sys.executable, str(FOLDER / name)], capture_output=True, text=True, timeout=150, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_autograd_tutorial(server):
    printed = run("autograd_tutorial.py", server)
    assert "Gradient function for z = <AddBackward0>" in printed and "<BinaryCrossEntropyWithLogitsBackward0>" in printed
    assert "True\nFalse\nFalse\n" in printed and "again: Trying to backward through the graph a second time" in printed
    assert "Second call\ntensor([[8., 4., 4., 4., 4.],\n        [4., 8., 4., 4., 4.]," in printed and "torch.Size([2, 2, 3])" in printed


@pytest.mark.parametrize("name,floor", [("two_moons.py", 0.97), ("digits.py", 0.9)])
def test_networks_learn(server, name, floor):
    printed = run(name, server)
    losses = [float(v) for v in re.findall(r"loss ([\d.]+)", printed)]
    assert losses[-1] < losses[0] / 3 and float(re.findall(r"accuracy ([\d.]+)", printed)[-1]) > floor


def test_only_the_import_differs():
    for script in FOLDER.glob("*.py"):
        mentions = [line for line in script.read_text().splitlines() if "autograd_client" in line]
        assert mentions and all(re.fullmatch(r"import autograd_client(\.[\w.]+)? as \w+|from autograd_client import nn", line) for line in mentions), script
