from autograd_client._proto import command_pb2 as _command_pb2
from autograd_client._proto import session_pb2 as _session_pb2
from autograd_client._proto import tensor_pb2 as _tensor_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
PARAMETER_KIND_BOOL: ParameterKind
PARAMETER_KIND_DTYPE: ParameterKind
PARAMETER_KIND_FLOAT: ParameterKind
PARAMETER_KIND_INT: ParameterKind
PARAMETER_KIND_INTS: ParameterKind
PARAMETER_KIND_OPERAND: ParameterKind
PARAMETER_KIND_SCALAR: ParameterKind
PARAMETER_KIND_STRING: ParameterKind
PARAMETER_KIND_TENSOR: ParameterKind
PARAMETER_KIND_TENSOR_LIST: ParameterKind
PARAMETER_KIND_UNSPECIFIED: ParameterKind

class GetServerInfoRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetServerInfoResponse(_message.Message):
    __slots__ = ["api_version", "catalog_digest", "dtypes", "kernel_threads", "limits", "server_version", "session_limits", "torch_version"]
    API_VERSION_FIELD_NUMBER: _ClassVar[int]
    CATALOG_DIGEST_FIELD_NUMBER: _ClassVar[int]
    DTYPES_FIELD_NUMBER: _ClassVar[int]
    KERNEL_THREADS_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    SERVER_VERSION_FIELD_NUMBER: _ClassVar[int]
    SESSION_LIMITS_FIELD_NUMBER: _ClassVar[int]
    TORCH_VERSION_FIELD_NUMBER: _ClassVar[int]
    api_version: str
    catalog_digest: str
    dtypes: _containers.RepeatedScalarFieldContainer[_tensor_pb2.DataType]
    kernel_threads: int
    limits: ServerLimits
    server_version: str
    session_limits: _session_pb2.SessionLimits
    torch_version: str
    def __init__(self, server_version: _Optional[str] = ..., api_version: _Optional[str] = ..., catalog_digest: _Optional[str] = ..., torch_version: _Optional[str] = ..., dtypes: _Optional[_Iterable[_Union[_tensor_pb2.DataType, str]]] = ..., limits: _Optional[_Union[ServerLimits, _Mapping]] = ..., session_limits: _Optional[_Union[_session_pb2.SessionLimits, _Mapping]] = ..., kernel_threads: _Optional[int] = ...) -> None: ...

class ListOpsRequest(_message.Message):
    __slots__ = ["name_prefix"]
    NAME_PREFIX_FIELD_NUMBER: _ClassVar[int]
    name_prefix: str
    def __init__(self, name_prefix: _Optional[str] = ...) -> None: ...

class ListOpsResponse(_message.Message):
    __slots__ = ["catalog_digest", "ops"]
    CATALOG_DIGEST_FIELD_NUMBER: _ClassVar[int]
    OPS_FIELD_NUMBER: _ClassVar[int]
    catalog_digest: str
    ops: _containers.RepeatedCompositeFieldContainer[OpSchema]
    def __init__(self, ops: _Optional[_Iterable[_Union[OpSchema, _Mapping]]] = ..., catalog_digest: _Optional[str] = ...) -> None: ...

class OpOutput(_message.Message):
    __slots__ = ["is_list", "name"]
    IS_LIST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    is_list: bool
    name: str
    def __init__(self, name: _Optional[str] = ..., is_list: bool = ...) -> None: ...

class OpParameter(_message.Message):
    __slots__ = ["default_value", "kind", "name", "optional"]
    DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    default_value: _command_pb2.AttributeValue
    kind: ParameterKind
    name: str
    optional: bool
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[ParameterKind, str]] = ..., optional: bool = ..., default_value: _Optional[_Union[_command_pb2.AttributeValue, _Mapping]] = ...) -> None: ...

class OpSchema(_message.Message):
    __slots__ = ["can_in_place", "differentiable", "doc", "gradient", "id", "is_view", "name", "outputs", "parameters", "torch_name"]
    CAN_IN_PLACE_FIELD_NUMBER: _ClassVar[int]
    DIFFERENTIABLE_FIELD_NUMBER: _ClassVar[int]
    DOC_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    IS_VIEW_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    TORCH_NAME_FIELD_NUMBER: _ClassVar[int]
    can_in_place: bool
    differentiable: bool
    doc: str
    gradient: str
    id: int
    is_view: bool
    name: str
    outputs: _containers.RepeatedCompositeFieldContainer[OpOutput]
    parameters: _containers.RepeatedCompositeFieldContainer[OpParameter]
    torch_name: str
    def __init__(self, name: _Optional[str] = ..., id: _Optional[int] = ..., doc: _Optional[str] = ..., parameters: _Optional[_Iterable[_Union[OpParameter, _Mapping]]] = ..., outputs: _Optional[_Iterable[_Union[OpOutput, _Mapping]]] = ..., can_in_place: bool = ..., is_view: bool = ..., differentiable: bool = ..., gradient: _Optional[str] = ..., torch_name: _Optional[str] = ...) -> None: ...

class ServerLimits(_message.Message):
    __slots__ = ["batch_commands_max", "chunk_bytes_default", "chunk_bytes_max", "dims_max", "graph_nodes_max", "idle_timeout_default", "idle_timeout_max", "list_length_max", "message_bytes_max", "sessions_max", "stream_credit_bytes", "stream_credit_commands", "string_length_max"]
    BATCH_COMMANDS_MAX_FIELD_NUMBER: _ClassVar[int]
    CHUNK_BYTES_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    CHUNK_BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    DIMS_MAX_FIELD_NUMBER: _ClassVar[int]
    GRAPH_NODES_MAX_FIELD_NUMBER: _ClassVar[int]
    IDLE_TIMEOUT_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    IDLE_TIMEOUT_MAX_FIELD_NUMBER: _ClassVar[int]
    LIST_LENGTH_MAX_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_MAX_FIELD_NUMBER: _ClassVar[int]
    STREAM_CREDIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    STREAM_CREDIT_COMMANDS_FIELD_NUMBER: _ClassVar[int]
    STRING_LENGTH_MAX_FIELD_NUMBER: _ClassVar[int]
    batch_commands_max: int
    chunk_bytes_default: int
    chunk_bytes_max: int
    dims_max: int
    graph_nodes_max: int
    idle_timeout_default: _duration_pb2.Duration
    idle_timeout_max: _duration_pb2.Duration
    list_length_max: int
    message_bytes_max: int
    sessions_max: int
    stream_credit_bytes: int
    stream_credit_commands: int
    string_length_max: int
    def __init__(self, sessions_max: _Optional[int] = ..., message_bytes_max: _Optional[int] = ..., chunk_bytes_max: _Optional[int] = ..., chunk_bytes_default: _Optional[int] = ..., batch_commands_max: _Optional[int] = ..., dims_max: _Optional[int] = ..., list_length_max: _Optional[int] = ..., string_length_max: _Optional[int] = ..., stream_credit_commands: _Optional[int] = ..., stream_credit_bytes: _Optional[int] = ..., idle_timeout_max: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., idle_timeout_default: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., graph_nodes_max: _Optional[int] = ...) -> None: ...

class ParameterKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
