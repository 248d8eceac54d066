import { create, toBinary } from "@bufbuild/protobuf";
import { createClient, type CallOptions, type Client, type Interceptor, type Transport } from "@connectrpc/connect";
import { kinds, writeCall, type Attributes, type AttributeValue, type OperandOrList } from "./call.js";
import { codeOf, dtypeOf, itemSize, type DType } from "./dtype.js";
import { failureOfCall, localFailure, toError } from "./errors.js";
import { ErrorReason } from "./errorReason.g.js";
import type { Frame } from "./frame.js";
import { varintSize } from "./frame.js";
import { AutogradService } from "./gen/autograd/v1/autograd_pb.js";
import { CatalogService, type GetServerInfoResponse, type OpSchema } from "./gen/autograd/v1/catalog_pb.js";
import {
  BackwardSchema, CommandSchema, ComputeGradientsSchema, ReadTensorSchema, SeedRandomSchema, ZeroGradsSchema, type Command, type CommandResult, type Gradients, type Outputs,
} from "./gen/autograd/v1/command_pb.js";
import { SessionService } from "./gen/autograd/v1/session_pb.js";
import { HandleListSchema, type TensorData } from "./gen/autograd/v1/tensor_pb.js";
import { SessionOps, opNames } from "./ops.g.js";
import { Pipeline, type Answer } from "./pipeline.js";
import { Tensor } from "./tensor.js";
import { BatchTransport, StreamTransport } from "./transports.js";
import { decode, encode, numel, type RawTensor, type TensorSource, type TensorValue } from "./values.js";

/** How a session is set up. */
export interface SessionOptions {
  /** Key to present as `authorization: Bearer`, where the server asks for one; or what is asked for a token before each call, and should keep it until it is about to expire. */
  readonly key?: string | (() => string | Promise<string>);
  /** Lets a key go to another machine without TLS, where everybody on the way can read it. */
  readonly allowCleartext?: boolean;
  /** Node only: authorities (PEM) whose server certificates are trusted, and no others. A browser has its own. */
  readonly ca?: string | Uint8Array;
  /** Node only: the client's own certificate (PEM), where the server asks for one. */
  readonly cert?: string | Uint8Array;
  /** Node only: the private key (PEM) of that certificate. */
  readonly certKey?: string | Uint8Array;
  /** How commands reach the server: through one stream (Node's default), or in batches, one after another (all that a browser can do). The results are the same, bit for bit. */
  readonly mode?: "stream" | "batch";
  /** Milliseconds that an awaited call may take: afterwards it fails with DEADLINE_EXCEEDED. 60,000 by default. */
  readonly timeoutMs?: number;
  /** Milliseconds that commands nobody waits for may wait for more of their kind. 1 by default. */
  readonly flushDelayMs?: number;
  /** Bytes of commands that may wait to be sent; giving more fails with QUOTA_QUEUE. 256 MiB by default. */
  readonly bufferBytesMax?: number;
  /** Most commands in a frame. 4096 by default. */
  readonly frameCommandsMax?: number;
  /** Keeps, with every command, where it was given, for errors. Costs some microseconds a command. */
  readonly traceCommands?: boolean;
  /** Releases tensors that are collected without having been disposed. True by default. */
  readonly releaseCollected?: boolean;
  /** A name for people. */
  readonly displayName?: string;
  /** Seconds that the session may be idle. The server's default, if left out. */
  readonly idleTimeoutSeconds?: number;
}

/** Options of backward. */
export interface BackwardOptions {
  /** A gradient for each root, null where the root has one element. */
  readonly gradients?: readonly (Tensor | null)[];
  /** Whether saved tensors stay, so that backward can run again; as createGraph, if left out. */
  readonly retainGraph?: boolean;
  /** Whether the gradients are themselves recorded. */
  readonly createGraph?: boolean;
  /** Accumulate into these only. */
  readonly inputs?: readonly Tensor[];
}

