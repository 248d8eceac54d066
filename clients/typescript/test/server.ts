import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const repository = (() => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "AutogradService.sln"))) return folder;
    if (folder === dirname(folder)) throw new Error("the tests are not inside the repository");
  }
})();

function assembly(): string {
  const told = process.env["AUTOGRAD_SERVER"];
  if (told !== undefined) return told;
  // The one that was built last.
  const built = ["Release", "Debug"].map((c) => join(repository, `src/Server/bin/${c}/net10.0/AutogradService.Server.dll`)).filter((path) => existsSync(path));
  const [newest] = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest === undefined) throw new Error("no server is built: dotnet build src/Server -c Release");
  return newest;
}

/** A server of its own, on free loopback ports. */
export class Server implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    /** The address for gRPC. */
    readonly grpc: string,
    /** The address for gRPC-web. */
    readonly web: string,
  ) {}

  static async start(...settings: string[]): Promise<Server> {
    const args = ["GrpcPort=0", "HttpPort=0", "WebPort=0", ...settings].map((setting) => `--Autograd:${setting}`);
    const child = spawn("dotnet", [assembly(), ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const found: Record<string, string> = {};
    let output = "";
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server did not start: ${output}`)), 30_000);
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
      child.stderr?.on("data", (part: Buffer) => (output += part.toString()));
      child.stdout?.on("data", (part: Buffer) => {
        output += part.toString();
        for (const [, name, address] of output.matchAll(/(gRPC-web|gRPC|Probes) \(.*?\) on (https?:\S+)/g)) found[name as string] = address as string;
        if (Object.keys(found).length < 3) return;
        clearTimeout(timer);
        output = "";
        resolve();
      });
    });
    child.removeAllListeners("exit");
    return new Server(child, found["gRPC"] as string, found["gRPC-web"] as string);
  }

  /** The process's number. */
  get pid(): number {
    return this.child.pid as number;
  }

  /** Ends it: politely with SIGTERM, or as a crash does. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await ended;
  }

  /** Stops it without ending it, as a machine that hangs. */
  freeze(frozen: boolean): void {
    this.child.kill(frozen ? "SIGSTOP" : "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}
