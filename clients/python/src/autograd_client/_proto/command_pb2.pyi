from autograd_client._proto import graph_pb2 as _graph_pb2
from autograd_client._proto import tensor_pb2 as _tensor_pb2
from autograd_client._proto import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DERIVATIVE_HESSIAN: Derivative
DERIVATIVE_HVP: Derivative
DERIVATIVE_JACOBIAN: Derivative
DERIVATIVE_JVP: Derivative
DERIVATIVE_UNSPECIFIED: Derivative
DERIVATIVE_VHP: Derivative
DERIVATIVE_VJP: Derivative
DESCRIPTOR: _descriptor.FileDescriptor

class AliasGrad(_message.Message):
    __slots__ = ["out", "tensor"]
    OUT_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    out: int
    tensor: int
    def __init__(self, tensor: _Optional[int] = ..., out: _Optional[int] = ...) -> None: ...

class ApplyOp(_message.Message):
    __slots__ = ["a", "b", "bool_scalar", "extra", "in_place", "integer_scalar", "op", "op_id", "out", "scalar"]
    A_FIELD_NUMBER: _ClassVar[int]
    BOOL_SCALAR_FIELD_NUMBER: _ClassVar[int]
    B_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELD_NUMBER: _ClassVar[int]
    INTEGER_SCALAR_FIELD_NUMBER: _ClassVar[int]
    IN_PLACE_FIELD_NUMBER: _ClassVar[int]
    OP_FIELD_NUMBER: _ClassVar[int]
    OP_ID_FIELD_NUMBER: _ClassVar[int]
    OUT_FIELD_NUMBER: _ClassVar[int]
    SCALAR_FIELD_NUMBER: _ClassVar[int]
    a: int
    b: int
    bool_scalar: bool
    extra: ApplyOpExtra
    in_place: bool
    integer_scalar: int
    op: str
    op_id: int
    out: int
    scalar: float
    def __init__(self, op_id: _Optional[int] = ..., op: _Optional[str] = ..., a: _Optional[int] = ..., b: _Optional[int] = ..., scalar: _Optional[float] = ..., integer_scalar: _Optional[int] = ..., bool_scalar: bool = ..., out: _Optional[int] = ..., in_place: bool = ..., extra: _Optional[_Union[ApplyOpExtra, _Mapping]] = ...) -> None: ...

class ApplyOpExtra(_message.Message):
    __slots__ = ["attributes", "operands", "outputs", "requires_grad"]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    OPERANDS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    REQUIRES_GRAD_FIELD_NUMBER: _ClassVar[int]
    attributes: _containers.RepeatedCompositeFieldContainer[OpAttribute]
    operands: _containers.RepeatedCompositeFieldContainer[Operand]
    outputs: _containers.RepeatedScalarFieldContainer[int]
    requires_grad: bool
    def __init__(self, operands: _Optional[_Iterable[_Union[Operand, _Mapping]]] = ..., attributes: _Optional[_Iterable[_Union[OpAttribute, _Mapping]]] = ..., outputs: _Optional[_Iterable[int]] = ..., requires_grad: bool = ...) -> None: ...

class AttributeValue(_message.Message):
    __slots__ = ["bool_value", "dtype_value", "float_value", "int_value", "ints_value", "string_value"]
    BOOL_VALUE_FIELD_NUMBER: _ClassVar[int]
    DTYPE_VALUE_FIELD_NUMBER: _ClassVar[int]
    FLOAT_VALUE_FIELD_NUMBER: _ClassVar[int]
    INTS_VALUE_FIELD_NUMBER: _ClassVar[int]
    INT_VALUE_FIELD_NUMBER: _ClassVar[int]
    STRING_VALUE_FIELD_NUMBER: _ClassVar[int]
    bool_value: bool
    dtype_value: _tensor_pb2.DataType
    float_value: float
    int_value: int
    ints_value: IntList
    string_value: str
    def __init__(self, int_value: _Optional[int] = ..., float_value: _Optional[float] = ..., bool_value: bool = ..., string_value: _Optional[str] = ..., dtype_value: _Optional[_Union[_tensor_pb2.DataType, str]] = ..., ints_value: _Optional[_Union[IntList, _Mapping]] = ...) -> None: ...

