import { defineConfig } from "@playwright/test";
import { launchOptions } from "./support/browser.mjs";

export default defineConfig({
  testDir: "tests",
  globalSetup: "./support/prepare.ts",
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // One more than the processors of the smallest machine: while one waits for an answer, another works.
  workers: 3,
  fullyParallel: true,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    // A trace of every test costs a fifth of the time; of a failure the calls are printed.
    screenshot: "only-on-failure",
    launchOptions,
  },
  projects: [
    { name: "wasm", use: { javaScriptEnabled: true } },
    { name: "no-js", use: { javaScriptEnabled: false }, grepInvert: /@wasm/ },
  ],
});
