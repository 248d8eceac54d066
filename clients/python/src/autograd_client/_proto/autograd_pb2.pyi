from autograd_client._proto import command_pb2 as _command_pb2
from autograd_client._proto import graph_pb2 as _graph_pb2
from autograd_client._proto import tensor_pb2 as _tensor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ApplyOpRequest(_message.Message):
    __slots__ = ["apply_op", "inference_mode", "no_grad", "seq", "session_id"]
    APPLY_OP_FIELD_NUMBER: _ClassVar[int]
    INFERENCE_MODE_FIELD_NUMBER: _ClassVar[int]
    NO_GRAD_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    apply_op: _command_pb2.ApplyOp
    inference_mode: bool
    no_grad: bool
    seq: int
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., seq: _Optional[int] = ..., no_grad: bool = ..., apply_op: _Optional[_Union[_command_pb2.ApplyOp, _Mapping]] = ..., inference_mode: bool = ...) -> None: ...

class ApplyOpResponse(_message.Message):
    __slots__ = ["outputs"]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    outputs: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.TensorMetadata]
    def __init__(self, outputs: _Optional[_Iterable[_Union[_tensor_pb2.TensorMetadata, _Mapping]]] = ...) -> None: ...

class BackwardRequest(_message.Message):
    __slots__ = ["backward", "seq", "session_id"]
    BACKWARD_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    backward: _command_pb2.Backward
    seq: int
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., seq: _Optional[int] = ..., backward: _Optional[_Union[_command_pb2.Backward, _Mapping]] = ...) -> None: ...

class BackwardResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CheckGradientsRequest(_message.Message):
    __slots__ = ["check_gradients", "session_id"]
    CHECK_GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    check_gradients: _command_pb2.CheckGradients
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., check_gradients: _Optional[_Union[_command_pb2.CheckGradients, _Mapping]] = ...) -> None: ...

class CheckGradientsResponse(_message.Message):
    __slots__ = ["gradient_check"]
    GRADIENT_CHECK_FIELD_NUMBER: _ClassVar[int]
    gradient_check: _command_pb2.GradientCheck
    def __init__(self, gradient_check: _Optional[_Union[_command_pb2.GradientCheck, _Mapping]] = ...) -> None: ...

class ComputeGradientsRequest(_message.Message):
    __slots__ = ["compute_gradients", "seq", "session_id"]
    COMPUTE_GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    compute_gradients: _command_pb2.ComputeGradients
    seq: int
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., seq: _Optional[int] = ..., compute_gradients: _Optional[_Union[_command_pb2.ComputeGradients, _Mapping]] = ...) -> None: ...

class ComputeGradientsResponse(_message.Message):
    __slots__ = ["gradients"]
    GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    gradients: _containers.RepeatedCompositeFieldContainer[_command_pb2.Gradient]
    def __init__(self, gradients: _Optional[_Iterable[_Union[_command_pb2.Gradient, _Mapping]]] = ...) -> None: ...

class CreateTensorRequest(_message.Message):
    __slots__ = ["create_tensor", "seq", "session_id"]
    CREATE_TENSOR_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    create_tensor: _command_pb2.CreateTensor
    seq: int
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., seq: _Optional[int] = ..., create_tensor: _Optional[_Union[_command_pb2.CreateTensor, _Mapping]] = ...) -> None: ...

class CreateTensorResponse(_message.Message):
    __slots__ = ["tensor"]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    tensor: _tensor_pb2.TensorMetadata
    def __init__(self, tensor: _Optional[_Union[_tensor_pb2.TensorMetadata, _Mapping]] = ...) -> None: ...

class DifferentiateRequest(_message.Message):
    __slots__ = ["differentiate", "seq", "session_id"]
    DIFFERENTIATE_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    differentiate: _command_pb2.Differentiate
    seq: int
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., seq: _Optional[int] = ..., differentiate: _Optional[_Union[_command_pb2.Differentiate, _Mapping]] = ...) -> None: ...

class DifferentiateResponse(_message.Message):
    __slots__ = ["outputs"]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    outputs: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.TensorMetadata]
    def __init__(self, outputs: _Optional[_Iterable[_Union[_tensor_pb2.TensorMetadata, _Mapping]]] = ...) -> None: ...