class Backward(_message.Message):
    __slots__ = ["create_graph", "detect_anomaly", "grad_outputs", "inputs", "retain_graph", "roots"]
    CREATE_GRAPH_FIELD_NUMBER: _ClassVar[int]
    DETECT_ANOMALY_FIELD_NUMBER: _ClassVar[int]
    GRAD_OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    RETAIN_GRAPH_FIELD_NUMBER: _ClassVar[int]
    ROOTS_FIELD_NUMBER: _ClassVar[int]
    create_graph: bool
    detect_anomaly: bool
    grad_outputs: _containers.RepeatedScalarFieldContainer[int]
    inputs: _tensor_pb2.HandleList
    retain_graph: bool
    roots: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, roots: _Optional[_Iterable[int]] = ..., grad_outputs: _Optional[_Iterable[int]] = ..., inputs: _Optional[_Union[_tensor_pb2.HandleList, _Mapping]] = ..., retain_graph: bool = ..., create_graph: bool = ..., detect_anomaly: bool = ...) -> None: ...

class CheckGradients(_message.Message):
    __slots__ = ["atol", "check_forward_ad", "eps", "fast_mode", "grad_outputs", "inputs", "nondet_tol", "rtol", "second_order", "segment"]
    ATOL_FIELD_NUMBER: _ClassVar[int]
    CHECK_FORWARD_AD_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    FAST_MODE_FIELD_NUMBER: _ClassVar[int]
    GRAD_OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    NONDET_TOL_FIELD_NUMBER: _ClassVar[int]
    RTOL_FIELD_NUMBER: _ClassVar[int]
    SECOND_ORDER_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    atol: float
    check_forward_ad: bool
    eps: float
    fast_mode: bool
    grad_outputs: _containers.RepeatedScalarFieldContainer[int]
    inputs: _containers.RepeatedScalarFieldContainer[int]
    nondet_tol: float
    rtol: float
    second_order: bool
    segment: Segment
    def __init__(self, segment: _Optional[_Union[Segment, _Mapping]] = ..., inputs: _Optional[_Iterable[int]] = ..., second_order: bool = ..., grad_outputs: _Optional[_Iterable[int]] = ..., eps: _Optional[float] = ..., atol: _Optional[float] = ..., rtol: _Optional[float] = ..., nondet_tol: _Optional[float] = ..., fast_mode: bool = ..., check_forward_ad: bool = ...) -> None: ...

class Checkpoint(_message.Message):
    __slots__ = ["inputs", "out", "segment"]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OUT_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    inputs: _containers.RepeatedScalarFieldContainer[int]
    out: _containers.RepeatedScalarFieldContainer[int]
    segment: Segment
    def __init__(self, segment: _Optional[_Union[Segment, _Mapping]] = ..., inputs: _Optional[_Iterable[int]] = ..., out: _Optional[_Iterable[int]] = ...) -> None: ...

class ClampHook(_message.Message):
    __slots__ = ["max", "min"]
    MAX_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    max: float
    min: float
    def __init__(self, min: _Optional[float] = ..., max: _Optional[float] = ...) -> None: ...

