// How the browser is started: the one that is installed; without one, that of Playwright. The headless shell does the same as Chromium
// for half the time.
import { existsSync } from "node:fs";

const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

export const launchOptions = {
  executablePath: names.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path)),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};
