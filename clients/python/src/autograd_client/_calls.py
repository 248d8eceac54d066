"""Calls of ops: from Python values to the bytes of a Command, and from there into the pipeline.

The bytes are those that the generated protobuf code would write (command.proto). They are put together by hand because a command must cost
microseconds: what repeats is kept as a template for each op, mode and set of attributes.
"""

from __future__ import annotations

import struct
import sys
from collections import namedtuple
from os.path import dirname
from sys import _getframe
from threading import get_ident
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np

from . import _dtypes
from ._errors import Place
from ._pipeline import NUMBER_BYTES, Pipeline, number_bytes, number_of, varint

_N = NUMBER_BYTES
_PACKAGE = dirname(__file__)
_CACHE_MAX = 4096
# With 60 bytes for the rest, a command made by a template stays below COMMON_COMMAND_BYTES_MAX.
_TEMPLATE_ATTRIBUTES_MAX = 128

# Modules of this package, whose frames are not the user's. Filled as files are met.
_files: Dict[str, bool] = {}


def place_of_caller(depth: int = 2) -> Place:
    """Who called into the package: code object and offset; the line is looked up only if something fails."""
    frame = _getframe(depth)
    while frame is not None:
        code = frame.f_code
        name = code.co_filename
        ours = _files.get(name)
        if ours is None:
            ours = _files[name] = dirname(name) == _PACKAGE or dirname(dirname(name)) == _PACKAGE
        if not ours:
            return code, frame.f_lasti
        frame = frame.f_back
    return None


class Op:
    """An op of the catalogue.

    Args:
        name: Its name on the wire, "max.dim".
        inputs: Name and kind of each operand: T a tensor, L a list of tensors, O a tensor or a number.
        attributes: Name, kind and default of each attribute: i, f, b, s, d, I, S as ParameterKind has them.
        outputs: Names of the results; one empty name for one result, None for a list.
        view: Whether its in-place form changes the tensor's shape rather than its elements.
    """

    __slots__ = ("name", "inputs", "attributes", "outputs", "view", "cacheable", "result_type")

    def __init__(self, name: str, inputs: Tuple[Tuple[str, str], ...], attributes: Tuple[Tuple[str, str, Any], ...], outputs: Optional[Tuple[str, ...]] = ("",), view: bool = False) -> None:
        self.name = name
        self.inputs = inputs
        self.attributes = attributes
        self.outputs = outputs
        self.view = view
        # 1, 1.0 and True are equal as keys, and so are 0.0 and -0.0.
        self.cacheable = all(kind not in "fS" for _, kind, _ in attributes)
        self.result_type: Any = namedtuple(name.split(".")[0], outputs, rename=True) if outputs is not None and len(outputs) > 1 else None  # type: ignore[misc]

    def __str__(self) -> str:
        return self.name


# -- bytes


def tag(field: int, kind: int, content: bytes) -> bytes:
    return bytes((field << 3 | kind,)) + content


def message(field: int, content: bytes) -> bytes:
    """A length-delimited field."""
    return varint(field << 3 | 2) + varint(len(content)) + content


def zigzag(value: int) -> bytes:
    if not -(1 << 63) <= value < 1 << 63:
        raise RuntimeError("value cannot be converted to type int64_t without overflow")
    return varint(((value << 1) ^ (value >> 63)) & 0xFFFFFFFFFFFFFFFF)


def _double(value: float) -> bytes:
    return struct.pack("<d", value)


def _as_int(value: Any) -> int:
    try:
        return value.__index__()
    except AttributeError:
        raise TypeError(f"must be int, not {type(value).__name__}") from None


def ints(value: Any) -> Tuple[int, ...]:
    """A number or a sequence of numbers as a tuple of integers."""
    if value.__class__ is tuple or isinstance(value, (tuple, list)):
        return tuple([v if v.__class__ is int else _as_int(v) for v in value])
    if isinstance(value, np.ndarray) and value.ndim == 1:
        return tuple(value.tolist())
    return (_as_int(value),)


