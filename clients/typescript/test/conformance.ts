// Replays tests/conformance-cases. Knows neither Node nor browsers: both run it.
import type { AutogradError, DType, OperandOrList, Session, Tensor, TensorInfo, TensorValue } from "autograd-client";
import { methods } from "./methods.g.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/** What this client package offers. */
export interface Package {
  readonly AutogradError: typeof AutogradError;
  readonly float: (value: number) => OperandOrList;
}

/** A file of cases. */
export interface CaseFile {
  readonly seed: number;
  readonly cases?: Fields[];
  readonly programs?: Fields[];
}

/** What a replay found. */
export interface Outcome {
  readonly replayed: number;
  /** Calls made through the op's own method rather than by its name. */
  readonly throughMethods: number;
  readonly differing: string[];
}

/** Replays every case of a file. */
export async function replay(file: CaseFile, connect: () => Promise<Session>, client: Package): Promise<Outcome> {
  const differing: string[] = [];
  let replayed = 0;
  let throughMethods = 0;
  if (file.cases !== undefined) {
    const session = await connect();
    for (const given of file.cases) {
      const player = new Player(session, client);
      session.manualSeed(file.seed);
      compare(given, await player.runCase(given), differing);
      throughMethods += player.throughMethods;
      replayed++;
    }
    await session.dispose();
  }
  for (const given of file.programs ?? []) {
    const session = await connect();
    session.manualSeed(file.seed);
    compare(given, await new Player(session, client).runProgram(given), differing);
    await session.dispose();
    replayed++;
  }
  return { replayed, throughMethods, differing };
}

function compare(given: Fields, found: Fields, differing: string[]): void {
  for (const key of ["outputs", "gradients", "error", "steps"])
    if (JSON.stringify(given[key]) !== JSON.stringify(found[key])) differing.push(`${String(given["name"])}: ${key} ${JSON.stringify(found[key])} instead of ${JSON.stringify(given[key])}`);
}

class Player {
  throughMethods = 0;
  private leaves: Tensor[] = [];

  constructor(
    private readonly session: Session,
    private readonly client: Package,
  ) {}

  async runCase(given: Fields): Promise<Fields> {
    const { session } = this;
    using _ = session.scope();
    const op = given["op"] as string;
    const inputs = given["inputs"] as Json[];
    const operands = inputs.map((input) => this.operand(input));
    const attributes = given["attributes"] as Fields;
    let outputs: Tensor[];
    try {
      // Bad calls go by name: types would not let them be written.
      outputs = given["error"] !== undefined ? await session.apply(op, operands, this.attributes(op, attributes)) : await this.call(op, operands, attributes);
      // Asked for together, so that they share a frame.
      const [info, ...values] = await Promise.all([this.leaves.length > 0 ? outputs[0]?.describe() : undefined, ...outputs.map((output) => output.value())]);
      const result: Fields = { outputs: values.map(toJson) };
      const gradients = await this.gradients(inputs, outputs[0], info);
      return gradients === undefined ? result : { ...result, gradients };
    } catch (error) {
      if (!(error instanceof this.client.AutogradError)) throw new Error(`${String(given["name"])}: ${String(error)}`, { cause: error });
      return { error: { code: error.code, reason: error.reason as string, message: error.serverMessage } };
    }
  }

  async runProgram(given: Fields): Promise<Fields> {
    const result = structuredClone(given);
    const tensors = new Map<string, Tensor>();
    for (const step of result["steps"] as Fields[]) await this.step(step, tensors);
    return result;
  }

  // As a user of the package calls it: required parameters by position, the others by name.
  private async call(op: string, operands: OperandOrList[], attributes: Fields): Promise<Tensor[]> {
    const entry = methods[op];
    if (entry === undefined) throw new Error(`there is no method for '${op}'`);
    const onTensor = entry.onTensor && this.session.isTensor(operands[0]);
    if (!onTensor && !entry.onSession) return this.session.apply(op, operands, this.attributes(op, attributes));
    const target = (onTensor ? operands[0] : this.session) as unknown as Record<string, (...args: unknown[]) => unknown>;
    const positional: unknown[] = [];
    const options: Record<string, unknown> = {};
    let operand = 0;
    for (const parameter of entry.parameters) {
      const value = parameter.kind === "" ? operands[operand++] : this.attribute(parameter.kind, attributes[parameter.name]);
      if (parameter === entry.parameters[0] && onTensor) continue;
      if (!parameter.optional) positional.push(value);
      else if (value !== undefined) options[parameter.key] = value;
    }
    this.throughMethods++;
    const result = await target[entry.method]?.(...positional, ...(entry.parameters.some((p) => p.optional) ? [options] : []));
    if (entry.isList) return result as Tensor[];
    return entry.outputs.length === 1 ? [result as Tensor] : entry.outputs.map((name) => (result as Record<string, Tensor>)[name] as Tensor);
  }

  private async gradients(inputs: Json[], output: Tensor | undefined, info: TensorInfo | undefined): Promise<Fields | undefined> {
    if (output === undefined || info === undefined) return undefined;
    if (!info.requiresGrad || !/float/.test(info.dtype)) return undefined;
    let gradients: (Tensor | null)[];
    try {
      gradients = await this.session.autograd.gradAllowUnused(output.sum(), this.leaves);
    } catch (error) {
      if (error instanceof this.client.AutogradError) return undefined;
      throw error;
    }
    const values = await Promise.all(gradients.map(async (gradient) => (gradient === null ? null : toJson(await gradient.value()))));
    const next = (input: Json): Json => (isTensor(input) && input["requires_grad"] === true ? (values.shift() as Json) : null);
    return { of: "sum", inputs: inputs.map((input) => (Array.isArray(input) ? input.map(next) : next(input))) };
  }

