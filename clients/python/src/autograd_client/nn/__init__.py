"""torch.nn: modules, parameters and functions of neural networks, as far as ordinary scripts use them."""

from . import functional as functional
from . import init as init
from .modules import (
    BCELoss, BCEWithLogitsLoss, BatchNorm1d, BatchNorm2d, AvgPool2d, Conv2d, CrossEntropyLoss, Dropout, ELU, Embedding, Flatten, GELU, Identity, L1Loss, LayerNorm, LeakyReLU, Linear,
    LogSoftmax, MSELoss, MaxPool2d, Mish, Module, ModuleList, NLLLoss, ReLU, ReLU6, SELU, Sequential, SiLU, Sigmoid, Softmax, Softplus, Tanh,
)
from .parameter import Parameter

__all__ = [
    "functional", "init", "Parameter", "BCELoss", "BCEWithLogitsLoss", "BatchNorm1d", "BatchNorm2d", "AvgPool2d", "Conv2d", "CrossEntropyLoss", "Dropout", "ELU", "Embedding", "Flatten",
    "GELU", "Identity", "L1Loss", "LayerNorm", "LeakyReLU", "Linear", "LogSoftmax", "MSELoss", "MaxPool2d", "Mish", "Module", "ModuleList", "NLLLoss", "ReLU", "ReLU6", "SELU",
    "Sequential", "SiLU", "Sigmoid", "Softmax", "Softplus", "Tanh",
]
