from autograd_client._proto import tensor_pb2 as _tensor_pb2
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

class CosineAnnealing(_message.Message):
    __slots__ = ["eta_min", "t_max"]
    ETA_MIN_FIELD_NUMBER: _ClassVar[int]
    T_MAX_FIELD_NUMBER: _ClassVar[int]
    eta_min: float
    t_max: int
    def __init__(self, t_max: _Optional[int] = ..., eta_min: _Optional[float] = ...) -> None: ...

class ExponentialDecay(_message.Message):
    __slots__ = ["gamma"]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    gamma: float
    def __init__(self, gamma: _Optional[float] = ...) -> None: ...

class GradientClipping(_message.Message):
    __slots__ = ["norm", "norm_type", "value"]
    NORM_FIELD_NUMBER: _ClassVar[int]
    NORM_TYPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    norm: float
    norm_type: float
    value: float
    def __init__(self, value: _Optional[float] = ..., norm: _Optional[float] = ..., norm_type: _Optional[float] = ...) -> None: ...

class LearningRateSchedule(_message.Message):
    __slots__ = ["cosine", "exponential", "linear", "multi_step", "one_cycle", "per_epoch", "step", "warm_up"]
    COSINE_FIELD_NUMBER: _ClassVar[int]
    EXPONENTIAL_FIELD_NUMBER: _ClassVar[int]
    LINEAR_FIELD_NUMBER: _ClassVar[int]
    MULTI_STEP_FIELD_NUMBER: _ClassVar[int]
    ONE_CYCLE_FIELD_NUMBER: _ClassVar[int]
    PER_EPOCH_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    WARM_UP_FIELD_NUMBER: _ClassVar[int]
    cosine: CosineAnnealing
    exponential: ExponentialDecay
    linear: LinearFactor
    multi_step: MultiStepDecay
    one_cycle: OneCycle
    per_epoch: bool
    step: StepDecay
    warm_up: LinearFactor
    def __init__(self, step: _Optional[_Union[StepDecay, _Mapping]] = ..., multi_step: _Optional[_Union[MultiStepDecay, _Mapping]] = ..., exponential: _Optional[_Union[ExponentialDecay, _Mapping]] = ..., cosine: _Optional[_Union[CosineAnnealing, _Mapping]] = ..., linear: _Optional[_Union[LinearFactor, _Mapping]] = ..., one_cycle: _Optional[_Union[OneCycle, _Mapping]] = ..., warm_up: _Optional[_Union[LinearFactor, _Mapping]] = ..., per_epoch: bool = ...) -> None: ...

class LinearFactor(_message.Message):
    __slots__ = ["end_factor", "start_factor", "total_iters"]
    END_FACTOR_FIELD_NUMBER: _ClassVar[int]
    START_FACTOR_FIELD_NUMBER: _ClassVar[int]
    TOTAL_ITERS_FIELD_NUMBER: _ClassVar[int]
    end_factor: float
    start_factor: float
    total_iters: int
    def __init__(self, start_factor: _Optional[float] = ..., end_factor: _Optional[float] = ..., total_iters: _Optional[int] = ...) -> None: ...

class MultiStepDecay(_message.Message):
    __slots__ = ["gamma", "milestones"]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    MILESTONES_FIELD_NUMBER: _ClassVar[int]
    gamma: float
    milestones: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, milestones: _Optional[_Iterable[int]] = ..., gamma: _Optional[float] = ...) -> None: ...

class OneCycle(_message.Message):
    __slots__ = ["div_factor", "final_div_factor", "linear", "max_lr", "pct_start", "total_steps"]
    DIV_FACTOR_FIELD_NUMBER: _ClassVar[int]
    FINAL_DIV_FACTOR_FIELD_NUMBER: _ClassVar[int]
    LINEAR_FIELD_NUMBER: _ClassVar[int]
    MAX_LR_FIELD_NUMBER: _ClassVar[int]
    PCT_START_FIELD_NUMBER: _ClassVar[int]
    TOTAL_STEPS_FIELD_NUMBER: _ClassVar[int]
    div_factor: float
    final_div_factor: float
    linear: bool
    max_lr: float
    pct_start: float
    total_steps: int
    def __init__(self, max_lr: _Optional[float] = ..., total_steps: _Optional[int] = ..., pct_start: _Optional[float] = ..., linear: bool = ..., div_factor: _Optional[float] = ..., final_div_factor: _Optional[float] = ...) -> None: ...

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

class StepDecay(_message.Message):
    __slots__ = ["gamma", "step_size"]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    STEP_SIZE_FIELD_NUMBER: _ClassVar[int]
    gamma: float
    step_size: int
    def __init__(self, step_size: _Optional[int] = ..., gamma: _Optional[float] = ...) -> None: ...

