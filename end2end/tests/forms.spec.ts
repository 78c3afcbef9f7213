// Forms that are refused, interrupted or cut off: said beside the field, and nothing that was typed is lost.
import { expect, PASSWORD, test } from "../support/test.ts";

test("a refused form says why beside the field and keeps what was typed", async ({ somebody, unique }) => {
  const olivia = await somebody();
  await olivia.signUp("Olivia Hart", "Hart Bakery", unique("olivia"));
  const contacts = `${new URL(olivia.page.url()).pathname}/contacts`;
  await olivia.open(`${contacts}/new`);
  await olivia.field("Last name").fill("<script>alert('x')</script>");
  await olivia.field("Company").fill("{{company}}");
  await olivia.field("E-mail").fill("ben@nowhere");
  await olivia.page.getByLabel("Domain", { exact: true }).check();
  await olivia.page.getByRole("button", { name: "Submit" }).click();
  const email = olivia.field("E-mail");
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(olivia.page.locator("#f-email-error")).toContainText("The part after the @ is a domain, like example.com.");
  await olivia.awake();
  await expect(email).toBeFocused();
  await expect(email).toHaveValue("ben@nowhere");
  await expect(olivia.field("Last name")).toHaveValue("<script>alert('x')</script>");
  await expect(olivia.page.getByLabel("Domain", { exact: true })).toBeChecked();
  await expect(olivia.page.getByLabel("General", { exact: true })).toBeChecked();
  await olivia.accessible();
  await email.fill("ben@nowhere.example");
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await expect(olivia.row("<script>alert('x')</script>")).toBeVisible();

  // The same address again: refused, with the way to the card.
  await olivia.open(`${contacts}/new`);
  await olivia.field("First name").fill("Benny");
  await olivia.field("E-mail").fill("BEN@nowhere.example");
  await olivia.page.getByRole("button", { name: "Submit" }).click();
  await olivia.page.locator("#f-email-error").getByRole("link", { name: "Open the contact" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "<script>alert('x')</script>" })).toBeVisible();
});

test("a session that ends in the middle of a form loses nothing", async ({ somebody, unique }) => {
  const olivia = await somebody();
  const address = unique("olivia");
  await olivia.signUp("Olivia Hart", "Hart Bakery", address);
  await olivia.open(`${new URL(olivia.page.url()).pathname}/contacts/new`);
  await olivia.field("First name").fill("Benedikt");
  await olivia.field("E-mail").fill("ben@example.com");
  await olivia.page.getByLabel("Invoice", { exact: true }).check();
  // She ends it from another browser.
  const elsewhere = await somebody();
  await elsewhere.signIn(address);
  await elsewhere.open("/security");
  await elsewhere.save("Sign out everywhere else", "Every other browser was signed out.");
  await olivia.send("Submit", /\/sign-in/);
  await expect(olivia.page.getByText("What you typed is kept")).toBeVisible();
  await olivia.field("E-mail").fill(address);
  await olivia.field("Password").fill(PASSWORD);
  await olivia.send("Sign in", /\/contacts\/new/);
  await expect(olivia.page.getByText("What you typed is still here")).toBeVisible();
  await expect(olivia.field("First name")).toHaveValue("Benedikt");
  await expect(olivia.page.getByLabel("Invoice", { exact: true })).toBeChecked();
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await expect(olivia.row("Benedikt")).toBeVisible();
});

test("a line that breaks is said, retried, and the form is done once @wasm", async ({ somebody, unique, mail }) => {
  const olivia = await somebody();
  await olivia.signUp("Olivia Hart", "Hart Bakery", unique("olivia"));
  await olivia.open(`${new URL(olivia.page.url()).pathname}/contacts/new`);
  const ben = unique("ben");
  await olivia.field("First name").fill("Ben");
  await olivia.field("E-mail").fill(ben);
  await olivia.page.context().setOffline(true);
  await olivia.page.getByRole("button", { name: "Submit" }).click();
  await expect(olivia.page.getByText("No connection to the server. What you typed is kept")).toBeVisible();
  await expect(olivia.field("First name")).toHaveValue("Ben");
  // The answer to the first try that arrives gets lost on its way back: the form is sent again and still done once.
  let lost = false;
  await olivia.page.route("**/rpc/contacts/create", async (route) => {
    if (lost) return route.continue();
    lost = true;
    await route.fetch();
    await route.abort("connectionreset");
  });
  await olivia.page.context().setOffline(false);
  await olivia.page.waitForURL(/\/contacts(\?|$)/);
  await olivia.says("Ben was added and gets an e-mail about it.");
  expect(lost).toBe(true);
  await mail.to(ben, "You were added");
  expect(mail.mails.filter((m) => m.to_address === ben)).toHaveLength(1);
});

test("the strength of a password is shown while typing @wasm", async ({ somebody }) => {
  const page = await somebody();
  await page.open("/sign-up");
  await page.field("Password").pressSequentially("password");
  await expect(page.page.getByText("Very easy to guess.")).toBeVisible();
  await page.field("Password").fill(PASSWORD);
  await expect(page.page.getByText("Very good.")).toBeVisible();
});

test("presets fill the boxes and a changed box makes it Custom @wasm", async ({ somebody, unique }) => {
  const olivia = await somebody();
  await olivia.signUp("Olivia Hart", "Hart Bakery", unique("olivia"));
  await olivia.open(`${new URL(olivia.page.url()).pathname}/contacts/new`);
  await expect(olivia.page.getByRole("radio", { name: "Accounting" })).toBeHidden();
  await olivia.page.getByLabel("Activate Sub-Account").check();
  await olivia.page.getByRole("radio", { name: "Technical Staff" }).check();
  await expect(olivia.page.getByRole("checkbox", { name: "Control panel: all services, including future ones" })).toBeChecked();
  await expect(olivia.page.getByRole("checkbox", { name: "View invoices" })).not.toBeChecked();
  await olivia.page.getByRole("checkbox", { name: "Cancel: all services, including future ones" }).uncheck();
  await expect(olivia.page.getByRole("radio", { name: "Custom" })).toBeChecked();
  await expect(olivia.page.getByText("They will not see invoices, domains or contacts.")).toBeVisible();
  await olivia.page.getByRole("checkbox", { name: "Cancel: all services, including future ones" }).check();
  await expect(olivia.page.getByRole("radio", { name: "Technical Staff" })).toBeChecked();
});

test("a part of the app that cannot be fetched is said, and the page can be loaded again @wasm", async ({ somebody, unique }) => {
  const olivia = await somebody();
  await olivia.signUp("Olivia Hart", "Hart Bakery", unique("olivia"));
  await olivia.open(`${new URL(olivia.page.url()).pathname}/contacts`);
  const fresh = await somebody();
  await fresh.page.context().addCookies(await olivia.page.context().cookies());
  await fresh.open(new URL(olivia.page.url()).pathname);
  await fresh.page.route("**/pkg/split_*", (route) => route.abort("connectionreset"));
  await fresh.page.getByRole("navigation", { name: "Account" }).getByRole("link", { name: "Services" }).click();
  await expect(fresh.page.getByRole("heading", { level: 1, name: "No connection" })).toBeVisible();
  await fresh.page.unroute("**/pkg/split_*");
  await fresh.open(fresh.page.url());
  await expect(fresh.page.getByRole("heading", { level: 1, name: "Services" })).toBeVisible();
});