class Command(_message.Message):
    __slots__ = ["alias_grad", "apply_op", "backward", "check_gradients", "checkpoint", "compute_gradients", "create_tensor", "describe", "describe_graph", "detach_in_place", "differentiate", "inference_mode", "list_handles", "make_dual", "no_grad", "read_grad", "read_hook", "read_tensor", "register_hook", "release_tensors", "remove_hook", "retain_grad", "seed_random", "seq", "set_dual_level", "set_grad", "set_requires_grad", "unpack_dual", "want_result", "zero_grads"]
    ALIAS_GRAD_FIELD_NUMBER: _ClassVar[int]
    APPLY_OP_FIELD_NUMBER: _ClassVar[int]
    BACKWARD_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINT_FIELD_NUMBER: _ClassVar[int]
    CHECK_GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    COMPUTE_GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TENSOR_FIELD_NUMBER: _ClassVar[int]
    DESCRIBE_FIELD_NUMBER: _ClassVar[int]
    DESCRIBE_GRAPH_FIELD_NUMBER: _ClassVar[int]
    DETACH_IN_PLACE_FIELD_NUMBER: _ClassVar[int]
    DIFFERENTIATE_FIELD_NUMBER: _ClassVar[int]
    INFERENCE_MODE_FIELD_NUMBER: _ClassVar[int]
    LIST_HANDLES_FIELD_NUMBER: _ClassVar[int]
    MAKE_DUAL_FIELD_NUMBER: _ClassVar[int]
    NO_GRAD_FIELD_NUMBER: _ClassVar[int]
    READ_GRAD_FIELD_NUMBER: _ClassVar[int]
    READ_HOOK_FIELD_NUMBER: _ClassVar[int]
    READ_TENSOR_FIELD_NUMBER: _ClassVar[int]
    REGISTER_HOOK_FIELD_NUMBER: _ClassVar[int]
    RELEASE_TENSORS_FIELD_NUMBER: _ClassVar[int]
    REMOVE_HOOK_FIELD_NUMBER: _ClassVar[int]
    RETAIN_GRAD_FIELD_NUMBER: _ClassVar[int]
    SEED_RANDOM_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SET_DUAL_LEVEL_FIELD_NUMBER: _ClassVar[int]
    SET_GRAD_FIELD_NUMBER: _ClassVar[int]
    SET_REQUIRES_GRAD_FIELD_NUMBER: _ClassVar[int]
    UNPACK_DUAL_FIELD_NUMBER: _ClassVar[int]
    WANT_RESULT_FIELD_NUMBER: _ClassVar[int]
    ZERO_GRADS_FIELD_NUMBER: _ClassVar[int]
    alias_grad: AliasGrad
    apply_op: ApplyOp
    backward: Backward
    check_gradients: CheckGradients
    checkpoint: Checkpoint
    compute_gradients: ComputeGradients
    create_tensor: CreateTensor
    describe: Describe
    describe_graph: DescribeGraph
    detach_in_place: DetachInPlace
    differentiate: Differentiate
    inference_mode: bool
    list_handles: ListHandles
    make_dual: MakeDual
    no_grad: bool
    read_grad: ReadGrad
    read_hook: ReadHook
    read_tensor: ReadTensor
    register_hook: RegisterHook
    release_tensors: ReleaseTensors
    remove_hook: RemoveHook
    retain_grad: RetainGrad
    seed_random: SeedRandom
    seq: int
    set_dual_level: SetDualLevel
    set_grad: SetGrad
    set_requires_grad: SetRequiresGrad
    unpack_dual: UnpackDual
    want_result: bool
    zero_grads: ZeroGrads
    def __init__(self, seq: _Optional[int] = ..., want_result: bool = ..., no_grad: bool = ..., inference_mode: bool = ..., apply_op: _Optional[_Union[ApplyOp, _Mapping]] = ..., create_tensor: _Optional[_Union[CreateTensor, _Mapping]] = ..., release_tensors: _Optional[_Union[ReleaseTensors, _Mapping]] = ..., backward: _Optional[_Union[Backward, _Mapping]] = ..., read_tensor: _Optional[_Union[ReadTensor, _Mapping]] = ..., read_grad: _Optional[_Union[ReadGrad, _Mapping]] = ..., zero_grads: _Optional[_Union[ZeroGrads, _Mapping]] = ..., compute_gradients: _Optional[_Union[ComputeGradients, _Mapping]] = ..., set_requires_grad: _Optional[_Union[SetRequiresGrad, _Mapping]] = ..., retain_grad: _Optional[_Union[RetainGrad, _Mapping]] = ..., detach_in_place: _Optional[_Union[DetachInPlace, _Mapping]] = ..., set_grad: _Optional[_Union[SetGrad, _Mapping]] = ..., alias_grad: _Optional[_Union[AliasGrad, _Mapping]] = ..., register_hook: _Optional[_Union[RegisterHook, _Mapping]] = ..., remove_hook: _Optional[_Union[RemoveHook, _Mapping]] = ..., describe: _Optional[_Union[Describe, _Mapping]] = ..., describe_graph: _Optional[_Union[DescribeGraph, _Mapping]] = ..., list_handles: _Optional[_Union[ListHandles, _Mapping]] = ..., seed_random: _Optional[_Union[SeedRandom, _Mapping]] = ..., checkpoint: _Optional[_Union[Checkpoint, _Mapping]] = ..., differentiate: _Optional[_Union[Differentiate, _Mapping]] = ..., check_gradients: _Optional[_Union[CheckGradients, _Mapping]] = ..., set_dual_level: _Optional[_Union[SetDualLevel, _Mapping]] = ..., make_dual: _Optional[_Union[MakeDual, _Mapping]] = ..., unpack_dual: _Optional[_Union[UnpackDual, _Mapping]] = ..., read_hook: _Optional[_Union[ReadHook, _Mapping]] = ...) -> None: ...

