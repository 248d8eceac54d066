import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { ClientHttp2Stream, Http2Session } from "node:http2";
import { Session, type SessionOptions } from "./session.js";

export * from "./core.js";

type SessionManager = NonNullable<Parameters<typeof createGrpcTransport>[0]["sessionManager"]>;

const largestMessage = 0x7fffffff;

// What the server may send before it must wait to be told that more may come. HTTP/2's own 64 KiB makes a large answer wait every few packets, and Kestrel (10.0.12), about once in 4,000
// answers that waited so, never sends the next one of that connection.
const streamWindowBytes = 4 << 20;
const connectionWindowBytes = 16 << 20;

/** Connections whose windows have room. */
class RoomySessionManager implements SessionManager {
  readonly authority: string;
  readonly #inner: Http2SessionManager;
  readonly #widened = new WeakSet<Http2Session>();

  constructor(inner: Http2SessionManager) {
    this.authority = inner.authority;
    this.#inner = inner;
  }

  async request(...given: Parameters<SessionManager["request"]>): Promise<ClientHttp2Stream> {
    const stream = await this.#inner.request(...given);
    const { session } = stream;
    // A connection's own window is no setting: it is widened once the connection is there, together with its first request.
    if (session !== undefined && !this.#widened.has(session)) {
      this.#widened.add(session);
      session.setLocalWindowSize(connectionWindowBytes);
    }
    return stream;
  }

  notifyResponseByteRead(stream: ClientHttp2Stream): void {
    this.#inner.notifyResponseByteRead(stream);
  }
}

/**
 * Connects to a server and creates a session.
 * @param address "http://localhost:50051", or https.
 * @throws AutogradConnectionError (as a rejection) the server cannot be reached.
 * @throws AutogradError (as a rejection) QUOTA_SESSIONS, CREDENTIALS_REQUIRED.
 */
export function connect(address: string, options: SessionOptions = {}): Promise<Session> {
  // A connection that went away without a word is noticed by pings.
  const { ca, cert, certKey } = options;
  const bytes = (pem: string | Uint8Array): string | Buffer => (typeof pem === "string" ? pem : Buffer.from(pem));
  const tls = { ...(ca === undefined ? {} : { ca: bytes(ca) }), ...(cert === undefined ? {} : { cert: bytes(cert) }), ...(certKey === undefined ? {} : { key: bytes(certKey) }) };
  const manager = new Http2SessionManager(address, { pingIntervalMs: 30_000, pingTimeoutMs: 15_000 }, { ...tls, settings: { initialWindowSize: streamWindowBytes } });
  const make = (interceptors: Parameters<typeof createGrpcTransport>[0]["interceptors"]) =>
    createGrpcTransport({ baseUrl: address, sessionManager: new RoomySessionManager(manager), interceptors: interceptors ?? [], readMaxBytes: largestMessage, writeMaxBytes: largestMessage });
  return Session.create(address, make, options.mode ?? "stream", options, () => manager.abort());
}