class DownloadOpening(_message.Message):
    __slots__ = ["header", "version"]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    header: _tensor_pb2.TensorHeader
    version: int
    def __init__(self, header: _Optional[_Union[_tensor_pb2.TensorHeader, _Mapping]] = ..., version: _Optional[int] = ...) -> None: ...

class DownloadTensorRequest(_message.Message):
    __slots__ = ["chunk_bytes", "grad", "session_id", "start_offset", "tensor"]
    CHUNK_BYTES_FIELD_NUMBER: _ClassVar[int]
    GRAD_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    START_OFFSET_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    chunk_bytes: int
    grad: bool
    session_id: str
    start_offset: int
    tensor: int
    def __init__(self, session_id: _Optional[str] = ..., tensor: _Optional[int] = ..., grad: bool = ..., chunk_bytes: _Optional[int] = ..., start_offset: _Optional[int] = ...) -> None: ...

class DownloadTensorResponse(_message.Message):
    __slots__ = ["chunk", "opening"]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    chunk: _tensor_pb2.TensorChunk
    opening: DownloadOpening
    def __init__(self, opening: _Optional[_Union[DownloadOpening, _Mapping]] = ..., chunk: _Optional[_Union[_tensor_pb2.TensorChunk, _Mapping]] = ...) -> None: ...

class ExecuteRequest(_message.Message):
    __slots__ = ["commands", "fail_fast", "received_seq", "session_id", "traceparent"]
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    FAIL_FAST_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TRACEPARENT_FIELD_NUMBER: _ClassVar[int]
    commands: _containers.RepeatedCompositeFieldContainer[_command_pb2.Command]
    fail_fast: bool
    received_seq: int
    session_id: str
    traceparent: str
    def __init__(self, session_id: _Optional[str] = ..., fail_fast: bool = ..., commands: _Optional[_Iterable[_Union[_command_pb2.Command, _Mapping]]] = ..., received_seq: _Optional[int] = ..., traceparent: _Optional[str] = ...) -> None: ...

class ExecuteResponse(_message.Message):
    __slots__ = ["acknowledged_seq", "credit_bytes", "credit_commands", "frames", "results"]
    ACKNOWLEDGED_SEQ_FIELD_NUMBER: _ClassVar[int]
    CREDIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    CREDIT_COMMANDS_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    acknowledged_seq: int
    credit_bytes: int
    credit_commands: int
    frames: int
    results: _containers.RepeatedCompositeFieldContainer[_command_pb2.CommandResult]
    def __init__(self, results: _Optional[_Iterable[_Union[_command_pb2.CommandResult, _Mapping]]] = ..., acknowledged_seq: _Optional[int] = ..., credit_commands: _Optional[int] = ..., credit_bytes: _Optional[int] = ..., frames: _Optional[int] = ...) -> None: ...

class GetGradRequest(_message.Message):
    __slots__ = ["session_id", "tensor"]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    tensor: int
    def __init__(self, session_id: _Optional[str] = ..., tensor: _Optional[int] = ...) -> None: ...

class GetGradResponse(_message.Message):
    __slots__ = ["grad"]
    GRAD_FIELD_NUMBER: _ClassVar[int]
    grad: _tensor_pb2.GradientValue
    def __init__(self, grad: _Optional[_Union[_tensor_pb2.GradientValue, _Mapping]] = ...) -> None: ...

class GetGraphRequest(_message.Message):
    __slots__ = ["describe_graph", "session_id"]
    DESCRIBE_GRAPH_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    describe_graph: _command_pb2.DescribeGraph
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., describe_graph: _Optional[_Union[_command_pb2.DescribeGraph, _Mapping]] = ...) -> None: ...

class GetGraphResponse(_message.Message):
    __slots__ = ["graph"]
    GRAPH_FIELD_NUMBER: _ClassVar[int]
    graph: _graph_pb2.Graph
    def __init__(self, graph: _Optional[_Union[_graph_pb2.Graph, _Mapping]] = ...) -> None: ...

class GetTensorRequest(_message.Message):
    __slots__ = ["metadata_only", "session_id", "tensor"]
    METADATA_ONLY_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    metadata_only: bool
    session_id: str
    tensor: int
    def __init__(self, session_id: _Optional[str] = ..., tensor: _Optional[int] = ..., metadata_only: bool = ...) -> None: ...