class CommandResult(_message.Message):
    __slots__ = ["error", "grad", "gradient_check", "gradients", "graph", "hook_id", "hook_statistics", "index", "metadata", "outputs", "page", "replayed", "seq", "tensor"]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_CHECK_FIELD_NUMBER: _ClassVar[int]
    GRAD_FIELD_NUMBER: _ClassVar[int]
    GRAPH_FIELD_NUMBER: _ClassVar[int]
    HOOK_ID_FIELD_NUMBER: _ClassVar[int]
    HOOK_STATISTICS_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    error: _status_pb2.Status
    grad: _tensor_pb2.GradientValue
    gradient_check: GradientCheck
    gradients: Gradients
    graph: _graph_pb2.Graph
    hook_id: int
    hook_statistics: HookStatistics
    index: int
    metadata: _tensor_pb2.TensorMetadata
    outputs: Outputs
    page: HandlePage
    replayed: bool
    seq: int
    tensor: _tensor_pb2.TensorData
    def __init__(self, seq: _Optional[int] = ..., index: _Optional[int] = ..., replayed: bool = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., outputs: _Optional[_Union[Outputs, _Mapping]] = ..., tensor: _Optional[_Union[_tensor_pb2.TensorData, _Mapping]] = ..., grad: _Optional[_Union[_tensor_pb2.GradientValue, _Mapping]] = ..., metadata: _Optional[_Union[_tensor_pb2.TensorMetadata, _Mapping]] = ..., gradients: _Optional[_Union[Gradients, _Mapping]] = ..., graph: _Optional[_Union[_graph_pb2.Graph, _Mapping]] = ..., page: _Optional[_Union[HandlePage, _Mapping]] = ..., hook_id: _Optional[int] = ..., gradient_check: _Optional[_Union[GradientCheck, _Mapping]] = ..., hook_statistics: _Optional[_Union[HookStatistics, _Mapping]] = ...) -> None: ...

class ComputeGradients(_message.Message):
    __slots__ = ["allow_unused", "create_graph", "detect_anomaly", "grad_outputs", "inputs", "is_grads_batched", "materialize_grads", "out", "outputs", "retain_graph"]
    ALLOW_UNUSED_FIELD_NUMBER: _ClassVar[int]
    CREATE_GRAPH_FIELD_NUMBER: _ClassVar[int]
    DETECT_ANOMALY_FIELD_NUMBER: _ClassVar[int]
    GRAD_OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    IS_GRADS_BATCHED_FIELD_NUMBER: _ClassVar[int]
    MATERIALIZE_GRADS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    OUT_FIELD_NUMBER: _ClassVar[int]
    RETAIN_GRAPH_FIELD_NUMBER: _ClassVar[int]
    allow_unused: bool
    create_graph: bool
    detect_anomaly: bool
    grad_outputs: _containers.RepeatedScalarFieldContainer[int]
    inputs: _containers.RepeatedScalarFieldContainer[int]
    is_grads_batched: bool
    materialize_grads: bool
    out: _containers.RepeatedScalarFieldContainer[int]
    outputs: _containers.RepeatedScalarFieldContainer[int]
    retain_graph: bool
    def __init__(self, outputs: _Optional[_Iterable[int]] = ..., inputs: _Optional[_Iterable[int]] = ..., grad_outputs: _Optional[_Iterable[int]] = ..., retain_graph: bool = ..., create_graph: bool = ..., allow_unused: bool = ..., materialize_grads: bool = ..., is_grads_batched: bool = ..., out: _Optional[_Iterable[int]] = ..., detect_anomaly: bool = ...) -> None: ...