/** Options of grad. */
export interface GradOptions {
  /** A gradient for each output, null where it has one element. */
  readonly gradOutputs?: readonly (Tensor | null)[];
  /** Whether saved tensors stay; as createGraph, if left out. */
  readonly retainGraph?: boolean;
  /** Whether the gradients are themselves recorded, for higher derivatives. */
  readonly createGraph?: boolean;
  /** Gives zeros for an input that the outputs do not depend on, instead of failing. */
  readonly materializeGrads?: boolean;
  /** Gradients of the outputs hold several cotangents, stacked along a new first dimension; so do the results. */
  readonly isGradsBatched?: boolean;
}

/** What a session uses. */
export interface SessionUsage {
  readonly bytes: number;
  readonly peakBytes: number;
  readonly tensors: number;
  readonly nodes: number;
  readonly commandsApplied: number;
  /** Floating-point operations done, as ops count them. */
  readonly flops: number;
  /** How long the server's threads computed, by the clock. */
  readonly computeSeconds: number;
  readonly backwardCalls: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

const createTensorTag = (5 << 3) | 2;
const patienceMs = 5000;

/** Ends itself, and what was changed with it, when disposed. */
class Ending implements Disposable {
  #ended = false;

  constructor(private readonly end: () => void) {}

  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    this.end();
  }
}

function refuseCleartext(address: string): void {
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:" || hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname)) return;
  throw new TypeError(`a key would go to ${hostname} in cleartext: use https, or allowCleartext`);
}

// What is left of a tensor that was collected.
const collected = new FinalizationRegistry<{ readonly pipeline: Pipeline; readonly handle: number }>(({ pipeline, handle }) => pipeline.release(handle));

/**
 * A session on an AutogradService server: what holds tensors, gradients and graph. Calls that make tensors return at once; their commands are pipelined in order, and what went
 * wrong is told by the next awaited call.
 */
export class Session extends SessionOps implements AsyncDisposable {
  /** torch.autograd's functions. */
  readonly autograd = {
    /** Gradients of the outputs with respect to the inputs; see {@link Session.grad}. */
    grad: (outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[], options?: GradOptions): Tensor[] => this.grad(outputs, inputs, options),
    /** As `grad` with allow_unused: null for an input that the outputs do not depend on. Awaits the answer. */
    gradAllowUnused: (outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[], options?: GradOptions): Promise<(Tensor | null)[]> => this.gradAllowUnused(outputs, inputs, options),
    /** Sums gradients of several roots into .grad of the leaves; see {@link Session.backward}. */
    backward: (roots: readonly Tensor[], options?: BackwardOptions): void => this.backward(roots, options),
  };

  readonly #pipeline: Pipeline;
  readonly #ids: Uint32Array;
  readonly #sessionCalls: Client<typeof SessionService>;
  readonly #callOptions: CallOptions;
  readonly #releaseCollected: boolean;
  readonly #schemas: ReadonlyMap<string, OpSchema>;
  readonly #inlineBytesMax: number;
  readonly #close: () => void;
  #lastHandle = 0;
  #gradEnabled = true;
  #inference = false;
  #scope: { readonly made: Set<Tensor> } | undefined;
  #disposed = false;

  private constructor(
    /** The session's id. Keep it secret: where the server asks for no credentials, whoever knows it can use the session. */
    readonly id: string,
    /** What the server says of itself: versions, limits, dtypes. */
    readonly server: GetServerInfoResponse,
    schemas: ReadonlyMap<string, OpSchema>,
    pipeline: Pipeline,
    sessionCalls: Client<typeof SessionService>,
    callOptions: CallOptions,
    releaseCollected: boolean,
    close: () => void,
    frameBytesMax: number,
  ) {
    super();
    this.#pipeline = pipeline;
    this.#sessionCalls = sessionCalls;
    this.#callOptions = callOptions;
    this.#releaseCollected = releaseCollected;
    this.#close = close;
    this.#schemas = schemas;
    this.#ids = Uint32Array.from(opNames, (name) => schemas.get(name)?.id ?? 0);
    this.#inlineBytesMax = Math.floor(frameBytesMax / 2);
  }

