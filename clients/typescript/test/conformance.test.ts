import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as client from "autograd-client";
import { replay, type CaseFile } from "./conformance.js";
import { methods } from "./methods.g.js";
import { repository, Server } from "./server.js";

const folder = join(repository, "tests/conformance-cases");
const files = readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
const read = (name: string): CaseFile => JSON.parse(readFileSync(join(folder, name), "utf8")) as CaseFile;

describe("conformance cases, in Node", () => {
  let server: Server;
  before(async () => {
    server = await Server.start();
  });
  after(() => server.stop());

  for (const file of files)
    // All of them in batches is what the browser does.
    for (const mode of ["arithmetic.json", "errors.json", "programs.json"].includes(file) ? (["stream", "batch"] as const) : (["stream"] as const))
      test(`${file}, ${mode}`, async () => {
        const cases = read(file);
        const outcome = await replay(cases, () => client.connect(server.grpc, { mode }), client);
        assert.deepEqual(outcome.differing, []);
        assert.equal(outcome.replayed, (cases.cases?.length ?? 0) + (cases.programs?.length ?? 0));
        assert.ok(outcome.replayed > 0);
        if (file !== "errors.json" && file !== "programs.json") assert.ok(outcome.throughMethods > 0.95 * outcome.replayed, `${outcome.throughMethods} of ${outcome.replayed} through methods`);
      });

  test("a wrong case is noticed", async () => {
    const cases = structuredClone(read("rounding.json"));
    const output = (cases.cases?.[0]?.["outputs"] as { data: string }[])[0] as { data: string };
    output.data = (output.data.startsWith("A") ? "B" : "A") + output.data.slice(1);
    assert.equal((await replay(cases, () => client.connect(server.grpc), client)).differing.length, 1);
  });

  test("every op that has a method has a case", () => {
    const seen = new Set(files.flatMap((file) => (read(file).cases ?? []).map((c) => c["op"])));
    assert.deepEqual(Object.keys(methods).filter((op) => !seen.has(op) && !op.includes("empty")), []);
  });
});
