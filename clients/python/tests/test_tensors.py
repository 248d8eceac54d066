"""Tensors of values, their reading, printing, indexing and arithmetic."""

import copy
import math
import pickle

import numpy as np
import pytest

import autograd_client as ag

ALL_DTYPES = [ag.float32, ag.float64, ag.float16, ag.int64, ag.int32, ag.int16, ag.int8, ag.uint8, ag.bool]


@pytest.mark.parametrize("dtype", ALL_DTYPES, ids=lambda d: d.name)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4), (2, 3, 4)], ids=str)
def test_values_travel_there_and_back(session, dtype, shape):
    values = np.asarray(np.arange(math.prod(shape)).reshape(shape) % 7).astype(dtype.numpy)
    x = ag.from_numpy(np.asarray(values))
    back = x.numpy()
    assert x.dtype is dtype and x.shape == shape and back.dtype == values.dtype
    np.testing.assert_array_equal(back, values)
    assert back.flags.writeable


def test_bfloat16_rounds_to_even_and_is_read_as_numbers(session):
    x = ag.tensor([1.0, 1.00390625, 1.01171875, float("inf"), float("nan"), -0.0], dtype=ag.bfloat16)
    assert x.tolist()[:4] == [1.0, 1.0, 1.015625, math.inf] and math.isnan(x.tolist()[4]) and math.copysign(1, x.tolist()[5]) == -1
    assert x[1].item() == 1.0
    with pytest.raises(TypeError, match="BFloat16"):
        x.numpy()


def test_tensor_takes_what_pytorch_takes(session):
    assert ag.tensor(3).dtype is ag.int64
    assert ag.tensor(3.5).dtype is ag.float32
    assert ag.tensor(True).dtype is ag.bool
    assert ag.tensor([]).dtype is ag.float32
    assert ag.tensor([[1, 2], [3, 4]]).tolist() == [[1, 2], [3, 4]]
    assert ag.tensor([ag.tensor(1.0), 2.0]).tolist() == [1.0, 2.0]
    assert ag.tensor(np.float64(2)).dtype is ag.float64
    assert ag.tensor([1, 2], dtype=ag.float64).tolist() == [1.0, 2.0]
    assert ag.as_tensor(np.ones(2, np.int32)).dtype is ag.int32
    x = ag.ones(2)
    assert ag.as_tensor(x) is x
    with pytest.raises(ValueError):
        ag.tensor([[1, 2], [3]])
    with pytest.raises(TypeError):
        ag.tensor(["a"])
    with pytest.raises(TypeError):
        ag.tensor(np.ones(2, np.complex64))


def test_big_endian_and_strided_arrays(session):
    values = np.arange(12, dtype=">f4").reshape(3, 4)[:, ::2]
    np.testing.assert_array_equal(ag.tensor(values).numpy(), values)
    np.testing.assert_array_equal(ag.tensor(np.arange(6.0).reshape(2, 3).T).numpy(), np.arange(6.0).reshape(2, 3).T)


def test_numpy_of_what_requires_grad_is_refused(session):
    x = ag.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="Use tensor.detach"):
        x.numpy()
    with pytest.raises(RuntimeError):
        np.asarray(x * 2)
    np.testing.assert_array_equal(x.detach().numpy(), [1, 1])
    np.testing.assert_array_equal(x.numpy(force=True), [1, 1])


def test_python_takes_tensors_as_its_own(session):
    x = ag.arange(6).reshape(2, 3)
    assert len(x) == 2 and [r.tolist() for r in x] == [[0, 1, 2], [3, 4, 5]]
    assert float(ag.tensor(1.5)) == 1.5 and int(ag.tensor(7)) == 7 and [10, 20, 30][ag.tensor(1)] == 20
    assert bool(ag.tensor(1)) and not bool(ag.zeros(1)) and 5 in x and 9 not in x
    assert f"{ag.tensor(1.25):.1f}" == "1.2"
    assert np.add(np.ones(3), np.asarray(x[0])).tolist() == [1, 2, 3]
    assert {x: 1}[x] == 1
    with pytest.raises(RuntimeError, match="ambiguous"):
        bool(x)
    with pytest.raises(RuntimeError, match="cannot be converted to Scalar"):
        x.item()
    with pytest.raises(TypeError):
        len(ag.tensor(1))
    with pytest.raises(TypeError):
        iter(ag.tensor(1))


def test_dlpack(session):
    np.testing.assert_array_equal(np.from_dlpack(ag.arange(3)), [0, 1, 2])
    assert ag.from_dlpack(np.arange(3.0)).tolist() == [0, 1, 2]


def test_copies_and_pickles(session):
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    for y in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert y.tolist() == [1, 2] and y.requires_grad and y.is_leaf and y is not x