  /** Connects through a transport; `connect` makes one. @throws AutogradError (as a rejection) the server cannot be reached, or refuses. */
  static async create(address: string, makeTransport: (interceptors: Interceptor[]) => Transport, mode: "stream" | "batch", options: SessionOptions, close: () => void): Promise<Session> {
    const { key } = options;
    if (key !== undefined && options.allowCleartext !== true) refuseCleartext(address);
    const interceptors: Interceptor[] = key === undefined ? [] : [(next) => async (request) => {
      request.header.set("authorization", `Bearer ${typeof key === "string" ? key : await key()}`);
      return next(request);
    }];
    const transport = makeTransport(interceptors);
    const timeoutMs = options.timeoutMs ?? 60_000;
    const callOptions: CallOptions = { timeoutMs };
    try {
      const catalog = createClient(CatalogService, transport);
      const server = await catalog.getServerInfo({}, callOptions);
      const schemas = new Map((await catalog.listOps({}, callOptions)).ops.map((op) => [op.name, op]));
      const sessionCalls = createClient(SessionService, transport);
      const created = await sessionCalls.createSession({
        displayName: options.displayName ?? "",
        ...(options.idleTimeoutSeconds === undefined ? {} : { idleTimeout: { seconds: BigInt(Math.trunc(options.idleTimeoutSeconds)), nanos: 0 } }),
      }, callOptions);
      const id = created.session?.sessionId ?? "";
      const { limits } = server;
      if (limits === undefined || id === "") throw new Error("the server's answer is incomplete");
      const calls = createClient(AutogradService, transport);
      const frameCommandsMax = options.frameCommandsMax ?? 4096;
      const frames = mode === "stream" ? new StreamTransport(calls, id, limits, frameCommandsMax) : new BatchTransport(calls, id, limits, frameCommandsMax, callOptions);
      const pipeline = new Pipeline(frames, {
        timeoutMs,
        flushDelayMs: options.flushDelayMs ?? 1,
        bufferBytesMax: options.bufferBytesMax ?? 256 << 20,
        traceCommands: options.traceCommands ?? false,
        listMax: Math.min(limits.listLengthMax, 4096),
      });
      return new Session(id, server, schemas, pipeline, sessionCalls, callOptions, options.releaseCollected ?? true, close, frames.frameBytesMax);
    } catch (cause) {
      close();
      throw toError(failureOfCall(cause, "connect"));
    }
  }

  /** Whether commands given now are recorded for backward. */
  get isGradEnabled(): boolean {
    return this.#gradEnabled;
  }

  /** Frames sent so far. */
  get framesSent(): number {
    return this.#pipeline.frames;
  }

  /** Commands given so far. */
  get commandsGiven(): number {
    return this.#pipeline.commands;
  }

  /**
   * A tensor of numbers (nested as deep as there are dimensions) or of a typed array (torch.tensor). Numbers become float32, integers int64, booleans bool, unless a dtype is given.
   * @throws TypeError, RangeError the nesting is ragged, or the elements do not fit the shape.
   */
  tensor(source: TensorSource, options: { readonly dtype?: DType; readonly shape?: readonly number[]; readonly requiresGrad?: boolean } = {}): Tensor {
    return this.#create(encode(source, options), options.requiresGrad ?? false);
  }

  /** A tensor of bytes: row-major, little-endian, without padding. PAYLOAD_SIZE_MISMATCH is told by the next awaited call. */
  fromBytes(bytes: Uint8Array, shape: readonly number[], dtype: DType, options: { readonly requiresGrad?: boolean } = {}): Tensor {
    return this.#create({ dtype, shape, bytes }, options.requiresGrad ?? false);
  }

