// Questions that the first screen answers, in at most two clicks, by what is visible on it.
import { DEMO_PASSWORD, expect, test } from "../support/test.ts";

test("who can see, manage and cancel a service or domain", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.enterBakery();
  await olivia.navigate("Services");
  // Two clicks: the list, and the service.
  await olivia.page.getByRole("link", { name: "Online shop" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Online shop" })).toBeVisible();
  await olivia.awake();
  const people = olivia.page.getByRole("region", { name: "People with access" });
  const answer = (question: string) => people.locator("dt", { hasText: question }).locator("+ dd");
  await expect(answer("Can cancel it")).toHaveText("Olivia Hart");
  await expect(answer("Can use the control panel")).toHaveText("Olivia Hart and Wes Diaz");
  await people.getByText("Who has what, and how").click();
  await expect(olivia.row("Wes Diaz").getByRole("cell")).toContainText(["Wes Diaz", "This service", "This service", "–", "–", "–", "Change"]);
  await expect(olivia.row("Olivia Hart")).toContainText("Owner");
  await expect(olivia.row("Olivia Hart").getByRole("link", { name: /Change/ })).toHaveCount(0);
  // Invited, and not in yet.
  await expect(olivia.row("Lena Vogt")).toContainText("Once the invitation is accepted");
  await olivia.accessible();
  await olivia.row("Wes Diaz").getByRole("link", { name: "Change permissions of Wes Diaz" }).click();
  await expect(olivia.page.getByRole("checkbox", { name: "Cancel: Online shop", exact: true })).toBeVisible();
  await olivia.awake();
  await olivia.navigate("Domains");
  await olivia.page.getByRole("link", { name: "hartbakery.example", exact: true }).click();
  await expect(answer("Can manage it")).toHaveText("Olivia Hart");
});

test("when an invitation expires", async ({ somebody, demo }) => {
  const olivia = await somebody(demo, { viewport: { width: 390, height: 844 } });
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts?status=invited`);
  // Also on a phone, which shows no tooltips.
  await expect(olivia.row("Yusuf Demir")).toContainText(/in 6 days ?\d+ \w+ 20\d\d/);
});

test("what somebody can do, did, was mailed, and what changed about it", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.enterBakery();
  // Two clicks: the list, and the person who is found by typing.
  await olivia.navigate("Contacts");
  await olivia.find("wes");
  await olivia.page.getByRole("link", { name: "Wes Diaz" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Wes Diaz" })).toBeVisible();
  await olivia.awake();
  const card = (name: string) => olivia.page.getByRole("region", { name });
  await expect(card("What Wes Diaz can do")).toContainText("Wes Diaz can read all tickets, open tickets and close tickets; view, use the control panel, see billing information, request upgrades and request cancellation on Bakery website; view and use the control panel on Online shop. Wes Diaz cannot see invoices, domains or contacts.");
  await expect(card("Login and mail")).toContainText(/InvitationAccepted .*by Olivia Hart, to wes@pixelworks.example/);
  await expect(card("Login and mail")).toContainText("Second factor");
  await expect(card("Mail and delivery")).toContainText(/Olivia Hart invites you to Hart Bakery.*Sent/);
  await expect(card("Last 7 days")).toContainText("asked Olivia Hart for “Domains: View”");
  await expect(card("Changes to permissions and details")).toContainText("Olivia Hart Owner stopped letting Wes Diaz (wes@pixelworks.example) see billing information");
  await olivia.accessible();
  await olivia.page.getByText("Which services and domains, and how").click();
  await expect(olivia.row("Online shop").getByRole("cell")).toContainText(["Online shop", "This service", "This service", "–", "–", "–", "Change"]);
});

test("when an invitation expires, who sent it and whether it was delivered", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.enterBakery();
  await olivia.navigate("Contacts");
  await olivia.find("yusuf");
  await olivia.page.getByRole("link", { name: "Yusuf Demir" }).click();
  const card = olivia.page.getByRole("region", { name: "Login and mail" });
  await expect(card).toContainText(/Expires in 6 days, \d+ \w+ 20\d\d/);
  await expect(card).toContainText(/Sent.*by Olivia Hart, to /);
  await expect(card).toContainText(/Delivery(Sent|Queued)/);
});

test("what needs my attention, and which of my accounts needs me", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.enterBakery();
  // No click: it is the first page of the account.
  const needs = olivia.page.getByRole("region", { name: "Needs attention" });
  await expect(needs).toContainText("Wes Diaz asks for “Domains: View”");
  await expect(needs).toContainText("Recipe blog is suspended");
  await expect(needs).toContainText("Invoice INV-00001 was due on");
  await expect(needs).toContainText(/bakingdays.example expires in \d+ days and is not renewed automatically/);
  await olivia.accessible();
  await needs.getByRole("link", { name: /The invitation to Lena Vogt expires/ }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Lena Vogt" })).toBeVisible();
  // Nor on the list of accounts.
  await olivia.open("/accounts");
  await expect(olivia.page.getByRole("link", { name: /Hart Bakery/ })).toContainText("7 things need attention");
  await olivia.accessible();
});

test("who gets the next invoice, and why", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.enterBakery();
  // Two clicks: the list, and the question.
  await olivia.navigate("Contacts");
  await olivia.page.getByRole("link", { name: "Who gets this mail?" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Who gets this mail?" })).toBeVisible();
  const invoice = olivia.page.locator("section.card").filter({ has: olivia.page.getByRole("heading", { name: /invoice/i }) }).first();
  await expect(invoice).toContainText(/@/);
  await expect(invoice).toContainText(/main address|Billing contact|billing contact|Invoice mail/i);
});

test("a closed contact is opened again from the list", async ({ somebody, ownDemo }) => {
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts?status=closed`);
  await olivia.choose("Ada Carter", "Reopen");
  await olivia.says("Ada Carter is active again.");
  await expect(olivia.row("Ada Carter")).toHaveCount(0);
});