def _scalar(value: Any) -> Any:
    """A Python number for what stands for one: numpy's scalars, tensors with one element."""
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, np.generic) or hasattr(value, "item"):
        return value.item()
    raise TypeError(f"must be Number, not {type(value).__name__}")


def _attribute_value(kind: str, value: Any) -> bytes:
    if kind == "i":
        return b"\x08" + zigzag(_as_int(value))
    if kind == "b":
        return b"\x18\x01" if value else b"\x18\x00"
    if kind == "s":
        if not isinstance(value, str):
            raise TypeError(f"must be str, not {type(value).__name__}")
        return message(4, value.encode())
    if kind == "d":
        return b"\x28" + varint(_dtypes.as_dtype(value).code)
    if kind == "I":
        return message(6, message(1, b"".join([zigzag(v) for v in ints(value)])))
    value = _scalar(value)
    if kind == "f":
        return b"\x11" + _double(float(value))
    if value.__class__ is bool:
        return b"\x18\x01" if value else b"\x18\x00"
    return b"\x08" + zigzag(value) if isinstance(value, int) else b"\x11" + _double(value)


def attribute_bytes(op: Op, values: Sequence[Any]) -> bytes:
    """The attributes of ApplyOpExtra; None is left out, and so is what equals the default."""
    out = []
    for (name, kind, default), value in zip(op.attributes, values):
        if value is None or (value.__class__ is default.__class__ and value == default and default is not None):
            continue
        try:
            out.append(message(2, message(1, name.encode()) + message(2, _attribute_value(kind, value))))
        except TypeError as error:
            raise TypeError(f"{op.name.split('.')[0]}(): argument '{name}' {error}") from None
    return b"".join(out)


def _number_operand(value: Any) -> Optional[Any]:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, np.generic):
        item = value.item()
        return item if isinstance(item, (bool, int, float)) else None
    return None


def _operand(op: Op, position: int, value: Any, session: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, Tensor):
        return b"\x08" + session.handle_of(value)
    if value.__class__ in (list, tuple):
        handles = [number_bytes(0) if v is None else session.handle_of(v) for v in value]
        return message(5, message(1, b"".join(handles)))
    number = _number_operand(value)
    if number.__class__ is bool:
        return b"\x20\x01" if number else b"\x20\x00"
    if isinstance(number, int):
        return b"\x18" + zigzag(number)
    return b"\x11" + _double(number)  # type: ignore[arg-type]


def _check_operands(op: Op, operands: Sequence[Any]) -> None:
    for i, value in enumerate(operands):
        name, kind = op.inputs[i]
        if value is None or (isinstance(value, Tensor) and kind != "L"):
            continue
        if kind == "L":
            if isinstance(value, (tuple, list)) and all(v is None or isinstance(v, Tensor) for v in value):
                continue
            raise TypeError(f"{op.name.split('.')[0]}(): argument '{name}' (position {i + 1}) must be tuple of Tensors, not {type(value).__name__}")
        if kind != "O" or _number_operand(value) is None:
            raise TypeError(f"{op.name.split('.')[0]}(): argument '{'input' if name == 'self' else name}' (position {i + 1}) must be Tensor, not {type(value).__name__}")


def apply_op_bytes(op: Op, session: Any, operands: Sequence[Any], attributes: bytes, outs: Sequence[bytes], in_place: bool, requires_grad: bool) -> bytes:
    """An ApplyOp message."""
    count = len(operands)
    while count and operands[count - 1] is None:
        count -= 1
    out = [session.op_id(op.name)]
    extra = []
    second = operands[1] if count > 1 else None
    number = None if second is None or isinstance(second, Tensor) else _number_operand(second)
    if count == 0:
        pass
    elif count <= 2 and isinstance(operands[0], Tensor) and (count == 1 or isinstance(second, Tensor) or number is not None):
        out.append(b"\x18" + session.handle_of(operands[0]))
        if number is None:
            if count == 2:
                out.append(b"\x20" + session.handle_of(second))
        elif number.__class__ is bool:
            out.append(b"\x38\x01" if number else b"\x38\x00")
        elif isinstance(number, int):
            out.append(b"\x30" + zigzag(number))
        else:
            out.append(b"\x29" + _double(number))
    else:
        extra = [message(1, _operand(op, i, operands[i], session)) for i in range(count)]
    if outs:
        out.append(b"\x40" + outs[0])
    if in_place:
        out.append(b"\x48\x01")
    extra.append(attributes)
    extra += [b"\x18" + handle for handle in outs[1:]]
    if requires_grad:
        extra.append(b"\x20\x01")
    rest = b"".join(extra)
    if rest:
        out.append(message(10, rest))
    return b"".join(out)


