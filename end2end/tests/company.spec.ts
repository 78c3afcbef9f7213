// The staff area: what is done to many customers or to whole accounts, and how the company words its mail.
import { DEMO_PASSWORD, expect, type Person, test } from "../support/test.ts";

async function asRobin(person: Person): Promise<Person> {
  await person.signIn("robin@latchkey.example", DEMO_PASSWORD);
  return person;
}

/** Opens a customer from the list, and answers the path of their page. */
async function customer(person: Person, name: string): Promise<string> {
  await person.open(`/operator/customers?q=${encodeURIComponent(name)}`);
  await person.page.getByRole("link", { name }).first().click();
  await expect(person.page.getByRole("heading", { level: 1, name })).toBeVisible();
  await person.awake();
  return new URL(person.page.url()).pathname;
}

/** Follows a link to a page with this heading. */
async function follow(person: Person, link: string, heading = link): Promise<void> {
  await person.page.getByRole("link", { name: link, exact: true }).click();
  await expect(person.page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
  await person.awake();
}

test("staff word a mail, see it, and go back", async ({ somebody, ownDemo, mail, unique }) => {
  const robin = await asRobin(await somebody(ownDemo));
  await robin.open("/operator/settings/templates/invitation");
  await robin.field("Text").fill("Hello {{name");
  await robin.page.getByRole("button", { name: "Save draft and preview" }).click();
  await expect(robin.page.getByText("does not close").first()).toBeVisible();
  await robin.awake();
  await robin.field("Text").fill("Hello **{{name}}**, {{inviter}} is waiting.\n\n{{text}}");
  await robin.save("Save draft and preview", "The draft was saved.");
  const frame = robin.page.frameLocator("iframe");
  await expect(frame.getByText("Hello Ben Carter, Olivia Hart is waiting.")).toBeVisible();
  await robin.accessible();
  await robin.save("Send me a test e-mail", "A test e-mail is on its way");
  expect((await mail.to("robin@latchkey.example", "Olivia Hart invites you")).text).toContain("Olivia Hart is waiting.");
  await robin.save("Use from now on", "are worded like this from now on.");
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  const email = unique("wanda");
  await olivia.open(`${account}/contacts/invite`);
  await olivia.page.getByRole("textbox", { name: /E-mail/ }).first().fill(email);
  await olivia.page.getByRole("button", { name: /Invite|Send/ }).first().click();
  expect((await mail.to(email, "invites you")).text).toContain("Olivia Hart is waiting.");
  await robin.save("Back to the original", "The original words are used again.");
  await expect(robin.page.getByText("Robin Falk ·")).toBeVisible();
});

test("all customers found are closed at once, and it is undone", async ({ somebody, ownDemo }) => {
  const robin = await asRobin(await somebody(ownDemo));
  await robin.open("/operator/customers?q=yoga");
  await expect(robin.row("Nair Yoga")).toBeVisible();
  await follow(robin, "Do something with all found");
  await expect(robin.page.getByText("Customers found: 1")).toBeVisible();
  await robin.accessible();
  await robin.page.getByLabel("Close the accounts").check();
  await robin.field("Reason").fill("Moved to another company.");
  await robin.send("Do it", /bulk\/\w/);
  const look = async (what: string) =>
    expect(async () => {
      if (!robin.wasm) await robin.page.reload();
      await expect(robin.page.getByText(what)).toBeVisible({ timeout: 1_500 });
    }).toPass();
  await look("1 were changed");
  await robin.accessible();
  await expect(robin.page.getByRole("heading", { level: 2, name: "Done" })).toBeVisible();
  await robin.page.getByRole("button", { name: "Undo for all" }).click();
  await expect(robin.page.getByRole("heading", { level: 1, name: "Open the accounts again" })).toBeVisible();
  await robin.awake();
  await look("1 were changed");
  await robin.open("/operator/customers?q=yoga");
  await expect(robin.row("Nair Yoga")).toContainText("Active");
});

test("an owner who is gone is replaced, unless they are still there", async ({ somebody, ownDemo, mail }) => {
  const robin = await asRobin(await somebody(ownDemo));
  await customer(robin, "Hart Bakery");
  await follow(robin, "The owner is gone: replace them", "Replace the owner");
  await robin.accessible();
  await robin.page.getByLabel("New owner").selectOption({ index: 1 });
  await robin.field("Reason").fill("Her partner called.");
  await robin.save("Begin the waiting time", "becomes the owner on");
  await robin.accessible();
  const told = await mail.to("olivia@hartbakery.example", "is to get another owner");
  expect(told.text).toContain("Her partner called.");
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/ownership`);
  await olivia.accessible();
  await olivia.save("I am still here: stop it", "It was stopped. You stay the owner.");
  await mail.to("robin@latchkey.example", "keeps its owner");
});

test("two accounts become one, and a customer is erased", async ({ somebody, ownDemo }) => {
  const robin = await asRobin(await somebody(ownDemo));
  const bikes = await customer(robin, "Becker Bikes");
  await follow(robin, "Merge into another account");
  await robin.field("Number of the other account").fill("10003");
  await robin.page.getByRole("button", { name: "Show what would move" }).click();
  await expect(robin.page.getByText("would be merged into Okafor Interiors")).toBeVisible();
  await robin.awake();
  await robin.accessible();
  await robin.field("Reason").fill("One company.");
  await robin.send("Merge into another account", (url) => !url.pathname.includes("/merge") && !url.pathname.startsWith(bikes));
  await expect(robin.page.getByRole("heading", { level: 1, name: "Okafor Interiors" })).toBeVisible();

  const yoga = await customer(robin, "Nair Yoga");
  await robin.open(`${yoga}?close=1`);
  await robin.page.getByRole("dialog").getByRole("textbox").fill("Asked by letter.");
  await robin.page.getByRole("dialog").getByRole("button", { name: "Close account" }).click();
  await robin.says("closed");
  await robin.awake();
  await follow(robin, "Export or erase the customer’s data", "Data of the customer");
  const download = robin.page.waitForEvent("download");
  await robin.page.getByRole("link", { name: "Download archive" }).click();
  expect((await download).suggestedFilename()).toBe("customer-10007.zip");
  await robin.field("Reason").fill("Asked by letter.");
  await robin.field("Number of the account").fill("10007");
  await robin.accessible();
  await robin.page.getByRole("button", { name: "Erase" }).click();
  await expect(robin.page.getByRole("heading", { level: 1, name: "Customer 10007" })).toBeVisible();
  await robin.open("/operator/customers?q=yoga");
  await expect(robin.page.getByText("Nair Yoga")).toHaveCount(0);
});
