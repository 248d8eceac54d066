"""Functions that the server compiles."""

import numpy as np
import pytest

import autograd_client as ag


@ag.function
def loss(w, x, y):
    """A linear regression."""
    return ((x @ w - y) ** 2).mean()


def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=5)


def test_values_and_gradients_in_one_round_trip(session):
    w, x, y = data()
    value, gradient = loss.value_and_grad(w, x, y, wrt="w")
    np.testing.assert_allclose(value, ((x @ w - y) ** 2).mean(), rtol=1e-12)
    np.testing.assert_allclose(gradient, 2 * x.T @ (x @ w - y) / 5, rtol=1e-12)
    assert loss(w, x, y) == value and loss.__name__ == "loss" and loss.parameters == ("w", "x", "y") and "linear" in loss.__doc__
    of_w, of_y = loss.grad(w, x, y, wrt=["w", "y"])
    np.testing.assert_array_equal(of_w, gradient)
    np.testing.assert_allclose(of_y, -2 * (x @ w - y) / 5, rtol=1e-12)
    np.testing.assert_allclose(loss.hvp(w, x, y, v=np.ones(3)), 2 * x.T @ x @ np.ones(3) / 5, rtol=1e-12)


def test_it_is_recorded_once_for_each_signature(session):
    runs = []

    @ag.function
    def double(x):
        runs.append(x.shape)
        return x * 2

    for values in ([1.0, 2.0], [3.0, 4.0], [[1.0]], [5.0, 6.0]):
        assert double(np.array(values)).tolist() == (2 * np.array(values)).tolist()
    assert runs == [(2,), (1, 1)]


def test_products_and_several_results(session):
    @ag.function
    def both(x, y):
        return x * y, x + y

    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    product, total = both(x, y)
    assert product.tolist() == [3, 8] and total.tolist() == [4, 6]
    assert both.vjp(x, y, v=(np.ones(2), np.zeros(2)), wrt=("x", "y"))[0].tolist() == [3, 4]
    assert [r.tolist() for r in both.jvp(x, y, v=np.ones(2))] == [[3, 4], [1, 1]]


def test_tensors_of_the_session_are_given_where_they_are(session):
    w, x, y = data()
    there = ag.tensor(x) * 1.0
    assert loss(w, there, y) == loss(w, x, y)


def test_seeds(session):
    @ag.function
    def noisy(x):
        return x + ag.randn_like(x)

    x = np.zeros(4)
    assert noisy(x, seed=1).tolist() == noisy(x, seed=1).tolist() != noisy(x, seed=2).tolist()


def test_what_cannot_be(session):
    captured = ag.ones(2)
    with pytest.raises(RuntimeError, match="make it a parameter"):
        ag.function(lambda x: x + captured)(np.ones(2, np.float32))
    with pytest.raises(RuntimeError, match="recorded"):
        ag.function(lambda x: x * x.item())(np.ones(1))
    with pytest.raises(TypeError, match="takes 3 arguments"):
        loss(1.0)
    with pytest.raises(ValueError, match="no parameter"):
        loss.grad(*data(), wrt="z")
    with pytest.raises(TypeError, match="by position"):
        ag.function(lambda *x: x[0])
    with pytest.raises(RuntimeError) as caught:
        ag.function(lambda a, b: a @ b)(np.ones((2, 3)), np.ones((2, 3)))
    assert isinstance(caught.value, ag.AutogradError)
