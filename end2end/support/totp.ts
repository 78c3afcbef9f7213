// An authenticator app that uses no code twice.
import { code } from "./code.mjs";

/** A code that was not used yet: each counts once, and the next one is taken a little early. */
export class App {
  private last = 0;

  constructor(readonly secret: string) {}

  next(): string {
    const step = Math.max(Math.floor(Date.now() / 30_000), this.last + 1);
    this.last = step;
    return code(this.secret, step * 30_000);
  }
}
