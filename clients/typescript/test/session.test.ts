import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AutogradService } from "autograd-client/proto/autograd";
import { ErrorInfoSchema } from "../src/gen/google/rpc/error_details_pb.js";
import { AutogradError, connect, ErrorReason, float, fromBFloat16, fromFloat16, toBFloat16, toFloat16, type Session } from "autograd-client";
import { Server } from "./server.js";

describe("sessions and tensors", () => {
  let server: Server;
  let session: Session;
  before(async () => {
    server = await Server.start();
    session = await connect(server.grpc);
  });
  after(async () => {
    await session.dispose();
    await server.stop();
  });

  test("the tutorial's first gradient", async () => {
    const x = session.ones([5]);
    const y = session.zeros([3]);
    const w = session.randn([5, 3], { requiresGrad: true });
    const b = session.randn([3], { requiresGrad: true });
    const z = x.matmul(w).add(b);
    z.binaryCrossEntropyWithLogits(y).backward();
    const [logits, gw, gb] = await Promise.all([z.detach().sigmoid().data(), w.grad.value(), b.grad.data()]);
    // d BCE / d z = (sigmoid(z) - y) / n, and every row of w has the same input 1.
    assert.deepEqual(gw.shape, [5, 3]);
    for (let i = 0; i < 3; i++) {
      assert.ok(Math.abs(Number(gb[i]) - Number(logits[i]) / 3) < 1e-7);
      for (let row = 0; row < 5; row++) assert.equal(gw.data[row * 3 + i], gb[i]);
    }
  });

  test("the server is told which answers are here", async () => {
    await using own = await connect(server.grpc);
    // Both are kept: a release would be sent in a frame of its own, which tells more.
    using _first = own.ones([2]);
    await own.flush();
    // This frame says that the one before it was answered.
    using second = own.ones([2]);
    await second.data();
    const calls = createClient(AutogradService, createGrpcTransport({ baseUrl: server.grpc }));
    const reasonOf = async (seq: bigint) => {
      const { results } = await calls.runCommands({ sessionId: own.id, commands: [{ seq, action: { case: "listHandles", value: {} } }] });
      const outcome = results[0]?.outcome;
      assert.equal(outcome?.case, "error");
      return outcome?.case === "error" ? outcome.value.details.map((detail) => anyUnpack(detail, ErrorInfoSchema)?.reason).find((reason) => reason !== undefined) : undefined;
    };
    assert.equal(await reasonOf(1n), "SEQUENCE_STALE");
    assert.equal(await reasonOf(2n), "SEQUENCE_REUSED");
  });

  test("numbers become float32, int64 or bool, typed arrays what they hold", async () => {
    const dtypeOf = async (tensor: ReturnType<Session["tensor"]>) => (await tensor.describe()).dtype;
    assert.equal(await dtypeOf(session.tensor([1.5, 2])), "float32");
    assert.equal(await dtypeOf(session.tensor([1, 2])), "int64");
    assert.equal(await dtypeOf(session.tensor([true, false])), "bool");
    assert.equal(await dtypeOf(session.tensor([1, 2], { dtype: "float64" })), "float64");
    assert.equal(await dtypeOf(session.tensor(new Int16Array([1]))), "int16");
    assert.equal(await dtypeOf(session.tensor(new Uint8Array([1, 0]), { dtype: "bool" })), "bool");
    assert.deepEqual(await session.tensor([[[1], [2]], [[3], [4]]]).toArray(), [[[1], [2]], [[3], [4]]]);
    assert.deepEqual(await session.tensor([2n ** 62n, -1n]).data(), new BigInt64Array([2n ** 62n, -1n]));
    assert.deepEqual(await session.tensor(7).toArray(), 7);
    assert.throws(() => session.tensor([[1, 2], [3]]), TypeError);
    assert.throws(() => session.tensor([1, 2, 3], { shape: [2, 2] }), RangeError);
    assert.throws(() => session.tensor(new Uint16Array(1)), TypeError);
  });

  test("float16 and bfloat16 round as the server does", async () => {
    const values = [0, -0, 1, -2.5, 65504, 65519, 65520, 1e-8, 6e-8, 5.96e-8, 6.1e-5, 0.1, 1 / 3, 2049, 2051, NaN, Infinity, -Infinity, 3.3895e38, 1.0078125, 1.01171875];
    const singles = session.tensor(new Float32Array(values));
    for (const [dtype, to, from] of [["float16", toFloat16, fromFloat16], ["bfloat16", toBFloat16, fromBFloat16]] as const) {
      const theirs = (await singles.to(dtype).value()).data as Uint16Array;
      const ours = Float32Array.from(values).map((v) => to(v));
      theirs.forEach((bits, i) => Number.isNaN(values[i]) ? assert.ok(Number.isNaN(from(bits)) && Number.isNaN(from(ours[i] as number))) : assert.equal(ours[i], bits, `${dtype} ${values[i]}`));
      const back = (await session.tensor(theirs, { dtype }).to("float64").data()) as Float64Array;
      theirs.forEach((bits, i) => assert.ok(Object.is(from(bits), back[i]), `${dtype} ${bits}`));
    }
  });

  test("a number's kind takes part in promotion", async () => {
    const i = session.tensor([1, 2]);
    assert.equal((await i.mul(2).describe()).dtype, "int64");
    assert.equal((await i.mul(float(2)).describe()).dtype, "float32");
    assert.equal((await i.mul(2.5).describe()).dtype, "float32");
    assert.deepEqual(await i.mul(2n ** 40n).data(), new BigInt64Array([2n ** 40n, 2n ** 41n]));
    assert.deepEqual(await i.add(-3).toArray(), [-2, -1]);
  });

  test("backward: gradient, retainGraph, createGraph, inputs; zeroGrads", async () => {
    const x = session.tensor([1.5, -2], { requiresGrad: true });
    const w = session.tensor([0.5, 3], { dtype: "float32", requiresGrad: true });
    const y = x.mul(w);
    y.backward({ gradient: session.tensor([1, 10], { dtype: "float32" }), retainGraph: true, inputs: [w] });
    assert.deepEqual(await w.grad.toArray(), [1.5, -20]);
    assert.equal(await x.gradOrNull(), null);
    y.sum().backward({ createGraph: true });
    assert.deepEqual(await w.grad.toArray(), [3, -22]);
    session.zeroGrads([w]);
    assert.equal(await w.gradOrNull(), null);
    session.zeroGrads();
    const [g] = session.autograd.grad(x.pow(3).sum(), x, { createGraph: true });
    const [h] = session.autograd.grad(g!.sum(), x);
    assert.deepEqual(await h!.toArray(), [9, -12]);
    assert.deepEqual(await session.autograd.gradAllowUnused(x.sum(), [w]), [null]);
  });

  test("noGrad, enableGrad, detach", async () => {
    const x = session.tensor([1.5], { requiresGrad: true });
    const inside = session.noGrad(() => ({ off: x.mul(2), on: session.enableGrad(() => x.mul(2)) }));
    assert.equal((await inside.off.describe()).requiresGrad, false);
    assert.equal((await inside.on.describe()).requiresGrad, true);
    assert.equal((await x.mul(2).describe()).gradFn, "MulBackward0");
    assert.equal((await x.mul(2).detach().describe()).requiresGrad, false);
    assert.throws(() => session.noGrad(async () => x), TypeError);
    assert.equal(session.isGradEnabled, true);
    session.noGrad(() => x.sub_(1));
    assert.deepEqual(await x.toArray(), [0.5]);
  });

  test("overloads, lists, several outputs, attributes", async () => {
    const x = session.tensor([[3, 1, 2], [9, 7, 8]], { dtype: "float32" });
    assert.equal(await x.max().item(), 9);
    const { values, indices } = x.maxDim(1, { keepdim: true });
    assert.deepEqual([await values.toArray(), await indices.toArray()], [[[3], [9]], [[0], [0]]]);
    const parts = await x.unbind({ dim: 1 });
    assert.deepEqual(await Promise.all(parts.map((part) => part.toArray())), [[3, 9], [1, 7], [2, 8]]);
    const [first, second] = x.unbindInto(2);
    assert.deepEqual(await first!.add(second!, { alpha: 2 }).toArray(), [21, 15, 18]);
    assert.deepEqual(await session.cat([x, x], { dim: 1 }).shape(), [2, 6]);
    assert.deepEqual(await session.where(x.gt(5), x, 0).toArray(), [[0, 0, 0], [9, 7, 8]]);
    assert.deepEqual(await x.softmax(-1).sum({ dim: 1 }).round().toArray(), [1, 1]);
    assert.deepEqual(await x.reshape([3, -1]).shape(), [3, 2]);
    assert.equal((await x.sum({ dtype: "float64" }).describe()).dtype, "float64");
  });

  test("failures: the next awaited call tells, with the reason and the command", async () => {
    const bad = session.ones([2, 3]).matmul(session.ones([2, 3]));
    const worse = bad.exp();
    await assert.rejects(worse.data(), (error: AutogradError) => {
      assert.deepEqual([error.reason, error.code, error.command], [ErrorReason.SHAPE_MISMATCH, "INVALID_ARGUMENT", "matmul"]);
      assert.match(error.serverMessage, /mat1 and mat2 shapes cannot be multiplied \(2x3 and 2x3\)/);
      return true;
    });
    await session.flush();
    session.ones([2]).add(session.ones([3]));
    session.ones([2]).select(0, 5);
    await assert.rejects(session.flush(), (error: AutogradError) => error.reason === "SHAPE_MISMATCH" && error.others.length === 1 && error.others[0]?.command === "select");
    assert.deepEqual(await session.ones([1]).toArray(), [1]);
    await assert.rejects(session.ones([1]).grad.data(), /\.grad is None/);
  });

  test("commands are traced where that is asked for", async () => {
    await using traced = await connect(server.grpc, { traceCommands: true });
    traced.ones([2]).add(traced.ones([3]));
    await assert.rejects(traced.flush(), (error: AutogradError) => /session\.test/.test(error.commandStack ?? ""));
  });

  test("misuse is told at once", async () => {
    await using other = await connect(server.grpc);
    const x = session.ones([1]);
    assert.throws(() => other.ones([1]).add(x), /another session/);
    x.dispose();
    assert.throws(() => x.add(1), /disposed/);
    assert.throws(() => session.ones([1]).add("2" as never), TypeError);
    assert.throws(() => session.zeros([1.5]), RangeError);
    assert.throws(() => session.zeros([1], { dtype: "float99" as never }), TypeError);
    // What was refused here left nothing behind.
    assert.deepEqual(await session.ones([2]).add(1).toArray(), [2, 2]);
  });

  test("the same program gives the same bits in a stream and in batches, whatever the frames", async () => {
    const results: unknown[] = [];
    for (const options of [{}, { mode: "batch" }, { frameCommandsMax: 1 }, { frameCommandsMax: 3, mode: "batch" }] as const) {
      await using own = await connect(server.grpc, options);
      own.manualSeed(3);
      const w = own.randn([8, 8], { requiresGrad: true });
      let x = own.rand([4, 8]);
      for (let i = 0; i < 50; i++) x = x.matmul(w).tanh();
      x.mean().backward();
      results.push(await w.grad.data());
      if (options && "frameCommandsMax" in options) assert.ok(own.framesSent > 30);
      else assert.ok(own.framesSent < 6, `${own.framesSent} frames`);
    }
    for (const result of results) assert.deepEqual(result, results[0]);
  });

  test("scopes and disposal give everything back", async () => {
    await using own = await connect(server.grpc);
    const kept = own.scope(() => {
      const x = own.ones([100]);
      return x.add(1).mul(3).sum();
    });
    assert.equal((await own.usage()).tensors, 1);
    assert.equal(await kept.item(), 600);
    {
      using _ = own.scope();
      own.ones([10]).add(1);
    }
    kept.dispose();
    const usage = await own.usage();
    assert.deepEqual([usage.tensors, usage.bytes, usage.nodes], [0, 0, 0]);
  });

  test("what is collected is released", { skip: (globalThis as { gc?: () => void }).gc === undefined ? "needs node --expose-gc" : false }, async () => {
    await using own = await connect(server.grpc);
    for (let i = 0; i < 500; i++) own.ones([10]);
    await own.flush();
    let tensors = 500;
    for (let i = 0; i < 50 && tensors > 50; i++) {
      (globalThis as unknown as { gc: () => void }).gc();
      await new Promise((resolve) => setTimeout(resolve, 20));
      tensors = (await own.usage()).tensors;
    }
    assert.ok(tensors <= 50, `${tensors} tensors are left`);
  });

  test("a large tensor goes and comes whole, in one message and in pieces", async () => {
    const sent = new Float32Array(4 << 20).map((_, i) => i % 4099);
    assert.deepEqual(await session.tensor(sent).data(), sent);
    await using small = await Server.start("Limits:MessageBytesMax=4194304", "Limits:BatchCommandsMax=4096", "Limits:StreamCreditCommands=4096", "Limits:ChunkBytesMax=65536", "Limits:ChunkBytes=65536");
    await using own = await connect(small.grpc);
    const leaf = own.tensor(sent, { shape: [2, 2 << 20], requiresGrad: true });
    leaf.mul(2).sum().backward();
    assert.deepEqual((await leaf.value()).data, sent);
    const gradient = await leaf.grad.value();
    assert.deepEqual(gradient.shape, [2, 2 << 20]);
    assert.ok(gradient.data.every((g) => g === 2));
    leaf.dispose();
  });

  test("too much that waits to be sent is refused, not kept", async () => {
    await using own = await connect(server.grpc, { bufferBytesMax: 1 << 20 });
    const bytes = new Float32Array(200_000);
    assert.throws(() => {
      for (let i = 0; i < 10; i++) own.tensor(bytes);
    }, (error: AutogradError) => error.reason === "QUOTA_QUEUE");
    await own.flush();
    assert.equal(await own.tensor([2.5]).item(), 2.5);
  });
});