def test_prints_as_pytorch_does(session):
    cases = [
        (ag.tensor(1), "tensor(1)"),
        (ag.tensor(1.5), "tensor(1.5000)"),
        (ag.tensor([1.0, 2.0]), "tensor([1., 2.])"),
        (ag.tensor([1.0, 2.5]), "tensor([1.0000, 2.5000])"),
        (ag.tensor([True, False]), "tensor([ True, False])"),
        (ag.tensor([[1, -2], [30, 4]]), "tensor([[ 1, -2],\n        [30,  4]])"),
        (ag.tensor([1e-8, 1.0]), "tensor([1.0000e-08, 1.0000e+00])"),
        (ag.tensor([float("nan"), float("inf"), -1.0]), "tensor([nan, inf, -1.])"),
        (ag.tensor([1.0], dtype=ag.float64), "tensor([1.], dtype=torch.float64)"),
        (ag.zeros(0, 3), "tensor([], size=(0, 3))"),
        (ag.ones(2, requires_grad=True), "tensor([1., 1.], requires_grad=True)"),
        (ag.ones(2, requires_grad=True) * 2, "tensor([2., 2.], grad_fn=<MulBackward0>)"),
        (ag.arange(1001), "tensor([   0,    1,    2,  ...,  998,  999, 1000])"),
        (ag.ones(2, 2, 1), "tensor([[[1.],\n         [1.]],\n\n        [[1.],\n         [1.]]])"),
    ]
    for x, text in cases:
        assert repr(x) == text


def test_factories(session):
    assert ag.zeros(2, 3).shape == ag.zeros((2, 3)).shape == ag.zeros([2, 3]).shape == ag.Size([2, 3])
    assert ag.arange(3).tolist() == [0, 1, 2] and ag.arange(1, 2.5, 0.5).tolist() == [1, 1.5, 2] and ag.arange(start=1, end=3).tolist() == [1, 2]
    assert ag.arange(3).dtype is ag.int64 and ag.arange(3.0).dtype is ag.float32
    assert ag.full((2,), 7).tolist() == [7, 7] and ag.full((2,), 7).dtype is ag.int64 and ag.full((1,), True).dtype is ag.bool
    assert ag.eye(2).tolist() == [[1, 0], [0, 1]] and ag.linspace(0, 1, 3).tolist() == [0, 0.5, 1]
    assert ag.randint(5, (100,)).max() < 5 and ag.randint(3, 5, (100,)).min() >= 3 and sorted(ag.randperm(5).tolist()) == [0, 1, 2, 3, 4]
    x = ag.rand(2, 3, dtype=ag.float64)
    assert ag.zeros_like(x).dtype is ag.float64 and ag.ones_like(x, dtype=ag.int32).dtype is ag.int32 and ag.full_like(x, 2).tolist()[0][0] == 2
    assert x.new_zeros(3).dtype is ag.float64 and x.new_ones((2, 2)).shape == (2, 2) and x.new_full((1,), 4).item() == 4 and x.new_tensor([1]).dtype is ag.float64
    ag.manual_seed(3)
    a = ag.randn(4)
    ag.manual_seed(3)
    assert ag.equal(a, ag.randn(4))
    assert ag.normal(0.0, 1.0, (3,)).shape == (3,) and ag.empty(2, 2).shape == (2, 2)


INDICES = [
    (0,), (-1,), (slice(None), 1), (slice(1, 3),), (slice(None, None, 2), slice(1, None)), (Ellipsis, 0), (0, Ellipsis), (None, 0), (slice(None), None, 2), (Ellipsis, None),
    ([0, 2],), ([0, 2], [1, 3]), (slice(None), [1, 0]), (Ellipsis, [1, 0]), ([0, 1], slice(None), [2, 3]), (np.array([[0, 1], [2, 0]]),), (1, [0, 2]), ([0, 2], 1), (slice(None), [0, 2], 1),
    (slice(1, None), Ellipsis, slice(0, 2)),
]


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_indexing_and_assignment_are_numpys(session, index):
    values = np.arange(3 * 4 * 5, dtype=np.float32).reshape(3, 4, 5)
    x = ag.from_numpy(values)
    np.testing.assert_array_equal(x[index].numpy(), values[index])
    expected = values.copy()
    expected[index] = -1
    x[index] = -1
    np.testing.assert_array_equal(x.numpy(), expected)
    rows = np.arange(values[index].size, dtype=np.float32).reshape(values[index].shape)
    expected[index] = rows
    x[index] = ag.from_numpy(rows)
    np.testing.assert_array_equal(x.numpy(), expected)


