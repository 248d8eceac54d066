import { asRoot, failureOf, failureOfCall, isConsequence, localFailure, rootOf, toError, type AutogradError, type Failure } from "./errors.js";
import { ErrorReason } from "./errorReason.g.js";
import { Frame } from "./frame.js";
import type { CommandResult } from "./gen/autograd/v1/command_pb.js";
import type { FrameTransport, Receiver } from "./transports.js";

const commandsTag = (3 << 3) | 2;
const seqTag = 1 << 3;
const wantResultTag = 2 << 3;
const noGradTag = 3 << 3;
const inferenceModeTag = 11 << 3;
const receivedTag = 4 << 3;
const releaseTag = (6 << 3) | 2;
const handlesTag = (1 << 3) | 2;

const frameBytesSoftMax = 256 << 10;
const untoldMax = 256;
const rootsMax = 1024;

/** How a pipeline is set up. */
export interface PipelineOptions {
  readonly timeoutMs: number;
  readonly flushDelayMs: number;
  readonly bufferBytesMax: number;
  readonly traceCommands: boolean;
  readonly listMax: number;
}

/** An answer that was awaited. */
export interface Answer {
  readonly result: CommandResult;
  readonly failure: Failure | undefined;
  readonly seq: number;
}

interface Waiter {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: AutogradError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

interface Sent {
  readonly name: string;
  readonly stack: string | undefined;
  readonly quiet: boolean;
}

/**
 * Takes commands as they are given, without waiting, and sends them in frames: when somebody awaits a result, when a frame is full, or a moment after the first command of a
 * frame. Answers are matched by sequence number. All memory is bounded.
 */
export class Pipeline implements Receiver {
  private open = new Frame();
  private sealed: Frame[] = [];
  private readonly free: Frame[] = [];
  private bytesWaiting = 0;
  private lastSeq = 0;
  private acknowledged = 0;
  private told = 0;
  // What was sent and not acknowledged yet, from firstSent on.
  private sent: Sent[] = [];
  private firstSent = 1;
  private readonly waiters = new Map<number, Waiter>();
  private readonly flushes: { seq: number; resolve: () => void; reject: (error: AutogradError) => void; timer: ReturnType<typeof setTimeout> }[] = [];
  private untold: Failure[] = [];
  private readonly roots = new Map<number, Failure>();
  private released: number[] = [];
  private cause: Failure | undefined;
  private pumping = false;
  private urgent = false;
  private urged = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closing = false;

  /** Frames sent so far. */
  frames = 0;

  constructor(
    private readonly transport: FrameTransport,
    private readonly options: PipelineOptions,
  ) {
    transport.start(this);
  }

  /** Commands given so far. */
  get commands(): number {
    return this.lastSeq;
  }

  /**
   * Gives a command.
   * @param name What it is, for errors.
   * @param write Writes its action into the frame.
   * @returns Its number.
   * @throws AutogradError the session is closed, the connection broken, or too much is waiting to be sent.
   */
  give(name: string, noGrad: boolean, inferenceMode: boolean, write: (frame: Frame) => void, wanted = false): number {
    this.check();
    if (this.bytesWaiting > this.options.bufferBytesMax)
      throw toError(localFailure("RESOURCE_EXHAUSTED", ErrorReason.QUOTA_QUEUE, `more than ${this.options.bufferBytesMax} bytes of commands wait to be sent: await session.flush() now and then`, name));
    return this.append(name, noGrad, inferenceMode, write, wanted, false);
  }

