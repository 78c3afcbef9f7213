// Before all tests: one demo, which each test that changes a demo copies.
import { newDir, run } from "./binary.ts";

export default async function prepare(): Promise<void> {
  const dir = newDir();
  const made = await run(["demo", "--data-dir", dir, "--services", "300"]);
  if (made.code !== 0) throw new Error(made.err);
  process.env.LATCHKEY_DEMO = dir;
}
