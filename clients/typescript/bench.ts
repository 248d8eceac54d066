// Measures what the client costs: `npm run bench`. Starts a server built from this repository; prints a table. `--steps N` for the leak run (100,000 by default);
// `--csharp` runs the C# client's row of tests/Benchmarks (built before, -c Release) beside the chain.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { connect, type Session, type Tensor } from "autograd-client";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AutogradService } from "autograd-client/proto/autograd";
import { Server } from "./test/server.js";

const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};

async function median(rounds: number, run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number;
}

function row(what: string, value: string): void {
  console.log(`${what.padEnd(72)} ${value}`);
}

// 1,000 dependent ops, backward, one gradient fetched: what the C# client's row does.
async function chain(session: Session, x: Tensor, a: Tensor, b: Tensor, one: Tensor): Promise<void> {
  using _ = session.scope();
  let y = x;
  for (let i = 0; i < 500; i++) y = y.mul(a).add(b);
  y.backward({ gradient: one });
  const gradient = x.grad.data();
  session.zeroGrads([x]);
  await gradient;
}

// Median and minimum of the C# client's row, in milliseconds; it brings its own server.
function csharpChain(): { median: number; minimum: number } {
  const root = resolve(import.meta.dirname, "../../..");
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = join(folder, "row.json");
  // While the compiler instruments what runs, for seconds, it runs at a fifth of its speed: the row is to say what the client does when warm, as ours does.
  const env = { ...process.env, DOTNET_TieredPGO: "0" };
  const row = ["table", "--suite", "wire", "--rows", "gradient fetched: pipelined", "--rounds", "60", "--json", file];
  execFileSync("dotnet", ["run", "-c", "Release", "--no-build", "--project", "tests/Benchmarks", "--", ...row], { cwd: root, env, stdio: "ignore" });
  const [found] = JSON.parse(readFileSync(file, "utf8")) as { MedianNanoseconds: number; MinimumNanoseconds: number }[];
  rmSync(folder, { recursive: true });
  if (found === undefined) throw new Error("no row");
  return { median: found.MedianNanoseconds / 1e6, minimum: found.MinimumNanoseconds / 1e6 };
}

async function step(session: Session, x: ReturnType<Session["ones"]>, w: ReturnType<Session["ones"]>): Promise<void> {
  {
    using _ = session.scope();
    const loss = x.matmul(w).tanh().sum();
    loss.backward();
    session.noGrad(() => w.sub_(w.grad, { alpha: 1e-6 }));
    session.zeroGrads([w]);
  }
}

const settings = process.env["AUTOGRAD_ADDRESS"];
const server = settings === undefined ? await Server.start() : undefined;
const address = settings ?? (server as Server).grpc;
const session = await connect(address);

{
  using x = session.rand([4], { requiresGrad: true });
  using a = session.rand([4]);
  using b = session.rand([4]);
  using seed = session.ones([4]);
  const csharp = process.argv.includes("--csharp");
  const before = csharp ? csharpChain() : undefined;
  const times: number[] = [];
  for (let i = 0; i < 1700; i++) {
    const start = performance.now();
    await chain(session, x, a, b, seed);
    if (i >= 1500) times.push(performance.now() - start);
  }
  times.sort((l, r) => l - r);
  const middle = times[100] as number;
  const least = times[0] as number;
  row("1,000 dependent ops, backward, one gradient fetched", `median ${middle.toFixed(2)} ms, minimum ${least.toFixed(2)} ms`);
  if (before !== undefined) {
    const after = csharpChain();
    const own = (before.median + after.median) / 2;
    const ownLeast = Math.min(before.minimum, after.minimum);
    row("  the C# client", `median ${own.toFixed(2)} ms, minimum ${ownLeast.toFixed(2)} ms; ratio ${(middle / own).toFixed(2)} by median, ${(least / ownLeast).toFixed(2)} by minimum (bar: 3)`);
  }
}
const one = session.ones([1]);
row("one op and its value: a round trip", `${(await median(300, () => one.add(1).data())).toFixed(2)} ms`);

// 16 MiB up and down, beside what the bare library does with the same messages.
const bytes = 16 << 20;
const payload = new Float32Array(bytes / 4);
const calls = createClient(AutogradService, createGrpcTransport({ baseUrl: address, readMaxBytes: 0x7fffffff, writeMaxBytes: 0x7fffffff }));
const rate = (ms: number): string => `${(bytes / 2 ** 20 / (ms / 1000)).toFixed(0)} MiB/s`;
let handle = 2 ** 40;
const bareUp = async (): Promise<number> => {
  const own = ++handle;
  await calls.createTensor({ sessionId: session.id, createTensor: { out: BigInt(own), data: { dtype: 1, shape: [BigInt(payload.length)], data: new Uint8Array(payload.buffer) } } });
  return own;
};
const bare = { up: [] as number[], down: [] as number[] };
const ours = { up: [] as number[], down: [] as number[] };
for (let round = 0; round < 24; round++) {
  let start = performance.now();
  const own = await bareUp();
  bare.up.push(performance.now() - start);
  start = performance.now();
  const answer = await calls.getTensor({ sessionId: session.id, tensor: BigInt(own) });
  bare.down.push(performance.now() - start);
  if (answer.data?.data.length !== bytes) throw new Error("the bare library lost bytes");
  await calls.releaseTensors({ sessionId: session.id, handles: [BigInt(own)] });
  start = performance.now();
  using tensor = session.tensor(payload);
  await session.flush();
  ours.up.push(performance.now() - start);
  start = performance.now();
  if ((await tensor.data()).length !== payload.length) throw new Error("bytes were lost");
  ours.down.push(performance.now() - start);
}
const middle = (times: number[]): number => times.slice(4).sort((a, b) => a - b)[10] as number;
for (const way of ["up", "down"] as const)
  row(`16 MiB ${way}: this client / bare connect-node, same message`, `${rate(middle(ours[way]))} / ${rate(middle(bare[way]))}: ${(100 * middle(bare[way]) / middle(ours[way])).toFixed(0)}%`);

// Many training steps: neither side may grow.
const steps = argument("--steps", 100_000);
{
  using x = session.ones([8, 16]);
  using w = session.randn([16, 4], { requiresGrad: true });
  const sample = async (): Promise<{ heap: number; server: number; tensors: number; nodes: number }> => {
    (globalThis as { gc?: () => void }).gc?.();
    const { bytes, tensors, nodes } = await session.usage();
    return { heap: process.memoryUsage().heapUsed, server: bytes, tensors, nodes };
  };
  for (let i = 0; i < steps / 10; i++) {
    await step(session, x, w);
    if (i % 100 === 0) await session.flush();
  }
  const first = await sample();
  const start = performance.now();
  for (let i = 0; i < steps; i++) {
    await step(session, x, w);
    if (i % 100 === 0) await session.flush();
  }
  await session.flush();
  const perStep = ((performance.now() - start) * 1000) / steps;
  const last = await sample();
  row(`${steps} training steps`, `${perStep.toFixed(1)} us each`);
  row("  growth of the client's heap", `${((last.heap - first.heap) / 1024).toFixed(0)} KiB`);
  row("  growth on the server: bytes, tensors, graph nodes", `${last.server - first.server}, ${last.tensors - first.tensors}, ${last.nodes - first.nodes}`);
}
await session.dispose();
await server?.stop();
process.exit(0);
