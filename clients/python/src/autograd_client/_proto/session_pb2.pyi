from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateSessionRequest(_message.Message):
    __slots__ = ["display_name", "idle_timeout"]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    IDLE_TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    idle_timeout: _duration_pb2.Duration
    def __init__(self, display_name: _Optional[str] = ..., idle_timeout: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class CreateSessionResponse(_message.Message):
    __slots__ = ["limits", "session"]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    limits: SessionLimits
    session: Session
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ..., limits: _Optional[_Union[SessionLimits, _Mapping]] = ...) -> None: ...

class DeleteSessionRequest(_message.Message):
    __slots__ = ["session_id"]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class DeleteSessionResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetSessionRequest(_message.Message):
    __slots__ = ["session_id"]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class GetSessionResponse(_message.Message):
    __slots__ = ["limits", "session"]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    limits: SessionLimits
    session: Session
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ..., limits: _Optional[_Union[SessionLimits, _Mapping]] = ...) -> None: ...

class GetUsageRequest(_message.Message):
    __slots__ = ["principal", "session_id"]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    principal: str
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., principal: _Optional[str] = ...) -> None: ...

class GetUsageResponse(_message.Message):
    __slots__ = ["limits", "usage"]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    limits: SessionLimits
    usage: Usage
    def __init__(self, usage: _Optional[_Union[Usage, _Mapping]] = ..., limits: _Optional[_Union[SessionLimits, _Mapping]] = ...) -> None: ...

class ListSessionsRequest(_message.Message):
    __slots__ = ["all_principals", "page_size", "page_token"]
    ALL_PRINCIPALS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    all_principals: bool
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., all_principals: bool = ...) -> None: ...

class ListSessionsResponse(_message.Message):
    __slots__ = ["next_page_token", "sessions"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    sessions: _containers.RepeatedCompositeFieldContainer[Session]
    def __init__(self, sessions: _Optional[_Iterable[_Union[Session, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RenewSessionRequest(_message.Message):
    __slots__ = ["session_id"]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class RenewSessionResponse(_message.Message):
    __slots__ = ["session"]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    session: Session
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ...) -> None: ...

class Session(_message.Message):
    __slots__ = ["create_time", "display_name", "expire_time", "idle_timeout", "last_applied_seq", "owner", "session_id"]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    IDLE_TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    LAST_APPLIED_SEQ_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    create_time: _timestamp_pb2.Timestamp
    display_name: str
    expire_time: _timestamp_pb2.Timestamp
    idle_timeout: _duration_pb2.Duration
    last_applied_seq: int
    owner: str
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., display_name: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., idle_timeout: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., last_applied_seq: _Optional[int] = ..., owner: _Optional[str] = ...) -> None: ...

class SessionLimits(_message.Message):
    __slots__ = ["bytes_max", "hooks_max", "kept_results_max", "nodes_max", "poisoned_max", "queued_bytes_max", "queued_commands_max", "tensors_max"]
    BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    HOOKS_MAX_FIELD_NUMBER: _ClassVar[int]
    KEPT_RESULTS_MAX_FIELD_NUMBER: _ClassVar[int]
    NODES_MAX_FIELD_NUMBER: _ClassVar[int]
    POISONED_MAX_FIELD_NUMBER: _ClassVar[int]
    QUEUED_BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    QUEUED_COMMANDS_MAX_FIELD_NUMBER: _ClassVar[int]
    TENSORS_MAX_FIELD_NUMBER: _ClassVar[int]
    bytes_max: int
    hooks_max: int
    kept_results_max: int
    nodes_max: int
    poisoned_max: int
    queued_bytes_max: int
    queued_commands_max: int
    tensors_max: int
    def __init__(self, bytes_max: _Optional[int] = ..., tensors_max: _Optional[int] = ..., nodes_max: _Optional[int] = ..., queued_commands_max: _Optional[int] = ..., queued_bytes_max: _Optional[int] = ..., hooks_max: _Optional[int] = ..., kept_results_max: _Optional[int] = ..., poisoned_max: _Optional[int] = ...) -> None: ...

class Usage(_message.Message):
    __slots__ = ["backward_calls", "bytes", "commands_applied", "compute_time", "flops", "function_calls", "hooks", "nodes", "peak_bytes", "poisoned", "queued_bytes", "queued_commands", "received_bytes", "sent_bytes", "sessions", "tensors"]
    BACKWARD_CALLS_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    COMMANDS_APPLIED_FIELD_NUMBER: _ClassVar[int]
    COMPUTE_TIME_FIELD_NUMBER: _ClassVar[int]
    FLOPS_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_CALLS_FIELD_NUMBER: _ClassVar[int]
    HOOKS_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    PEAK_BYTES_FIELD_NUMBER: _ClassVar[int]
    POISONED_FIELD_NUMBER: _ClassVar[int]
    QUEUED_BYTES_FIELD_NUMBER: _ClassVar[int]
    QUEUED_COMMANDS_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_BYTES_FIELD_NUMBER: _ClassVar[int]
    SENT_BYTES_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    backward_calls: int
    bytes: int
    commands_applied: int
    compute_time: _duration_pb2.Duration
    flops: int
    function_calls: int
    hooks: int
    nodes: int
    peak_bytes: int
    poisoned: int
    queued_bytes: int
    queued_commands: int
    received_bytes: int
    sent_bytes: int
    sessions: int
    tensors: int
    def __init__(self, bytes: _Optional[int] = ..., peak_bytes: _Optional[int] = ..., tensors: _Optional[int] = ..., nodes: _Optional[int] = ..., queued_commands: _Optional[int] = ..., queued_bytes: _Optional[int] = ..., commands_applied: _Optional[int] = ..., hooks: _Optional[int] = ..., poisoned: _Optional[int] = ..., compute_time: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., flops: _Optional[int] = ..., backward_calls: _Optional[int] = ..., function_calls: _Optional[int] = ..., received_bytes: _Optional[int] = ..., sent_bytes: _Optional[int] = ..., sessions: _Optional[int] = ...) -> None: ...
