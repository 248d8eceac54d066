// What runs in the browser: the package as a bundler sees it, and the conformance cases.
import * as client from "autograd-client";
import { replay, type CaseFile, type Outcome } from "./conformance.js";

declare global {
  interface Window {
    replayCases(address: string, file: CaseFile): Promise<Outcome>;
    firstSteps(address: string): Promise<unknown>;
    large(address: string, bytes: number): Promise<boolean>;
    failure(address: string, timeoutMs: number): Promise<{ name: string; code: string; reason: string | undefined; ms: number }>;
  }
}

window.replayCases = (address, file) => replay(file, () => client.connect(address), client);

window.firstSteps = async (address) => {
  await using session = await client.connect(address);
  const x = session.ones([5]);
  const w = session.tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12], [13, 14, 15]], { dtype: "float32", requiresGrad: true });
  x.matmul(w).pow(2).sum().backward();
  return w.grad.toArray();
};

// More bytes than one message holds come and go in pieces.
window.large = async (address, bytes) => {
  await using session = await client.connect(address);
  const sent = new Float32Array(bytes / 4).map((_, i) => i % 1000);
  using tensor = session.tensor(sent, { requiresGrad: true });
  const back = await tensor.data();
  return (await tensor.describe()).isLeaf && back.length === sent.length && sent.every((value, i) => back[i] === value);
};

window.failure = async (address, timeoutMs) => {
  const start = performance.now();
  try {
    await using session = await client.connect(address, { timeoutMs });
    await session.ones([2]).data();
    throw new Error("it did not fail");
  } catch (error) {
    const { name, code, reason } = error as client.AutogradError;
    return { name, code, reason, ms: performance.now() - start };
  }
};
