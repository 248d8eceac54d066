"""Gradients, grad mode, derivatives of functions, optimizers and modules."""

import math

import numpy as np
import pytest

import autograd_client as ag
from autograd_client import nn
from autograd_client.autograd import forward_ad, functional


def test_backward_accumulates_and_grad_is_none_before(session):
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    assert x.grad is None
    for n in (1, 2):
        (x * x).sum().backward()
        assert x.grad.tolist() == [2.0 * n, 4.0 * n]
    x.grad.zero_()
    assert x.grad.tolist() == [0, 0]
    x.grad = ag.ones(2)
    assert x.grad.tolist() == [1, 1]
    x.grad = None
    assert x.grad is None
    with pytest.raises(TypeError):
        x.grad = 3.0


def test_a_gradient_read_ahead_is_never_an_old_one(session):
    x = ag.ones(3, requires_grad=True)
    x.sum().backward()
    g = x.grad
    x.sum().backward()
    assert g.tolist() == [2, 2, 2]
    g = x.grad
    g.mul_(10)
    assert g.tolist() == [20, 20, 20] and x.grad.tolist() == [20, 20, 20]


def test_gradients_of_many_elements(session):
    x = ag.ones(100, 100, requires_grad=True)
    (x * 3).sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.full((100, 100), 3, np.float32))


def test_backward_arguments(session):
    x = ag.ones(2, requires_grad=True)
    y = x * 2
    y.backward(ag.tensor([1.0, 10.0]), retain_graph=True)
    assert x.grad.tolist() == [2, 20]
    y.backward(gradient=ag.ones(2))
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        y.backward(ag.ones(2))
        session.flush()
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar outputs"):
        (x * 2).backward()
        session.flush()
    w = ag.ones(1, requires_grad=True)
    (x.sum() * w).sum().backward(inputs=[w])
    assert w.grad.tolist() == [2] and x.grad.tolist() == [4, 22]
    with pytest.raises(RuntimeError, match="cannot be empty"):
        w.sum().backward(inputs=[])


def test_autograd_grad(session):
    x = ag.tensor(3.0, requires_grad=True)
    (first,) = ag.autograd.grad(x**3, x, create_graph=True)
    (second,) = ag.autograd.grad(first, [x])
    assert first.item() == 27 and second.item() == 18 and x.grad is None
    unused = ag.ones(1, requires_grad=True)
    assert ag.autograd.grad(x * 2, [x, unused], allow_unused=True)[1] is None
    assert ag.autograd.grad(x * 2, [x, unused], materialize_grads=True)[1].tolist() == [0]
    with pytest.raises(RuntimeError, match="not to have been used|allow_unused"):
        ag.autograd.grad(x * 2, [unused])
        session.flush()
    v = ag.eye(2)
    y = ag.ones(2, requires_grad=True)
    assert ag.autograd.grad(y * 3, y, grad_outputs=v, is_grads_batched=True)[0].tolist() == [[3, 0], [0, 3]]
    with pytest.raises(ValueError):
        ag.autograd.grad([], [x])


def test_modes(session):
    x = ag.ones(1, requires_grad=True)
    with ag.no_grad():
        assert not ag.is_grad_enabled() and not (x * 2).requires_grad
        with ag.enable_grad():
            assert (x * 2).requires_grad
    assert ag.is_grad_enabled() and (x * 2).requires_grad

    @ag.no_grad()
    def inside():
        return x * 2

    @ag.no_grad
    def also():
        return x * 2

    assert not inside().requires_grad and not also().requires_grad
    with ag.inference_mode():
        y = x * 2
        assert ag.is_inference_mode_enabled() and y.is_inference()
    with pytest.raises(RuntimeError, match="nference tensors"):
        (y * x).sum().item()
    with ag.set_grad_enabled(False):
        assert not ag.is_grad_enabled()
    assert ag.is_grad_enabled()
    ag.set_grad_enabled(False)
    assert not ag.is_grad_enabled()
    ag.set_grad_enabled(True)
    try:
        with ag.no_grad():
            raise KeyError
    except KeyError:
        pass
    assert ag.is_grad_enabled()