# -- calls


def _session_of(operands: Sequence[Any]) -> Any:
    for value in operands:
        if isinstance(value, Tensor):
            return value._s
        if value.__class__ in (list, tuple):
            for v in value:
                if isinstance(v, Tensor):
                    return v._s
    from ._session import current_session

    return current_session()


def apply(op: Op, operands: Sequence[Any], attributes: Sequence[Any] = (), *, in_place: bool = False, requires_grad: bool = False, session: Any = None, shape: Any = None) -> Any:
    """Applies an op: the general way.

    Args:
        op: The op.
        operands: Tensors, numbers, None or lists of tensors, in the schema's order.
        attributes: Values in the order of ``op.attributes``; None for those left out.
        in_place: Writes into the first operand.
        requires_grad: Makes results that are leaves require grad.
        session: Where, if no operand tells.
        shape: What is known of the result: its Size and dtype.

    Returns:
        The result, a named tuple of results, or a tuple of them where their number depends on the call (which waits for the server).

    Raises:
        TypeError: An argument of a type that the op does not take.
        AutogradError: Whatever the op refuses; told by the next call that waits.
    """
    _check_operands(op, operands)
    if session is None:
        session = _session_of(operands)
    extra = attribute_bytes(op, attributes)
    trace = session.trace
    if trace is not None and trace.thread == get_ident():
        return trace.apply(op, operands, extra, in_place, requires_grad)
    pipe = session.pipe
    place = place_of_caller()
    prefix = session.mode_bytes
    if op.outputs is None:
        inner = apply_op_bytes(op, session, operands, extra, (), False, False)
        result = pipe.finish(pipe.ask((prefix, message(4, inner)), op.name, place))
        return tuple([session.adopt(m) for m in result.outputs.tensors])
    outs = () if in_place else tuple([pipe.new_handle() for _ in op.outputs])
    inner = apply_op_bytes(op, session, operands, extra, outs, in_place, requires_grad)
    pipe.give((prefix, message(4, inner)), op, place)
    if in_place:
        if op.view:
            operands[0]._meta = None
        if session.blocking:
            pipe.flush()
        return operands[0]
    results = [new_tensor(session, handle) for handle in outs]
    if session.blocking:
        pipe.flush()
    if op.result_type is not None:
        return op.result_type(*results)
    results[0]._meta = shape
    return results[0]


_KINDS = " TLOifbsdIS"
_TYPES: Dict[str, Any] = {"i": int, "f": (int, float), "b": bool, "s": str, "I": (int, tuple, list), "S": (bool, int, float)}
_by_schema: Dict[int, Op] = {}