class CreateTensor(_message.Message):
    __slots__ = ["data", "out", "requires_grad"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    OUT_FIELD_NUMBER: _ClassVar[int]
    REQUIRES_GRAD_FIELD_NUMBER: _ClassVar[int]
    data: _tensor_pb2.TensorData
    out: int
    requires_grad: bool
    def __init__(self, out: _Optional[int] = ..., requires_grad: bool = ..., data: _Optional[_Union[_tensor_pb2.TensorData, _Mapping]] = ...) -> None: ...

class Describe(_message.Message):
    __slots__ = ["tensor"]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    tensor: int
    def __init__(self, tensor: _Optional[int] = ...) -> None: ...

class DescribeGraph(_message.Message):
    __slots__ = ["max_nodes", "roots", "with_dot", "with_saved"]
    MAX_NODES_FIELD_NUMBER: _ClassVar[int]
    ROOTS_FIELD_NUMBER: _ClassVar[int]
    WITH_DOT_FIELD_NUMBER: _ClassVar[int]
    WITH_SAVED_FIELD_NUMBER: _ClassVar[int]
    max_nodes: int
    roots: _containers.RepeatedScalarFieldContainer[int]
    with_dot: bool
    with_saved: bool
    def __init__(self, roots: _Optional[_Iterable[int]] = ..., max_nodes: _Optional[int] = ..., with_dot: bool = ..., with_saved: bool = ...) -> None: ...

class DetachInPlace(_message.Message):
    __slots__ = ["tensor"]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    tensor: int
    def __init__(self, tensor: _Optional[int] = ...) -> None: ...

class Differentiate(_message.Message):
    __slots__ = ["create_graph", "derivative", "inputs", "out", "segment", "strict", "vectors"]
    CREATE_GRAPH_FIELD_NUMBER: _ClassVar[int]
    DERIVATIVE_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OUT_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    STRICT_FIELD_NUMBER: _ClassVar[int]
    VECTORS_FIELD_NUMBER: _ClassVar[int]
    create_graph: bool
    derivative: Derivative
    inputs: _containers.RepeatedScalarFieldContainer[int]
    out: _containers.RepeatedScalarFieldContainer[int]
    segment: Segment
    strict: bool
    vectors: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, segment: _Optional[_Union[Segment, _Mapping]] = ..., inputs: _Optional[_Iterable[int]] = ..., derivative: _Optional[_Union[Derivative, str]] = ..., vectors: _Optional[_Iterable[int]] = ..., create_graph: bool = ..., strict: bool = ..., out: _Optional[_Iterable[int]] = ...) -> None: ...

class Gradient(_message.Message):
    __slots__ = ["tensor"]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    tensor: _tensor_pb2.TensorMetadata
    def __init__(self, tensor: _Optional[_Union[_tensor_pb2.TensorMetadata, _Mapping]] = ...) -> None: ...

class GradientCheck(_message.Message):
    __slots__ = ["message", "passed"]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    message: str
    passed: bool
    def __init__(self, passed: bool = ..., message: _Optional[str] = ...) -> None: ...

class Gradients(_message.Message):
    __slots__ = ["gradients"]
    GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    gradients: _containers.RepeatedCompositeFieldContainer[Gradient]
    def __init__(self, gradients: _Optional[_Iterable[_Union[Gradient, _Mapping]]] = ...) -> None: ...

class HandlePage(_message.Message):
    __slots__ = ["next_after_handle", "tensors"]
    NEXT_AFTER_HANDLE_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    next_after_handle: int
    tensors: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.TensorMetadata]
    def __init__(self, tensors: _Optional[_Iterable[_Union[_tensor_pb2.TensorMetadata, _Mapping]]] = ..., next_after_handle: _Optional[int] = ...) -> None: ...

