// The real binary: starting it, stopping it, and running its other commands.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const BINARY = resolve(import.meta.dirname, process.env.LATCHKEY_BINARY ?? "../../target/debug/latchkey");

const dirs: string[] = [];
process.once("exit", () => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

/** A new directory that nobody else uses. It goes with this process. */
export function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "latchkey-"));
  dirs.push(dir);
  return dir;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}

/** Runs a command of the binary to its end. */
export function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    execFile(BINARY, args, { env: { ...process.env, RUST_BACKTRACE: "0", ...env } }, (error, out, err) => {
      done({ code: error ? Number(error.code ?? 1) : 0, out, err });
    });
  });
}

/** A portal that is being served. */
export class Portal {
  private constructor(
    readonly url: string,
    readonly dir: string,
    private process: ChildProcess,
    private readonly args: string[],
  ) {
    this.process.stdout?.on("data", (text) => (this.said += text));
  }

  /** What it printed. */
  said = "";

  static async serve(dir: string, extra: string[] = []): Promise<Portal> {
    const port = await freePort();
    const args = ["serve", "--data-dir", dir, "--listen", `127.0.0.1:${port}`, "--log", "warn", ...extra];
    const portal = new Portal(`http://127.0.0.1:${port}`, dir, Portal.spawn(args), args);
    await portal.ready();
    return portal;
  }

  private static spawn(args: string[]): ChildProcess {
    return spawn(BINARY, args, { stdio: ["ignore", "pipe", "inherit"] });
  }

  /** Waits until it answers; a failed connection is tried again at once, the operating system paces that. */
  private async ready(): Promise<void> {
    const end = Date.now() + 20_000;
    for (;;) {
      try {
        if ((await fetch(`${this.url}/readyz`)).ok) return;
      } catch {
        const { exitCode, signalCode } = this.process;
        if (exitCode !== null || signalCode !== null) throw new Error(`the portal ended with ${exitCode ?? signalCode}`);
      }
      if (Date.now() > end) throw new Error("the portal does not answer");
      await new Promise((next) => setTimeout(next, 5));
    }
  }

  /** Ends it with a signal and waits until it is gone. Answers its exit code. */
  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    return new Promise((done) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) return done(this.process.exitCode);
      this.process.once("exit", (code) => done(code));
      this.process.kill(signal);
    });
  }

  /** Starts it again on the same directory and port. */
  async again(): Promise<void> {
    this.process = Portal.spawn(this.args);
    this.process.stdout?.on("data", (text) => (this.said += text));
    await this.ready();
  }
}
