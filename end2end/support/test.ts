// The test of this suite: a portal with a mail server, people with browsers, and pages whose console must stay silent.
import { cpSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type Page, test as base, expect } from "@playwright/test";
import { newDir, Portal } from "./binary.ts";
import { button, MailServer } from "./smtp.ts";

export { expect };
export const PASSWORD = "plum-tractor-evening-92";
export const DEMO_PASSWORD = "latch-key-demo-2026";

// The browser itself reports every answer above 399 and every broken line, also the one for news; they are shown on the page. Playwright's own scripts
// cannot enter the sandboxed mail.
const REPORTED = /Failed to load resource: the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED|net::ERR_CONNECTION_(RESET|REFUSED)|net::ERR_INCOMPLETE_CHUNKED_ENCODING|TypeError: Failed to fetch|Blocked script execution in '[^']*\/(dev\/mail|dev\/letters|emails|templates)\//;

/** A person with a browser of their own. */
export class Person {
  constructor(
    readonly page: Page,
    readonly url: string,
    readonly mail: MailServer,
    readonly wasm: boolean,
  ) {}

  /** A text field by the beginning of its label: "(required)" follows some. */
  field(label: string) {
    return this.page.locator("input:not([type=checkbox], [type=radio]), textarea").and(this.page.getByLabel(new RegExp(`^${label}`)));
  }

  /** Opens a path or a full address, and waits until the page is awake. */
  async open(path: string): Promise<void> {
    await this.page.goto(path.startsWith("http") ? path : this.url + path);
    await this.awake();
  }

  async awake(): Promise<void> {
    if (this.wasm) await this.page.waitForSelector("html[data-wasm]", { timeout: 30_000 });
  }

  /** Sends the form around a button and waits for another page. */
  async send(name: string | RegExp, then: RegExp | ((url: URL) => boolean)): Promise<void> {
    const url = new URL(this.page.url());
    expect(then instanceof RegExp ? then.test(url.href) : then(url), `${url.pathname} is shown already: save() waits for its answer`).toBe(false);
    await this.page.getByRole("button", { name, exact: true }).click();
    await this.page.waitForURL(then);
    await this.awake();
  }

