"""The cases that every client replays (tests/conformance-cases): bit for bit what the C# client got."""

import base64
import json

import numpy as np
import pytest

import autograd_client as ag
from autograd_client import _dtypes, _ops
from conftest import ROOT

FOLDER = ROOT / "tests" / "conformance-cases"
FAMILIES = sorted(f.stem for f in FOLDER.glob("*.json") if f.stem not in ("errors", "programs"))
SPECIAL_FLOATS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def load(name):
    data = json.loads((FOLDER / f"{name}.json").read_text())
    assert data["format"] == 1
    return data


def number(value):
    (kind, content), = value.items()
    if kind == "float":
        return float(SPECIAL_FLOATS.get(content, content))
    return bool(content) if kind == "bool" else int(content)


def attribute(value, kind):
    if isinstance(value, dict):
        return number(value)
    if kind == "d" and isinstance(value, str):
        return _dtypes.BY_NAME[value]
    if kind == "f" and not isinstance(value, bool):
        return float(SPECIAL_FLOATS.get(value, value)) if not isinstance(value, list) and value is not None else value
    if kind in "iI" and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value


class Replay:
    def __init__(self, session):
        self.session = session

    def tensor(self, value):
        return self.session.create(base64.b64decode(value["data"]), value["shape"], _dtypes.BY_NAME[value["dtype"]], value.get("requires_grad", False))

    def operand(self, value):
        if value is None:
            return None
        if isinstance(value, list):
            return [self.operand(v) for v in value]
        return self.tensor(value) if "data" in value else number(value)

    def attributes(self, case):
        schema = self.session.schema(case["op"])
        kinds = {p.name: " TLOifbsdIS"[p.kind] for p in schema.parameters} if schema else {}
        return {k: attribute(v, kinds.get(k, "S")) for k, v in case.get("attributes", {}).items()}

    def check(self, tensor, expected, what):
        if expected is None:
            assert tensor is None, what
            return
        data = tensor._array()
        assert tensor.dtype.name == expected["dtype"] and list(tensor.shape) == expected["shape"], what
        assert data.tobytes() == base64.b64decode(expected["data"]), f"{what}: {tensor.tolist()}"

    def by_function(self, case, operands):
        """The call through the generated function: None where Python has the op in another form only."""
        function = getattr(_ops, case["op"].split(".")[0])
        names = [n for n, _ in _ops.OPS[case["op"]].inputs]
        arguments = {("input" if n == "self" else n): o for n, o in zip(names, operands) if o is not None}
        arguments.update(self.attributes(case))
        keyword = {(k + "_" if k in ("from", "lambda") else k): v for k, v in arguments.items()}
        result = function(**keyword)
        return result if isinstance(result, tuple) else (result,)


@pytest.fixture(scope="module")
def shared(server):
    with ag.connect(server.address, timeout=60) as session:
        yield session


def run_case(replay, case, seed, by_function):
    session = replay.session
    ag.manual_seed(seed)
    operands = [replay.operand(v) for v in case["inputs"]]
    outputs = replay.by_function(case, operands) if by_function else session.apply(case["op"], operands, replay.attributes(case))
    assert len(outputs) == len(case["outputs"])
    for i, (output, expected) in enumerate(zip(outputs, case["outputs"])):
        replay.check(output, expected, f"{case['name']}, output {i}")
    if "gradients" not in case:
        return
    assert case["gradients"]["of"] == "sum"
    leaves, expected = [], []

    def collect(operand, value, gradient):
        if isinstance(value, list):
            for one in zip(operand, value, gradient or [None] * len(value)):
                collect(*one)
        elif value is not None and isinstance(value, dict) and value.get("requires_grad"):
            leaves.append(operand)
            expected.append(gradient)

    for one in zip(operands, case["inputs"], case["gradients"]["inputs"]):
        collect(*one)
    for i, (found, wanted) in enumerate(zip(ag.autograd.grad(outputs[0].sum(), leaves, allow_unused=True), expected)):
        replay.check(found, wanted, f"{case['name']}, gradient {i}")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_case_by_name(shared, family):
    data = load(family)
    for case in data["cases"]:
        run_case(Replay(shared), case, data["seed"], by_function=False)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_case_by_the_generated_function(shared, family):
    data = load(family)
    for case in data["cases"]:
        run_case(Replay(shared), case, data["seed"], by_function=True)


