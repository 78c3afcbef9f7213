// Every page of the demo: accessible, inside the width of a phone, right in its status.
import type { Page } from "@playwright/test";
import { DEMO_PASSWORD, expect, type Person, test } from "../support/test.ts";

const OUTSIDE = ["/sign-in", "/sign-up", "/sign-up?sent=a%40example.com", "/forgot-password", "/verify/x", "/reset-password/x", "/invitations/x", "/confirm-email/x", "/sign-in/second-factor", "/preferences/x", "/dev/letters", "/dev/mail", "/dev/panel", "/nothing-here"];
const INSIDE = ["/accounts", "/accounts/open", "/profile", "/profile/delete", "/security", "/security/second-factor", "/security/app", "/security/passkey", "/security/recovery-codes", "/confirm", "A", "A/activity", "A/activity?q=nothing-like-it", "A/ownership", "A/leave", "A/recipients", "A/mail", "A/profile", "A/contacts", "A/contacts?q=nobody-has-this-name", "A/contacts?status=invited", "A/contacts?sort=-sign-in", "A/contacts?status=access&only=no-factor", "A/contacts/several", "A/contacts/new", "A/contacts/invite", "A/contacts/roles", "A/contacts/roles/new", "A/contacts/01k9zv5s8t3w2x1y0abcdefghj", "CARD", "CARD?close=1", "CARD?delete=1", "CARD/edit", "A/services", "A/services?q=nothing-like-it", "SERVICE", "SERVICE/upgrade", "SERVICE/cancel", "A/domains", "DOMAIN", "A/emails", "A/emails?status=failed", "EMAIL", "A/tickets", "A/tickets?q=nothing-like-it", "A/tickets/new", "TICKET", "A/invoices", "A/invoices?q=nothing-like-it", "A/statement", "A/payment-methods", "INVOICE"];

const STAFF = ["/operator", "/operator/customers", "/operator/customers?q=nobody-has-this-name", "/operator/customers/new", "C", "C?close=1", "C/notes", "C/view-as", "C/owner", "C/data", "C/merge?number=10002", "/operator/customers/bulk", "C/services/new", "C/domains/new", "/operator/requests", "/operator/tickets", "/operator/tickets?whose=mine", "/operator/tickets/mail", "/operator/tickets?q=oven", "/operator/tickets/bulk", "/operator/tickets/canned", "/operator/tickets/canned/new", "ARRANGE", "S/tickets", "S/tickets/new", "/operator/invoices", "/operator/invoices?status=overdue", "/operator/billing", "/operator/statements", "C/invoices/new", "BILL", "S/invoices", "S/statement", "/operator/settings/billing", "/operator/products", "/operator/products/new", "/operator/import", "/operator/staff", "/operator/staff/new", "/operator/staff/roles", "/operator/staff/roles/new", "/operator/activity", "/operator/settings", "/operator/settings/mail", "/operator/settings/lifetimes", "/operator/settings/templates", "/operator/settings/templates/invitation", "/operator/settings/departments", "/operator/settings/departments/new", "S/profile", "S/contacts", "S/services", "S/domains", "S/emails", "S/activity"];

/** The pages of the staff area, with a customer in the place of "C" and that customer's account in the place of "S". */
async function ofStaff(page: Page): Promise<string[]> {
  await page.goto(new URL("/operator/customers?q=hart", page.url()).href);
  const customer = await page.getByRole("link", { name: "Hart Bakery" }).evaluate((link) => (link as HTMLAnchorElement).pathname);
  await page.goto(new URL("/operator/tickets", page.url()).href);
  const ticket = await page.locator("td.person a").first().evaluate((link) => (link as HTMLAnchorElement).pathname.split("/").pop());
  await page.goto(new URL("/operator/invoices", page.url()).href);
  const invoice = await page.locator("td.person a").last().evaluate((link) => (link as HTMLAnchorElement).pathname.replace("/a/", "/operator/customers/"));
  return STAFF.map((path) => path.replace("ARRANGE", `/operator/tickets/${ticket}/arrange`).replace("BILL", invoice).replace(/^C/, customer).replace(/^S/, customer.replace("/operator/customers", "/a")));
}