def test_leaves_detach_and_retain(session):
    x = ag.ones(2, requires_grad=True)
    y = x * 2
    assert x.is_leaf and not y.is_leaf and x.grad_fn is None and y.grad_fn.name() == "MulBackward0" and "AccumulateGrad" in y.grad_fn.next_functions[0]
    y.retain_grad()
    y.sum().backward()
    assert y.grad.tolist() == [1, 1] and y.retains_grad
    assert not y.detach().requires_grad and y.data.is_leaf
    z = (x * 3).detach_()
    assert z.is_leaf
    z.requires_grad_()
    assert z.requires_grad
    z.requires_grad = False
    assert not z.requires_grad
    with pytest.raises(RuntimeError, match="leaf"):
        x.add_(1)
        session.flush()
    with pytest.raises(RuntimeError, match="floating point"):
        ag.tensor([1], requires_grad=True)
        session.flush()


def test_hooks_run_on_the_server(session):
    x = ag.ones(3, requires_grad=True)
    handle = x.register_hook(ag.GradientHook.scale(10.0))
    seen = x.register_hook(ag.GradientHook.record_statistics())
    x.sum().backward()
    assert x.grad.tolist() == [10, 10, 10] and seen.statistics()["sum"] == 30 and seen.statistics()["calls"] == 1
    handle.remove()
    x.grad = None
    x.sum().backward()
    assert x.grad.tolist() == [1, 1, 1]
    with pytest.raises(TypeError, match="GradientHook"):
        x.register_hook(lambda g: g * 2)
    with x.register_hook(ag.GradientHook.stop_on_nonfinite()), pytest.raises(RuntimeError):
        (x * float("nan")).sum().backward()
        session.flush()


def test_anomaly_names_the_line_that_recorded_the_node(session):
    x = ag.tensor([-1.0], requires_grad=True)
    with ag.autograd.detect_anomaly():
        y = x.sqrt()  # the line
        session.flush()
        with pytest.raises(RuntimeError) as caught:
            y.sum().backward()
            session.flush()
    assert caught.value.reason == "ANOMALY_DETECTED" and "SqrtBackward0" in str(caught.value)
    with open(__file__) as own:
        assert own.read().splitlines()[caught.value.recorded_location.line - 1].strip() == "y = x.sqrt()  # the line"
    ag.autograd.set_detect_anomaly(True)
    ag.autograd.set_detect_anomaly(False)
    assert not session.anomaly


def test_functional(session):
    x = ag.tensor([1.0, 2.0], dtype=ag.float64)
    w = ag.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=ag.float64)
    assert functional.jacobian(lambda v: (v * v) @ w, x).tolist() == [[2, 12], [4, 16]]
    rows = functional.jacobian(lambda a, b: (a * b, a + b), (x, x))
    assert rows[0][0].tolist() == [[1, 0], [0, 2]] and rows[1][1].tolist() == [[1, 0], [0, 1]]
    assert functional.hessian(lambda v: (v**3).sum(), x).tolist() == [[6, 0], [0, 12]]
    out, product = functional.vjp(lambda v: v * v, x, ag.ones(2, dtype=ag.float64))
    assert out.tolist() == [1, 4] and product.tolist() == [2, 4]
    assert functional.jvp(lambda v: v * v, x, ag.ones(2, dtype=ag.float64))[1].tolist() == [2, 4]
    assert functional.hvp(lambda v: (v**3).sum(), x, ag.ones(2, dtype=ag.float64))[1].tolist() == [6, 12]
    assert functional.vhp(lambda v: (v**3).sum(), (x,), (ag.ones(2, dtype=ag.float64),))[1][0].tolist() == [6, 12]


def test_what_cannot_be_recorded_is_refused(session):
    x = ag.ones(2)
    for function in (lambda v: v * v.item(), lambda v: v.split(1)[0], lambda v: v.sum().backward() or v):
        with pytest.raises(RuntimeError, match="inside a function that is recorded"):
            functional.jacobian(function, x)
    kept = []
    functional.jacobian(lambda v: kept.append(v) or v * 2, x)
    with pytest.raises(RuntimeError, match="exists only in the recorded function"):
        kept[0] + 1
    with pytest.raises(TypeError, match="must be Tensors"):
        functional.jacobian(lambda v: 3, x)
    assert (x + 1).tolist() == [2, 2]


def test_gradcheck(session):
    x = ag.randn(3, dtype=ag.float64, requires_grad=True)
    assert ag.autograd.gradcheck(lambda v: v.tanh() * v, (x,)) and ag.autograd.gradgradcheck(lambda v: v.tanh() * v, x)
    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        ag.autograd.gradcheck(lambda v: v.detach() * v, (x,))
    assert not ag.autograd.gradcheck(lambda v: v.detach() * v, (x,), raise_exception=False)


