// The browser that is installed; without one, that of Playwright. The headless shell does the same as Chromium for half the time.
import { existsSync } from "node:fs";

export const executablePath = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`).find((path) => existsSync(path));
