from autograd_client._proto import command_pb2 as _command_pb2
from autograd_client._proto import tensor_pb2 as _tensor_pb2
from autograd_client._proto import training_pb2 as _training_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from autograd_client._proto import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CallFunctionRequest(_message.Message):
    __slots__ = ["call"]
    CALL_FIELD_NUMBER: _ClassVar[int]
    call: FunctionCall
    def __init__(self, call: _Optional[_Union[FunctionCall, _Mapping]] = ...) -> None: ...

class CallFunctionResponse(_message.Message):
    __slots__ = ["answer"]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    answer: FunctionAnswer
    def __init__(self, answer: _Optional[_Union[FunctionAnswer, _Mapping]] = ...) -> None: ...

class CallFunctionsRequest(_message.Message):
    __slots__ = ["calls"]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    calls: _containers.RepeatedCompositeFieldContainer[FunctionCall]
    def __init__(self, calls: _Optional[_Iterable[_Union[FunctionCall, _Mapping]]] = ...) -> None: ...

class CallFunctionsResponse(_message.Message):
    __slots__ = ["outcomes"]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[FunctionOutcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[FunctionOutcome, _Mapping]]] = ...) -> None: ...

class CommandBatch(_message.Message):
    __slots__ = ["commands", "session_id"]
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    commands: _containers.RepeatedCompositeFieldContainer[_command_pb2.Command]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., commands: _Optional[_Iterable[_Union[_command_pb2.Command, _Mapping]]] = ...) -> None: ...

class CostEstimate(_message.Message):
    __slots__ = ["bytes", "flops", "memory_bytes", "steps", "time"]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    FLOPS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    flops: int
    memory_bytes: int
    steps: int
    time: _duration_pb2.Duration
    def __init__(self, flops: _Optional[int] = ..., bytes: _Optional[int] = ..., memory_bytes: _Optional[int] = ..., steps: _Optional[int] = ..., time: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class DeleteFunctionRequest(_message.Message):
    __slots__ = ["function"]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    function: str
    def __init__(self, function: _Optional[str] = ...) -> None: ...

class DeleteFunctionResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Dimension(_message.Message):
    __slots__ = ["fixed", "symbol"]
    FIXED_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    fixed: int
    symbol: str
    def __init__(self, fixed: _Optional[int] = ..., symbol: _Optional[str] = ...) -> None: ...

class EstimateCostRequest(_message.Message):
    __slots__ = ["commands", "definition", "function", "plan"]
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    commands: CommandBatch
    definition: Function
    function: str
    plan: PlanRequest
    def __init__(self, function: _Optional[str] = ..., definition: _Optional[_Union[Function, _Mapping]] = ..., commands: _Optional[_Union[CommandBatch, _Mapping]] = ..., plan: _Optional[_Union[PlanRequest, _Mapping]] = ...) -> None: ...

class EstimateCostResponse(_message.Message):
    __slots__ = ["cost", "results"]
    COST_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    cost: CostEstimate
    results: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.TensorHeader]
    def __init__(self, cost: _Optional[_Union[CostEstimate, _Mapping]] = ..., results: _Optional[_Iterable[_Union[_tensor_pb2.TensorHeader, _Mapping]]] = ...) -> None: ...

class Function(_message.Message):
    __slots__ = ["display_name", "parameters", "results", "steps"]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    parameters: _containers.RepeatedCompositeFieldContainer[FunctionParameter]
    results: _containers.RepeatedCompositeFieldContainer[FunctionResult]
    steps: _containers.RepeatedCompositeFieldContainer[_command_pb2.SegmentStep]
    def __init__(self, parameters: _Optional[_Iterable[_Union[FunctionParameter, _Mapping]]] = ..., steps: _Optional[_Iterable[_Union[_command_pb2.SegmentStep, _Mapping]]] = ..., results: _Optional[_Iterable[_Union[FunctionResult, _Mapping]]] = ..., display_name: _Optional[str] = ...) -> None: ...

class FunctionAnswer(_message.Message):
    __slots__ = ["bound", "gradient_norm", "values"]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_NORM_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    bound: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.TensorMetadata]
    gradient_norm: float
    values: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.TensorData]
    def __init__(self, values: _Optional[_Iterable[_Union[_tensor_pb2.TensorData, _Mapping]]] = ..., bound: _Optional[_Iterable[_Union[_tensor_pb2.TensorMetadata, _Mapping]]] = ..., gradient_norm: _Optional[float] = ...) -> None: ...

class FunctionCall(_message.Message):
    __slots__ = ["cotangents", "function", "inputs", "out", "seed", "session_id", "tangents", "update", "vectors", "wanted"]
    COTANGENTS_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OUT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TANGENTS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_FIELD_NUMBER: _ClassVar[int]
    VECTORS_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    cotangents: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.Argument]
    function: str
    inputs: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.Argument]
    out: _containers.RepeatedScalarFieldContainer[int]
    seed: int
    session_id: str
    tangents: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.Argument]
    update: _training_pb2.Update
    vectors: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.Argument]
    wanted: Wanted
    def __init__(self, function: _Optional[str] = ..., wanted: _Optional[_Union[Wanted, _Mapping]] = ..., session_id: _Optional[str] = ..., inputs: _Optional[_Iterable[_Union[_tensor_pb2.Argument, _Mapping]]] = ..., cotangents: _Optional[_Iterable[_Union[_tensor_pb2.Argument, _Mapping]]] = ..., tangents: _Optional[_Iterable[_Union[_tensor_pb2.Argument, _Mapping]]] = ..., vectors: _Optional[_Iterable[_Union[_tensor_pb2.Argument, _Mapping]]] = ..., seed: _Optional[int] = ..., out: _Optional[_Iterable[int]] = ..., update: _Optional[_Union[_training_pb2.Update, _Mapping]] = ...) -> None: ...

