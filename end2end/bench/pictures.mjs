// Takes the pictures of README from the demo. Run it with `make pictures`.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "@playwright/test";
import { launchOptions } from "../support/browser.mjs";
import { code } from "../support/code.mjs";

const BINARY = resolve(import.meta.dirname, "../../target/debug/latchkey");
const OUT = resolve(import.meta.dirname, "../pictures");
const URL_ = "http://127.0.0.1:3218";
const dir = mkdtempSync(join(tmpdir(), "latchkey-pictures-"));
process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
execFileSync(BINARY, ["demo", "--data-dir", dir, "--base-url", URL_]);
const server = spawn(BINARY, ["serve", "--data-dir", dir, "--listen", "127.0.0.1:3218", "--log", "error"], { stdio: "ignore" });
for (;;) {
  try {
    await fetch(`${URL_}/readyz`);
    break;
  } catch {
    await new Promise((next) => setImmediate(next));
  }
}
const browser = await chromium.launch(launchOptions);
async function visit(options, email) {
  const page = await (await browser.newContext(options)).newPage();
  const open = async (path) => {
    const answer = await page.goto(URL_ + path);
    if (!answer.ok()) throw new Error(`${path} answers ${answer.status()}: there is no such page to picture any more.`);
    await page.waitForSelector("html[data-wasm]");
  };
  if (!email) return { page, open };
  await open("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("latch-key-demo-2026");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.waitForSelector("html[data-wasm]");
  const own = page.getByRole("link", { name: /Owner/ });
  const account = (await own.count()) > 0 ? await own.first().getAttribute("href") : undefined;
  return { page, open, account };
}
const wide = await visit({ viewport: { width: 1280, height: 800 } }, "olivia@hartbakery.example");
await wide.open(`${wide.account}/contacts?status=invited`);
await wide.page.getByRole("button", { name: /^Actions for Yusuf/ }).click();
await wide.page.screenshot({ path: join(OUT, "contacts.png") });
await wide.open(`${wide.account}/contacts/invite`);
await wide.page.getByLabel("Name").first().fill("Ben Carter");
await wide.page.locator("textarea").fill("ben@example.com");
await wide.page.getByRole("radio", { name: "Technical Staff" }).check();
await wide.page.screenshot({ path: join(OUT, "invite.png") });
await wide.open(`${wide.account}/contacts?q=wes`);
const card = await wide.page.locator("td.person a").first().evaluate((link) => link.pathname);
await wide.open(`${card}/edit`);
await wide.page.locator("[data-assets=services]").scrollIntoViewIfNeeded();
await wide.page.locator("[data-assets=services] tr:has-text('Online shop') input").first().uncheck();
await wide.page.locator("legend", { hasText: "Services" }).evaluate((legend) => scrollTo(0, legend.getBoundingClientRect().top + scrollY - 70));
await wide.page.screenshot({ path: join(OUT, "permissions.png") });
await wide.page.getByRole("button", { name: "See it as Wes Diaz" }).click();
await wide.page.getByText("Nothing can be changed here.").waitFor();
await wide.page.waitForSelector("html[data-wasm]");
await wide.page.screenshot({ path: join(OUT, "preview.png") });
await wide.open(`${wide.account}/activity`);
await wide.page.locator(".activity details").first().locator("summary").click();
await wide.page.screenshot({ path: join(OUT, "activity.png") });
await wide.open("/security");
await wide.page.screenshot({ path: join(OUT, "security.png") });
await wide.open(`${wide.account}/recipients`);
await wide.page.screenshot({ path: join(OUT, "recipients.png") });
await wide.open(`${wide.account}/invoices?status=overdue`);
await wide.page.locator("td.person a").first().click();
await wide.page.getByRole("heading", { level: 1, name: /^Invoice/ }).waitFor();
await wide.page.screenshot({ path: join(OUT, "invoice.png") });
await wide.open(`${wide.account}/ownership`);
await wide.page.screenshot({ path: join(OUT, "ownership.png") });
// A second factor: set up, kept, asked for, and asked for again before what is dangerous.
const narrow = { viewport: { width: 640, height: 760 } };
const wes = await visit(narrow, "wes@pixelworks.example");
await wes.open("/security");
await wes.page.getByRole("link", { name: "Set up a second factor" }).click();
await wes.page.getByRole("link", { name: "Use an app" }).click();
const secret = await wes.page.locator("code.secret").textContent();
await wes.page.screenshot({ path: join(OUT, "factor.png") });
await wes.page.getByLabel("Code from the app").fill(code(secret));
await wes.page.getByRole("button", { name: "Switch on" }).click();
await wes.page.locator("ol.codes").waitFor();
await wes.page.screenshot({ path: join(OUT, "codes.png") });
const again = await visit(narrow);
await again.open("/sign-in");
await again.page.getByLabel("E-mail").fill("wes@pixelworks.example");
await again.page.getByLabel("Password").fill("latch-key-demo-2026");
await again.page.getByRole("button", { name: "Sign in", exact: true }).click();
await again.page.getByLabel("Code from your app").waitFor();
await again.page.screenshot({ path: join(OUT, "sign-in.png") });
await again.page.getByLabel("Code from your app").fill(code(secret, Date.now() + 30_000));
await again.page.getByLabel("Remember this device").check();
await again.page.getByRole("button", { name: "Sign in", exact: true }).click();
await again.page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
// On a remembered device the password alone signs in, and does not open what is dangerous.
await again.page.context().clearCookies({ name: "latchkey" });
await again.open("/sign-in?next=/profile/delete");
await again.page.getByLabel("E-mail").fill("wes@pixelworks.example");
await again.page.getByLabel("Password").fill("latch-key-demo-2026");
await again.page.getByRole("button", { name: "Sign in", exact: true }).click();
await again.page.waitForURL("**/confirm**");
await again.page.waitForSelector("html[data-wasm]");
await again.page.screenshot({ path: join(OUT, "confirm.png") });
// Mails as a mail program shows them.
for (const [name, subject, scheme] of [
  ["invitation", "invites you to", "light"],
  ["newsletter", "What is new in November", "dark"],
  ["device", "New sign-in to your login", "light"],
  ["ownership", "is offering you ownership", "light"],
  ["maintenance", "Maintenance on Sunday night", "light"],
]) {
  const reader = await visit({ viewport: { width: 640, height: 420 }, colorScheme: scheme });
  await reader.open("/dev/letters");
  const number = (await reader.page.getByRole("link", { name: subject }).first().getAttribute("href")).split("=")[1];
  await reader.page.goto(`${URL_}/dev/letters/${number}`);
  await reader.page.screenshot({ path: join(OUT, `mail-${name}.png`), fullPage: true });
}
const guest = await visit({ viewport: { width: 1280, height: 800 } });
await guest.open("/dev/mail");
await guest.page.getByRole("link", { name: /Olivia Hart invites you to Hart Bakery.*web\.intern/ }).first().click();
await guest.page.goto(URL_ + (await guest.page.locator("iframe").getAttribute("src")));
const link = await guest.page.getByRole("link", { name: "Review in Client Area" }).getAttribute("href");
await guest.open(new URL(link).pathname);
await guest.page.screenshot({ path: join(OUT, "invitation.png") });
const phone = await visit({ viewport: { width: 390, height: 800 }, colorScheme: "dark" }, "olivia@hartbakery.example");
await phone.open(`${phone.account}/contacts?q=be`);
await phone.page.screenshot({ path: join(OUT, "phone.png") });
const staff = await visit({ viewport: { width: 1280, height: 800 } }, "robin@latchkey.example");
await staff.open("/operator");
await staff.page.screenshot({ path: join(OUT, "operator.png") });
await staff.open("/operator/customers?q=hart+bakery");
await staff.page.getByRole("link", { name: "Hart Bakery" }).click();
await staff.page.getByRole("heading", { level: 1, name: "Hart Bakery" }).waitFor();
await staff.page.screenshot({ path: join(OUT, "customer.png") });
await staff.open("/operator/tickets");
await staff.page.screenshot({ path: join(OUT, "desk.png") });
await staff.open("/operator/tickets?status=answered");
await staff.page.getByRole("link", { name: "Move the domain on Monday" }).click();
await staff.page.locator(".thread").waitFor();
await staff.page.screenshot({ path: join(OUT, "ticket.png") });
await staff.page.locator("form#write").screenshot({ path: join(OUT, "reply.png") });
await staff.open("/operator/settings");
await staff.page.screenshot({ path: join(OUT, "settings.png") });
await browser.close();
server.kill("SIGTERM");
