from autograd_client._proto import tensor_pb2 as _tensor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Graph(_message.Message):
    __slots__ = ["dot", "nodes", "roots", "truncated"]
    DOT_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    ROOTS_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    dot: str
    nodes: _containers.RepeatedCompositeFieldContainer[GraphNode]
    roots: _containers.RepeatedCompositeFieldContainer[GraphEdge]
    truncated: bool
    def __init__(self, nodes: _Optional[_Iterable[_Union[GraphNode, _Mapping]]] = ..., roots: _Optional[_Iterable[_Union[GraphEdge, _Mapping]]] = ..., truncated: bool = ..., dot: _Optional[str] = ...) -> None: ...

class GraphEdge(_message.Message):
    __slots__ = ["input_nr", "node"]
    INPUT_NR_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    input_nr: int
    node: int
    def __init__(self, node: _Optional[int] = ..., input_nr: _Optional[int] = ...) -> None: ...

class GraphNode(_message.Message):
    __slots__ = ["edges", "freed", "id", "leaf_handle", "name", "recorded_by_seq", "saved", "saved_bytes", "saved_tensors", "sequence_nr"]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    FREED_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    LEAF_HANDLE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    RECORDED_BY_SEQ_FIELD_NUMBER: _ClassVar[int]
    SAVED_BYTES_FIELD_NUMBER: _ClassVar[int]
    SAVED_FIELD_NUMBER: _ClassVar[int]
    SAVED_TENSORS_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_NR_FIELD_NUMBER: _ClassVar[int]
    edges: _containers.RepeatedCompositeFieldContainer[GraphEdge]
    freed: bool
    id: int
    leaf_handle: int
    name: str
    recorded_by_seq: int
    saved: _containers.RepeatedCompositeFieldContainer[SavedTensor]
    saved_bytes: int
    saved_tensors: int
    sequence_nr: int
    def __init__(self, id: _Optional[int] = ..., name: _Optional[str] = ..., sequence_nr: _Optional[int] = ..., edges: _Optional[_Iterable[_Union[GraphEdge, _Mapping]]] = ..., leaf_handle: _Optional[int] = ..., saved_tensors: _Optional[int] = ..., saved_bytes: _Optional[int] = ..., freed: bool = ..., recorded_by_seq: _Optional[int] = ..., saved: _Optional[_Iterable[_Union[SavedTensor, _Mapping]]] = ...) -> None: ...

class SavedTensor(_message.Message):
    __slots__ = ["bytes", "dtype", "name", "shape", "version"]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    dtype: _tensor_pb2.DataType
    name: str
    shape: _containers.RepeatedScalarFieldContainer[int]
    version: int
    def __init__(self, name: _Optional[str] = ..., dtype: _Optional[_Union[_tensor_pb2.DataType, str]] = ..., shape: _Optional[_Iterable[int]] = ..., bytes: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...
