import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { Session, type SessionOptions } from "./session.js";

export * from "./core.js";

const largestMessage = 0x7fffffff;

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
  const manager = new Http2SessionManager(address, { pingIntervalMs: 30_000, pingTimeoutMs: 15_000 }, tls);
  const make = (interceptors: Parameters<typeof createGrpcTransport>[0]["interceptors"]) =>
    createGrpcTransport({ baseUrl: address, sessionManager: manager, interceptors: interceptors ?? [], readMaxBytes: largestMessage, writeMaxBytes: largestMessage });
  return Session.create(address, make, options.mode ?? "stream", options, () => manager.abort());
}
