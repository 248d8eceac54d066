import { codeOf, type DType } from "./dtype.js";
import type { Frame } from "./frame.js";
import type { Session } from "./session.js";
import type { Tensor } from "./tensor.js";
import { Float, kindOf, type Dims, type NumberLike, type Operand } from "./values.js";

/** What an op takes: a tensor, a number, a list of tensors, or nothing. */
export type OperandOrList = Operand | null | undefined | readonly (Tensor | null)[];

/** The value of an attribute, as its kind has it; null is None, undefined the schema's default. */
export type AttributeValue = NumberLike | string | Dims | null | undefined;

/** Kinds of attributes, by the contract's numbers (ParameterKind). */
export const kinds = { int: 4, float: 5, bool: 6, string: 7, dtype: 8, ints: 9, scalar: 10 } as const;

/** Attributes: name, kind and value of one after the other. */
export type Attributes = readonly (string | number | AttributeValue)[];

// Tags of the contract's fields: number << 3 | wire type. See protos/autograd/v1/command.proto.
const command = { applyOp: (4 << 3) | 2 };
const apply = { opId: 1 << 3, op: (2 << 3) | 2, a: 3 << 3, b: 4 << 3, scalar: (5 << 3) | 1, integer: 6 << 3, bool: 7 << 3, out: 8 << 3, inPlace: 9 << 3, extra: (10 << 3) | 2 };
const extra = { operands: (1 << 3) | 2, attributes: (2 << 3) | 2, outputs: (3 << 3) | 2, requiresGrad: 4 << 3 };
const operand = { handle: 1 << 3, number: (2 << 3) | 1, integer: 3 << 3, boolean: 4 << 3, list: (5 << 3) | 2 };
const handleList = { handles: (1 << 3) | 2 };
const attribute = { name: (1 << 3) | 2, value: (2 << 3) | 2 };
const value = { int: 1 << 3, float: (2 << 3) | 1, bool: 3 << 3, string: (4 << 3) | 2, dtype: 5 << 3, ints: (6 << 3) | 2 };
const intList = { values: (1 << 3) | 2 };

/** A call of an op, to be written into a frame. */
export interface OpCall {
  /** The server's number of the op; 0: it goes by name. */
  readonly id: number;
  readonly name: string;
  readonly operands: readonly OperandOrList[];
  readonly attributes: Attributes | undefined;
  /** Handles of the results; none: the server chooses. */
  readonly outputs: readonly Tensor[];
  readonly inPlace: boolean;
  readonly requiresGrad: boolean;
}

/** Writes a call into a frame. */
export function writeCall(frame: Frame, session: Session, call: OpCall): void {
  const { operands } = call;
  const start = frame.begin(command.applyOp);
  if (call.id !== 0) frame.uint(apply.opId, call.id);
  else frame.text(apply.op, call.name);
  let count = operands.length;
  while (count > 0 && (operands[count - 1] ?? null) === null) count--;
  const [a, b] = operands;
  const flat = count === 0 || (count <= 2 && session.isTensor(a) && (count === 1 || !Array.isArray(b)));
  if (flat && count > 0) frame.uint(apply.a, session.handleOf(a as Tensor));
  if (flat && count === 2) {
    if (session.isTensor(b)) frame.uint(apply.b, session.handleOf(b));
    else writeNumber(frame, b as NumberLike, apply.scalar, apply.integer, apply.bool);
  }
  if (call.outputs.length > 0) frame.uint(apply.out, (call.outputs[0] as Tensor).handle);
  if (call.inPlace) frame.yes(apply.inPlace);
  const { attributes } = call;
  const attributed = attributes !== undefined && given(attributes);
  if (!flat || attributed || call.outputs.length > 1 || call.requiresGrad) {
    const more = frame.begin(apply.extra);
    if (!flat) for (let i = 0; i < count; i++) writeOperand(frame, session, operands[i]);
    if (attributed) for (let i = 0; i < attributes.length; i += 3) if (attributes[i + 2] !== undefined) writeAttribute(frame, attributes[i] as string, attributes[i + 1] as number, attributes[i + 2] as AttributeValue);
    if (call.outputs.length > 1) {
      const list = frame.begin(extra.outputs);
      for (let i = 1; i < call.outputs.length; i++) frame.packed((call.outputs[i] as Tensor).handle);
      frame.end(list);
    }
    if (call.requiresGrad) frame.yes(extra.requiresGrad);
    frame.end(more);
  }
  frame.end(start);
}

