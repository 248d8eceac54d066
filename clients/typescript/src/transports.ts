import { create } from "@bufbuild/protobuf";
import type { CallOptions, Client } from "@connectrpc/connect";
import { AutogradService, ExecuteRequestSchema, RunCommandsRequestSchema, type ExecuteRequest } from "./gen/autograd/v1/autograd_pb.js";
import type { ServerLimits } from "./gen/autograd/v1/catalog_pb.js";
import type { CommandResult } from "./gen/autograd/v1/command_pb.js";
import type { Frame } from "./frame.js";

/** What hears of answers. */
export interface Receiver {
  receive(results: readonly CommandResult[], acknowledgedSeq: bigint): void;
  /** The server ended the stream, or it broke. */
  broken(cause: unknown): void;
}

/** How frames reach the server. */
export interface FrameTransport {
  /** Most commands in a frame. */
  readonly frameCommandsMax: number;
  /** Most bytes of commands in a frame. */
  readonly frameBytesMax: number;
  start(receiver: Receiver): void;
  /** Sends a frame; done when the next may be sent. @throws whatever the call throws, if the connection is of no more use. */
  send(frame: Frame): Promise<void>;
  /** Says that no more frames come, and awaits the answers to those sent. */
  complete(): Promise<void>;
  /** Ends at once. */
  abort(): void;
}

type Calls = Client<typeof AutogradService>;

const commandsField = 3;
const lengthDelimited = 2;
// What a frame says beside its commands: up to which number the answers are here.
const frameHeadMax = 12;

// The commands are written already; field 3 of a message that knows it not is written as it stands. Its first tag comes from the library.
function unknownCommands(frame: Frame): { no: number; wireType: number; data: Uint8Array }[] {
  return frame.size === 0 ? [] : [{ no: commandsField, wireType: lengthDelimited, data: frame.content.subarray(1) }];
}

/** Frames through Execute, bounded by the server's credit; answers come as they come. For Node: browsers cannot stream requests. */
export class StreamTransport implements FrameTransport {
  readonly frameCommandsMax: number;
  readonly frameBytesMax: number;
  private commands: number;
  private bytes: number;
  private room: (() => void) | undefined;
  private waiting: { request: ExecuteRequest; taken: () => void }[] = [];
  private wake: (() => void) | undefined;
  private ended = false;
  private reading: Promise<void> = Promise.resolve();
  private readonly abortion = new AbortController();

  constructor(
    private readonly calls: Calls,
    private readonly sessionId: string,
    limits: ServerLimits,
    frameCommandsMax: number,
  ) {
    this.commands = Number(limits.streamCreditCommands);
    // The first frame, which names the session, takes some.
    this.bytes = Number(limits.streamCreditBytes) - sessionId.length - 16;
    // Two frames at least fit into the credit, so that one can be written while another runs.
    this.frameCommandsMax = Math.max(1, Math.min(Math.floor(this.commands / 2), limits.batchCommandsMax, frameCommandsMax));
    this.frameBytesMax = Math.min(this.bytes, Number(limits.messageBytesMax) - 16) - frameHeadMax;
  }

  start(receiver: Receiver): void {
    const responses = this.calls.execute(this.requests(), { signal: this.abortion.signal });
    this.reading = this.read(receiver, responses);
  }

  async send(frame: Frame): Promise<void> {
    const size = frame.size;
    while (this.commands < frame.commands || this.bytes < size) {
      if (this.ended) return;
      await new Promise<void>((resolve) => (this.room = resolve));
    }
    this.commands -= frame.commands;
    this.bytes -= size;
    const request = create(ExecuteRequestSchema);
    request.$unknown = unknownCommands(frame);
    await new Promise<void>((taken) => {
      this.waiting.push({ request, taken });
      this.wake?.();
    });
  }

  async complete(): Promise<void> {
    this.ended = true;
    this.wake?.();
    await this.reading;
  }

  abort(): void {
    this.ended = true;
    this.wake?.();
    this.room?.();
    for (const { taken } of this.waiting.splice(0)) taken();
    this.abortion.abort();
  }

  private async *requests(): AsyncGenerator<ExecuteRequest> {
    yield create(ExecuteRequestSchema, { sessionId: this.sessionId });
    for (;;) {
      const next = this.waiting.shift();
      if (next !== undefined) {
        yield next.request;
        // Asked for the next one: this one is written.
        next.taken();
        continue;
      }
      if (this.ended) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }

  private async read(receiver: Receiver, responses: AsyncIterable<{ results: CommandResult[]; acknowledgedSeq: bigint; creditCommands: bigint; creditBytes: bigint }>): Promise<void> {
    try {
      for await (const response of responses) {
        this.commands += Number(response.creditCommands);
        this.bytes += Number(response.creditBytes);
        this.room?.();
        this.room = undefined;
        receiver.receive(response.results, response.acknowledgedSeq);
      }
      if (!this.ended) receiver.broken(new Error("the server ended the stream"));
    } catch (cause) {
      receiver.broken(cause);
    } finally {
      this.abort();
    }
  }
}

/** Each frame through RunCommands, one after another: what browsers can do. */
export class BatchTransport implements FrameTransport {
  readonly frameCommandsMax: number;
  readonly frameBytesMax: number;
  private receiver: Receiver | undefined;
  private readonly abortion = new AbortController();

  constructor(
    private readonly calls: Calls,
    private readonly sessionId: string,
    limits: ServerLimits,
    frameCommandsMax: number,
    private readonly options: CallOptions,
  ) {
    this.frameCommandsMax = Math.min(limits.batchCommandsMax, frameCommandsMax);
    this.frameBytesMax = Number(limits.messageBytesMax) - sessionId.length - 16 - frameHeadMax;
  }

  start(receiver: Receiver): void {
    this.receiver = receiver;
  }

  async send(frame: Frame): Promise<void> {
    const request = create(RunCommandsRequestSchema, { sessionId: this.sessionId });
    request.$unknown = unknownCommands(frame);
    const response = await this.calls.runCommands(request, { ...this.options, signal: this.abortion.signal });
    this.receiver?.receive(response.results, response.acknowledgedSeq);
  }

  complete(): Promise<void> {
    return Promise.resolve();
  }

  abort(): void {
    this.abortion.abort();
  }
}