  /** Gives a command and awaits its answer, failed or not. @throws AutogradError (as a rejection) no answer came in time, or the connection broke. */
  ask(name: string, noGrad: boolean, inferenceMode: boolean, write: (frame: Frame) => void): Promise<Answer> {
    let seq: number;
    try {
      seq = this.give(name, noGrad, inferenceMode, write, true);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    const answer = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(seq);
        reject(this.late(name, seq));
      }, this.options.timeoutMs);
      this.waiters.set(seq, { resolve, reject, timer });
    });
    this.urge();
    return answer;
  }

  /** Awaits that everything given so far was run. @throws AutogradError (as a rejection) the first failure that nobody was told of. */
  async flush(): Promise<void> {
    this.check();
    const seq = this.lastSeq;
    if (this.acknowledged < seq) {
      await new Promise<void>((resolve, reject) => {
        const flush = { seq, resolve, reject, timer: setTimeout(() => {
          this.flushes.splice(this.flushes.indexOf(flush), 1);
          reject(this.late("flush", seq));
        }, this.options.timeoutMs) };
        this.flushes.push(flush);
        this.urge();
      });
    }
    this.throwIfFailed(seq, undefined);
  }

  /** Releases a handle, with the next frame. */
  release(handle: number): void {
    if (this.cause !== undefined || this.closing) return;
    this.released.push(handle);
    if (this.released.length >= 4096) this.writeReleases();
    this.schedule();
  }

  /** Throws what the awaiter of a command should hear of: failures that came before, then the command's own. */
  throwIfFailed(seq: number, own: Failure | undefined): void {
    const before = this.untold.filter((failure) => failure.seq <= seq && !isConsequence(failure));
    this.untold = this.untold.filter((failure) => failure.seq > seq);
    let told: Failure | undefined;
    if (own !== undefined) {
      told = isConsequence(own) ? (this.roots.get(rootOf(own)) ?? asRoot(own)) : own;
      // An earlier failure is the first one, also where this one has nothing to do with it.
      const first = before[0];
      if (!isConsequence(own) && first !== undefined) [told, before[0]] = [first, own];
    } else told = before[0];
    if (told === undefined) return;
    const chosen = told;
    throw toError(chosen, before.filter((failure) => failure.seq !== chosen.seq).map((failure) => toError(failure)));
  }

  receive(results: readonly CommandResult[], acknowledgedSeq: bigint): void {
    for (const result of results) {
      const seq = Number(result.seq);
      let failure: Failure | undefined;
      const sent = this.sent[seq - this.firstSent];
      if (result.outcome.case === "error") {
        failure = failureOf(result.outcome.value, seq, sent?.name ?? "", sent?.stack);
        if (!isConsequence(failure)) this.remember(failure);
      }
      const waiter = this.waiters.get(seq);
      if (waiter !== undefined) {
        this.waiters.delete(seq);
        clearTimeout(waiter.timer);
        waiter.resolve({ result, failure, seq });
      } else if (failure !== undefined && sent?.quiet !== true && this.untold.length < untoldMax) this.untold.push(failure);
    }
    this.acknowledge(Number(acknowledgedSeq));
  }

  broken(cause: unknown): void {
    this.fail(failureOfCall(cause, "", true));
  }

  /** Sends what is left and ends. Nothing can be given afterwards. */
  async close(patienceMs: number): Promise<void> {
    if (this.closing) return;
    this.writeReleases();
    this.closing = true;
    if (this.cause === undefined) {
      this.urgent = true;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
      const ending = (async () => {
        while (this.pumping || this.open.commands > 0 || this.sealed.length > 0) {
          await this.pump();
          if (this.cause !== undefined) return;
          if (this.pumping) await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await this.transport.complete();
      })();
      await Promise.race([ending.catch(() => undefined), patience]);
      clearTimeout(timer);
    }
    this.fail(localFailure("UNAVAILABLE", undefined, "the session is closed"));
    this.transport.abort();
  }

  private late(name: string, seq: number): AutogradError {
    return toError(localFailure("DEADLINE_EXCEEDED", ErrorReason.DEADLINE_EXCEEDED, `no answer within ${this.options.timeoutMs} ms`, name, seq));
  }

  private check(): void {
    if (this.cause !== undefined) throw toError(this.cause);
    if (this.closing) throw toError(localFailure("UNAVAILABLE", undefined, "the session is closed"));
  }

  private append(name: string, noGrad: boolean, inferenceMode: boolean, write: (frame: Frame) => void, wanted: boolean, quiet: boolean): number {
    const { open } = this;
    const seq = this.lastSeq + 1;
    const before = open.size;
    let size: number;
    const start = open.begin(commandsTag);
    open.uint(seqTag, seq);
    if (wanted) open.yes(wantResultTag);
    if (noGrad) open.yes(noGradTag);
    if (inferenceMode) open.yes(inferenceModeTag);
    try {
      write(open);
      open.end(start);
      size = open.size - before;
      if (size > this.transport.frameBytesMax) throw new RangeError(`'${name}' takes ${size} bytes, but a message holds no more than ${this.transport.frameBytesMax}`);
      if (open.size > this.transport.frameBytesMax) {
        // Too much for one frame: what came before goes first.
        const bytes = open.content.slice(before);
        open.truncate(before);
        this.seal();
        this.open.append(bytes);
      }
    } catch (error) {
      open.truncate(before);
      throw error;
    }
    this.lastSeq = seq;
    this.open.commands++;
    this.bytesWaiting += size;
    this.sent.push({ name, stack: this.options.traceCommands ? trace() : undefined, quiet });
    if (this.open.commands >= this.transport.frameCommandsMax || this.open.size >= frameBytesSoftMax) this.seal();
    this.schedule();
    return seq;
  }

  private remember(failure: Failure): void {
    this.roots.set(failure.seq, failure);
    if (this.roots.size > rootsMax) this.roots.delete(this.roots.keys().next().value as number);
  }

  private acknowledge(seq: number): void {
    if (seq <= this.acknowledged) return;
    this.acknowledged = seq;
    const done = Math.min(seq - this.firstSent + 1, this.sent.length);
    this.sent = done === this.sent.length ? [] : this.sent.slice(done);
    this.firstSent += done;
    for (let flush = this.flushes[0]; flush !== undefined && flush.seq <= seq; flush = this.flushes[0]) {
      this.flushes.shift();
      clearTimeout(flush.timer);
      flush.resolve();
    }
  }

  private fail(cause: Failure): void {
    if (this.cause !== undefined) return;
    this.cause = cause;
    for (const [, waiter] of this.waiters) {
      clearTimeout(waiter.timer);
      waiter.reject(toError(cause));
    }
    this.waiters.clear();
    for (const flush of this.flushes.splice(0)) {
      clearTimeout(flush.timer);
      flush.reject(toError(cause));
    }
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = undefined;
    this.sealed = [];
    this.released = [];
    this.open = new Frame();
    this.transport.abort();
  }

  private writeReleases(): void {
    while (this.released.length > 0 && this.cause === undefined && !this.closing) {
      const handles = this.released.splice(0, this.options.listMax);
      this.append("release", false, false, (frame) => {
        const start = frame.begin(releaseTag);
        const list = frame.begin(handlesTag);
        for (const handle of handles) frame.packed(handle);
        frame.end(list);
        frame.end(start);
      }, false, true);
    }
  }

  private seal(): void {
    if (this.open.commands === 0) return;
    this.sealed.push(this.open);
    this.open = this.free.pop() ?? new Frame();
  }

  // Everybody who asks within the same turn shares a frame.
  private urge(): void {
    this.urgent = true;
    if (this.urged) return;
    this.urged = true;
    queueMicrotask(() => {
      this.urged = false;
      void this.pump();
    });
  }

  private schedule(): void {
    if (this.timer !== undefined || this.closing) return;
    // A moment's wait turns a thousand small commands into a few frames.
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.urgent = true;
      void this.pump();
    }, this.options.flushDelayMs);
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.cause === undefined) {
        if (this.sealed.length === 0 && this.urgent) {
          this.urgent = false;
          this.writeReleases();
          this.seal();
        }
        const frame = this.sealed.shift();
        if (frame === undefined) break;
        this.frames++;
        const size = frame.size;
        if (this.acknowledged > this.told) {
          // So that the server need not keep what it answered.
          this.told = this.acknowledged;
          frame.uint(receivedTag, this.told);
        }
        await this.transport.send(frame);
        this.bytesWaiting -= size;
        if (this.cause === undefined && this.free.length < 4 && size <= 1 << 20) {
          frame.truncate(0);
          frame.commands = 0;
          this.free.push(frame);
        }
      }
    } catch (cause) {
      this.fail(failureOfCall(cause, ""));
    } finally {
      this.pumping = false;
    }
  }
}

// The caller of the client's own functions.
function trace(): string | undefined {
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  return lines.find((line) => !/[\\/](pipeline|call|session|tensor|ops\.g)\.(js|ts)/.test(line))?.replace(/^\s*/, " ");
}