class HookStatistics(_message.Message):
    __slots__ = ["calls", "elements", "last_norm", "max", "min", "nonfinite", "sum", "sum_of_squares"]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    ELEMENTS_FIELD_NUMBER: _ClassVar[int]
    LAST_NORM_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    NONFINITE_FIELD_NUMBER: _ClassVar[int]
    SUM_FIELD_NUMBER: _ClassVar[int]
    SUM_OF_SQUARES_FIELD_NUMBER: _ClassVar[int]
    calls: int
    elements: int
    last_norm: float
    max: float
    min: float
    nonfinite: int
    sum: float
    sum_of_squares: float
    def __init__(self, calls: _Optional[int] = ..., elements: _Optional[int] = ..., nonfinite: _Optional[int] = ..., sum: _Optional[float] = ..., sum_of_squares: _Optional[float] = ..., min: _Optional[float] = ..., max: _Optional[float] = ..., last_norm: _Optional[float] = ...) -> None: ...

class IntList(_message.Message):
    __slots__ = ["values"]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, values: _Optional[_Iterable[int]] = ...) -> None: ...

class ListHandles(_message.Message):
    __slots__ = ["after_handle", "page_size"]
    AFTER_HANDLE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    after_handle: int
    page_size: int
    def __init__(self, page_size: _Optional[int] = ..., after_handle: _Optional[int] = ...) -> None: ...

class MakeDual(_message.Message):
    __slots__ = ["out", "primal", "tangent"]
    OUT_FIELD_NUMBER: _ClassVar[int]
    PRIMAL_FIELD_NUMBER: _ClassVar[int]
    TANGENT_FIELD_NUMBER: _ClassVar[int]
    out: int
    primal: int
    tangent: int
    def __init__(self, primal: _Optional[int] = ..., tangent: _Optional[int] = ..., out: _Optional[int] = ...) -> None: ...

class OpAttribute(_message.Message):
    __slots__ = ["name", "value"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: AttributeValue
    def __init__(self, name: _Optional[str] = ..., value: _Optional[_Union[AttributeValue, _Mapping]] = ...) -> None: ...

class Operand(_message.Message):
    __slots__ = ["boolean", "handle", "integer", "list", "number"]
    BOOLEAN_FIELD_NUMBER: _ClassVar[int]
    HANDLE_FIELD_NUMBER: _ClassVar[int]
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    LIST_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    boolean: bool
    handle: int
    integer: int
    list: _tensor_pb2.HandleList
    number: float
    def __init__(self, handle: _Optional[int] = ..., number: _Optional[float] = ..., integer: _Optional[int] = ..., boolean: bool = ..., list: _Optional[_Union[_tensor_pb2.HandleList, _Mapping]] = ...) -> None: ...

class Outputs(_message.Message):
    __slots__ = ["tensors"]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    tensors: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.TensorMetadata]
    def __init__(self, tensors: _Optional[_Iterable[_Union[_tensor_pb2.TensorMetadata, _Mapping]]] = ...) -> None: ...

class ReadGrad(_message.Message):
    __slots__ = ["tensor"]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    tensor: int
    def __init__(self, tensor: _Optional[int] = ...) -> None: ...

class ReadHook(_message.Message):
    __slots__ = ["hook_id", "reset"]
    HOOK_ID_FIELD_NUMBER: _ClassVar[int]
    RESET_FIELD_NUMBER: _ClassVar[int]
    hook_id: int
    reset: bool
    def __init__(self, hook_id: _Optional[int] = ..., reset: bool = ...) -> None: ...

class ReadTensor(_message.Message):
    __slots__ = ["tensor"]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    tensor: int
    def __init__(self, tensor: _Optional[int] = ...) -> None: ...