class GetTensorResponse(_message.Message):
    __slots__ = ["data", "metadata"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    data: _tensor_pb2.TensorData
    metadata: _tensor_pb2.TensorMetadata
    def __init__(self, metadata: _Optional[_Union[_tensor_pb2.TensorMetadata, _Mapping]] = ..., data: _Optional[_Union[_tensor_pb2.TensorData, _Mapping]] = ...) -> None: ...

class ListTensorsRequest(_message.Message):
    __slots__ = ["page_size", "page_token", "session_id"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListTensorsResponse(_message.Message):
    __slots__ = ["next_page_token", "tensors"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    tensors: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.TensorMetadata]
    def __init__(self, tensors: _Optional[_Iterable[_Union[_tensor_pb2.TensorMetadata, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ReleaseTensorsRequest(_message.Message):
    __slots__ = ["handles", "seq", "session_id"]
    HANDLES_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    handles: _containers.RepeatedScalarFieldContainer[int]
    seq: int
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., seq: _Optional[int] = ..., handles: _Optional[_Iterable[int]] = ...) -> None: ...

class ReleaseTensorsResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class RunCommandsRequest(_message.Message):
    __slots__ = ["commands", "fail_fast", "received_seq", "session_id", "traceparent"]
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    FAIL_FAST_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TRACEPARENT_FIELD_NUMBER: _ClassVar[int]
    commands: _containers.RepeatedCompositeFieldContainer[_command_pb2.Command]
    fail_fast: bool
    received_seq: int
    session_id: str
    traceparent: str
    def __init__(self, session_id: _Optional[str] = ..., fail_fast: bool = ..., commands: _Optional[_Iterable[_Union[_command_pb2.Command, _Mapping]]] = ..., received_seq: _Optional[int] = ..., traceparent: _Optional[str] = ...) -> None: ...

class RunCommandsResponse(_message.Message):
    __slots__ = ["acknowledged_seq", "failed", "results"]
    ACKNOWLEDGED_SEQ_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    acknowledged_seq: int
    failed: int
    results: _containers.RepeatedCompositeFieldContainer[_command_pb2.CommandResult]
    def __init__(self, results: _Optional[_Iterable[_Union[_command_pb2.CommandResult, _Mapping]]] = ..., failed: _Optional[int] = ..., acknowledged_seq: _Optional[int] = ...) -> None: ...

class UploadOpening(_message.Message):
    __slots__ = ["header", "out", "requires_grad", "session_id"]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    OUT_FIELD_NUMBER: _ClassVar[int]
    REQUIRES_GRAD_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    header: _tensor_pb2.TensorHeader
    out: int
    requires_grad: bool
    session_id: str
    def __init__(self, session_id: _Optional[str] = ..., out: _Optional[int] = ..., requires_grad: bool = ..., header: _Optional[_Union[_tensor_pb2.TensorHeader, _Mapping]] = ...) -> None: ...

class UploadTensorRequest(_message.Message):
    __slots__ = ["chunk", "opening"]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    chunk: _tensor_pb2.TensorChunk
    opening: UploadOpening
    def __init__(self, opening: _Optional[_Union[UploadOpening, _Mapping]] = ..., chunk: _Optional[_Union[_tensor_pb2.TensorChunk, _Mapping]] = ...) -> None: ...

class UploadTensorResponse(_message.Message):
    __slots__ = ["tensor"]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    tensor: _tensor_pb2.TensorMetadata
    def __init__(self, tensor: _Optional[_Union[_tensor_pb2.TensorMetadata, _Mapping]] = ...) -> None: ...

class ZeroGradsRequest(_message.Message):
    __slots__ = ["seq", "session_id", "zero_grads"]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    ZERO_GRADS_FIELD_NUMBER: _ClassVar[int]
    seq: int
    session_id: str
    zero_grads: _command_pb2.ZeroGrads
    def __init__(self, session_id: _Optional[str] = ..., seq: _Optional[int] = ..., zero_grads: _Optional[_Union[_command_pb2.ZeroGrads, _Mapping]] = ...) -> None: ...

class ZeroGradsResponse(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...
