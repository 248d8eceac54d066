"""torch.autograd.functional: derivatives of functions. The function is recorded, and differentiated on the server in one command."""

from __future__ import annotations

from typing import Any, Callable, List, Tuple

from ._calls import new_tensor
from ._pipeline import number_of
from ._proto import command_pb2
from ._session import current_session
from ._tensor import Tensor

__all__ = ["jacobian", "hessian", "vjp", "jvp", "hvp", "vhp"]


def _list(value: Any) -> List[Tensor]:
    if value is None:
        return []
    return [value] if isinstance(value, Tensor) else list(value)


def _differentiate(name: str, func: Callable[..., Any], inputs: Any, vectors: Any, create_graph: bool, strict: bool) -> Tuple[List[Tensor], int, int, bool, bool]:
    from ._trace import record

    given, directions = _list(inputs), _list(vectors)
    session = given[0]._s if given else current_session()
    segment, used, many = record(session, func, given)
    rows = len(segment.results)
    count = {"jacobian": rows * len(given), "hessian": len(given) ** 2, "jvp": 2 * rows}.get(name, rows + len(given))
    results = [new_tensor(session, session.pipe.new_handle()) for _ in range(count)]
    command = command_pb2.Differentiate(
        segment=segment, inputs=[number_of(session.handle_of(i)) for i in given], derivative=getattr(command_pb2, "DERIVATIVE_" + name.upper()),
        vectors=[number_of(session.handle_of(v)) for v in directions], create_graph=create_graph, strict=strict, out=[number_of(r._v) for r in results])
    session.give(command_pb2.Command(differentiate=command), name)
    del used
    return results, rows, len(given), many, not isinstance(inputs, Tensor)


def _matrix(results: List[Tensor], rows: int, columns: int, many_rows: bool, many_columns: bool) -> Any:
    lines = [results[i * columns : (i + 1) * columns] for i in range(rows)]
    shaped = [tuple(line) if many_columns else line[0] for line in lines]
    return tuple(shaped) if many_rows else shaped[0]


def jacobian(func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False, vectorize: bool = False, strategy: str = "reverse-mode") -> Any:
    """The Jacobian of a function.

    Args:
        func: Only ops on tensors; any shapes.
        inputs: A tensor or a tuple of them: where to differentiate.
        create_graph: Whether the result can itself be differentiated.
        strict: Refuses a result that does not depend on an input, rather than giving zeros.
        vectorize: Taken and not used, as is ``strategy``: the server chooses.

    Returns:
        A tensor of the result's shape followed by the input's; a tuple by result, by input, or both, where there are tuples of them.

    Raises:
        RuntimeError: The function does something that cannot be recorded.
        AutogradError: Whatever its ops refuse; told by the next call that waits.
    """
    return _matrix(*_differentiate("jacobian", func, inputs, None, create_graph, strict))


def hessian(func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False, vectorize: bool = False, outer_jacobian_strategy: str = "reverse-mode") -> Any:
    """The Hessian of a function with a result of one element: of the input's shape twice, or a tuple of tuples by input."""
    results, _, count, _, many = _differentiate("hessian", func, inputs, None, create_graph, strict)
    return _matrix(results, count, count, many, many)


def _product(name: str, func: Callable[..., Any], inputs: Any, v: Any, create_graph: bool, strict: bool) -> Tuple[Any, Any]:
    results, rows, _, many, many_inputs = _differentiate(name, func, inputs, v, create_graph, strict)
    outputs, products = tuple(results[:rows]), tuple(results[rows:])
    many_products = many if name == "jvp" else many_inputs
    return outputs if many else outputs[0], products if many_products else products[0]


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Tuple[Any, Any]:
    """The function's results, and vectors (one a result) times its Jacobian, one for each input."""
    return _product("vjp", func, inputs, v, create_graph, strict)


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Tuple[Any, Any]:
    """The function's results, and its Jacobian times vectors (one an input), one for each result."""
    return _product("jvp", func, inputs, v, create_graph, strict)


def hvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Tuple[Any, Any]:
    """The function's one-element result, and its Hessian times vectors (one an input)."""
    return _product("hvp", func, inputs, v, create_graph, strict)


def vhp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Tuple[Any, Any]:
    """The function's one-element result, and vectors (one an input) times its Hessian."""
    return _product("vhp", func, inputs, v, create_graph, strict)
