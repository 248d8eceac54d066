import { createHash } from "node:crypto";
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { describe, test } from "node:test";
import { AutogradConnectionError, AutogradError, connect } from "autograd-client";
import { Server } from "./server.js";

// Long enough to connect to a server that has only just started on a busy machine.
const timeoutMs = 8000;
const patienceMs = 3 * timeoutMs;

async function within<T>(ms: number, what: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(`it took more than ${ms} ms`)), ms)));
  try {
    return await Promise.race([what, late]);
  } finally {
    clearTimeout(timer);
  }
}

describe("servers that go away, restart or refuse", () => {
  test("nobody listens", async () => {
    await within(patienceMs, assert.rejects(connect("http://127.0.0.1:1", { timeoutMs }), AutogradConnectionError));
  });

  test("somebody listens who says nothing", async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as { port: number };
    await within(patienceMs, assert.rejects(connect(`http://127.0.0.1:${port}`, { timeoutMs: 500 }), (error: AutogradError) => error.code === "DEADLINE_EXCEEDED"));
    sockets.forEach((socket) => socket.destroy());
    mute.close();
  });

  for (const mode of ["stream", "batch"] as const) {
    test(`it crashes while answers are awaited, ${mode}`, async () => {
      await using server = await Server.start();
      const session = await connect(server.grpc, { mode, timeoutMs });
      const x = session.ones([2]);
      await session.flush();
      server.freeze(true);
      const refusals = [x.add(1).data(), session.flush()].map((waiting: Promise<unknown>) => within(patienceMs, assert.rejects(waiting, AutogradConnectionError)));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await server.stop("SIGKILL");
      await Promise.all(refusals);
      // From then on everything says so at once.
      assert.throws(() => x.add(1), AutogradConnectionError);
      await within(patienceMs, session.dispose());
    });

    test(`it stops politely, ${mode}`, async () => {
      await using server = await Server.start();
      const session = await connect(server.grpc, { mode, timeoutMs });
      await session.ones([2]).data();
      await server.stop("SIGTERM");
      await within(patienceMs, assert.rejects(async () => session.ones([2]).data(), (error: AutogradError) => error.code === "UNAVAILABLE"));
      await within(patienceMs, session.dispose());
    });

    test(`it hangs, ${mode}`, async () => {
      await using server = await Server.start();
      const session = await connect(server.grpc, { mode, timeoutMs });
      await session.ones([2]).data();
      server.freeze(true);
      await within(patienceMs, assert.rejects(session.ones([2]).data(), (error: AutogradError) => error.code === "DEADLINE_EXCEEDED" && error.reason === "DEADLINE_EXCEEDED"));
      server.freeze(false);
      await within(patienceMs, session.dispose());
    });
  }

  test("it restarts on the same port: the old session is gone, a new one works", async () => {
    const first = await Server.start();
    const port = new URL(first.grpc).port;
    const session = await connect(first.grpc, { mode: "batch", timeoutMs });
    await session.ones([1]).data();
    await first.stop("SIGKILL");
    await using second = await Server.start(`GrpcPort=${port}`);
    await within(patienceMs, assert.rejects(async () => session.ones([1]).data(), (error: AutogradError) => error.reason === "SESSION_NOT_FOUND" || error.code === "UNAVAILABLE"));
    await session.dispose();
    await using again = await connect(second.grpc, { timeoutMs });
    assert.deepEqual(await again.ones([1]).toArray(), [1]);
  });

  test("it asks for a key", async () => {
    const key = "ag_" + "k".repeat(43);
    await using server = await Server.start(`Security:Keys:0=alice sha256:${createHash("sha256").update(key).digest("hex")}`);
    await assert.rejects(connect(server.grpc), (error: AutogradError) => error.reason === "CREDENTIALS_REQUIRED" && error.code === "UNAUTHENTICATED");
    await using session = await connect(server.grpc, { key });
    assert.deepEqual(await session.ones([1]).toArray(), [1]);
    let asked = 0;
    await using provided = await connect(server.grpc, { key: () => (asked++, Promise.resolve(key)) });
    assert.deepEqual(await provided.ones([1]).toArray(), [1]);
    assert.ok(asked >= 4);
    for (const address of ["http://192.0.2.1:50051", "http://autograd.invalid"]) await assert.rejects(connect(address, { key }), /cleartext/);
  });

  test("it is full", async () => {
    await using server = await Server.start("Limits:SessionsMax=1");
    await using _ = await connect(server.grpc);
    await assert.rejects(connect(server.grpc), (error: AutogradError) => error.reason === "QUOTA_SESSIONS" && error.code === "RESOURCE_EXHAUSTED");
  });

  test("the session expired", async () => {
    await using server = await Server.start("Limits:IdleSeconds=1");
    const session = await connect(server.grpc, { mode: "batch" });
    await session.ones([1]).data();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await assert.rejects(session.ones([1]).data(), (error: AutogradError) => error.reason === "SESSION_EXPIRED");
    await session.dispose();
  });
});