class RegisterHook(_message.Message):
    __slots__ = ["clamp", "clip_norm", "record_statistics", "scale", "stop_on_nonfinite", "tensor"]
    CLAMP_FIELD_NUMBER: _ClassVar[int]
    CLIP_NORM_FIELD_NUMBER: _ClassVar[int]
    RECORD_STATISTICS_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    STOP_ON_NONFINITE_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    clamp: ClampHook
    clip_norm: float
    record_statistics: bool
    scale: float
    stop_on_nonfinite: bool
    tensor: int
    def __init__(self, tensor: _Optional[int] = ..., scale: _Optional[float] = ..., clamp: _Optional[_Union[ClampHook, _Mapping]] = ..., clip_norm: _Optional[float] = ..., stop_on_nonfinite: bool = ..., record_statistics: bool = ...) -> None: ...

class ReleaseTensors(_message.Message):
    __slots__ = ["handles"]
    HANDLES_FIELD_NUMBER: _ClassVar[int]
    handles: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, handles: _Optional[_Iterable[int]] = ...) -> None: ...

class RemoveHook(_message.Message):
    __slots__ = ["hook_id"]
    HOOK_ID_FIELD_NUMBER: _ClassVar[int]
    hook_id: int
    def __init__(self, hook_id: _Optional[int] = ...) -> None: ...

class RetainGrad(_message.Message):
    __slots__ = ["tensor"]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    tensor: int
    def __init__(self, tensor: _Optional[int] = ...) -> None: ...

class SeedRandom(_message.Message):
    __slots__ = ["seed"]
    SEED_FIELD_NUMBER: _ClassVar[int]
    seed: int
    def __init__(self, seed: _Optional[int] = ...) -> None: ...

class Segment(_message.Message):
    __slots__ = ["parameters", "results", "steps"]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    parameters: _containers.RepeatedScalarFieldContainer[int]
    results: _containers.RepeatedScalarFieldContainer[int]
    steps: _containers.RepeatedCompositeFieldContainer[SegmentStep]
    def __init__(self, parameters: _Optional[_Iterable[int]] = ..., steps: _Optional[_Iterable[_Union[SegmentStep, _Mapping]]] = ..., results: _Optional[_Iterable[int]] = ...) -> None: ...

class SegmentStep(_message.Message):
    __slots__ = ["apply_op", "no_grad"]
    APPLY_OP_FIELD_NUMBER: _ClassVar[int]
    NO_GRAD_FIELD_NUMBER: _ClassVar[int]
    apply_op: ApplyOp
    no_grad: bool
    def __init__(self, apply_op: _Optional[_Union[ApplyOp, _Mapping]] = ..., no_grad: bool = ...) -> None: ...

class SetDualLevel(_message.Message):
    __slots__ = ["entered"]
    ENTERED_FIELD_NUMBER: _ClassVar[int]
    entered: bool
    def __init__(self, entered: bool = ...) -> None: ...

class SetGrad(_message.Message):
    __slots__ = ["grad", "tensor"]
    GRAD_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    grad: int
    tensor: int
    def __init__(self, tensor: _Optional[int] = ..., grad: _Optional[int] = ...) -> None: ...

class SetRequiresGrad(_message.Message):
    __slots__ = ["requires_grad", "tensor"]
    REQUIRES_GRAD_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    requires_grad: bool
    tensor: int
    def __init__(self, tensor: _Optional[int] = ..., requires_grad: bool = ...) -> None: ...

class UnpackDual(_message.Message):
    __slots__ = ["materialize", "primal", "tangent", "tensor"]
    MATERIALIZE_FIELD_NUMBER: _ClassVar[int]
    PRIMAL_FIELD_NUMBER: _ClassVar[int]
    TANGENT_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    materialize: bool
    primal: int
    tangent: int
    tensor: int
    def __init__(self, tensor: _Optional[int] = ..., primal: _Optional[int] = ..., tangent: _Optional[int] = ..., materialize: bool = ...) -> None: ...

class ZeroGrads(_message.Message):
    __slots__ = ["fill_with_zeros", "tensors"]
    FILL_WITH_ZEROS_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    fill_with_zeros: bool
    tensors: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, tensors: _Optional[_Iterable[int]] = ..., fill_with_zeros: bool = ...) -> None: ...

class Derivative(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
