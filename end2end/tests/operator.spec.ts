// The staff area: set up from nothing, customers brought over, found and worked on, and seen as they see it with consent.
import { newDir, Portal } from "../support/binary.ts";
import { button } from "../support/smtp.ts";
import { DEMO_PASSWORD, expect, type Person, PASSWORD, test } from "../support/test.ts";
import { App } from "../support/totp.ts";

/** Follows an entry of the navigation of the staff area. */
async function go(person: Person, name: string): Promise<void> {
  await person.page.getByRole("navigation", { name: "Staff area" }).getByRole("link", { name }).click();
  await expect(person.page.getByRole("heading", { level: 1, name })).toBeVisible();
  await person.awake();
}

test("a portal is set up from an empty directory", async ({ somebody, mail }) => {
  const portal = await Portal.serve(newDir(), []);
  await expect.poll(() => portal.said).toContain("/setup/");
  const link = portal.said.match(/http\S+\/setup\/\S+/)![0];
  const ada = await somebody(portal);
  await ada.open(link);
  await ada.accessible();
  await ada.field("Company name").fill("Nord Hosting");
  await ada.field("Your name").fill("Ada Admin");
  await ada.field("Your e-mail").fill("ada@nord.example");
  await ada.field("Password").fill(PASSWORD);
  await ada.send("Create my login", /second-factor/);
  // Nothing of the staff area without a second factor; what is done is kept.
  await ada.open("/operator");
  await expect(ada.page).toHaveURL(/second-factor/);
  await ada.page.getByRole("link", { name: "Use an app" }).click();
  const app = new App((await ada.page.locator("code.secret").textContent())!);
  await ada.awake();
  await ada.field("Code from the app").fill(app.next());
  await ada.send("Switch on", /recovery-codes/);
  await ada.page.getByRole("link", { name: "I have saved them" }).click();
  await ada.open("/operator/settings");
  await ada.accessible();
  await ada.field("Colour").fill("#ffee00");
  await ada.page.getByRole("button", { name: "Save settings" }).click();
  await expect(ada.page.getByText("is too light").first()).toBeVisible();
  await ada.awake();
  await ada.field("Colour").fill("#7a1f5c");
  await ada.save("Save settings", "The settings were saved");
  // The mail server is tried before it is kept, and is used from then on.
  await ada.page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Mail", exact: true }).click();
  await expect(ada.page.getByRole("heading", { level: 1, name: "Mail" })).toBeVisible();
  await ada.awake();
  const server = new URL(mail.url);
  await ada.field("Server").fill(server.hostname);
  await ada.field("Port").fill("1");
  await ada.page.getByLabel("Encryption").selectOption("none");
  await ada.page.getByRole("button", { name: "Save mail settings" }).click();
  await expect(ada.page.getByText("cannot be used").first()).toBeVisible();
  await ada.awake();
  await ada.field("Port").fill(server.port);
  await ada.save("Save mail settings", "The mail settings were saved");
  await ada.save("Send me a test e-mail", "A test e-mail is on its way");
  const sent = await mail.to("ada@nord.example", "Test e-mail from Nord Hosting");
  expect(button(sent, "Open the portal")).toContain("/operator");
  // The link is used up, and the company is everywhere.
  const nobody = await somebody(portal);
  await nobody.open(link);
  await expect(nobody.page.getByText("This link does not work")).toBeVisible();
  await nobody.open("/sign-in");
  await expect(nobody.page.getByRole("banner")).toContainText("Nord Hosting");
  await expect(nobody.page).toHaveTitle(/Nord Hosting/);
  await portal.stop();
});