class TrainRequest(_message.Message):
    __slots__ = ["batch", "setup"]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    SETUP_FIELD_NUMBER: _ClassVar[int]
    batch: TrainingBatch
    setup: TrainingSetup
    def __init__(self, setup: _Optional[_Union[TrainingSetup, _Mapping]] = ..., batch: _Optional[_Union[TrainingBatch, _Mapping]] = ...) -> None: ...

class TrainResponse(_message.Message):
    __slots__ = ["epoch", "gradient_norm", "losses", "lr", "step", "steps_per_second"]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_NORM_FIELD_NUMBER: _ClassVar[int]
    LOSSES_FIELD_NUMBER: _ClassVar[int]
    LR_FIELD_NUMBER: _ClassVar[int]
    STEPS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    gradient_norm: float
    losses: _containers.RepeatedScalarFieldContainer[float]
    lr: float
    step: int
    steps_per_second: float
    def __init__(self, step: _Optional[int] = ..., epoch: _Optional[int] = ..., losses: _Optional[_Iterable[float]] = ..., gradient_norm: _Optional[float] = ..., lr: _Optional[float] = ..., steps_per_second: _Optional[float] = ...) -> None: ...

class TrainingBatch(_message.Message):
    __slots__ = ["inputs"]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    inputs: _containers.RepeatedCompositeFieldContainer[_tensor_pb2.Argument]
    def __init__(self, inputs: _Optional[_Iterable[_Union[_tensor_pb2.Argument, _Mapping]]] = ...) -> None: ...

class TrainingData(_message.Message):
    __slots__ = ["batch_size", "drop_last", "epochs", "shuffle_seed"]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    DROP_LAST_FIELD_NUMBER: _ClassVar[int]
    EPOCHS_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_SEED_FIELD_NUMBER: _ClassVar[int]
    batch_size: int
    drop_last: bool
    epochs: int
    shuffle_seed: int
    def __init__(self, batch_size: _Optional[int] = ..., drop_last: bool = ..., epochs: _Optional[int] = ..., shuffle_seed: _Optional[int] = ...) -> None: ...

class TrainingInput(_message.Message):
    __slots__ = ["batch", "constant", "dataset", "trained"]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    CONSTANT_FIELD_NUMBER: _ClassVar[int]
    DATASET_FIELD_NUMBER: _ClassVar[int]
    TRAINED_FIELD_NUMBER: _ClassVar[int]
    batch: int
    constant: int
    dataset: int
    trained: int
    def __init__(self, trained: _Optional[int] = ..., constant: _Optional[int] = ..., dataset: _Optional[int] = ..., batch: _Optional[int] = ...) -> None: ...

class TrainingSetup(_message.Message):
    __slots__ = ["accumulate", "average_accumulated", "clipping", "data", "first_step", "function", "inputs", "optimizer", "report_every", "schedule", "seed", "session_id", "state", "steps_max", "with_gradient_norm"]
    ACCUMULATE_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_ACCUMULATED_FIELD_NUMBER: _ClassVar[int]
    CLIPPING_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FIRST_STEP_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OPTIMIZER_FIELD_NUMBER: _ClassVar[int]
    REPORT_EVERY_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STEPS_MAX_FIELD_NUMBER: _ClassVar[int]
    WITH_GRADIENT_NORM_FIELD_NUMBER: _ClassVar[int]
    accumulate: int
    average_accumulated: bool
    clipping: GradientClipping
    data: TrainingData
    first_step: int
    function: str
    inputs: _containers.RepeatedCompositeFieldContainer[TrainingInput]
    optimizer: Optimizer
    report_every: int
    schedule: LearningRateSchedule
    seed: int
    session_id: str
    state: OptimizerState
    steps_max: int
    with_gradient_norm: bool
    def __init__(self, session_id: _Optional[str] = ..., function: _Optional[str] = ..., inputs: _Optional[_Iterable[_Union[TrainingInput, _Mapping]]] = ..., optimizer: _Optional[_Union[Optimizer, _Mapping]] = ..., state: _Optional[_Union[OptimizerState, _Mapping]] = ..., schedule: _Optional[_Union[LearningRateSchedule, _Mapping]] = ..., clipping: _Optional[_Union[GradientClipping, _Mapping]] = ..., accumulate: _Optional[int] = ..., average_accumulated: bool = ..., data: _Optional[_Union[TrainingData, _Mapping]] = ..., steps_max: _Optional[int] = ..., first_step: _Optional[int] = ..., seed: _Optional[int] = ..., report_every: _Optional[int] = ..., with_gradient_norm: bool = ...) -> None: ...

class Update(_message.Message):
    __slots__ = ["clipping", "optimizer", "state"]
    CLIPPING_FIELD_NUMBER: _ClassVar[int]
    OPTIMIZER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    clipping: GradientClipping
    optimizer: Optimizer
    state: OptimizerState
    def __init__(self, optimizer: _Optional[_Union[Optimizer, _Mapping]] = ..., state: _Optional[_Union[OptimizerState, _Mapping]] = ..., clipping: _Optional[_Union[GradientClipping, _Mapping]] = ...) -> None: ...