  /** Sums gradients of several roots into .grad of the leaves (torch.autograd.backward). Failures are told by the next awaited call. */
  backward(roots: readonly Tensor[], options: BackwardOptions = {}): void {
    this.tell("backward", create(CommandSchema, { action: { case: "backward", value: create(BackwardSchema, {
      roots: this.#handles(roots),
      gradOutputs: this.#handles(options.gradients ?? []),
      createGraph: options.createGraph ?? false,
      ...(options.inputs === undefined ? {} : { inputs: create(HandleListSchema, { handles: this.#handles(options.inputs) }) }),
      ...(options.retainGraph === undefined ? {} : { retainGraph: options.retainGraph }),
    }) } }));
  }

  /** Gradients of the outputs with respect to the inputs, as new tensors (torch.autograd.grad). Touches no .grad and returns at once; failures are told by the next awaited call. */
  grad(outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[], options: GradOptions = {}): Tensor[] {
    const to = inputs instanceof Tensor ? [inputs] : inputs;
    const results = to.map(() => this.newTensor());
    this.tell("grad", this.#gradCommand(outputs, to, options, false, results));
    return results;
  }

  /** As {@link grad} with allow_unused: null for an input that the outputs do not depend on. @throws AutogradError (as a rejection). */
  async gradAllowUnused(outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[], options: GradOptions = {}): Promise<(Tensor | null)[]> {
    const result = await this.command("grad", this.#gradCommand(outputs, inputs instanceof Tensor ? [inputs] : inputs, options, true, []));
    return (result.outcome.value as Gradients).gradients.map(({ tensor }) => (tensor === undefined ? null : this.#adopt(Number(tensor.handle))));
  }

  /** Sets .grad of tensors (all of the session, if left out) to None, or to zeros: an optimizer's zero_grad. */
  zeroGrads(tensors?: readonly Tensor[], options: { readonly setToNone?: boolean } = {}): void {
    if (tensors?.length === 0) return;
    this.tell("zero_grad", create(CommandSchema, { action: { case: "zeroGrads", value: create(ZeroGradsSchema, { tensors: this.#handles(tensors ?? []), fillWithZeros: options.setToNone === false }) } }));
  }

  /** Seeds the session's random numbers (torch.manual_seed). Equal seeds give equal numbers. */
  manualSeed(seed: number | bigint): void {
    this.tell("manual_seed", create(CommandSchema, { action: { case: "seedRandom", value: create(SeedRandomSchema, { seed: BigInt.asUintN(64, BigInt(seed)) }) } }));
  }

  /**
   * Runs a function with recording turned off (torch.no_grad). Without one: turns it off until the result is disposed, `using _ = session.noGrad()`.
   * @throws TypeError the function returns a promise: grad mode belongs to the session, and would leak into whatever runs meanwhile.
   */
  noGrad<T>(body: () => T): T;
  noGrad(): Disposable;
  noGrad<T>(body?: () => T): T | Disposable {
    return this.#within(this.setGradEnabled(false), body);
  }

  /** Runs a function with recording turned on, inside {@link noGrad}. */
  enableGrad<T>(body: () => T): T;
  enableGrad(): Disposable;
  enableGrad<T>(body?: () => T): T | Disposable {
    return this.#within(this.setGradEnabled(true), body);
  }

  /** Sets whether commands are recorded until the result is disposed. */
  setGradEnabled(enabled: boolean): Disposable {
    const before = this.#gradEnabled;
    this.#gradEnabled = enabled;
    return new Ending(() => (this.#gradEnabled = before));
  }

  /** Runs a function in inference mode: as {@link noGrad}, and what it makes can never be used in autograd. */
  inferenceMode<T>(body: () => T): T;
  inferenceMode(): Disposable;
  inferenceMode<T>(body?: () => T): T | Disposable {
    const before = this.#inference;
    this.#inference = true;
    return this.#within(new Ending(() => (this.#inference = before)), body);
  }

  /**
   * Opens a scope at whose end the tensors made in it are released, except those kept: `using scope = session.scope()`. Given a function, runs it in one and keeps the tensor, or
   * the tensors of the array, that it returns.
   */
  scope<T>(body: () => T): T;
  scope(): Disposable;
  scope<T>(body?: () => T): T | Disposable {
    const outer = this.#scope;
    const made = new Set<Tensor>();
    this.#scope = { made };
    const ending = new Ending(() => {
      this.#scope = outer;
      for (const tensor of made) tensor.dispose();
    });
    if (body === undefined) return ending;
    return this.#within(ending, () => {
      const result = body();
      for (const part of Array.isArray(result) ? (result as unknown[]) : [result]) {
        if (!(part instanceof Tensor)) continue;
        made.delete(part);
        outer?.made.add(part);
      }
      return result;
    });
  }

  /** Awaits that every command given so far was run. @throws AutogradError (as a rejection) the first command that failed and that no call told of yet. */
  flush(): Promise<void> {
    return this.#pipeline.flush();
  }

  /** What the session uses, after every command given so far. @throws AutogradError (as a rejection). */
  async usage(): Promise<SessionUsage> {
    await this.flush();
    const { usage } = await this.#call("usage", () => this.#sessionCalls.getUsage({ sessionId: this.id }, this.#callOptions));
    return { bytes: Number(usage?.bytes), peakBytes: Number(usage?.peakBytes), tensors: Number(usage?.tensors), nodes: Number(usage?.nodes), commandsApplied: Number(usage?.commandsApplied),
      flops: Number(usage?.flops), computeSeconds: Number(usage?.computeTime?.seconds ?? 0) + (usage?.computeTime?.nanos ?? 0) * 1e-9, backwardCalls: Number(usage?.backwardCalls), receivedBytes: Number(usage?.receivedBytes), sentBytes: Number(usage?.sentBytes) };
  }

  /** Renews the session, as any command does: its idle time starts anew. @throws AutogradError (as a rejection) SESSION_EXPIRED. */
  async renew(): Promise<void> {
    await this.#call("renew", () => this.#sessionCalls.renewSession({ sessionId: this.id }, this.#callOptions));
  }

  /** Applies an op of the server's catalogue by its name, and awaits its results. Attributes go by the schema's names. @throws AutogradError (as a rejection). */
  apply(op: string, operands: readonly OperandOrList[], attributes: Readonly<Record<string, AttributeValue>> = {}): Promise<Tensor[]> {
    return this.#ask(op, this.#schemas.get(op)?.id ?? 0, operands, this.#attributes(op, attributes));
  }

  /** As {@link apply}, without waiting, for an op with a known number of results. @throws RangeError it depends on the call. */
  applyNow(op: string, operands: readonly OperandOrList[], attributes: Readonly<Record<string, AttributeValue>> = {}): Tensor[] {
    const schema = this.#schemas.get(op);
    if (schema?.outputs[0]?.isList === true) throw new RangeError(`how many results '${op}' has depends on the call: use apply`);
    const results = Array.from({ length: schema?.outputs.length ?? 1 }, () => this.newTensor());
    this.#give(op, schema?.id ?? 0, operands, this.#attributes(op, attributes), results, false, false);
    return results;
  }

  /** Applies an op's in-place form by its name; the first operand is written to. */
  applyInPlace(op: string, operands: readonly OperandOrList[], attributes: Readonly<Record<string, AttributeValue>> = {}): void {
    this.#give(op, this.#schemas.get(op)?.id ?? 0, operands, this.#attributes(op, attributes), [], true, false);
  }

  /** Sends what is left, deletes the session with all it holds, and closes the connection. Failures nobody was told of stay untold. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#pipeline.close(patienceMs);
    try {
      await this.#sessionCalls.deleteSession({ sessionId: this.id }, { timeoutMs: patienceMs });
    } catch {
      // It is gone already, or expires by itself.
    }
    this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  // What follows is for the client's other parts.

  /** @internal */
  isTensor(value: unknown): value is Tensor {
    return value instanceof Tensor;
  }

  /** @internal A tensor with a handle of its own. */
  newTensor(isGrad = false): Tensor {
    return this.#adopt(++this.#lastHandle, isGrad);
  }

  /** @internal */
  handleOf(tensor: Tensor): number {
    if (tensor.session !== this) throw new TypeError("the tensor belongs to another session");
    if (tensor.isDisposed) throw new TypeError(`${tensor.toString()} was disposed`);
    return tensor.handle;
  }

  /** @internal */
  released(tensor: Tensor): void {
    if (this.#releaseCollected) collected.unregister(tensor);
    this.#scope?.made.delete(tensor);
    this.#pipeline.release(tensor.handle);
  }

  /** @internal */
  keep(tensor: Tensor): void {
    this.#scope?.made.delete(tensor);
  }

  /** @internal Gives a call of an op by its number in {@link opNames}. */
  give(index: number, operands: readonly OperandOrList[], attributes: Attributes | undefined, outputs: readonly Tensor[], inPlace: boolean, requiresGrad: boolean): void {
    this.#give(opNames[index] as string, this.#ids[index] as number, operands, attributes, outputs, inPlace, requiresGrad);
  }

  /** @internal */
  ask(index: number, operands: readonly OperandOrList[], attributes: Attributes | undefined): Promise<Tensor[]> {
    return this.#ask(opNames[index] as string, this.#ids[index] as number, operands, attributes);
  }

  /** @internal Gives a command that nobody awaits. */
  tell(name: string, command: Command): void {
    this.#pipeline.give(name, !this.#gradEnabled, this.#inference, (frame) => frame.append(toBinary(CommandSchema, command)));
  }

  /** @internal Gives a command and awaits its result. */
  async command(name: string, command: Command): Promise<CommandResult> {
    return this.#succeed(await this.#pipeline.ask(name, !this.#gradEnabled, this.#inference, (frame) => frame.append(toBinary(CommandSchema, command))));
  }

  /** @internal */
  async read(tensor: Tensor, isGrad: boolean): Promise<TensorValue> {
    const command = create(CommandSchema, { action: { case: "readTensor", value: create(ReadTensorSchema, { tensor: BigInt(this.handleOf(tensor)) }) } });
    const answer = await this.#pipeline.ask("read", !this.#gradEnabled, this.#inference, (frame) => frame.append(toBinary(CommandSchema, command)));
    if (answer.failure?.reason === ErrorReason.QUOTA_MESSAGE_BYTES) return this.#readInPieces(tensor);
    if (isGrad && answer.failure?.reason === ErrorReason.TENSOR_NOT_FOUND)
      return this.#succeed({ ...answer, failure: { ...answer.failure, message: ".grad is None: no backward has reached the tensor since it was last set to None" } }) as never;
    const data = this.#succeed(answer).outcome.value as TensorData;
    return decode({ dtype: dtypeOf(data.dtype), shape: data.shape.map(Number), bytes: data.data });
  }

  #adopt(handle: number, isGrad = false): Tensor {
    const tensor = new Tensor(this, handle, isGrad);
    this.#scope?.made.add(tensor);
    if (this.#releaseCollected) collected.register(tensor, { pipeline: this.#pipeline, handle }, tensor);
    return tensor;
  }

  #give(name: string, id: number, operands: readonly OperandOrList[], attributes: Attributes | undefined, outputs: readonly Tensor[], inPlace: boolean, requiresGrad: boolean): void {
    this.#pipeline.give(name, !this.#gradEnabled, this.#inference, (frame) => writeCall(frame, this, { id, name, operands, attributes, outputs, inPlace, requiresGrad }));
  }

  async #ask(name: string, id: number, operands: readonly OperandOrList[], attributes: Attributes | undefined): Promise<Tensor[]> {
    const answer = await this.#pipeline.ask(name, !this.#gradEnabled, this.#inference, (frame) => writeCall(frame, this, { id, name, operands, attributes, outputs: [], inPlace: false, requiresGrad: false }));
    return (this.#succeed(answer).outcome.value as Outputs).tensors.map((made) => this.#adopt(Number(made.handle)));
  }

  #succeed(answer: Answer): CommandResult {
    this.#pipeline.throwIfFailed(answer.seq, answer.failure);
    return answer.result;
  }

  #within<T>(ending: Disposable, body: (() => T) | undefined): T | Disposable {
    if (body === undefined) return ending;
    try {
      const result = body();
      if (result instanceof Promise) throw new TypeError("the function must not be asynchronous: what it changes belongs to the session, and would leak into whatever runs meanwhile");
      return result;
    } finally {
      ending[Symbol.dispose]();
    }
  }

  #handles(tensors: readonly (Tensor | null)[]): bigint[] {
    return tensors.map((tensor) => (tensor === null ? 0n : BigInt(this.handleOf(tensor))));
  }

  #gradCommand(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options: GradOptions, allowUnused: boolean, results: readonly Tensor[]): Command {
    return create(CommandSchema, { action: { case: "computeGradients", value: create(ComputeGradientsSchema, {
      outputs: this.#handles(outputs instanceof Tensor ? [outputs] : outputs),
      inputs: this.#handles(inputs),
      gradOutputs: this.#handles(options.gradOutputs ?? []),
      createGraph: options.createGraph ?? false,
      allowUnused,
      materializeGrads: options.materializeGrads ?? false,
      isGradsBatched: options.isGradsBatched ?? false,
      out: results.map((result) => BigInt(result.handle)),
      ...(options.retainGraph === undefined ? {} : { retainGraph: options.retainGraph }),
    }) } });
  }

  #attributes(op: string, given: Readonly<Record<string, AttributeValue>>): Attributes {
    const schema = this.#schemas.get(op);
    // Names that the schema does not have are sent all the same: the server says what is wrong with them.
    return Object.entries(given).flatMap(([name, value]) => [name, schema?.parameters.find((p) => p.name === name)?.kind ?? kinds.scalar, value]);
  }

  #create(raw: RawTensor, requiresGrad: boolean): Tensor {
    if (raw.bytes.length > this.#inlineBytesMax) return this.#createInPieces(raw, requiresGrad);
    const tensor = this.newTensor();
    this.#pipeline.give("tensor", false, this.#inference, (frame) => writeCreate(frame, tensor.handle, raw, requiresGrad));
    return tensor;
  }

  // Too large for a message: sent in pieces that the server joins. The pieces are released at once, so that only one of them more than the tensor is held for long.
  #createInPieces(raw: RawTensor, requiresGrad: boolean): Tensor {
    const size = itemSize(raw.dtype);
    const step = Math.floor(this.#inlineBytesMax / size) * size;
    const joined = this.scope(() => this.noGrad(() => {
      const pieces: Tensor[] = [];
      for (let at = 0; at < raw.bytes.length; at += step) {
        const bytes = raw.bytes.subarray(at, at + step);
        pieces.push(this.#create({ dtype: raw.dtype, shape: [bytes.length / size], bytes }, false));
      }
      return this.cat(pieces).view(raw.shape);
    }));
    return requiresGrad ? joined.requiresGrad_() : joined;
  }

  async #readInPieces(tensor: Tensor): Promise<TensorValue> {
    const { dtype, shape } = await tensor.describe();
    const size = itemSize(dtype);
    const bytes = new Uint8Array(numel(shape) * size);
    const step = Math.floor(this.#inlineBytesMax / size);
    let flat: Tensor | undefined;
    try {
      // A copy, so that commands given meanwhile do not show in it.
      flat = this.noGrad(() => tensor.detach().clone().reshape([-1]));
      for (let at = 0; at * size < bytes.length; at += step) {
        using piece = flat.narrow(0, at, Math.min(step, bytes.length / size - at));
        const value = await piece.value();
        bytes.set(new Uint8Array(value.data.buffer as ArrayBuffer, value.data.byteOffset, value.data.byteLength), at * size);
      }
    } finally {
      flat?.dispose();
    }
    return decode({ dtype, shape, bytes });
  }

  async #call<T>(name: string, call: () => Promise<T>): Promise<T> {
    if (this.#disposed) throw toError(localFailure("UNAVAILABLE", undefined, "the session is closed", name));
    try {
      return await call();
    } catch (cause) {
      throw toError(failureOfCall(cause, name));
    }
  }
}

// By hand, so that the bytes are copied once.
function writeCreate(frame: Frame, handle: number, raw: RawTensor, requiresGrad: boolean): void {
  const shapeSize = raw.shape.reduce((sum, dim) => sum + varintSize(dim), 0);
  const dataSize = 2 + (raw.shape.length === 0 ? 0 : 1 + varintSize(shapeSize) + shapeSize) + 1 + varintSize(raw.bytes.length) + raw.bytes.length;
  const actionSize = 1 + varintSize(handle) + (requiresGrad ? 2 : 0) + 1 + varintSize(dataSize) + dataSize;
  frame.uint(createTensorTag, actionSize);
  frame.uint(1 << 3, handle);
  if (requiresGrad) frame.yes(2 << 3);
  frame.uint((3 << 3) | 2, dataSize);
  frame.uint(1 << 3, codeOf(raw.dtype));
  if (raw.shape.length > 0) {
    frame.uint((2 << 3) | 2, shapeSize);
    for (const dim of raw.shape) frame.packed(dim);
  }
  frame.raw((3 << 3) | 2, raw.bytes);
}
