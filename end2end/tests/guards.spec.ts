// What is handed over when somebody leaves, and addresses that count once they are confirmed.
import { button } from "../support/smtp.ts";
import { expect, test } from "../support/test.ts";

test("whoever deletes the billing contact says in the same step who takes over", async ({ somebody, unique, mail }) => {
  const olivia = await somebody();
  const address = unique("olivia");
  await olivia.signUp("Olivia Hart", "Hart Bakery", address);
  const account = new URL(olivia.page.url()).pathname;
  for (const [name, mailbox] of [["Ada", unique("ada")], ["Ben", unique("ben")]]) {
    await olivia.open(`${account}/contacts/new`);
    await olivia.field("First name").fill(name);
    await olivia.field("E-mail").fill(mailbox);
    await olivia.send("Submit", /\/contacts(\?|$)/);
  }
  await olivia.open(`${account}/profile`);
  const options = await olivia.page.getByLabel("Billing Contact", { exact: true }).locator("option").allTextContents();
  await olivia.page.getByLabel("Billing Contact", { exact: true }).selectOption({ label: options.find((option) => option.startsWith("Ada"))! });
  await olivia.save("Save changes", "Changes saved.");
  await mail.to(address, "The billing contact of Hart Bakery was changed");
  await olivia.open(`${account}/contacts`);
  await olivia.choose("Ada", "Edit Contact");
  await olivia.page.waitForURL(/\/contacts\/[0-9a-z]{26}\/edit$/);
  await olivia.awake();
  await expect(olivia.page.getByText("If you close this contact")).toBeVisible();
  await olivia.accessible();
  await olivia.open(`${olivia.page.url()}?delete=1`);
  const dialog = olivia.page.getByRole("dialog");
  const takes = dialog.getByLabel("Invoices are addressed to");
  await expect(takes).toBeVisible();
  await olivia.accessible();
  const ben = (await takes.locator("option").allTextContents()).find((option) => option.startsWith("Ben"))!;
  await takes.selectOption({ label: ben });
  await olivia.send("Delete Ada", /\/contacts(\?|$)/);
  await olivia.says("Ada was deleted.");
  await olivia.open(`${account}/profile`);
  await expect(olivia.page.getByLabel("Billing Contact", { exact: true }).locator("option:checked")).toHaveText(ben);
  await olivia.open(`${account}/activity`);
  await expect(olivia.page.getByText(`made ${ben} the billing contact in place of Ada`)).toBeVisible();
});

test("a new main address counts once whoever reads there confirms it", async ({ somebody, unique, mail }) => {
  const olivia = await somebody();
  const [old, fresh] = [unique("olivia"), unique("office")];
  await olivia.signUp("Olivia Hart", "Hart Bakery", old);
  const account = new URL(olivia.page.url()).pathname;
  await olivia.open(`${account}/profile`);
  await olivia.field("Main e-mail").fill(fresh);
  await olivia.save("Save changes", "Changes saved.");
  await expect(olivia.page.getByRole("heading", { name: "A new main address is waiting for confirmation" })).toBeVisible();
  await expect(olivia.field("Main e-mail")).toHaveValue(old);
  await olivia.accessible();
  await mail.to(old, "A new main address was requested for Hart Bakery");
  const link = button(await mail.to(fresh, "Confirm the main address of an account"), "Confirm address");
  const office = await somebody();
  await office.open(link);
  await office.accessible();
  await office.save("Confirm address", `${fresh} is now the main address of Hart Bakery.`);
  await mail.to(old, "The main address of Hart Bakery was changed");
  await olivia.open(`${account}/profile`);
  await expect(olivia.field("Main e-mail")).toHaveValue(fresh);
});