test("who has no second factor, and who was never let in", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.enterBakery();
  // Two clicks: the list, and the choice.
  await olivia.navigate("Contacts");
  await olivia.page.getByLabel("Show").selectOption({ label: "Without a second factor" });
  if (!olivia.wasm) await olivia.page.getByRole("button", { name: "Apply filters" }).click();
  await olivia.page.waitForURL(/only=no-factor/);
  await olivia.awake();
  await expect(olivia.row("Wes Diaz")).toContainText("Off");
  await expect(olivia.page.getByRole("row").filter({ hasText: "Mail only" })).toHaveCount(0);
  await olivia.accessible();
});

test("several people are invited again in one step, and the list stays as it was", async ({ somebody, ownDemo }) => {
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts`);
  await olivia.page.getByRole("link", { name: "Invitations", exact: true }).click();
  await expect(olivia.row("Yusuf Demir")).toContainText(/by Olivia Hart/);
  await expect(olivia.row("Yusuf Demir")).toContainText("Sent");
  await olivia.awake();
  // The bar is there once somebody is ticked.
  const again = olivia.page.getByRole("button", { name: "Resend invitation", exact: true }).filter({ visible: true });
  await expect(again).toHaveCount(0);
  for (const name of ["Yusuf Demir", "Lena Vogt"]) await olivia.page.getByRole("checkbox", { name }).check();
  await olivia.accessible();
  await again.click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Resend the invitation to 2 people?" })).toBeVisible();
  await olivia.awake();
  await expect(olivia.page.locator(".named")).toContainText("Lena Vogt");
  await olivia.accessible();
  await olivia.page.getByRole("button", { name: "Resend invitation" }).click();
  await olivia.says("New invitations are on their way to 2 people.");
  await olivia.page.waitForURL(/status=invited/);
  await expect(olivia.page.locator("tr.changed")).toHaveCount(2);
});

test("a printed list has 25 people a page and nothing around it @wasm", async ({ somebody, demo }) => {
  const olivia = await somebody(demo, { viewport: { width: 702, height: 1000 } });
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts`);
  await expect(olivia.page.getByText(/^1–50 of/)).toBeVisible();
  await olivia.page.emulateMedia({ media: "print" });
  await expect(olivia.page.getByRole("navigation", { name: "Account" })).toBeHidden();
  // A sheet of A4 within its margins is 702 pixels wide.
  expect(await olivia.page.locator("table").evaluate((table) => table.scrollWidth)).toBeLessThanOrEqual(702);
  const pdf = (await olivia.page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(2);
});

