import { create } from "@bufbuild/protobuf";
import { dtypeOf, type DType, type TypedArray } from "./dtype.js";
import type { TensorMetadata } from "./gen/autograd/v1/tensor_pb.js";
import { AliasGradSchema, CommandSchema, DescribeSchema, DetachInPlaceSchema, RetainGradSchema, SetGradSchema, SetRequiresGradSchema } from "./gen/autograd/v1/command_pb.js";
import { TensorOps } from "./ops.g.js";
import type { BackwardOptions, Session } from "./session.js";
import type { NestedArray, TensorValue } from "./values.js";

/** Everything that the server knows about a tensor but its elements. */
export interface TensorInfo {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly requiresGrad: boolean;
  readonly isLeaf: boolean;
  /** Name of the graph node that made it, as PyTorch names it ("MulBackward0"); null: none. */
  readonly gradFn: string | null;
  /** How often its storage was modified in place. */
  readonly version: number;
  readonly retainsGrad: boolean;
  readonly hasGrad: boolean;
  readonly isView: boolean;
  /** Bytes of its storage, shared with its views. */
  readonly storageBytes: number;
}

/**
 * A tensor that lives on the server. Methods that make tensors return at once; what needs the server's answer returns a promise. Dispose it, or let a scope do so, to give its
 * memory back soon; otherwise that happens some time after it was collected.
 */
export class Tensor extends TensorOps implements Disposable {
  #disposed = false;

  /** Made by sessions. */
  constructor(
    /** The session that it belongs to. */
    override readonly session: Session,
    /** The number it goes by within its session. */
    readonly handle: number,
    private readonly isGrad: boolean,
  ) {
    super();
  }

  /** Whether it was disposed. */
  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** Releases the handle. The server gives the memory back once nothing else (graph, view, .grad) holds it. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.session.released(this);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Keeps the tensor beyond the scope in which it was made. */
  keep(): this {
    this.session.keep(this);
    return this;
  }

  /**
   * Reads elements, dtype and shape.
   * @throws AutogradError (as a rejection) this or an earlier command failed, or no answer came in time.
   */
  value(): Promise<TensorValue> {
    return this.session.read(this, this.isGrad);
  }

  /** Reads the elements, row-major, in the typed array of the dtype: Float32Array for float32, BigInt64Array for int64. @throws as {@link value}. */
  async data(): Promise<TypedArray> {
    return (await this.value()).data;
  }

  /** Reads the elements as nested arrays of the tensor's shape. @throws as {@link value}. */
  async toArray(): Promise<NestedArray> {
    return (await this.value()).toArray();
  }

  /** Reads the element of a one-element tensor. @throws RangeError (as a rejection) there are more, or none; else as {@link value}. */
  async item(): Promise<number> {
    return (await this.value()).item();
  }

  /** Asks for everything the server knows about the tensor but its elements. @throws as {@link value}. */
  async describe(): Promise<TensorInfo> {
    const { session } = this;
    const result = await session.command("describe", create(CommandSchema, { action: { case: "describe", value: create(DescribeSchema, { tensor: BigInt(session.handleOf(this)) }) } }));
    return infoOf(result.outcome.value as TensorMetadata);
  }

  /** Size of each dimension. @throws as {@link value}. */
  async shape(): Promise<readonly number[]> {
    return (await this.describe()).shape;
  }

  /** Element type. @throws as {@link value}. */
  async dtype(): Promise<DType> {
    return (await this.describe()).dtype;
  }

  /** The tensor that is now this one's .grad, as an operand like any other; taken without waiting. Reading it tells if it is None; see also {@link gradOrNull}. */
  get grad(): Tensor {
    const { session } = this;
    const grad = session.newTensor(true);
    session.tell("grad", create(CommandSchema, { action: { case: "aliasGrad", value: create(AliasGradSchema, { tensor: BigInt(session.handleOf(this)), out: BigInt(grad.handle) }) } }));
    return grad;
  }

  /** The tensor that is now this one's .grad; null if that is None. @throws as {@link value}. */
  async gradOrNull(): Promise<Tensor | null> {
    const { session } = this;
    const grad = session.newTensor(true);
    const result = await session.command("grad", create(CommandSchema, { action: { case: "aliasGrad", value: create(AliasGradSchema, { tensor: BigInt(session.handleOf(this)), out: BigInt(grad.handle) }) } }));
    if (result.outcome.case === "outputs" && result.outcome.value.tensors.length > 0) return grad;
    grad.dispose();
    return null;
  }

  /**
   * Sums the gradient of this tensor into .grad of the leaves it was made of (torch.Tensor.backward). Returns at once; GRAD_OUTPUT_REQUIRED, NO_GRAD_PATH, GRAPH_FREED and
   * TENSOR_MODIFIED are told by the next awaited call.
   */
  backward(options: Omit<BackwardOptions, "gradients"> & { readonly gradient?: Tensor | null } = {}): void {
    const { gradient, ...rest } = options;
    this.session.backward([this], gradient === undefined || gradient === null ? rest : { ...rest, gradients: [gradient] });
  }

  /** Sets .grad to None, or to zeros. */
  zeroGrad(options: { readonly setToNone?: boolean } = {}): void {
    this.session.zeroGrads([this], options);
  }

  /** Assigns .grad, shared rather than copied; null: None. */
  setGrad(grad: Tensor | null): void {
    const { session } = this;
    session.tell("set_grad", create(CommandSchema, { action: { case: "setGrad", value: create(SetGradSchema, { tensor: BigInt(session.handleOf(this)), grad: grad === null ? 0n : BigInt(session.handleOf(grad)) }) } }));
  }

  /** Sets whether gradients are accumulated into it (requires_grad_). INVALID_GRAD_STATE is told by the next awaited call. */
  requiresGrad_(requiresGrad = true): this {
    const { session } = this;
    session.tell("requires_grad_", create(CommandSchema, { action: { case: "setRequiresGrad", value: create(SetRequiresGradSchema, { tensor: BigInt(session.handleOf(this)), requiresGrad }) } }));
    return this;
  }

  /** Makes backward keep the gradient of this tensor though it is no leaf. */
  retainGrad(): this {
    const { session } = this;
    session.tell("retain_grad", create(CommandSchema, { action: { case: "retainGrad", value: create(RetainGradSchema, { tensor: BigInt(session.handleOf(this)) }) } }));
    return this;
  }

  /** Takes the tensor out of the graph, in place. */
  detach_(): this {
    const { session } = this;
    session.tell("detach_", create(CommandSchema, { action: { case: "detachInPlace", value: create(DetachInPlaceSchema, { tensor: BigInt(session.handleOf(this)) }) } }));
    return this;
  }

  /** What can be said without asking the server. */
  override toString(): string {
    return `Tensor ${this.handle}`;
  }
}

function infoOf(metadata: TensorMetadata): TensorInfo {
  return {
    dtype: dtypeOf(metadata.dtype),
    shape: metadata.shape.map(Number),
    strides: metadata.strides.map(Number),
    requiresGrad: metadata.requiresGrad,
    isLeaf: metadata.isLeaf,
    gradFn: metadata.gradFn === "" ? null : metadata.gradFn,
    version: Number(metadata.version),
    retainsGrad: metadata.retainsGrad,
    hasGrad: metadata.hasGrad,
    isView: metadata.isView,
    storageBytes: Number(metadata.storageBytes),
  };
}
