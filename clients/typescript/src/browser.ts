import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { Session, type SessionOptions } from "./session.js";

export * from "./core.js";

/**
 * Connects to a server's gRPC-web port (Autograd:WebPort) and creates a session. Browsers cannot stream requests, so commands go in batches.
 * @param address "http://localhost:8081", or https; another origin than the page's must be allowed by the server (Autograd:WebOrigins).
 * @throws AutogradConnectionError (as a rejection) the server cannot be reached.
 * @throws AutogradError (as a rejection) QUOTA_SESSIONS, CREDENTIALS_REQUIRED.
 */
export function connect(address: string, options: SessionOptions = {}): Promise<Session> {
  return Session.create(address, (interceptors) => createGrpcWebTransport({ baseUrl: address, interceptors }), "batch", options, () => undefined);
}