test("fifty people are at most six screens of a phone", async ({ somebody, demo }) => {
  const olivia = await somebody(demo, { viewport: { width: 390, height: 844 } });
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts`);
  await expect(olivia.page.getByText(/^1–50 of/)).toBeVisible();
  expect(await olivia.page.evaluate(() => document.documentElement.scrollHeight / innerHeight)).toBeLessThanOrEqual(6);
});

test("somebody is closed and opened again from their page", async ({ somebody, ownDemo, mail }) => {
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts?q=wes`);
  await olivia.page.getByRole("link", { name: "Wes Diaz" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Wes Diaz" })).toBeVisible();
  await olivia.awake();
  await olivia.page.getByRole("link", { name: "Close", exact: true }).click();
  const dialog = olivia.page.getByRole("dialog");
  await expect(dialog).toContainText("Wes Diaz can no longer enter this account.");
  // What does no harm has the focus.
  if (olivia.wasm) await expect(dialog.getByRole("link", { name: "Cancel" })).toBeFocused();
  await olivia.awake();
  await olivia.accessible();
  await dialog.getByRole("button", { name: "Close Wes Diaz" }).click();
  await olivia.says("Wes Diaz was closed");
  await mail.to("wes@pixelworks.example", "Your access to Hart Bakery has ended");
  await olivia.awake();
  await olivia.page.getByRole("button", { name: "Reopen" }).click();
  await olivia.says("Wes Diaz is active again.");
});

test("who manages no contacts is told nothing about people", async ({ somebody, demo }) => {
  const wes = await somebody(demo);
  await wes.enterBakery("wes@pixelworks.example");
  await wes.navigate("Services");
  await wes.page.getByRole("link", { name: "Online shop" }).click();
  await expect(wes.page.getByRole("heading", { level: 1, name: "Online shop" })).toBeVisible();
  await expect(wes.page.getByText("People with access")).toHaveCount(0);
});

test("the switcher leads to the same section of another account", async ({ somebody, demo }) => {
  const wes = await somebody(demo);
  await wes.signIn("wes@pixelworks.example", DEMO_PASSWORD);
  await wes.page.getByRole("link", { name: /Becker Bikes/ }).click();
  await expect(wes.page.getByRole("heading", { name: "Welcome to Becker Bikes" })).toBeVisible();
  await wes.navigate("Services");
  await expect(wes.page).toHaveTitle(/^Services · Becker Bikes · \w+/);
  await wes.awake();
  if (!wes.wasm) {
    await wes.page.getByRole("link", { name: /Becker Bikes.*Account/ }).click();
    await expect(wes.page.getByRole("heading", { level: 1, name: "Your accounts" })).toBeVisible();
    return;
  }
  await wes.page.keyboard.press("Control+k");
  const dialog = wes.page.getByRole("dialog", { name: "Switch Customer Account" });
  // The one entered last is the first.
  await expect(dialog.getByRole("listitem").first()).toContainText("Becker Bikes");
  await wes.accessible();
  await wes.page.keyboard.type("hart");
  await expect(dialog.getByRole("listitem")).toHaveCount(1);
  await wes.page.keyboard.press("ArrowDown");
  await expect(dialog.getByRole("link", { name: /Hart Bakery/ })).toBeFocused();
  await wes.page.keyboard.press("Enter");
  await expect(wes.page).toHaveTitle(/^Services · Hart Bakery/);
  await expect(wes.page.getByRole("link", { name: "Online shop" })).toBeVisible();
  await expect(dialog).toHaveCount(0);
  // Also with the mouse, and Escape leaves everything as it was.
  await wes.page.getByRole("link", { name: /Hart Bakery.*Account/ }).click();
  await expect(dialog.getByRole("listitem").first()).toContainText("Hart Bakery");
  await wes.page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("one's own pages lead back to the account, and a page that is not found says who one is", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  const account = await olivia.enterBakery();
  for (const page of ["/security", "/profile"]) {
    await olivia.open(page);
    await expect(olivia.page.getByRole("link", { name: "Back to Hart Bakery" })).toHaveAttribute("href", account);
  }
  for (const nowhere of ["/nowhere", "/a/01k9zv5s8t3w2x1y0abcdefghj"]) {
    const answer = await olivia.page.goto(olivia.url + nowhere);
    expect(answer!.status()).toBe(404);
    await olivia.awake();
    await expect(olivia.page.getByRole("button", { name: "Welcome Olivia Hart" })).toBeVisible();
  }
});

test("the form says what was changed, and warns before it is lost @wasm", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts?q=ada.sato`);
  await olivia.choose("Ada Sato", "Edit Contact");
  await olivia.field("Phone").fill("+44 20 7946 0000");
  await expect(olivia.page.getByText("Changed: Person")).toBeVisible();
  await expect(olivia.page.getByRole("button", { name: "Submit" })).toBeInViewport();
  let asked = "";
  olivia.page.once("dialog", async (dialog) => {
    asked = dialog.message();
    await dialog.dismiss();
  });
  await olivia.page.getByRole("navigation", { name: "Account" }).getByRole("link", { name: "Services" }).click();
  expect(asked).toContain("unsaved changes");
  await expect(olivia.field("Phone")).toHaveValue("+44 20 7946 0000");
  // "Cancel" says it already.
  await olivia.page.getByRole("link", { name: "Cancel" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Ada Sato" })).toBeVisible();
});

test("the box for all of them says when it stands for some only", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts?q=wes`);
  await olivia.choose("Wes Diaz", "Edit Contact");
  const all = olivia.page.getByRole("checkbox", { name: "Cancel: all services, including future ones" });
  await expect(all).not.toBeChecked();
  if (!olivia.wasm) {
    await expect(all).toHaveClass("mixed");
    return;
  }
  expect(await all.evaluate((box) => (box as HTMLInputElement).indeterminate)).toBe(true);
  await olivia.open(`${account}/contacts/new`);
  await olivia.page.getByLabel("Activate Sub-Account").check();
  await olivia.page.getByRole("radio", { name: "Technical Staff" }).check();
  await expect(olivia.page.getByText("no longer for every service")).toBeHidden();
});

test("a likely slip in an address is asked about, and can be kept", async ({ somebody, ownDemo, unique }) => {
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  const address = unique("slip").replace("example.com", "gmial.com");
  await olivia.open(`${account}/contacts/new`);
  await olivia.field("First name").fill("Sally");
  await olivia.field("E-mail").fill(address);
  await olivia.page.getByLabel("Notify Client?").uncheck();
  await olivia.page.getByRole("button", { name: "Submit" }).click();
  await expect(olivia.page.getByText("did you mean").first()).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
  await olivia.page.getByLabel("The address is right").check();
  await olivia.page.getByRole("button", { name: "Submit" }).click();
  await olivia.says("Sally was added.");
});