async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** Accessible in light; and in the dark, where nothing but colours is another. */
async function accessible(person: Person): Promise<void> {
  await person.accessible();
  await person.page.emulateMedia({ colorScheme: "dark" });
  await person.accessible(["color-contrast"]);
  await person.page.emulateMedia({ colorScheme: "light" });
}

test("every page is accessible in light and dark @wasm", async ({ somebody, demo }) => {
  test.setTimeout(600_000);
  const olivia = await somebody(demo, { colorScheme: "light" });
  for (const path of OUTSIDE) {
    await olivia.open(path);
    await accessible(olivia);
  }
  await olivia.signIn("olivia@hartbakery.example", DEMO_PASSWORD);
  const at = await places(olivia.page);
  const { account } = at;
  for (const path of INSIDE) {
    await olivia.open(address(path, at));
    await accessible(olivia);
  }
  await olivia.open(`${account}/contacts?status=invited`);
  await olivia.page.getByRole("button", { name: "Actions for Yusuf Demir" }).click();
  await accessible(olivia);
  await olivia.page.locator(".menu:popover-open").getByText("Copy invitation link").click();
  await expect(olivia.page.getByRole("dialog")).toBeVisible();
  await accessible(olivia);
});

test("every page of the staff area is accessible in light and dark, and fits a phone @wasm", async ({ somebody, demo }) => {
  test.setTimeout(600_000);
  const robin = await somebody(demo, { colorScheme: "light", viewport: { width: 360, height: 700 } });
  await robin.signIn("robin@latchkey.example", DEMO_PASSWORD);
  for (const path of await ofStaff(robin.page)) {
    await robin.open(path);
    await accessible(robin);
    await fits(robin.page);
  }
});