def apply_by_name(session: Any, name: str, operands: Sequence[Any], attributes: Dict[str, Any], in_place: bool, requires_grad: bool) -> Tuple[Any, ...]:
    """Applies an op by its name on the wire, without looking at what it takes: the server tells. See :meth:`Session.apply`."""
    schema = session.schema(name)
    if schema is None:
        op = Op(name, (), ())
    else:
        op = _by_schema.get(id(schema))  # type: ignore[assignment]
        if op is None:
            parameters = [(p.name, _KINDS[p.kind]) for p in schema.parameters]
            outputs = None if schema.outputs[0].is_list else tuple([o.name for o in schema.outputs])
            op = _by_schema[id(schema)] = Op(name, tuple([p for p in parameters if p[1] in "TLO"]), tuple([(n, k, None) for n, k in parameters if k not in "TLO"]), outputs, schema.is_view)
    kinds = {n: k for n, k, _ in op.attributes}
    extra = b""
    for key, value in attributes.items():
        if value is None:
            continue
        kind = kinds.get(key, "S")
        # What does not fit is sent as what it is, for the server to refuse.
        if kind != "d" and (not isinstance(value, _TYPES[kind]) or (kind in "if" and value.__class__ is bool)):
            kind = "s" if isinstance(value, str) else "d" if isinstance(value, _dtypes.dtype) else "I" if isinstance(value, (tuple, list)) else "S"
        extra += message(2, message(1, key.encode()) + message(2, _attribute_value(kind, value)))
    session.refuse_in_trace(name)
    pipe = session.pipe
    if op.outputs is None:
        inner = apply_op_bytes(op, session, operands, extra, (), False, requires_grad)
        return tuple([session.adopt(m) for m in pipe.finish(pipe.ask((session.mode_bytes, message(4, inner)), name, place_of_caller())).outputs.tensors])
    outs = [] if in_place else [pipe.new_handle() for _ in op.outputs]
    pipe.give((session.mode_bytes, message(4, apply_op_bytes(op, session, operands, extra, outs, in_place, requires_grad))), name, place_of_caller())
    if in_place:
        operands[0]._meta = None
        return (operands[0],)
    return tuple([new_tensor(session, handle) for handle in outs])


def new_tensor(session: Any, handle: bytes) -> Any:
    out = _new(Tensor)
    out._s = session
    out._v = handle
    out._meta = None
    return out


def call(op: Op, operands: Tuple[Any, ...], attributes: Tuple[Any, ...]) -> Any:
    """Applies an op with attributes: by a template, if one was made for the same attributes."""
    try:
        first = operands[0]
        session = first._s
        count = len(operands)
        while operands[count - 1] is None:
            count -= 1
        t0, t1, t2 = session.templates[op, count, attributes]
        a = first._v
        if count == 2:
            second = operands[1]
            b = second._v
            if second._s is not session:
                return apply(op, operands, attributes)
    except (AttributeError, KeyError, TypeError, IndexError):
        return _call_first(op, operands, attributes)
    frame = _getframe(2)
    code = frame.f_code
    if _files.get(code.co_filename, True):
        code, offset = place_of_caller() or (None, 0)
    else:
        offset = frame.f_lasti
    out = _new(Tensor)
    pipe = session.pipe
    with pipe.lock:
        number = next(pipe.numbers)
        pipe.pieces += (t0, number, t1, a, b"\x40", number, t2) if count == 1 else (t0, number, t1, a, b"\x20", b, b"\x40", number, t2)
        sources = pipe.sources
        sources.append((number, op, code, offset))
        if len(sources) >= pipe.limit:
            pipe.full()
    out._s = session
    out._v = number
    out._meta = None
    return out


def _call_first(op: Op, operands: Tuple[Any, ...], attributes: Tuple[Any, ...]) -> Any:
    result = apply(op, operands, attributes)
    count = len(operands)
    while count and operands[count - 1] is None:
        count -= 1
    if op.cacheable and 1 <= count <= 2 and op.outputs is not None and len(op.outputs) == 1 and all(isinstance(o, Tensor) for o in operands[:count]):
        session = operands[0]._s
        templates = session.templates
        if templates is not None and len(templates) < _CACHE_MAX:
            try:
                extra = attribute_bytes(op, attributes)
                if len(extra) <= _TEMPLATE_ATTRIBUTES_MAX:
                    templates[op, count, attributes] = _template(session, op, count, message(10, extra) if extra else b"")
            except TypeError:
                pass  # attributes that are no keys, such as lists
    return result