function given(attributes: Attributes): boolean {
  for (let i = 2; i < attributes.length; i += 3) if (attributes[i] !== undefined) return true;
  return false;
}

function writeNumber(frame: Frame, number: NumberLike, float: number, integer: number, bool: number): void {
  if (number instanceof Float) frame.double(float, number.value);
  else if (typeof number === "boolean") frame.flag(bool, number);
  else if (typeof number === "bigint") frame.sint(integer, number);
  else if (typeof number !== "number") throw new TypeError(`an operand must be a tensor or a number, not ${number === null ? "null" : typeof number}`);
  else if (kindOf(number) === "int") frame.sint(integer, number);
  else frame.double(float, number);
}

function writeOperand(frame: Frame, session: Session, given: OperandOrList): void {
  const start = frame.begin(extra.operands);
  if (Array.isArray(given)) {
    const list = frame.begin(operand.list);
    const handles = frame.begin(handleList.handles);
    for (const tensor of given as readonly (Tensor | null)[]) frame.packed(tensor === null ? 0 : session.handleOf(tensor));
    frame.end(handles);
    frame.end(list);
  } else if (given !== null && given !== undefined) {
    if (session.isTensor(given)) frame.uint(operand.handle, session.handleOf(given));
    else writeNumber(frame, given as NumberLike, operand.number, operand.integer, operand.boolean);
  }
  frame.end(start);
}

function writeAttribute(frame: Frame, name: string, kind: number, given: AttributeValue): void {
  const start = frame.begin(extra.attributes);
  frame.text(attribute.name, name);
  const inner = frame.begin(attribute.value);
  if (given !== null) writeValue(frame, name, kind, given);
  frame.end(inner);
  frame.end(start);
}

function writeValue(frame: Frame, name: string, kind: number, given: AttributeValue): void {
  switch (kind) {
    case kinds.int:
      if (typeof given === "number" || typeof given === "bigint") return frame.sint(value.int, given);
      break;
    case kinds.float:
      if (typeof given === "number") return frame.double(value.float, given);
      if (given instanceof Float) return frame.double(value.float, given.value);
      break;
    case kinds.bool:
      if (typeof given === "boolean") return frame.flag(value.bool, given);
      break;
    case kinds.string:
      if (typeof given === "string") return frame.text(value.string, given);
      break;
    case kinds.dtype:
      if (typeof given === "string") return frame.uint(value.dtype, codeOf(given as DType));
      break;
    case kinds.ints:
      if (typeof given === "number" || Array.isArray(given)) {
        const ints = frame.begin(value.ints);
        const values = frame.begin(intList.values);
        if (typeof given === "number") frame.zigzag(given);
        else for (const integer of given as readonly number[]) frame.zigzag(integer);
        frame.end(values);
        return frame.end(ints);
      }
      break;
    default:
      if (typeof given === "number" || typeof given === "bigint" || typeof given === "boolean" || given instanceof Float) return writeNumber(frame, given, value.float, value.int, value.bool);
  }
  // What does not fit the schema is sent as what it is: the server says what is wrong with it.
  if (given instanceof Float || typeof given === "number" || typeof given === "bigint" || typeof given === "boolean") writeNumber(frame, given, value.float, value.int, value.bool);
  else if (typeof given === "string") frame.text(value.string, given);
  else if (Array.isArray(given)) writeValue(frame, name, kinds.ints, given as readonly number[]);
  else throw new TypeError(`attribute '${name}' cannot be a ${typeof given}`);
}

/** Sends a call with one result. */
export function run(session: Session, index: number, operands: readonly OperandOrList[], attributes?: Attributes, requiresGrad = false): Tensor {
  const result = session.newTensor();
  session.give(index, operands, attributes, [result], false, requiresGrad);
  return result;
}

/** Sends a call with a known number of results. */
export function runMany(session: Session, index: number, outputs: number, operands: readonly OperandOrList[], attributes?: Attributes): Tensor[] {
  const results = Array.from({ length: outputs }, () => session.newTensor());
  session.give(index, operands, attributes, results, false, false);
  return results;
}

/** Sends the in-place form. */
export function runInPlace(session: Session, index: number, operands: readonly OperandOrList[], attributes?: Attributes): void {
  session.give(index, operands, attributes, [], true, false);
}

/** Sends a call whose number of results only the server knows, and awaits them. */
export function runList(session: Session, index: number, operands: readonly OperandOrList[], attributes?: Attributes): Promise<Tensor[]> {
  return session.ask(index, operands, attributes);
}