def test_forward_mode(session):
    x = ag.tensor([1.0, 2.0])
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(x, ag.ones(2))
        primal, tangent = forward_ad.unpack_dual(dual * dual)
        assert primal.tolist() == [1, 4] and tangent.tolist() == [2, 4]
        assert forward_ad.unpack_dual(x).tangent is None


def test_gradients_agree_with_numpy_on_a_linear_regression(session):
    x, y = np.random.default_rng(0).normal(size=(20, 3)), np.random.default_rng(1).normal(size=20)
    w = ag.zeros(3, dtype=ag.float64, requires_grad=True)
    ((ag.tensor(x) @ w - ag.tensor(y)) ** 2).mean().backward()
    np.testing.assert_allclose(w.grad.numpy(), 2 * x.T @ (-y) / 20, rtol=1e-12)


def reference(name, options, steps):
    """PyTorch's documented update rules, in numpy."""
    p, state = np.array([1.0, -2.0, 3.0]), {}
    for t in range(1, steps + 1):
        g = 2 * p
        lr, wd = options["lr"], options.get("weight_decay", 0.01 if name == "AdamW" else 0.0)
        if name == "AdamW":
            p = p * (1 - lr * wd)
        elif wd:
            g = g + wd * p
        if name == "SGD":
            mu = options.get("momentum", 0)
            if mu:
                b = state["b"] = g if t == 1 else mu * state["b"] + (1 - options.get("dampening", 0)) * g
                g = g + mu * b if options.get("nesterov") else b
            p = p - lr * g
        elif name in ("Adam", "AdamW"):
            b1, b2 = options.get("betas", (0.9, 0.999))
            m = state["m"] = b1 * state.get("m", 0) + (1 - b1) * g
            v = state["v"] = b2 * state.get("v", 0) + (1 - b2) * g * g
            top = state["top"] = np.maximum(state.get("top", 0), v) if options.get("amsgrad") else v
            p = p - lr / (1 - b1**t) * m / (np.sqrt(top) / math.sqrt(1 - b2**t) + 1e-8)
        else:
            a = options.get("alpha", 0.99)
            v = state["v"] = a * state.get("v", 0) + (1 - a) * g * g
            if options.get("centered"):
                m = state["m"] = a * state.get("m", 0) + (1 - a) * g
                v = v - m * m
            step = g / (np.sqrt(v) + 1e-8)
            if options.get("momentum"):
                step = state["b"] = options["momentum"] * state.get("b", 0) + step
            p = p - lr * step
    return p


@pytest.mark.parametrize("name,options", [
    ("SGD", dict(lr=0.1)), ("SGD", dict(lr=0.1, momentum=0.9)), ("SGD", dict(lr=0.1, momentum=0.9, nesterov=True)), ("SGD", dict(lr=0.1, momentum=0.9, dampening=0.5, weight_decay=0.1)),
    ("Adam", dict(lr=0.1)), ("Adam", dict(lr=0.1, weight_decay=0.1, amsgrad=True, betas=(0.8, 0.9))), ("AdamW", dict(lr=0.1)),
    ("RMSprop", dict(lr=0.01)), ("RMSprop", dict(lr=0.01, momentum=0.9, centered=True, weight_decay=0.1, alpha=0.9)),
], ids=str)
def test_optimizers_follow_pytorchs_rules(session, name, options):
    p = ag.tensor([1.0, -2.0, 3.0], dtype=ag.float64, requires_grad=True)
    idle = ag.ones(2, requires_grad=True)
    optimizer = getattr(ag.optim, name)([p, idle], **options)
    for _ in range(5):
        optimizer.zero_grad()
        (p * p).sum().backward()
        optimizer.step()
    np.testing.assert_allclose(p.detach().numpy(), reference(name, options, 5), rtol=1e-12)
    assert idle.tolist() == [1, 1] and p.is_leaf and p.requires_grad


def test_optimizers_refuse_what_pytorch_refuses(session):
    p = ag.ones(1, requires_grad=True)
    for make in (lambda: ag.optim.SGD([p], lr=-1), lambda: ag.optim.SGD([], lr=1), lambda: ag.optim.SGD([p], lr=1, nesterov=True), lambda: ag.optim.Adam([p], betas=(1.0, 0.9))):
        with pytest.raises(ValueError):
            make()
    with pytest.raises(TypeError):
        ag.optim.SGD(p, lr=1)