  private operand(input: Json): OperandOrList {
    if (input === null) return null;
    if (Array.isArray(input)) return input.map((part) => (part === null ? null : this.send(part as Fields)));
    return isTensor(input) ? this.send(input) : this.number(input as unknown as Fields);
  }

  private send(json: Fields): Tensor {
    const requiresGrad = json["requires_grad"] === true;
    const tensor = this.session.fromBytes(fromBase64(json["data"] as string), json["shape"] as number[], json["dtype"] as DType, { requiresGrad });
    if (requiresGrad) this.leaves.push(tensor);
    return tensor;
  }

  private number(json: Fields): OperandOrList {
    if (json["float"] !== undefined) return this.client.float(Number(json["float"]));
    if (json["int"] !== undefined) return typeof json["int"] === "string" ? BigInt(json["int"]) : (json["int"] as number);
    return json["bool"] as boolean;
  }

  private attributes(op: string, json: Fields): Record<string, never> {
    const kinds = new Map(methods[op]?.parameters.map((p) => [p.name, p.kind]));
    return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, this.attribute(kinds.get(name) ?? "scalar", value)])) as Record<string, never>;
  }

  private attribute(kind: string, json: Json | undefined): unknown {
    if (json === undefined || json === null) return json;
    if (kind === "float" && typeof json !== "object") return Number(json);
    if (kind === "int" && typeof json === "string") return BigInt(json);
    if (typeof json === "object" && !Array.isArray(json)) return this.number(json);
    return json;
  }

  private async step(step: Fields, tensors: Map<string, Tensor>): Promise<void> {
    const { session } = this;
    const one = (key: string): Tensor => tensors.get(step[key] as string) as Tensor;
    const list = (key: string): Tensor[] => (step[key] as string[]).map((name) => tensors.get(name) as Tensor);
    const optional = (key: string): (Tensor | null)[] => (step[key] as (string | null)[]).map((name) => (name === null ? null : (tensors.get(name) as Tensor)));
    const options = {
      ...(step["retain_graph"] === undefined ? {} : { retainGraph: step["retain_graph"] as boolean }),
      ...(step["create_graph"] === undefined ? {} : { createGraph: step["create_graph"] as boolean }),
    };
    switch (step["do"]) {
      case "create":
        tensors.set(step["out"] as string, this.send(step["tensor"] as Fields));
        break;
      case "apply": {
        const operands = (step["inputs"] as Json[]).map((input) =>
          typeof input === "string" ? (tensors.get(input) as Tensor) : Array.isArray(input) ? input.map((name) => tensors.get(name as string) as Tensor) : input === null ? null : this.number(input as Fields));
        const attributes = this.attributes(step["op"] as string, (step["attributes"] ?? {}) as Fields);
        const run = (): void => {
          if (step["in_place"] === true) session.applyInPlace(step["op"] as string, operands, attributes);
          else session.applyNow(step["op"] as string, operands, attributes).forEach((tensor, i) => tensors.set((step["out"] as string[])[i] as string, tensor));
        };
        if (step["no_grad"] === true) session.noGrad(run);
        else run();
        break;
      }
      case "backward":
        session.backward(list("roots"), { ...options, ...(step["gradients"] === undefined ? {} : { gradients: optional("gradients") }), ...(step["inputs"] === undefined ? {} : { inputs: list("inputs") }) });
        break;
      case "grad":
        session.grad(list("outputs"), list("inputs"), { ...options, ...(step["gradients"] === undefined ? {} : { gradOutputs: optional("gradients") }) }).forEach((tensor, i) => tensors.set((step["out"] as string[])[i] as string, tensor));
        break;
      case "zero_grad":
        session.zeroGrads(list("tensors"), { setToNone: step["set_to_none"] as boolean });
        break;
      case "requires_grad":
        one("tensor").requiresGrad_(step["value"] as boolean);
        break;
      case "retain_grad":
        one("tensor").retainGrad();
        break;
      case "detach_in_place":
        one("tensor").detach_();
        break;
      case "alias_grad":
        tensors.set(step["out"] as string, one("tensor").grad);
        break;
      case "seed":
        session.manualSeed(step["value"] as number);
        break;
      case "expect":
        step["value"] = toJson(await one("tensor").value());
        break;
      case "expect_grad": {
        const grad = await one("tensor").gradOrNull();
        step["value"] = grad === null ? null : toJson(await grad.value());
        break;
      }
      case "expect_info":
        step["value"] = infoToJson(await one("tensor").describe());
        break;
      case "expect_error":
        step["error"] = await session.flush().then(() => null, (error: AutogradError) => ({ code: error.code, reason: error.reason as string }));
        break;
      default:
        throw new Error(`unknown step '${String(step["do"])}'`);
    }
  }
}

function isTensor(json: Json): json is Fields {
  return json !== null && typeof json === "object" && !Array.isArray(json) && json["dtype"] !== undefined;
}

function toJson(value: TensorValue): Fields {
  return { dtype: value.dtype, shape: [...value.shape], data: toBase64(new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength)) };
}

function infoToJson(info: TensorInfo): Fields {
  return { dtype: info.dtype, shape: [...info.shape], requires_grad: info.requiresGrad, is_leaf: info.isLeaf, grad_fn: info.gradFn, has_grad: info.hasGrad, is_view: info.isView, version: info.version };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
