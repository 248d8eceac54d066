import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, test } from "node:test";
import { repository } from "./server.js";

const root = join(repository, "clients/typescript");
const npm = (cwd: string, ...args: string[]): string => execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

function files(folder: string, base = folder): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name), base) : [relative(base, join(folder, entry.name))]));
}

describe("the package", () => {
  test("npm pack holds what it should and nothing else, and installs and runs elsewhere", () => {
    const folder = mkdtempSync(join(tmpdir(), "autograd-pack-"));
    try {
      npm(root, "pack", "--ignore-scripts", "--pack-destination", folder);
      const [tarball] = readdirSync(folder);
      execFileSync("tar", ["-xzf", tarball as string], { cwd: folder });
      const packed = files(join(folder, "package")).sort();
      // One .js and one .d.ts for each source, and nothing more.
      const sources = files(join(root, "src")).flatMap((path) => ["js", "d.ts"].map((ending) => `dist/${path.replace(/ts$/, ending)}`));
      assert.deepEqual(packed, [...sources, "LICENSE", "README.md", "package.json"].sort());

      // In a clean environment, with its own dependencies.
      const app = join(folder, "app");
      execFileSync("mkdir", [app]);
      writeFileSync(join(app, "package.json"), '{ "name": "app", "private": true, "type": "module" }');
      npm(app, "install", "--no-audit", "--no-fund", join(folder, tarball as string));
      writeFileSync(join(app, "main.js"), 'import * as client from "autograd-client"; console.log(Object.keys(client).sort().join(" "));');
      const exported = execFileSync(process.execPath, ["main.js"], { cwd: app, encoding: "utf8" }).trim().split(" ");
      for (const name of ["AutogradConnectionError", "AutogradError", "ErrorReason", "Session", "Tensor", "connect", "float"]) assert.ok(exported.includes(name), name);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("the lock file names no registry", () => {
    assert.doesNotMatch(readFileSync(join(root, "package-lock.json"), "utf8"), /"resolved"|https?:\/\/[^"]*\.tgz/);
  });

  test("the messages are those of the protos", { skip: existsSync(join(root, "node_modules/.bin/buf")) ? false : "buf is not installed" }, () => {
    const folder = mkdtempSync(join(tmpdir(), "autograd-gen-"));
    try {
      execFileSync(join(root, "node_modules/.bin/buf"), ["generate", repository, "--template", "buf.gen.yaml", "-o", folder], { cwd: root, stdio: "pipe" });
      const made = files(join(folder, "src/gen")).sort();
      assert.deepEqual(made, files(join(root, "src/gen")).sort());
      for (const path of made) assert.ok(readFileSync(join(folder, "src/gen", path), "utf8") === readFileSync(join(root, "src/gen", path), "utf8"), `${path} is stale: npm run generate`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