def test_modules(session):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
            self.head = nn.Linear(2 * 4 * 4, 3)
            self.scale = nn.Parameter(ag.ones(1))
            self.register_buffer("seen", ag.zeros(1))

        def forward(self, x):
            return self.head(self.features(x)) * self.scale

    net = Net()
    assert [n for n, _ in net.named_parameters()] == ["scale", "features.0.weight", "features.0.bias", "head.weight", "head.bias"]
    assert net.features[0].weight.shape == (2, 1, 3, 3) and len(list(net.parameters())) == 5
    x = ag.randn(2, 1, 8, 8)
    loss = nn.CrossEntropyLoss()(net(x), ag.tensor([0, 2]))
    loss.backward()
    assert all(p.grad is not None for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    other = Net()
    other.load_state_dict(net.state_dict())
    assert ag.equal(net(x), other(x)) and set(net.state_dict()) == {"scale", "seen", "features.0.weight", "features.0.bias", "head.weight", "head.bias"}
    with pytest.raises(RuntimeError, match="missing"):
        other.load_state_dict({})
    assert not net.eval().features[1].training and net.train().training and "(head): Linear(in_features=32, out_features=3, bias=True)" in repr(net)
    assert net.double().head.weight.dtype is ag.float64
    drop = nn.Dropout(0.5)
    assert set(drop(ag.ones(100)).tolist()) == {0.0, 2.0} and drop.eval()(ag.ones(3)).tolist() == [1, 1, 1]
    assert nn.LayerNorm(4)(ag.randn(2, 4)).mean(1).abs().max() < 1e-6
    norm = nn.BatchNorm1d(3)
    norm(ag.randn(8, 3) + 5)
    assert norm.running_mean.min() > 0.3


@pytest.mark.parametrize("loss,prediction,target,expected", [
    (nn.MSELoss(), [1.0, 2.0], [0.0, 0.0], 2.5), (nn.MSELoss(reduction="sum"), [1.0, 2.0], [0.0, 0.0], 5.0), (nn.L1Loss(), [1.0, 2.0], [0.0, 0.0], 1.5),
    (nn.BCEWithLogitsLoss(), [0.0], [1.0], math.log(2)), (nn.BCELoss(), [0.5], [1.0], math.log(2)),
], ids=str)
def test_losses(session, loss, prediction, target, expected):
    assert loss(ag.tensor(prediction), ag.tensor(target)).item() == pytest.approx(expected)


def test_functions_whose_arguments_differ(session):
    F = nn.functional
    x = ag.tensor([[-1.0, 2.0]])
    assert F.relu(x).tolist() == [[0, 2]] and F.leaky_relu(x, 0.5).tolist() == [[-0.5, 2]] and F.dropout(x, training=False).tolist() == x.tolist()
    y = x.clone()
    assert F.relu(y, inplace=True) is y and y.tolist() == [[0, 2]]
    assert F.embedding(ag.tensor([1, 0]), ag.eye(2)).tolist() == [[0, 1], [1, 0]] and F.one_hot(ag.tensor([1]), 3).tolist() == [[0, 1, 0]]
    assert F.max_pool2d(ag.arange(16.0).view(1, 1, 4, 4), 2).flatten().tolist() == [5, 7, 13, 15] and len(F.max_pool2d(ag.ones(1, 1, 4, 4), 2, return_indices=True)) == 2
    assert F.mse_loss(x, x, reduction="none").shape == (1, 2) and F.mse_loss(x, x + 1, size_average=False) == 2 and F.linear(x, ag.eye(2), ag.ones(2)).tolist() == [[0, 3]]
    assert F.pad(x, (1, 1)).shape == (1, 4) and F.unfold(ag.ones(1, 1, 4, 4), 2).shape == (1, 4, 9) and F.conv2d(ag.ones(1, 1, 4, 4), ag.ones(1, 1, 3, 3), padding="same").shape == (1, 1, 4, 4)
    assert F.kl_div(x.log_softmax(1), ag.tensor([[0.5, 0.5]]), reduction="batchmean").item() > 0 and F.gelu(ag.zeros(1)) == 0 and F.layer_norm(x, (2,)).shape == (1, 2)
