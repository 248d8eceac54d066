import { allocate, dtypeOfArray, elementsOf, fromBFloat16, fromFloat16, isFloatingPoint, itemSize, toBFloat16, toFloat16, type DType, type TypedArray } from "./dtype.js";
import type { Tensor } from "./tensor.js";

/** A number that counts as a float in type promotion, although it has no fraction. Made by {@link float}. */
export class Float {
  constructor(readonly value: number) {}
}

/** A float, also where the number has no fraction: `x.mul(float(2))` makes floats of integers, `x.mul(2)` does not. */
export function float(value: number): Float {
  return new Float(value);
}

/**
 * A number that is not a tensor. In type promotion a boolean counts as bool, a bigint and a number without a fraction as an integer, other numbers as
 * floats; {@link float} makes a float of any.
 */
export type NumberLike = number | bigint | boolean | Float;

/** What an op takes as an operand. */
export type Operand = Tensor | NumberLike;

/** Integers: sizes, dims. One number counts as a list of one. */
export type Dims = number | readonly number[];

/** Numbers, nested as deep as there are dimensions. */
export type NestedArray = number | bigint | boolean | readonly NestedArray[];

/** What tensors are made of. */
export type TensorSource = NestedArray | TypedArray;

/** Which kind of number something counts as. */
export function kindOf(value: NumberLike): "float" | "int" | "bool" {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0) ? "int" : "float";
  return "float";
}

/** The elements of a tensor, here. */
export class TensorValue {
  constructor(
    /** Element type. */
    readonly dtype: DType,
    /** Size of each dimension. */
    readonly shape: readonly number[],
    /** The elements, row-major. */
    readonly data: TypedArray,
  ) {}

  /** The elements as numbers. Integers beyond 2^53 lose digits; `data` has them all. */
  numbers(): number[] {
    const { dtype, data } = this;
    if (dtype === "float16") return Array.from(data as Uint16Array, fromFloat16);
    if (dtype === "bfloat16") return Array.from(data as Uint16Array, fromBFloat16);
    return Array.from(data as ArrayLike<number | bigint>, Number);
  }

  /** The only element. @throws RangeError there are more, or none. */
  item(): number {
    if (this.data.length !== 1) throw new RangeError(`a tensor with ${this.data.length} elements has no single value`);
    return this.numbers()[0] as number;
  }

  /** Nested arrays of the tensor's shape; a number where it has no dimensions. Truth values are booleans. */
  toArray(): NestedArray {
    const elements: (number | boolean)[] = this.dtype === "bool" ? this.numbers().map((n) => n !== 0) : this.numbers();
    let next = 0;
    const { shape } = this;
    const nest = (dim: number): NestedArray => (dim === shape.length ? (elements[next++] as number) : Array.from({ length: shape[dim] as number }, () => nest(dim + 1)));
    return nest(0);
  }
}

/** A tensor by value, as bytes. */
export interface RawTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Product of the sizes. */
export function numel(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Bytes, dtype and shape of what a tensor is made of. Numbers become float32 (PyTorch's default) or, if all of them are integers, int64; booleans bool.
 * @throws TypeError, RangeError the nesting is ragged, or the elements do not fit the shape.
 */
export function encode(source: TensorSource, options: { readonly dtype?: DType | undefined; readonly shape?: readonly number[] | undefined }): RawTensor {
  if (ArrayBuffer.isView(source)) {
    const own = source instanceof Uint16Array ? (options.dtype ?? dtypeOfArray(source)) : dtypeOfArray(source);
    const shape = options.shape ?? [source.length];
    // Bytes may be meant as truth values.
    const dtype = options.dtype ?? own;
    const same = dtype === own || (own === "uint8" && dtype === "bool");
    if (numel(shape) !== source.length) throw new RangeError(`${source.length} elements do not fill the shape [${shape.join(", ")}]`);
    if (same) return { dtype, shape, bytes: new Uint8Array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength) };
    return { dtype, shape, bytes: encodeNumbers(Array.from(source as ArrayLike<number | bigint>), dtype) };
  }
  const shape: number[] = [];
  for (let level: NestedArray = source as NestedArray; Array.isArray(level); level = level[0] as NestedArray) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const elements: (number | bigint | boolean)[] = [];
  flatten(source as NestedArray, shape, 0, elements);
  const dtype = options.dtype ?? defaultDType(elements);
  const target = options.shape ?? shape;
  if (numel(target) !== elements.length) throw new RangeError(`${elements.length} elements do not fill the shape [${target.join(", ")}]`);
  return { dtype, shape: target, bytes: encodeNumbers(elements, dtype) };
}

function flatten(source: NestedArray, shape: readonly number[], dim: number, elements: (number | bigint | boolean)[]): void {
  if (!Array.isArray(source)) {
    if (dim !== shape.length || !["number", "bigint", "boolean"].includes(typeof source)) throw new TypeError("nested arrays must hold numbers, bigints or booleans, equally deep everywhere");
    elements.push(source as number);
    return;
  }
  if (source.length !== shape[dim]) throw new TypeError(`nested arrays must be equally long: ${source.length} instead of ${shape[dim] ?? "a number"} at depth ${dim}`);
  for (const part of source as readonly NestedArray[]) flatten(part, shape, dim + 1, elements);
}

function defaultDType(elements: readonly (number | bigint | boolean)[]): DType {
  if (elements.length === 0) return "float32";
  if (elements.every((e) => typeof e === "boolean")) return "bool";
  return elements.every((e) => kindOf(e) !== "float") ? "int64" : "float32";
}

function encodeNumbers(elements: readonly (number | bigint | boolean)[], dtype: DType): Uint8Array {
  const array = allocate(dtype, elements.length);
  if (array instanceof BigInt64Array) elements.forEach((e, i) => (array[i] = typeof e === "bigint" ? e : BigInt(Math.trunc(Number(e)))));
  else if (dtype === "float16") elements.forEach((e, i) => (array[i] = toFloat16(Number(e))));
  else if (dtype === "bfloat16") elements.forEach((e, i) => (array[i] = toBFloat16(Number(e))));
  else if (dtype === "bool") elements.forEach((e, i) => (array[i] = Number(e) !== 0 ? 1 : 0));
  else elements.forEach((e, i) => (array[i] = Number(e)));
  return new Uint8Array(array.buffer as ArrayBuffer);
}

/** A tensor's value from its bytes. @throws TypeError their number does not fit. */
export function decode(raw: RawTensor): TensorValue {
  if (raw.bytes.length !== numel(raw.shape) * itemSize(raw.dtype)) throw new TypeError(`${raw.bytes.length} bytes are no ${raw.dtype} tensor of shape [${raw.shape.join(", ")}]`);
  return new TensorValue(raw.dtype, raw.shape, elementsOf(raw.dtype, raw.bytes));
}

/** The dtype that gradients of a dtype have. */
export { isFloatingPoint };