class FunctionDescription(_message.Message):
    __slots__ = ["display_name", "function_id", "parameters", "results", "steps"]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_ID_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    function_id: str
    parameters: _containers.RepeatedCompositeFieldContainer[FunctionParameter]
    results: _containers.RepeatedCompositeFieldContainer[FunctionResult]
    steps: int
    def __init__(self, function_id: _Optional[str] = ..., display_name: _Optional[str] = ..., parameters: _Optional[_Iterable[_Union[FunctionParameter, _Mapping]]] = ..., results: _Optional[_Iterable[_Union[FunctionResult, _Mapping]]] = ..., steps: _Optional[int] = ...) -> None: ...

class FunctionOutcome(_message.Message):
    __slots__ = ["answer", "error"]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    answer: FunctionAnswer
    error: _status_pb2.Status
    def __init__(self, answer: _Optional[_Union[FunctionAnswer, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class FunctionParameter(_message.Message):
    __slots__ = ["dtype", "handle", "name", "shape"]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    HANDLE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    dtype: _tensor_pb2.DataType
    handle: int
    name: str
    shape: _containers.RepeatedCompositeFieldContainer[Dimension]
    def __init__(self, name: _Optional[str] = ..., handle: _Optional[int] = ..., dtype: _Optional[_Union[_tensor_pb2.DataType, str]] = ..., shape: _Optional[_Iterable[_Union[Dimension, _Mapping]]] = ...) -> None: ...

class FunctionResult(_message.Message):
    __slots__ = ["handle", "name"]
    HANDLE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    handle: int
    name: str
    def __init__(self, name: _Optional[str] = ..., handle: _Optional[int] = ...) -> None: ...

class GetFunctionRequest(_message.Message):
    __slots__ = ["function", "plan"]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    function: str
    plan: PlanRequest
    def __init__(self, function: _Optional[str] = ..., plan: _Optional[_Union[PlanRequest, _Mapping]] = ...) -> None: ...

class GetFunctionResponse(_message.Message):
    __slots__ = ["function", "plan"]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    function: FunctionDescription
    plan: PlanDescription
    def __init__(self, function: _Optional[_Union[FunctionDescription, _Mapping]] = ..., plan: _Optional[_Union[PlanDescription, _Mapping]] = ...) -> None: ...

class ListFunctionsRequest(_message.Message):
    __slots__ = ["page_size", "page_token"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFunctionsResponse(_message.Message):
    __slots__ = ["functions", "next_page_token"]
    FUNCTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    functions: _containers.RepeatedCompositeFieldContainer[FunctionDescription]
    next_page_token: str
    def __init__(self, functions: _Optional[_Iterable[_Union[FunctionDescription, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class PlanDescription(_message.Message):
    __slots__ = ["cost", "optimized", "optimized_dot", "recorded", "recorded_dot"]
    COST_FIELD_NUMBER: _ClassVar[int]
    OPTIMIZED_DOT_FIELD_NUMBER: _ClassVar[int]
    OPTIMIZED_FIELD_NUMBER: _ClassVar[int]
    RECORDED_DOT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    cost: CostEstimate
    optimized: str
    optimized_dot: str
    recorded: str
    recorded_dot: str
    def __init__(self, recorded: _Optional[str] = ..., optimized: _Optional[str] = ..., recorded_dot: _Optional[str] = ..., optimized_dot: _Optional[str] = ..., cost: _Optional[_Union[CostEstimate, _Mapping]] = ...) -> None: ...

class PlanRequest(_message.Message):
    __slots__ = ["sizes", "wanted"]
    SIZES_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    sizes: _containers.RepeatedCompositeFieldContainer[SymbolSize]
    wanted: Wanted
    def __init__(self, sizes: _Optional[_Iterable[_Union[SymbolSize, _Mapping]]] = ..., wanted: _Optional[_Union[Wanted, _Mapping]] = ...) -> None: ...

class RegisterFunctionRequest(_message.Message):
    __slots__ = ["function"]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    function: Function
    def __init__(self, function: _Optional[_Union[Function, _Mapping]] = ...) -> None: ...

class RegisterFunctionResponse(_message.Message):
    __slots__ = ["function"]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    function: FunctionDescription
    def __init__(self, function: _Optional[_Union[FunctionDescription, _Mapping]] = ...) -> None: ...

class SymbolSize(_message.Message):
    __slots__ = ["size", "symbol"]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    size: int
    symbol: str
    def __init__(self, symbol: _Optional[str] = ..., size: _Optional[int] = ...) -> None: ...

class Wanted(_message.Message):
    __slots__ = ["grad", "hvp", "jvp", "value", "vjp"]
    GRAD_FIELD_NUMBER: _ClassVar[int]
    HVP_FIELD_NUMBER: _ClassVar[int]
    JVP_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VJP_FIELD_NUMBER: _ClassVar[int]
    grad: _containers.RepeatedScalarFieldContainer[str]
    hvp: _containers.RepeatedScalarFieldContainer[str]
    jvp: _containers.RepeatedScalarFieldContainer[str]
    value: bool
    vjp: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, value: bool = ..., grad: _Optional[_Iterable[str]] = ..., vjp: _Optional[_Iterable[str]] = ..., jvp: _Optional[_Iterable[str]] = ..., hvp: _Optional[_Iterable[str]] = ...) -> None: ...