  /** Sends the form around a button and waits for what the same page says then. */
  async save(name: string, then: string): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
    await this.says(then);
    await this.awake();
  }

  async says(text: string): Promise<void> {
    await expect(this.page.getByRole("status").filter({ hasText: text })).toBeVisible();
  }

  async signUp(name: string, company: string, email: string): Promise<void> {
    await this.open("/sign-up");
    await this.field("Your name").fill(name);
    await this.field("Company").fill(company);
    await this.field("E-mail").fill(email);
    await this.field("Password").fill(PASSWORD);
    await this.send("Sign up", /sent=/);
    await expect(this.page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
    await this.open(button(await this.mail.to(email, "Confirm your e-mail address"), "Confirm address"));
    await this.field("Password").fill(PASSWORD);
    await this.send("Confirm and sign in", /\/a\//);
  }

  async signIn(email: string, password = PASSWORD): Promise<void> {
    await this.open("/sign-in");
    await this.field("E-mail").fill(email);
    await this.field("Password").fill(password);
    await this.send("Sign in", (url) => !url.pathname.startsWith("/sign-in"));
  }

  /** Signs in to the demo and enters Hart Bakery; answers its path. */
  async enterBakery(email = "olivia@hartbakery.example"): Promise<string> {
    await this.signIn(email, DEMO_PASSWORD);
    await this.page.getByRole("link", { name: /Hart Bakery/ }).click();
    await expect(this.page.getByRole("heading", { name: "Welcome to Hart Bakery" })).toBeVisible();
    await this.awake();
    return new URL(this.page.url()).pathname;
  }

  /** Follows a link of the left navigation. */
  async navigate(name: string): Promise<void> {
    await this.page.getByRole("navigation", { name: "Account" }).getByRole("link", { name }).click();
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
    await this.awake();
  }

  /** Chooses from the three-dot menu of somebody's row. */
  /** Types into the search of a list. */
  async find(words: string): Promise<void> {
    await this.page.getByRole("searchbox").fill(words);
    if (!this.wasm) await this.page.getByRole("button", { name: "Search" }).click();
  }

  async choose(person: string, item: string): Promise<void> {
    await this.page.getByRole("button", { name: `Actions for ${person}` }).click();
    const menu = this.page.locator(".menu:popover-open");
    await menu.getByText(item, { exact: true }).click();
    await this.awake();
  }

  row(person: string) {
    return this.page.getByRole("row").filter({ hasText: person });
  }

  /** No accessibility violations on the page as it stands; of these rules alone where only they can differ. */
  async accessible(rules?: string[]): Promise<void> {
    if (!this.wasm) return;
    // A page that a form on another site led to may show its words before it has its styles.
    await this.page.waitForLoadState("load");
    await this.awake();
    // What the bar of a long form covers can be scrolled from under it: it is measured as if it did not float.
    await this.page.evaluate(() => document.querySelectorAll<HTMLElement>(".actions.bar").forEach((bar) => (bar.style.position = "static")));
    // In legacy mode no page of its own is opened for each look. What is inside frames is left out: no script can be put into a sandboxed mail.
    const axe = new AxeBuilder({ page: this.page }).setLegacyMode().options({ iframes: false });
    const found = await (rules ? axe.withRules(rules) : axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])).analyze();
    await this.page.evaluate(() => document.querySelectorAll<HTMLElement>(".actions.bar").forEach((bar) => (bar.style.position = "")));
    const short = found.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => `${n.html.slice(0, 200)} ${n.failureSummary}`).join("\n  ")}`);
    expect(short.join("\n")).toBe("");
  }
}

type Worker = { mail: MailServer; portal: Portal; demo: Portal };
type Each = {
  /** Makes somebody with a browser, who visits the portal or the demo. */
  somebody: (portal?: Portal, options?: Parameters<Browser["newContext"]>[0]) => Promise<Person>;
  /** A demo of one's own, to change things in. */
  ownDemo: Portal;
  /** An address that nobody has yet. */
  unique: (name: string) => string;
};

async function newDemo(mail: MailServer): Promise<Portal> {
  const dir = newDir();
  cpSync(process.env.LATCHKEY_DEMO!, dir, { recursive: true });
  return Portal.serve(dir, ["--smtp-url", mail.url, "--staff-email", "staff@latchkey.example"]);
}

export const test = base.extend<Each, Worker>({
  mail: [
    async ({}, use) => {
      const mail = await MailServer.start();
      await use(mail);
      await mail.close();
    },
    { scope: "worker" },
  ],
  portal: [
    async ({ mail }, use) => {
      const portal = await Portal.serve(newDir(), ["--smtp-url", mail.url]);
      await use(portal);
      await portal.stop();
    },
    { scope: "worker" },
  ],
  demo: [
    async ({ mail }, use) => {
      const portal = await newDemo(mail);
      await use(portal);
      await portal.stop();
    },
    { scope: "worker" },
  ],
  ownDemo: async ({ mail }, use) => {
    const portal = await newDemo(mail);
    await use(portal);
    await portal.stop();
  },
  unique: async ({}, use) => {
    const mark = `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
    await use((name) => `${name}.${mark}@example.com`);
  },
  somebody: async ({ browser, mail, portal, javaScriptEnabled }, use) => {
    const wasm = javaScriptEnabled !== false;
    const contexts: BrowserContext[] = [];
    const wrong: string[] = [];
    await use(async (at = portal, options = {}) => {
      const context = await browser.newContext({ javaScriptEnabled: wasm, viewport: { width: 1280, height: 900 }, ...options });
      contexts.push(context);
      await context.addInitScript("Error.stackTraceLimit = 60");
      const page = await context.newPage();
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type()) && !REPORTED.test(message.text())) wrong.push(message.text());
      });
      page.on("pageerror", (error) => REPORTED.test(String(error)) || wrong.push(`${page.url()} ${error.stack}`));
      return new Person(page, at.url, mail, wasm);
    });
    for (const context of contexts) await context.close();
    expect(wrong, "errors in the browser's console").toEqual([]);
  },
});
