"""What is installed is what should be, and works by itself; what is generated is current."""

import filecmp
import pathlib
import shutil
import subprocess
import sys
import zipfile

import pytest

import autograd_client as ag
from conftest import ROOT

HERE = ROOT / "clients" / "python"
SOURCE = HERE / "src" / "autograd_client"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    # From a copy: building leaves folders behind.
    place = tmp_path_factory.mktemp("wheel")
    shutil.copytree(HERE, place / "python", ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__", ".pytest_cache"))
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-q", "-w", str(place), str(place / "python")], check=True, timeout=120)
    return next(place.glob("*.whl"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {f"autograd_client/{p.relative_to(SOURCE)}" for p in SOURCE.rglob("*") if p.suffix in (".py", ".pyi") or p.name == "py.typed"}
    assert {n for n in names if ".dist-info/" not in n} == sources
    assert {"autograd_client/py.typed", "autograd_client/_ops.pyi", "autograd_client/_proto/command_pb2.py"} <= sources
    metadata = zipfile.ZipFile(wheel).read(next(n for n in names if n.endswith("METADATA"))).decode()
    required = {line.split(":")[1].split("(")[0].split(">")[0].strip() for line in metadata.splitlines() if line.startswith("Requires-Dist")}
    assert required == {"grpcio", "numpy", "protobuf"} and "Requires-Python: >=3.10" in metadata


def test_it_installs_and_works_in_a_clean_environment(wheel, server, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", str(tmp_path / "env")], check=True, timeout=120)
    python = str(tmp_path / "env" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--no-index", "--no-deps", "-q", str(wheel)], check=True, timeout=120)
    program = f"import autograd_client as torch; print(torch.__file__)\nwith torch.connect({server.address!r}):\n    x = torch.ones(2, requires_grad=True); (x * 3).sum().backward(); print(x.grad)"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    place, value = done.stdout.splitlines()
    assert pathlib.Path(place).is_relative_to(tmp_path / "env") and value == "tensor([3., 3.])"


def test_generated_protos_are_current(tmp_path):
    if shutil.which("protoc") is None:
        pytest.skip("protoc is not installed")
    subprocess.run([str(HERE / "generate_protos.sh"), str(tmp_path)], check=True, timeout=60)
    made = sorted(p.name for p in (tmp_path / "autograd_client" / "_proto").iterdir())
    assert made == sorted(p.name for p in (SOURCE / "_proto").iterdir() if p.name != "__pycache__")
    for name in made:
        assert filecmp.cmp(tmp_path / "autograd_client" / "_proto" / name, SOURCE / "_proto" / name, shallow=False), f"{name} is stale: run generate_protos.sh"


def test_every_op_of_the_server_has_a_function_with_a_docstring(session):
    from autograd_client import _ops

    assert set(_ops.OPS) == set(session.op_names)
    for name in session.op_names:
        function = getattr(_ops, name.split(".")[0])
        assert function.__doc__ and len(function.__doc__) > 20, name


def test_the_surface_is_there():
    for name in "add sub mul div matmul exp log softmax cat stack where einsum relu conv2d zeros ones arange linspace tensor no_grad Size float32 manual_seed clip absolute true_divide concat".split():
        assert hasattr(ag, name), name
    for name in "add add_ mul_ clamp_ t_ view permute sum softmax masked_fill_ index_add scatter_ clip_ absolute multiply_ greater_equal uniform_ copy_ fill_ zero_".split():
        assert hasattr(ag.Tensor, name), name
    for space, names in {"nn.functional": "gelu cross_entropy conv2d pad normalize", "linalg": "svd solve inv norm matrix_rank", "special": "expit erf entr zeta", "autograd": "grad gradcheck detect_anomaly"}.items():
        module = ag
        for part in space.split("."):
            module = getattr(module, part)
        for name in names.split():
            assert callable(getattr(module, name)), f"{space}.{name}"
