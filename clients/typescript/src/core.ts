export type { AttributeValue, OperandOrList } from "./call.js";
export { dtypes, isFloatingPoint, itemSize, fromBFloat16, fromFloat16, toBFloat16, toFloat16, type DType, type TypedArray } from "./dtype.js";
export { ErrorReason } from "./errorReason.g.js";
export { AutogradConnectionError, AutogradError, type StatusCode } from "./errors.js";
export { Session, type BackwardOptions, type GradOptions, type SessionOptions, type SessionUsage } from "./session.js";
export { Tensor, type TensorInfo } from "./tensor.js";
export { Float, float, TensorValue, type Dims, type NestedArray, type NumberLike, type Operand, type TensorSource } from "./values.js";
