from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Adam(_message.Message):
    __slots__ = ["amsgrad", "beta1", "beta2", "eps", "lr", "maximize", "weight_decay"]
    AMSGRAD_FIELD_NUMBER: _ClassVar[int]
    BETA1_FIELD_NUMBER: _ClassVar[int]
    BETA2_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    LR_FIELD_NUMBER: _ClassVar[int]
    MAXIMIZE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_DECAY_FIELD_NUMBER: _ClassVar[int]
    amsgrad: bool
    beta1: float
    beta2: float
    eps: float
    lr: float
    maximize: bool
    weight_decay: float
    def __init__(self, lr: _Optional[float] = ..., beta1: _Optional[float] = ..., beta2: _Optional[float] = ..., eps: _Optional[float] = ..., weight_decay: _Optional[float] = ..., amsgrad: bool = ..., maximize: bool = ...) -> None: ...

class AdamW(_message.Message):
    __slots__ = ["amsgrad", "beta1", "beta2", "eps", "lr", "maximize", "weight_decay"]
    AMSGRAD_FIELD_NUMBER: _ClassVar[int]
    BETA1_FIELD_NUMBER: _ClassVar[int]
    BETA2_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    LR_FIELD_NUMBER: _ClassVar[int]
    MAXIMIZE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_DECAY_FIELD_NUMBER: _ClassVar[int]
    amsgrad: bool
    beta1: float
    beta2: float
    eps: float
    lr: float
    maximize: bool
    weight_decay: float
    def __init__(self, lr: _Optional[float] = ..., beta1: _Optional[float] = ..., beta2: _Optional[float] = ..., eps: _Optional[float] = ..., weight_decay: _Optional[float] = ..., amsgrad: bool = ..., maximize: bool = ...) -> None: ...

class GradientClipping(_message.Message):
    __slots__ = ["norm", "norm_type", "value"]
    NORM_FIELD_NUMBER: _ClassVar[int]
    NORM_TYPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    norm: float
    norm_type: float
    value: float
    def __init__(self, value: _Optional[float] = ..., norm: _Optional[float] = ..., norm_type: _Optional[float] = ...) -> None: ...

class Optimizer(_message.Message):
    __slots__ = ["adam", "adam_w", "rms_prop", "sgd"]
    ADAM_FIELD_NUMBER: _ClassVar[int]
    ADAM_W_FIELD_NUMBER: _ClassVar[int]
    RMS_PROP_FIELD_NUMBER: _ClassVar[int]
    SGD_FIELD_NUMBER: _ClassVar[int]
    adam: Adam
    adam_w: AdamW
    rms_prop: RmsProp
    sgd: Sgd
    def __init__(self, sgd: _Optional[_Union[Sgd, _Mapping]] = ..., adam: _Optional[_Union[Adam, _Mapping]] = ..., adam_w: _Optional[_Union[AdamW, _Mapping]] = ..., rms_prop: _Optional[_Union[RmsProp, _Mapping]] = ...) -> None: ...

class OptimizerState(_message.Message):
    __slots__ = ["step", "tensors"]
    STEP_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    step: int
    tensors: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, step: _Optional[int] = ..., tensors: _Optional[_Iterable[int]] = ...) -> None: ...

class RmsProp(_message.Message):
    __slots__ = ["alpha", "centered", "eps", "lr", "maximize", "momentum", "weight_decay"]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    CENTERED_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    LR_FIELD_NUMBER: _ClassVar[int]
    MAXIMIZE_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_DECAY_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    centered: bool
    eps: float
    lr: float
    maximize: bool
    momentum: float
    weight_decay: float
    def __init__(self, lr: _Optional[float] = ..., alpha: _Optional[float] = ..., eps: _Optional[float] = ..., weight_decay: _Optional[float] = ..., momentum: _Optional[float] = ..., centered: bool = ..., maximize: bool = ...) -> None: ...

class Sgd(_message.Message):
    __slots__ = ["dampening", "lr", "maximize", "momentum", "nesterov", "weight_decay"]
    DAMPENING_FIELD_NUMBER: _ClassVar[int]
    LR_FIELD_NUMBER: _ClassVar[int]
    MAXIMIZE_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    NESTEROV_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_DECAY_FIELD_NUMBER: _ClassVar[int]
    dampening: float
    lr: float
    maximize: bool
    momentum: float
    nesterov: bool
    weight_decay: float
    def __init__(self, lr: _Optional[float] = ..., momentum: _Optional[float] = ..., dampening: _Optional[float] = ..., weight_decay: _Optional[float] = ..., nesterov: bool = ..., maximize: bool = ...) -> None: ...

class Update(_message.Message):
    __slots__ = ["clipping", "optimizer", "state"]
    CLIPPING_FIELD_NUMBER: _ClassVar[int]
    OPTIMIZER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    clipping: GradientClipping
    optimizer: Optimizer
    state: OptimizerState
    def __init__(self, optimizer: _Optional[_Union[Optimizer, _Mapping]] = ..., state: _Optional[_Union[OptimizerState, _Mapping]] = ..., clipping: _Optional[_Union[GradientClipping, _Mapping]] = ...) -> None: ...