def test_masks(session):
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    x = ag.from_numpy(values)
    np.testing.assert_array_equal(x[x > 5].numpy(), values[values > 5])
    np.testing.assert_array_equal(x[ag.tensor([True, False, True])].numpy(), values[[True, False, True]])
    np.testing.assert_array_equal(x[ag.tensor([True, False, True]), 1:].numpy(), values[[True, False, True], 1:])
    x[x > 5] = 0
    values[values > 5] = 0
    np.testing.assert_array_equal(x.numpy(), values)
    assert ag.where(x > 4)[0].tolist() == [1]


def test_indices_that_cannot_be(session):
    x = ag.ones(2, 3)
    with pytest.raises(IndexError):
        x[5].tolist()
    with pytest.raises(IndexError):
        x[..., ...]
    with pytest.raises(ValueError):
        x[::-1]
    with pytest.raises(IndexError):
        x[0, 0, 0].tolist()
    with pytest.raises(TypeError):
        x["a"]
    with pytest.raises(IndexError):
        x[[0.5]]


def test_views_share_memory(session):
    x = ag.zeros(2, 3)
    x[0] += 1
    x[:, 1].mul_(5)
    x.view(-1)[5] = 9
    assert x.tolist() == [[1, 5, 1], [0, 0, 9]]