test("no page scrolls sideways at 320 pixels, and the navigation opens", async ({ somebody, demo }) => {
  test.setTimeout(120_000);
  const olivia = await somebody(demo, { viewport: { width: 320, height: 640 } });
  for (const path of OUTSIDE) {
    await olivia.open(path);
    await fits(olivia.page);
  }
  await olivia.signIn("olivia@hartbakery.example", DEMO_PASSWORD);
  const at = await places(olivia.page);
  const { account } = at;
  for (const path of INSIDE) {
    await olivia.open(address(path, at));
    await fits(olivia.page);
  }
  await olivia.open(account);
  await olivia.page.getByRole("button", { name: "Navigation" }).click();
  await olivia.page.getByRole("link", { name: "Contacts", exact: true }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
});

type Places = { account: string; card: string; service: string; domain: string; email: string; ticket: string; invoice: string };

/** The first account of whoever is signed in, and the first card, service and domain on it. */
async function places(page: Page): Promise<Places> {
  await page.goto(new URL("/accounts", page.url()).href);
  const account = (await page.getByRole("link", { name: /Owner/ }).first().getAttribute("href"))!;
  const first = async (list: string) => {
    await page.goto(new URL(`${account}/${list}`, page.url()).href);
    return page.locator("td.person a").first().evaluate((link) => (link as HTMLAnchorElement).pathname);
  };
  return { account, card: await first("contacts"), service: await first("services"), domain: await first("domains"), email: await first("emails"), ticket: await first("tickets"), invoice: await first("invoices") };
}

function address(path: string, at: Places): string {
  return path.replace("CARD", at.card).replace("SERVICE", at.service).replace("DOMAIN", at.domain).replace("EMAIL", at.email).replace("TICKET", at.ticket).replace("INVOICE", at.invoice).replace(/^A/, at.account);
}

test("the table searches, filters, sorts and pages", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.signIn("olivia@hartbakery.example", DEMO_PASSWORD);
  const { account } = await places(olivia.page);
  await olivia.open(`${account}/contacts`);
  await expect(olivia.page.getByText("1–50 of 60")).toBeVisible();
  await olivia.page.getByRole("link", { name: "Next" }).click();
  await expect(olivia.page.getByText("51–60 of 60")).toBeVisible();
  await olivia.page.getByRole("link", { name: "Previous" }).click();
  await expect(olivia.page.getByText("1–50 of 60")).toBeVisible();
  await olivia.page.getByRole("searchbox").fill("lindqvist");
  if (!olivia.wasm) await olivia.page.getByRole("button", { name: "Search" }).click();
  await expect(olivia.page.getByText("1–1 of 1")).toBeVisible();
  await expect(olivia.row("Bea Lindqvist")).toContainText("Accounting");
  await olivia.open(`${account}/contacts`);
  await olivia.page.getByRole("link", { name: "Closed" }).click();
  await expect(olivia.page.getByText("1–3 of 3")).toBeVisible();
  await olivia.open(`${account}/contacts`);
  await olivia.page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(olivia.page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await expect(olivia.page.locator("tbody tr").first()).toContainText("Yusuf Demir");
});

test("the web designer chooses between twelve accounts", async ({ somebody, demo }) => {
  const wes = await somebody(demo);
  await wes.signIn("wes@pixelworks.example", DEMO_PASSWORD);
  await expect(wes.page).toHaveURL(/\/accounts$/);
  await expect(wes.page.locator("a.choice")).toHaveCount(12);
  if (wes.wasm) {
    await wes.page.getByRole("searchbox").fill("cera");
    await expect(wes.page.locator("a.choice:visible")).toHaveCount(1);
  }
  await wes.page.getByRole("link", { name: /Mori Ceramics/ }).click();
  await expect(wes.page.getByText("On this account you can read all tickets")).toBeVisible();
  await expect(wes.page.getByRole("navigation", { name: "Account" }).getByRole("link")).toHaveText(["Overview", "Services", "Tickets"]);
  const account = new URL(wes.page.url()).pathname;
  const answer = await wes.page.goto(`${wes.url}${account}/contacts`);
  expect(answer!.status()).toBe(403);
  await expect(wes.page.getByText("This needs the permission “Manage contacts”")).toBeVisible();
});

test("a page fetches few files of the app @wasm", async ({ somebody, demo }) => {
  const html = await (await fetch(`${(await somebody(demo)).url}/sign-in`)).text();
  const files = new Set(html.match(/\/pkg\/[^"']+\.wasm/g));
  expect(files.size).toBeGreaterThan(1);
  expect(files.size, "code that parts of the app share is a file for each set of them: are there more parts?").toBeLessThan(12);
});

test("the demo's mail can be read without a mail server", async ({ somebody, demo }) => {
  const anybody = await somebody(demo);
  await anybody.open("/dev/mail");
  await anybody.page.getByRole("link", { name: /invites you to Hart Bakery/ }).first().click();
  const message = await anybody.page.locator("iframe").getAttribute("src");
  const answer = await fetch(anybody.url + message);
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  expect(await answer.text()).toMatch(/<a href="http[^"]*\/invitations\/[^"]*"[^>]*>Review in Client Area</);
});

test("the e-mail history shows each message as it was, and sends it again", async ({ somebody, demo, unique, mail }) => {
  const olivia = await somebody(demo);
  await olivia.signIn("olivia@hartbakery.example", DEMO_PASSWORD);
  const { account } = await places(olivia.page);
  const address = unique("history");
  await olivia.open(`${account}/contacts/new`);
  await olivia.field("First name").fill("Hilda");
  await olivia.field("E-mail").fill(address);
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await mail.to(address, "You were added to Hart Bakery");
  await olivia.open(`${account}/emails`);
  await olivia.page.getByRole("searchbox").fill(address);
  if (!olivia.wasm) await olivia.page.getByRole("button", { name: "Search" }).click();
  await expect(olivia.page.getByText("1–1 of 1")).toBeVisible();
  await expect(olivia.row("You were added")).toContainText("Hilda");
  await expect(olivia.row("You were added")).toContainText("Sent");
  await olivia.page.getByRole("link", { name: "You were added to Hart Bakery" }).click();
  await expect(olivia.page.frameLocator("iframe").getByText("You are now a contact of Hart Bakery").first()).toBeVisible();
  await olivia.awake();
  await olivia.page.getByRole("button", { name: "Send again" }).click();
  await expect(olivia.page.getByText("This message was already sent in the last 10 minutes.").first()).toBeVisible();
  // Also from the card.
  await olivia.open(`${account}/contacts?q=${address}`);
  await olivia.page.locator("td.person a").first().click();
  await expect(olivia.page.locator(".mails")).toContainText("You were added to Hart Bakery");
  await olivia.page.getByRole("link", { name: "All mail to this person" }).click();
  await expect(olivia.page.getByText("1–1 of 1")).toBeVisible();
});