def test_there_are_cases():
    assert len(FAMILIES) >= 25 and sum(len(load(f)["cases"]) for f in FAMILIES) > 1500
    # What an empty tensor holds is nobody's to tell.
    assert {c["op"] for f in FAMILIES for c in load(f)["cases"]} == set(_ops.OPS) - {"empty", "empty_like", "empty_strided", "new_empty"}


def test_errors(shared):
    data = load("errors")
    for case in data["cases"]:
        replay = Replay(shared)
        ag.manual_seed(data["seed"])
        with pytest.raises(ag.AutogradError) as caught:
            shared.apply(case["op"], [replay.operand(v) for v in case["inputs"]], replay.attributes(case))
            shared.flush()
        wanted = case["error"]
        assert (caught.value.code, caught.value.reason, caught.value.server_message) == (wanted["code"], wanted["reason"], wanted["message"]), case["name"]


@pytest.mark.parametrize("program", load("programs")["programs"], ids=lambda p: p["name"])
def test_programs(server, program):
    with ag.connect(server.address, timeout=60) as session:
        ag.manual_seed(load("programs")["seed"])
        Program(session).run(program["steps"])


class Program(Replay):
    def __init__(self, session):
        super().__init__(session)
        self.named = {}
        self.failures = []

    def operand(self, value):
        if isinstance(value, str):
            return self.named[value]
        return [self.operand(v) for v in value] if isinstance(value, list) else None if value is None else number(value)

    def all(self, names):
        return [self.operand(n) for n in names] if names is not None else None

    def run(self, steps):
        for step in steps:
            getattr(self, step["do"])(step)

    def create(self, step):
        self.named[step["out"]] = self.tensor(step["tensor"])

    def apply(self, step):
        with ag.set_grad_enabled(not step.get("no_grad", False)):
            results = self.session.apply(step["op"], self.all(step["inputs"]), self.attributes(step), in_place=step.get("in_place", False))
        self.named.update(zip(step.get("out", ()), results))

    def backward(self, step):
        ag.autograd.backward(self.all(step["roots"]), self.all(step.get("gradients")), step.get("retain_graph"), step.get("create_graph", False), inputs=self.all(step.get("inputs")))

    def grad(self, step):
        found = ag.autograd.grad(self.all(step["outputs"]), self.all(step["inputs"]), self.all(step.get("gradients")), step.get("retain_graph"), step.get("create_graph", False))
        self.named.update(zip(step["out"], found))

    def zero_grad(self, step):
        ag.nn.modules.zero_grad(self.all(step["tensors"]), step["set_to_none"])

    def requires_grad(self, step):
        self.named[step["tensor"]].requires_grad_(step["value"])

    def retain_grad(self, step):
        self.named[step["tensor"]].retain_grad()

    def detach_in_place(self, step):
        self.named[step["tensor"]].detach_()

    def alias_grad(self, step):
        self.named[step["out"]] = self.named[step["tensor"]].grad

    def seed(self, step):
        ag.manual_seed(step["value"])

    def waiting(self, call):
        # Failures from before are told by whatever waits first; expect_error wants them.
        while True:
            try:
                return call()
            except ag.AutogradError as error:
                self.failures.append(error)
                assert len(self.failures) < 10

    def expect(self, step):
        self.check(self.waiting(lambda: (self.named[step["tensor"]]._array(), self.named[step["tensor"]])[1]), step["value"], str(step))

    def expect_grad(self, step):
        self.check(self.waiting(lambda: self.named[step["tensor"]].grad), step["value"], str(step))

    def expect_info(self, step):
        metadata = self.waiting(self.named[step["tensor"]]._describe)
        for key, value in step["value"].items():
            found = getattr(metadata, key)
            found = _dtypes.BY_CODE[found].name if key == "dtype" else list(found) if key in ("shape", "strides") else found
            assert found == (value if value is not None else ""), (step, key)

    def expect_error(self, step):
        try:
            self.session.flush()
        except ag.AutogradError as error:
            self.failures.append(error)
        wanted = step.get("error", step.get("value"))
        if wanted is None:
            assert not self.failures
        else:
            assert any((f.code, f.reason) == (wanted["code"], wanted["reason"]) for f in self.failures), self.failures
        self.failures.clear()
