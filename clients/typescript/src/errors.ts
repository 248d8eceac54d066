import type { Message } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorReason } from "./errorReason.g.js";
import { ErrorInfoSchema, RetryInfoSchema, type ErrorInfo, type RetryInfo } from "./gen/google/rpc/error_details_pb.js";
import type { Status } from "./gen/google/rpc/status_pb.js";

/** A gRPC status code by its name: "INVALID_ARGUMENT". */
export type StatusCode =
  | "OK" | "CANCELLED" | "UNKNOWN" | "INVALID_ARGUMENT" | "DEADLINE_EXCEEDED" | "NOT_FOUND" | "ALREADY_EXISTS" | "PERMISSION_DENIED" | "RESOURCE_EXHAUSTED"
  | "FAILED_PRECONDITION" | "ABORTED" | "OUT_OF_RANGE" | "UNIMPLEMENTED" | "INTERNAL" | "UNAVAILABLE" | "DATA_LOSS" | "UNAUTHENTICATED";

const codes: readonly StatusCode[] = [
  "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
  "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
];

/** What is known of a failure. */
export interface Failure {
  readonly code: StatusCode;
  readonly reason: ErrorReason | undefined;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
  /** The command's number; 0: not a command. */
  readonly seq: number;
  /** The op or call. */
  readonly command: string;
  /** Where it was given, if that was asked for. */
  readonly stack: string | undefined;
}

/**
 * The server refused a command, or could not be reached. Commands are pipelined, so this may be thrown by a later call than the one at fault: `command` tells which one
 * that is. If a command was not run because another one had failed, this is about the first.
 */
export class AutogradError extends Error {
  /** Why: branch on this, not on the text. undefined: nothing that the contract lists. */
  readonly reason: ErrorReason | undefined;
  /** The gRPC status code. */
  readonly code: StatusCode;
  /** The server's text alone; where PyTorch raises the same error it is PyTorch's wording. */
  readonly serverMessage: string;
  /** Values that the server tells beside the text ("op", "torch_type"). */
  readonly metadata: Readonly<Record<string, string>>;
  /** The op or call that failed first: "matmul", "backward". */
  readonly command: string;
  /** The number of that command within its session; 0 if it has none. */
  readonly commandNumber: number;
  /** Where that command was given; only with the session's option `traceCommands`. */
  readonly commandStack: string | undefined;
  /** How long to wait before trying again, where that helps. */
  readonly retryAfterMs: number | undefined;
  /** Commands given before this call that failed too, each for a reason of its own. */
  readonly others: readonly AutogradError[];

  constructor(failure: Failure, others: readonly AutogradError[] = []) {
    const where = failure.command === "" ? "" : `\n  in '${failure.command}'${failure.stack === undefined ? "" : ` given${failure.stack}`}`;
    super(failure.message + where);
    this.name = "AutogradError";
    this.reason = failure.reason;
    this.code = failure.code;
    this.serverMessage = failure.message;
    this.metadata = failure.metadata;
    this.command = failure.command;
    this.commandNumber = failure.seq;
    this.commandStack = failure.stack;
    this.retryAfterMs = failure.retryAfterMs;
    this.others = others;
  }
}

/** The server cannot be reached, went away or refuses work for the moment. What was under way may or may not have been done. */
export class AutogradConnectionError extends AutogradError {
  constructor(failure: Failure, others: readonly AutogradError[] = []) {
    super(failure, others);
    this.name = "AutogradConnectionError";
  }
}

/** The error that tells a failure. */
export function toError(failure: Failure, others: readonly AutogradError[] = []): AutogradError {
  return failure.code === "UNAVAILABLE" ? new AutogradConnectionError(failure, others) : new AutogradError(failure, others);
}

/** A failure that no server told. */
export function localFailure(code: StatusCode, reason: ErrorReason | undefined, message: string, command = "", seq = 0): Failure {
  return { code, reason, message, metadata: {}, retryAfterMs: undefined, seq, command, stack: undefined };
}

/** The failure of a command, from its result. */
export function failureOf(status: Status, seq: number, command: string, stack: string | undefined): Failure {
  let info: ErrorInfo | undefined;
  let retry: RetryInfo | undefined;
  for (const detail of status.details) {
    info ??= anyUnpack(detail, ErrorInfoSchema);
    retry ??= anyUnpack(detail, RetryInfoSchema);
  }
  return assemble(codes[status.code] ?? "UNKNOWN", status.message, info, retry, seq, command, stack);
}

/** The failure of a call, whatever it threw. */
export function failureOfCall(cause: unknown, command: string, overStream = false): Failure {
  const error = ConnectError.from(cause);
  const info = first(error.findDetails(ErrorInfoSchema));
  const retry = first(error.findDetails(RetryInfoSchema));
  let code = codes[error.code] ?? "UNKNOWN";
  // Whatever the transport calls it: a broken stream or connection that the server's own status does not explain is one that cannot be reached.
  if (info === undefined && (overStream ? error.code !== Code.DeadlineExceeded && error.code !== Code.Unauthenticated : isBroken(error))) code = "UNAVAILABLE";
  return assemble(code, error.rawMessage, info, retry, 0, command, undefined);
}

function isBroken(error: ConnectError): boolean {
  return error.code === Code.Unavailable || ((error.code === Code.Internal || error.code === Code.Unknown || error.code === Code.Aborted || error.code === Code.Canceled) && error.metadata.get("grpc-status") === null);
}

function first<T extends Message>(messages: readonly T[]): T | undefined {
  return messages[0];
}

function assemble(code: StatusCode, message: string, info: ErrorInfo | undefined, retry: RetryInfo | undefined, seq: number, command: string, stack: string | undefined): Failure {
  const reason = info !== undefined && info.reason in ErrorReason ? (info.reason as ErrorReason) : undefined;
  const delay = retry?.retryDelay;
  return {
    code,
    reason: reason ?? (code === "DEADLINE_EXCEEDED" ? ErrorReason.DEADLINE_EXCEEDED : undefined),
    message: message === "" ? code : message,
    metadata: info?.metadata ?? {},
    retryAfterMs: delay === undefined ? undefined : Number(delay.seconds) * 1000 + delay.nanos / 1e6,
    seq,
    command,
    stack,
  };
}

/** Whether a command was not run because another one had failed. */
export function isConsequence(failure: Failure): boolean {
  return failure.reason === ErrorReason.DEPENDENCY_FAILED || failure.reason === ErrorReason.BATCH_STOPPED;
}

/** The number of the command that failed first. */
export function rootOf(failure: Failure): number {
  return isConsequence(failure) ? Number(failure.metadata["root_seq"] ?? failure.seq) : failure.seq;
}

/** A consequence whose root is no longer known, told by what the server says of the root. */
export function asRoot(failure: Failure): Failure {
  const reason = failure.metadata["root_reason"];
  const code = failure.metadata["root_code"];
  return {
    ...failure,
    reason: reason !== undefined && reason in ErrorReason ? (reason as ErrorReason) : failure.reason,
    code: code !== undefined ? (codes.includes(code as StatusCode) ? (code as StatusCode) : (codes[Number(code)] ?? failure.code)) : failure.code,
  };
}