def test_operators(session):
    a, b = np.array([5.0, 7.0], np.float32), np.array([2.0, 3.0], np.float32)
    x, y = ag.tensor(a), ag.tensor(b)
    for ours, theirs in [
        (x + y, a + b), (x - y, a - b), (x * y, a * b), (x / y, a / b), (x // y, a // b), (x % y, a % b), (x**y, a**b), (-x, -a), (+x, a), (abs(-x), a),
        (2 + x, 2 + a), (2 - x, 2 - a), (2 * x, 2 * a), (2 // y, 2 // b), (2 % y, 2 % b), (2**y, 2**b), (x + 1, a + 1), (x - 1.5, a - 1.5), (x @ y, a @ b),
        (x > y, a > b), (x >= 5, a >= 5), (x < y, a < b), (x <= 5, a <= 5), (x == 5, a == 5), (x != 5, a != 5),
    ]:
        np.testing.assert_array_equal(ours.numpy(), theirs)
    np.testing.assert_allclose((2 / y).numpy(), 2 / b, rtol=1e-6)
    i, j = ag.tensor([6, 3]), ag.tensor([3, 5])
    assert (i & j).tolist() == [2, 1] and (i | j).tolist() == [7, 7] and (i ^ j).tolist() == [5, 6] and (~i).tolist() == [-7, -4] and (i << 1).tolist() == [12, 6] and (i >> 1).tolist() == [3, 1]
    x += 1
    x -= 2
    x *= 3
    x /= 2
    np.testing.assert_array_equal(x.numpy(), (a - 1) * 1.5)
    assert (ag.ones(2) == None) is False and (x != "a") is True  # noqa: E711


def test_type_promotion_of_numbers(session):
    i, f, h = ag.tensor([1, 2]), ag.tensor([1.0]), ag.tensor([1.0], dtype=ag.float16)
    assert (i + 1).dtype is ag.int64 and (i + 1.5).dtype is ag.float32 and (i * True).dtype is ag.int64 and (h * 2.0).dtype is ag.float16
    assert (i + f).dtype is ag.float32 and (i / 2).dtype is ag.float32 and (ag.tensor([True]) + 1).dtype is ag.int64
    assert (i + np.float32(1.5)).dtype is ag.float32 and (np.float32(2) * f).item() == 2


def test_signatures_that_schemas_do_not_tell(session):
    x = ag.arange(6.0).reshape(2, 3)
    assert x.max() == 5 and x.max(1).values.tolist() == [2, 5] and x.max(dim=1, keepdim=True)[1].shape == (2, 1) and ag.max(x, ag.tensor(3.0))[0, 0] == 3
    assert x.sum(dim=[0, 1]) == 15 and x.sum(0).tolist() == [3, 5, 7] and x.mean(1).tolist() == [1, 4]
    assert x.std().item() == pytest.approx(np.arange(6.0).std(ddof=1)) and x.var(dim=1, unbiased=False).tolist() == pytest.approx([2 / 3, 2 / 3]) and x.std(1, correction=0).shape == (2,)
    assert [p.tolist() for p in x.split(2, 1)] == [[[0, 1], [3, 4]], [[2], [5]]] and [p.shape[1] for p in ag.split(x, [1, 2], dim=1)] == [1, 2]
    assert len(x.chunk(2)) == 2 and len(x.unbind(1)) == 3 and x.view(3, -1).shape == (3, 2) and x.permute(1, 0).shape == x.permute((1, 0)).shape == (3, 2)
    assert x.expand(2, 2, 3).shape == (2, 2, 3) and x.repeat(2, 1).shape == (4, 3) and x.flip(0)[0].tolist() == [3, 4, 5] and x.T.shape == x.mT.shape == x.t().shape == (3, 2)
    assert ag.einsum("ij,kj->ik", x, x).tolist() == (x @ x.T).tolist() and ag.tensordot(x, x.T, dims=1).shape == (2, 2)
    assert ag.cat([x, x]).shape == (4, 3) and ag.cat((x, x), dim=1).shape == (2, 6) and ag.stack([x, x], dim=-1).shape == (2, 3, 2) and ag.concat([x]).shape == (2, 3)
    assert [g.shape for g in ag.meshgrid(ag.arange(2), ag.arange(3), indexing="ij")] == [(2, 3), (2, 3)]
    assert ag.unique(ag.tensor([3, 1, 3])).tolist() == [1, 3] and [u.tolist() for u in ag.unique(ag.tensor([3, 1, 3]), return_counts=True)] == [[1, 3], [1, 2]]
    assert ag.norm(x).item() == pytest.approx(np.linalg.norm(np.arange(6.0))) and x.norm(1).item() == 15 and x.norm(dim=1, p=2).shape == (2,)
    assert ag.allclose(x, x + 1e-9) is True and ag.equal(x, x) is True and ag.where(x > 2, x, 0.0)[0, 0] == 0
    assert x.clamp(1, 4).tolist() == x.clip(min=1, max=4).tolist() and x.clamp(max=2).max() == 2 and ag.clamp(x, min=ag.tensor(2.0)).min() == 2
    assert x.argmax() == 5 and x.argmax(1).tolist() == [2, 2] and x.topk(2, 1).values.tolist() == [[2, 1], [5, 4]] and x.sort(descending=True).indices[0].tolist() == [2, 1, 0]
    assert x.squeeze().shape == x.unsqueeze(0).squeeze(0).shape == (2, 3) and x.flatten().shape == x.ravel().shape == (6,) and x.prod() == 0 and x.prod(1)[1] == 60
    assert x.gather(1, ag.tensor([[0], [2]])).tolist() == [[0], [5]] and ag.zeros(3).scatter_(0, ag.tensor([1]), 5.0).tolist() == [0, 5, 0]
    assert ag.add(x, x, alpha=2)[1, 2] == 15 and ag.add(input=x, other=1)[0, 0] == 1 and ag.div(x, 2, rounding_mode="floor")[1, 2] == 2 and ag.true_divide(x, 2)[1, 2] == 2.5
    assert x.all() == False and x.any(dim=1).tolist() == [True, True] and ag.cumsum(x, 1)[1].tolist() == [3, 7, 12] and ag.linalg.norm(x).item() == pytest.approx(x.norm().item())  # noqa: E712
    assert ag.special.expit(ag.zeros(1)) == 0.5 and ag.linalg.det(ag.eye(2)) == 1 and ag.linalg.inv(2 * ag.eye(2))[0, 0] == 0.5
    assert ag.nn.functional.softmax(x, dim=1).sum().item() == pytest.approx(2) and x.softmax(-1).shape == (2, 3) and ag.softmax(x, 1, ag.float64).dtype is ag.float64


def test_conversions(session):
    x = ag.tensor([1.7, -1.7])
    assert x.long().tolist() == [1, -1] and x.double().dtype is x.to(ag.float64).dtype is ag.float64 and x.to("cpu") is x and x.to(ag.device("cpu"), ag.float16).dtype is ag.float16
    assert x.bool().tolist() == [True, True] and x.to(ag.zeros(1, dtype=ag.int32)).dtype is ag.int32 and x.type(ag.float64).type() == "torch.DoubleTensor" and x.type_as(ag.tensor(1)).dtype is ag.int64
    assert x.float() is x or x.float().dtype is ag.float32
    with pytest.raises(RuntimeError):
        x.to("cuda")


def test_what_it_knows_of_itself(session):
    x = ag.zeros(2, 3, 4)
    assert x.size() == ag.Size([2, 3, 4]) and x.size(-1) == 4 and x.dim() == x.ndim == 3 and x.numel() == 24 and x.stride() == (12, 4, 1) and x.is_contiguous() and not x.transpose(0, 1).is_contiguous()
    assert x.element_size() == 4 and x.nbytes == 96 and x.is_floating_point() and not x.is_cuda and str(x.device) == "cpu" and x.shape[1:].numel() == 12 and repr(x.shape) == "torch.Size([2, 3, 4])"
    assert ag.is_tensor(x) and isinstance(x, ag.Tensor) and ag.numel(x) == 24 and repr(x.dtype) == "torch.float32"
    x.unsqueeze_(0)
    assert x.shape == (1, 2, 3, 4)
    with pytest.raises(IndexError):
        x.size(7)