def _template(session: Any, op: Op, count: int, extra: bytes = b"", filler: int = 0, in_place: bool = False) -> Tuple[bytes, bytes, bytes]:
    # Command: number, modes, ApplyOp { op, a, [b,] out, extra }.
    id_ = session.op_id(op.name)
    inner = len(id_) + (count + (not in_place)) * (1 + _N) + filler + len(extra)
    head = session.mode_bytes + b"\x22" + varint(inner) + id_ + b"\x18"
    size = 1 + _N + len(session.mode_bytes) + 1 + len(varint(inner)) + inner
    return b"\x1a" + varint(size) + b"\x08", head, extra


def unary(op: Op, a: Any) -> Any:
    """Applies an op that takes a tensor and no attributes."""
    try:
        session = a._s
        t0, t1, _ = session.templates[op]
        av = a._v
    except (AttributeError, KeyError, TypeError):
        result = apply(op, (a,))
        if session_templates(a) is not None:
            a._s.templates[op] = _template(a._s, op, 1)
        return result
    frame = _getframe(2)
    code = frame.f_code
    if _files.get(code.co_filename, True):
        code, offset = place_of_caller() or (None, 0)
    else:
        offset = frame.f_lasti
    out = _new(Tensor)
    pipe = session.pipe
    with pipe.lock:
        number = next(pipe.numbers)
        pipe.pieces += (t0, number, t1, av, b"\x40", number)
        sources = pipe.sources
        sources.append((number, op, code, offset))
        if len(sources) >= pipe.limit:
            pipe.full()
    out._s = session
    out._v = number
    out._meta = None
    return out


def session_templates(a: Any) -> Any:
    return a._s.templates if isinstance(a, Tensor) else None


def binary(op: Op, a: Any, b: Any) -> Any:
    """Applies an op that takes two tensors, or a tensor and a number, and no attributes."""
    try:
        session = a._s
        t0, t1, _ = session.templates[op]
        av = a._v
        bv = b._v
        if b._s is not session:
            return apply(op, (a, b))
    except (AttributeError, KeyError, TypeError):
        if b.__class__ is float or b.__class__ is int:
            return _binary_number(op, a, b)
        result = apply(op, (a, b))
        if isinstance(a, Tensor) and isinstance(b, Tensor) and a._s.templates is not None:
            a._s.templates[op] = _template(a._s, op, 2)
        return result
    frame = _getframe(2)
    code = frame.f_code
    if _files.get(code.co_filename, True):
        code, offset = place_of_caller() or (None, 0)
    else:
        offset = frame.f_lasti
    out = _new(Tensor)
    pipe = session.pipe
    with pipe.lock:
        number = next(pipe.numbers)
        pipe.pieces += (t0, number, t1, av, b"\x20", bv, b"\x40", number)
        sources = pipe.sources
        sources.append((number, op, code, offset))
        if len(sources) >= pipe.limit:
            pipe.full()
    out._s = session
    out._v = number
    out._meta = None
    return out


def _binary_number(op: Op, a: Any, b: Any) -> Any:
    try:
        session = a._s
        value = b"\x29" + _double(b) if b.__class__ is float else b"\x30" + zigzag(b)
        t0, t1, _ = session.templates[op, len(value)]
        av = a._v
    except (AttributeError, KeyError, TypeError):
        result = apply(op, (a, b))
        if session_templates(a) is not None:
            a._s.templates[op, len(value)] = _template(a._s, op, 1, filler=len(value))
        return result
    code, offset = place_of_caller(3) or (None, 0)
    out = _new(Tensor)
    pipe = session.pipe
    with pipe.lock:
        number = next(pipe.numbers)
        pipe.pieces += (t0, number, t1, av, value, b"\x40", number)
        sources = pipe.sources
        sources.append((number, op, code, offset))
        if len(sources) >= pipe.limit:
            pipe.full()
    out._s = session
    out._v = number
    out._meta = None
    return out


def in_place(op: Op, operands: Tuple[Any, ...], attributes: Tuple[Any, ...] = ()) -> Any:
    """Applies an op's in-place form.

    Returns:
        The first operand.
    """
    if not isinstance(operands[0], Tensor):
        raise TypeError(f"{op.name}_(): an in-place op needs a tensor to write to, not {type(operands[0]).__name__}")
    return apply(op, operands, attributes, in_place=True)


