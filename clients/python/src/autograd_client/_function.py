"""Functions that the server compiles: recorded once, then called with values in one round trip that brings back results and derivatives."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from . import _dtypes
from ._functions import _array_of
from ._pipeline import number_of
from ._proto import function_pb2, tensor_pb2
from ._session import Session, current_session
from ._tensor import Tensor

__all__ = ["function", "Function"]

_SIGNATURES_MAX = 256


class _Argument:
    """A value that is given to a function."""

    __slots__ = ("dtype", "shape", "message", "tensor")

    def __init__(self, value: Any) -> None:
        if isinstance(value, Tensor):
            self.tensor: Optional[Tensor] = value
            self.shape, self.dtype = value._known()
            self.message = tensor_pb2.Argument(handle=number_of(value._v))
            return
        self.tensor = None
        array, self.dtype = _array_of(value, None)
        self.shape = _dtypes.Size(array.shape)
        self.message = tensor_pb2.Argument(dtype=self.dtype.code, shape=array.shape, data=np.ascontiguousarray(array).tobytes())


class Function:
    """A function of tensors that runs on the server as a whole. Made by :func:`function`.

    Arguments are numpy arrays, numbers, nested lists, or tensors of the current session; results are numpy arrays. For each combination of shapes and
    dtypes the Python function runs once, to be recorded: what it does may depend on shapes, not on values.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._ids: Dict[Any, Tuple[str, int, bool]] = {}
        kinds = inspect.Parameter
        parameters = inspect.signature(function).parameters.values()
        if any(p.kind not in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD) for p in parameters):
            raise TypeError(f"{self.__name__}: a function for the server takes tensors by position, each with a name of its own")
        #: Names of the parameters.
        self.parameters: Tuple[str, ...] = tuple(p.name for p in parameters)

    def __call__(self, *args: Any, seed: Optional[int] = None) -> Any:
        """The results: an array, or a tuple of them if the function gives a sequence.

        Args:
            args: A value for each parameter.
            seed: Seed of its random numbers; None: others in each call.

        Raises:
            TypeError: Too few or too many arguments, or values that no dtype holds.
            RuntimeError: It does something that cannot be recorded, or uses a tensor that it was not given.
            AutogradError: Whatever its ops refuse.
        """
        arrays, results, many = self._call(args, {"value": True}, seed)
        return tuple(arrays) if many else arrays[0]

    def grad(self, *args: Any, wrt: Union[str, Sequence[str], None] = None, seed: Optional[int] = None) -> Any:
        """Gradients of the first result, which must have one element.

        Args:
            args: A value for each parameter.
            wrt: Names of the parameters to differentiate with respect to; None: the first; a name gives an array, a sequence a tuple.
            seed: As in a call.
        """
        return self.value_and_grad(*args, wrt=wrt, seed=seed)[1]

    def value_and_grad(self, *args: Any, wrt: Union[str, Sequence[str], None] = None, seed: Optional[int] = None) -> Tuple[Any, Any]:
        """Results and gradients of the first result, in one round trip; see :meth:`grad`."""
        names = self._names(wrt)
        arrays, results, many = self._call(args, {"value": True, "grad": names}, seed)
        values, gradients = arrays[:results], arrays[results:]
        return tuple(values) if many else values[0], gradients[0] if wrt is None or isinstance(wrt, str) else tuple(gradients)

    def vjp(self, *args: Any, v: Any, wrt: Union[str, Sequence[str], None] = None) -> Any:
        """Vectors times the Jacobian: ``v`` holds one for each result (a value, or a tuple if the function gives a sequence)."""
        arrays, _, _ = self._call(args, {"vjp": self._names(wrt)}, None, cotangents=v)
        return arrays[0] if wrt is None or isinstance(wrt, str) else tuple(arrays)

    def jvp(self, *args: Any, v: Any, wrt: Union[str, Sequence[str], None] = None) -> Any:
        """The Jacobian times vectors: ``v`` holds one for each of ``wrt`` (a value, or a tuple for a sequence)."""
        arrays, _, many = self._call(args, {"jvp": self._names(wrt)}, None, tangents=v)
        return tuple(arrays) if many else arrays[0]

    def hvp(self, *args: Any, v: Any, wrt: Union[str, Sequence[str], None] = None) -> Any:
        """The Hessian of the first result times vectors, one for each of ``wrt``."""
        arrays, _, _ = self._call(args, {"hvp": self._names(wrt)}, None, vectors=v)
        return arrays[0] if wrt is None or isinstance(wrt, str) else tuple(arrays)

    def _names(self, wrt: Union[str, Sequence[str], None]) -> List[str]:
        names = [self.parameters[0]] if wrt is None else [wrt] if isinstance(wrt, str) else list(wrt)
        for name in names:
            if name not in self.parameters:
                raise ValueError(f"{self.__name__} has no parameter '{name}', only {', '.join(self.parameters)}")
        return names

    def _call(self, args: Sequence[Any], wanted: Dict[str, Any], seed: Optional[int], **vectors: Any) -> Tuple[List[np.ndarray], int, bool]:
        if len(args) != len(self.parameters):
            raise TypeError(f"{self.__name__}() takes {len(self.parameters)} arguments but {len(args)} were given")
        session = current_session()
        session.refuse_in_trace(self.__name__)
        given = [_Argument(a) for a in args]
        id_, results, many = self._registered(session, given)
        call = function_pb2.FunctionCall(function=id_, wanted=function_pb2.Wanted(**wanted), inputs=[g.message for g in given])
        tensors = [g.tensor for g in given if g.tensor is not None]
        for name, value in vectors.items():
            each = value if isinstance(value, (tuple, list)) else [value]
            arguments = [_Argument(v) for v in each]
            getattr(call, name).extend(a.message for a in arguments)
            tensors += [a.tensor for a in arguments if a.tensor is not None]
        if seed is not None:
            call.seed = seed
        if tensors:
            for tensor in tensors:
                session.handle_of(tensor)
            # The call does not stand in the session's queue: what it is given must be there.
            session.flush()
            call.session_id = session.id
        response = session._unary("FunctionService/CallFunction", function_pb2.CallFunctionRequest(call=call), function_pb2.CallFunctionResponse, self.__name__, session.timeout)
        return [_array(v) for v in response.answer.values], results, many

    def _registered(self, session: Session, given: List[_Argument]) -> Tuple[str, int, bool]:
        # By server too: another one need not have the function, nor the same numbers for ops.
        key = (session.id, tuple((g.dtype, g.shape) for g in given))
        known = self._ids.get(key)
        if known is not None:
            return known
        from ._trace import record

        segment, used, many = record(session, self._function, given)
        if used:
            raise RuntimeError(f"{self.__name__} uses a tensor of the session that it was not given: make it a parameter")
        sent = function_pb2.Function(steps=segment.steps, display_name=self.__name__[:128])
        for name, number, argument in zip(self.parameters, segment.parameters, given):
            sent.parameters.add(name=name, handle=number, dtype=argument.dtype.code, shape=[function_pb2.Dimension(fixed=size) for size in argument.shape])
        for number in segment.results:
            sent.results.add(handle=number)
        request = function_pb2.RegisterFunctionRequest(function=sent)
        response = session._unary("FunctionService/RegisterFunction", request, function_pb2.RegisterFunctionResponse, self.__name__, session.timeout)
        if len(self._ids) >= _SIGNATURES_MAX:
            self._ids.clear()
        found = self._ids[key] = (response.function.function_id, len(segment.results), many)
        return found


def _array(data: Any) -> np.ndarray:
    kind = _dtypes.BY_CODE[data.dtype]
    array = np.frombuffer(data.data, kind.numpy).reshape(tuple(data.shape)).copy()
    return _dtypes.from_bfloat16(array) if kind is _dtypes.bfloat16 else array


def function(fn: Callable[..., Any]) -> Function:
    """Makes a Python function of tensors one that the server compiles and runs as a whole; a decorator.

        @ag.function
        def loss(w, x, y):
            return ((x @ w - y) ** 2).mean()

        value, gradient = loss.value_and_grad(w, x, y, wrt="w")    # one round trip
    """
    return Function(fn)
