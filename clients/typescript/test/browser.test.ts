import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import type { CaseFile } from "./conformance.js";
import { repository, Server } from "./server.js";

const executable = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => path !== undefined && existsSync(path));
const folder = join(repository, "tests/conformance-cases");

// test.sh names what was skipped; here it is skipped so that nobody takes it for passed.
describe("in a real browser", { skip: executable === undefined ? "no Chromium is installed" : false }, () => {
  let pages: HttpServer;
  let server: Server;
  let context: BrowserContext;
  let page: Page;
  const profile = mkdtempSync(join(tmpdir(), "autograd-client-"));

  before(async () => {
    const bundle = await build({ entryPoints: [join(dirname(fileURLToPath(import.meta.url)), "page.js")], bundle: true, format: "esm", platform: "browser", write: false, logLevel: "silent" });
    const script = bundle.outputFiles[0]?.text ?? "";
    assert.doesNotMatch(script, /node:http2/, "the browser's bundle must not hold Node's transport");
    pages = createServer((request, response) => {
      const isScript = request.url === "/page.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : '<!doctype html><title>autograd-client</title><script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    server = await Server.start(`WebOrigins:0=${origin}`, "Limits:MessageBytesMax=67108864");
    context = await chromium.launchPersistentContext(profile, {
      executablePath: executable as string,
      headless: true,
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    page = await context.newPage();
    await page.goto(origin);
    await page.waitForFunction(() => typeof window.replayCases === "function");
  });

  after(async () => {
    await context?.close();
    await server?.stop();
    pages?.close();
    rmSync(profile, { recursive: true, force: true });
  });

  test("a gradient", async () => {
    const gradient = await page.evaluate((address) => window.firstSteps(address), server.web);
    assert.deepEqual(gradient, Array.from({ length: 5 }, () => [70, 80, 90]));
  });

  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")).sort())
    test(file, async () => {
      const text = readFileSync(join(folder, file), "utf8");
      const cases = JSON.parse(text) as CaseFile;
      const outcome = await page.evaluate(({ address, given }) => window.replayCases(address, JSON.parse(given) as never), { address: server.web, given: text });
      assert.deepEqual(outcome.differing, []);
      assert.equal(outcome.replayed, (cases.cases?.length ?? 0) + (cases.programs?.length ?? 0));
    });

  test("a tensor larger than a message", async () => {
    assert.ok(await page.evaluate((address) => window.large(address, 80 << 20), server.web));
  });

  test("a page of another origin is not let in", async () => {
    const elsewhere = await context.newPage();
    await elsewhere.goto(`http://localhost:${(pages.address() as AddressInfo).port}`);
    await elsewhere.waitForFunction(() => typeof window.failure === "function");
    const failure = await elsewhere.evaluate((address) => window.failure(address, 5000), server.web);
    assert.equal(failure.name, "AutogradConnectionError");
    await elsewhere.close();
  });

  test("a server that does not answer is told within the deadline", async () => {
    server.freeze(true);
    try {
      const failure = await page.evaluate((address) => window.failure(address, 1000), server.web);
      assert.deepEqual([failure.code, failure.reason], ["DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED"]);
      assert.ok(failure.ms < 5000, `${failure.ms} ms`);
    } finally {
      server.freeze(false);
    }
  });
});