class Overloads:
    """Ops that share a name in Python, told apart by the arguments."""

    __slots__ = ("name", "candidates")

    def __init__(self, name: str, *candidates: Tuple[Op, str]) -> None:
        self.name = name
        # The op and its parameters in order: "self:T dim:i keepdim:b=".
        self.candidates = [(op, [_Parameter(p) for p in parameters.split()]) for op, parameters in candidates]

    def bind(self, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Tuple[Op, Tuple[Any, ...], Tuple[Any, ...]]:
        """The op that takes the arguments, its operands and its attributes.

        Raises:
            TypeError: None does.
        """
        for op, parameters in self.candidates:
            bound = _bind(parameters, args, kwargs)
            if bound is not None:
                operands = tuple([bound.get(name) for name, _ in op.inputs])
                return op, operands, tuple([bound.get(name) for name, _, _ in op.attributes])
        given = ", ".join([type(a).__name__ for a in args] + [f"{k}={type(v).__name__}" for k, v in kwargs.items()])
        forms = "\n".join(" * (" + ", ".join(p.described for p in parameters) + ")" for _, parameters in self.candidates)
        raise TypeError(f"{self.name}() received an invalid combination of arguments - got ({given}), but expected one of:\n{forms}")

    def __call__(self, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Any:
        op, operands, attributes = self.bind(args, kwargs)
        return call(op, operands, attributes) if operands else apply(op, operands, attributes)

    def in_place(self, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Any:
        op, operands, attributes = self.bind(args, kwargs)
        return in_place(op, operands, attributes)


class _Parameter:
    __slots__ = ("name", "kind", "optional")

    def __init__(self, text: str) -> None:
        self.name, _, rest = text.partition(":")
        self.kind = rest[0]
        self.optional = rest.endswith("=")

    @property
    def described(self) -> str:
        words = {"T": "Tensor", "L": "tuple of Tensors", "O": "Tensor or Number", "i": "int", "f": "float", "b": "bool", "s": "str", "d": "torch.dtype", "I": "tuple of ints", "S": "Number"}
        return f"{words[self.kind]} {'input' if self.name == 'self' else self.name}" + (" = None" if self.optional else "")

    def takes(self, value: Any) -> bool:
        if value is None:
            return self.optional
        kind = self.kind
        if kind == "T":
            return isinstance(value, Tensor)
        if kind == "O":
            return isinstance(value, Tensor) or _number_operand(value) is not None
        if kind == "L":
            return isinstance(value, (tuple, list)) and all(isinstance(v, Tensor) for v in value)
        if kind == "b":
            return isinstance(value, (bool, np.bool_))
        if kind == "s":
            return isinstance(value, str)
        if kind == "d":
            return isinstance(value, _dtypes.dtype) or value in _dtypes.BY_TYPE
        if kind == "I":
            return isinstance(value, (tuple, list)) and all(isinstance(v, (int, np.integer)) for v in value) or isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if kind == "i":
            return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        return _number_operand(value) is not None


def _bind(parameters: List[_Parameter], args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    if len(args) > len(parameters):
        return None
    bound: Dict[str, Any] = {}
    for parameter, value in zip(parameters, args):
        if not parameter.takes(value):
            return None
        bound[parameter.name] = value
    left = dict(kwargs)
    for parameter in parameters:
        name = parameter.name
        if name in bound:
            if name in left or (name == "self" and "input" in left):
                return None
            continue
        key = "input" if name == "self" and "input" in left else name
        if key == "dim" and "axis" in left:
            key = "axis"
        if key in left:
            value = left.pop(key)
            if not parameter.takes(value):
                return None
            bound[name] = value
        elif not parameter.optional:
            return None
    return None if left else bound


def _bind_tensor(tensor: type, new: Any) -> None:
    # The tensor's class needs this module, so it introduces itself.
    global Tensor, _new
    Tensor, _new = tensor, new


Tensor: Any = None
_new: Any = None
