import { DataType } from "./gen/autograd/v1/tensor_pb.js";

/** Element type of a tensor, by PyTorch's name. */
export type DType = "float32" | "float64" | "int64" | "int32" | "bool" | "uint8" | "int8" | "int16" | "float16" | "bfloat16";

/** Arrays that elements are read into. float16 and bfloat16 come as their 16 bits, bool as bytes that are 0 or 1. */
export type TypedArray = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | Int8Array | Int16Array | Uint16Array;

interface Facts {
  readonly code: DataType;
  readonly size: number;
  readonly array: new (buffer: ArrayBuffer) => TypedArray;
}

const facts: Readonly<Record<DType, Facts>> = {
  float32: { code: DataType.FLOAT32, size: 4, array: Float32Array },
  float64: { code: DataType.FLOAT64, size: 8, array: Float64Array },
  int64: { code: DataType.INT64, size: 8, array: BigInt64Array },
  int32: { code: DataType.INT32, size: 4, array: Int32Array },
  bool: { code: DataType.BOOL, size: 1, array: Uint8Array },
  uint8: { code: DataType.UINT8, size: 1, array: Uint8Array },
  int8: { code: DataType.INT8, size: 1, array: Int8Array },
  int16: { code: DataType.INT16, size: 2, array: Int16Array },
  float16: { code: DataType.FLOAT16, size: 2, array: Uint16Array },
  bfloat16: { code: DataType.BFLOAT16, size: 2, array: Uint16Array },
};

const byCode = new Map<DataType, DType>((Object.keys(facts) as DType[]).map((name) => [facts[name].code, name]));

/** Every dtype. */
export const dtypes: readonly DType[] = Object.keys(facts) as DType[];

/** Bytes of one element. */
export function itemSize(dtype: DType): number {
  return facts[dtype].size;
}

/** Whether the dtype can require grad. */
export function isFloatingPoint(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16" || dtype === "bfloat16";
}

/** The contract's number of a dtype. @throws TypeError there is no such dtype. */
export function codeOf(dtype: DType): DataType {
  const known = facts[dtype] as Facts | undefined;
  if (known === undefined) throw new TypeError(`there is no dtype '${String(dtype)}'`);
  return known.code;
}

/** The dtype of a contract's number. @throws TypeError this client does not know it. */
export function dtypeOf(code: DataType): DType {
  const name = byCode.get(code);
  if (name === undefined) throw new TypeError(`the server has a dtype, number ${code}, that this client does not know`);
  return name;
}

/** The dtype that a typed array holds. A Uint8Array is uint8, a Uint16Array has to be told apart by the caller. */
export function dtypeOfArray(array: TypedArray): DType {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof BigInt64Array) return "int64";
  if (array instanceof Int32Array) return "int32";
  if (array instanceof Uint8Array) return "uint8";
  if (array instanceof Int8Array) return "int8";
  if (array instanceof Int16Array) return "int16";
  throw new TypeError("say which dtype the 16 bits of a Uint16Array are: float16 or bfloat16");
}

/** Elements of some bytes; copied, so that they are aligned and the message they came in can go. */
export function elementsOf(dtype: DType, bytes: Uint8Array): TypedArray {
  const own = new Uint8Array(bytes.length);
  own.set(bytes);
  return new facts[dtype].array(own.buffer);
}

/** An empty array for elements of a dtype. */
export function allocate(dtype: DType, length: number): TypedArray {
  return new facts[dtype].array(new ArrayBuffer(length * facts[dtype].size));
}

const scratch = new DataView(new ArrayBuffer(4));

/** The number that the 16 bits of a float16 stand for. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The 16 bits of the nearest float16, ties to even. */
export function toFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (Number.isNaN(value)) return 0x7e00;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  // Logarithms round: the exponent may be off by one, upwards only at powers of two.
  const scale = 2 ** ((2 ** exponent > size && exponent > -14 ? exponent - 1 : exponent) - 10);
  const steps = size / scale;
  let rounded = Math.floor(steps);
  const rest = steps - rounded;
  if (rest > 0.5 || (rest === 0.5 && rounded % 2 === 1)) rounded++;
  // Steps count up through exponents, so a carry goes where it belongs.
  return sign | (rounded + Math.round(Math.log2(scale) + 24) * 1024);
}

/** The number that the 16 bits of a bfloat16 stand for. */
export function fromBFloat16(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** The 16 bits of the nearest bfloat16, ties to even. */
export function toBFloat16(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  if (Number.isNaN(value)) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}