test("a customer is created, given a service, and enters", async ({ somebody, ownDemo, mail, unique }) => {
  const robin = await somebody(ownDemo);
  await robin.signIn("robin@latchkey.example", DEMO_PASSWORD);
  await expect(robin.page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await go(robin, "Customers");
  await robin.page.getByRole("link", { name: "New customer" }).click();
  await expect(robin.page.getByRole("heading", { level: 1, name: "New customer" })).toBeVisible();
  await robin.awake();
  const email = unique("mia");
  await robin.field("Company").fill("Mia & Söhne");
  await robin.field("First name of the owner").fill("Mia");
  await robin.field("E-mail of the owner").fill(email);
  await robin.save("Create customer", `An invitation is on its way to ${email}.`);
  await robin.accessible();
  await robin.page.getByRole("navigation", { name: "Customer" }).getByRole("link", { name: "Services" }).click();
  await robin.page.getByRole("link", { name: "New service" }).click();
  await expect(robin.page.getByRole("heading", { level: 1, name: "New service" })).toBeVisible();
  await robin.awake();
  await robin.field("Product").fill("Web Hosting M");
  await robin.field("What the customer").or(robin.field("Label")).first().fill("Shop");
  await robin.field("Price").fill("12.90");
  await robin.accessible();
  await robin.save("Save", "Shop was saved.");
  const mia = await somebody(ownDemo);
  await mia.open(button(await mail.to(email, "invites you"), "Review in Client Area"));
  await mia.field("Your name").fill("Mia Mond");
  await mia.field("Password").fill(PASSWORD);
  await mia.page.getByRole("button", { name: "Create login" }).click();
  await mia.awake();
  await mia.page.getByRole("button", { name: "Accept" }).click();
  await expect(mia.page.getByRole("heading", { name: "Welcome to Mia & Söhne" })).toBeVisible();
  await mia.awake();
  await mia.navigate("Activity");
  await expect(mia.page.locator(".activity").getByText("Robin Falk · Staff for Mia & Söhne").first()).toBeVisible();
  // Found by what belongs to them.
  await go(robin, "Customers");
  await robin.find(email.split("@")[0]);
  await expect(robin.row("Mia & Söhne")).toBeVisible();
});

test("support looks only when the owner allows it", async ({ somebody, ownDemo, mail }) => {
  const sam = await somebody(ownDemo);
  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await go(sam, "Customers");
  await sam.find("olivia@hartbakery");
  await sam.page.getByRole("link", { name: "Hart Bakery" }).click();
  await expect(sam.page.getByRole("heading", { level: 1, name: "Hart Bakery" })).toBeVisible();
  await sam.awake();
  await sam.accessible();
  await sam.page.getByRole("link", { name: "View as customer" }).click();
  await expect(sam.page.getByRole("heading", { level: 1, name: "View as customer" })).toBeVisible();
  await sam.awake();
  await sam.accessible();
  await sam.field("Reason").fill("A button is missing.");
  await sam.save("Ask the owner", "Olivia Hart was asked.");
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  await mail.to("olivia@hartbakery.example", "asks to see your portal");
  await expect(olivia.page.getByText("Reason: A button is missing.")).toBeVisible();
  await olivia.accessible();
  await olivia.save("Allow for one hour", "Sam Okoye may look for one hour.");
  await sam.page.reload();
  await sam.awake();
  await sam.send("View as customer", /\/a\//);
  await expect(sam.page.getByText("Nothing can be changed", { exact: false }).first()).toBeVisible();
  await sam.accessible();
  await olivia.open(`${account}/activity`);
  await expect(olivia.page.getByText("saw the portal as Olivia Hart: A button is missing.")).toBeVisible();
  await olivia.open(`${account}/profile`);
  await olivia.page.getByRole("radio", { name: /^Never/ }).check();
  await olivia.save("Save choice", "Support access is now “Never”.");
  await sam.page.reload();
  await expect(sam.page.getByText("This page does not exist")).toBeVisible();
});

test("a request is answered from the work queue", async ({ somebody, ownDemo, mail }) => {
  const sam = await somebody(ownDemo);
  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await go(sam, "Requests");
  await sam.accessible();
  await sam.page.getByRole("link", { name: "Answer" }).first().click();
  await expect(sam.page.getByLabel("Message to the customer")).toBeVisible();
  await sam.awake();
  await sam.page.getByRole("button", { name: "Refuse" }).click();
  await expect(sam.page.getByText("Say why: the customer reads it.").first()).toBeVisible();
  await sam.awake();
  await sam.field("Message to the customer").fill("We call you today.");
  await sam.page.getByRole("button", { name: "Refuse" }).click();
  await expect(sam.page.getByRole("status").filter({ hasText: "is refused" }).or(sam.page.getByRole("status").filter({ hasText: "refused" })).first()).toBeVisible();
});

test("customers are brought over from a file", async ({ somebody, ownDemo }) => {
  const robin = await somebody(ownDemo);
  await robin.signIn("robin@latchkey.example", DEMO_PASSWORD);
  await go(robin, "Import");
  await robin.accessible();
  const rows = Array.from({ length: 500 }, (_, n) => `${30000 + n};Firm ${n};Ann;Lee;ann${n}@firm.example`);
  const bring = async (text: string) => {
    await robin.open("/operator/import");
    await robin.page.getByLabel("CSV file").setInputFiles({ name: "kunden.csv", mimeType: "text/csv", buffer: Buffer.from(text, "latin1") });
    await robin.page.getByRole("button", { name: "Check file" }).click();
    await robin.page.waitForURL(/\/operator\/import\/0/);
    await robin.awake();
    await settled(robin);
  };
  await bring(`number;company;first_name;last_name;email\r\n1;;;;nobody\r\n`);
  await expect(robin.page.getByText("A file with mistakes is not imported.")).toBeVisible();
  await robin.accessible();
  await bring(`number;company;first_name;last_name;email\r\n${rows.join("\r\n")}\r\n`);
  await expect(robin.page.getByText("Checked: nothing has been changed yet")).toBeVisible();
  await robin.page.getByRole("button", { name: "Import now" }).click();
  await expect(robin.page.getByRole("status").filter({ hasText: "The import has started." })).toBeVisible();
  await settled(robin);
  await expect(robin.page.getByRole("heading", { level: 2, name: "Imported" })).toBeVisible();
  await expect(robin.page.getByText("500 people can log in once they are invited.")).toBeVisible();
  await robin.accessible();
  await go(robin, "Customers");
  await robin.find("ann123@firm.example");
  await expect(robin.row("Firm 123")).toBeVisible();
});

/** Waits until nobody works on a file: the page follows by itself, or is looked at again. */
async function settled(person: Person): Promise<void> {
  if (person.wasm) return expect(person.page.getByRole("progressbar")).toHaveCount(0, { timeout: 30_000 });
  await expect(async () => {
    await person.page.reload();
    await expect(person.page.getByRole("progressbar")).toHaveCount(0, { timeout: 100 });
  }).toPass({ timeout: 30_000 });
}

test("customers and pages are found by keyboard @wasm", async ({ somebody, demo }) => {
  const sam = await somebody(demo);
  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await sam.page.keyboard.press("Control+k");
  const dialog = sam.page.getByRole("dialog", { name: "Find customers and pages" });
  await expect(dialog.getByRole("searchbox")).toBeFocused();
  await sam.page.keyboard.type("hart");
  await expect(dialog.getByRole("link", { name: /^Hart Bakery/ })).toBeVisible();
  await sam.accessible();
  await sam.page.keyboard.press("Enter");
  await expect(sam.page.getByRole("heading", { level: 1, name: "Hart Bakery" })).toBeVisible();
  await sam.page.keyboard.press("Control+k");
  await sam.page.keyboard.type("requ");
  await expect(dialog.getByRole("link")).toHaveCount(1);
  await sam.page.keyboard.press("ArrowDown");
  await sam.page.keyboard.press("Enter");
  await expect(sam.page.getByRole("heading", { level: 1, name: "Requests" })).toBeVisible();
  await sam.page.keyboard.press("?");
  await expect(sam.page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await sam.accessible();
  await sam.page.keyboard.press("Escape");
  await expect(sam.page.getByRole("dialog", { name: "Keys" })).toBeHidden();
});
