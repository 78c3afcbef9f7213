// Custom roles: saved under a name, given like a preset, and everything that takes a change back or keeps what was typed.
import { expect, test } from "../support/test.ts";

test("a role is saved, given by name, and says who has it", async ({ somebody, ownDemo, unique }) => {
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts`);
  await olivia.page.getByRole("link", { name: "Roles", exact: true }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Roles" })).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
  await olivia.page.getByRole("link", { name: "New role" }).first().click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "New role" })).toBeVisible();
  await olivia.awake();
  // A name that a preset has is refused beside the field.
  await olivia.field("Name").fill("Accounting");
  await olivia.page.getByLabel("Place orders").check();
  await olivia.page.getByRole("checkbox", { name: "View: Online shop", exact: true }).check();
  if (!olivia.wasm) await olivia.page.getByRole("radio", { name: "Custom" }).check();
  await olivia.page.getByRole("button", { name: "Save role" }).click();
  await expect(olivia.page.getByText("“Accounting” has a meaning of its own.").first()).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
  await olivia.field("Name").fill("Shop buyer");
  await olivia.save("Save role", "The role “Shop buyer” was saved.");
  await expect(olivia.row("Shop buyer")).toContainText("Place orders and view Online shop.");
  await expect(olivia.row("Shop buyer")).toContainText("Nobody");
  // It stands beside the presets of every form.
  await olivia.open(`${account}/contacts/invite`);
  const email = unique("buyer");
  await olivia.field("E-mail").fill(email);
  await olivia.page.getByRole("radio", { name: "Shop buyer" }).check();
  if (olivia.wasm) await expect(olivia.page.getByRole("checkbox", { name: "Place orders" })).toBeChecked();
  await olivia.save("Send invitation", `An invitation is on its way to ${email}.`);
  await olivia.open(`${account}/contacts?q=${encodeURIComponent(email)}`);
  await expect(olivia.row(email)).toContainText("Shop buyer");
  // The list is narrowed down to who has it.
  await olivia.open(`${account}/contacts`);
  await olivia.awake();
  const role = olivia.page.getByRole("combobox", { name: "Role", exact: true });
  await role.selectOption("Shop buyer");
  if (!olivia.wasm) await olivia.page.getByRole("button", { name: "Apply filters" }).click();
  await expect(olivia.page.getByText("1–1 of 1")).toBeVisible();
  await expect(olivia.row(email)).toBeVisible();
  await olivia.awake();
  // A phone opens the same fields with a button.
  const wide = olivia.page.viewportSize()!;
  await olivia.page.setViewportSize({ width: 390, height: 780 });
  await expect(role).toBeHidden();
  await olivia.page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(role.locator("option:checked")).toHaveText("Shop buyer");
  await olivia.accessible();
  await olivia.page.setViewportSize(wide);
  // Changed for everybody who has it.
  await olivia.open(`${account}/contacts/roles`);
  await olivia.page.getByRole("link", { name: "Shop buyer", exact: true }).click();
  await expect(olivia.page.getByRole("heading", { level: 2, name: "Who has this role" })).toBeVisible();
  await olivia.awake();
  await olivia.page.getByLabel("View activity").check();
  await olivia.accessible();
  await olivia.save("Save changes", "The permissions of 1 person were changed as well.");
  await olivia.page.getByRole("link", { name: "1 person" }).click();
  await expect(olivia.row(email)).toContainText("Shop buyer");
  // Deleted, it takes nothing away.
  await olivia.open(`${account}/contacts/roles`);
  await olivia.page.getByRole("link", { name: "Delete Shop buyer" }).click();
  const dialog = olivia.page.getByRole("dialog");
  await expect(dialog).toContainText("keep their permissions");
  await olivia.awake();
  await olivia.accessible();
  await olivia.save("Delete “Shop buyer”", "The role “Shop buyer” was deleted.");
  await olivia.open(`${account}/contacts?q=${encodeURIComponent(email)}`);
  await expect(olivia.row(email)).toContainText("Custom");
});

test("the form of a contact saves its permissions as a role too", async ({ somebody, ownDemo, unique }) => {
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts/invite`);
  await olivia.field("E-mail").fill(unique("first"));
  await olivia.page.getByLabel("Place orders").check();
  await olivia.page.getByText("Save as a role").click();
  await olivia.field("Role name").fill("Buyer");
  await olivia.save("Send invitation", "An invitation is on its way");
  await olivia.open(`${account}/contacts/roles`);
  await expect(olivia.row("Buyer")).toContainText("1 person");
});

test("closing somebody and switching mail are undone with one click", async ({ somebody, ownDemo }) => {
  const olivia = await somebody(ownDemo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts?q=ada.costa`);
  await olivia.page.getByRole("link", { name: "Ada Costa" }).click();
  await olivia.page.getByRole("link", { name: "Close", exact: true }).click();
  await olivia.awake();
  await olivia.save("Close Ada Costa", "Ada Costa was closed.");
  await olivia.accessible();
  await olivia.save("Undo", "Ada Costa is active again.");
  await expect(olivia.page.getByText("This contact is closed")).toHaveCount(0);
  // A kind of mail for several, and back.
  await olivia.open(`${account}/contacts?q=ada`);
  for (const name of ["Ada Costa", "Ada Sato"]) await olivia.page.getByRole("checkbox", { name }).check();
  await olivia.page.getByRole("button", { name: "Change mail preferences" }).click();
  await olivia.awake();
  await olivia.page.getByLabel("Newsletter").check();
  await olivia.save("Change mail preferences", "Mail preferences changed for 2 people.");
  await expect(olivia.row("Ada Costa")).toContainText("Newsletter");
  await olivia.save("Undo", "Mail preferences changed for 2 people.");
  await expect(olivia.row("Ada Costa")).not.toContainText("Newsletter");
  // One's own.
  await olivia.open(`${account}/mail`);
  const newsletter = olivia.page.getByLabel("Newsletter");
  const before = await newsletter.isChecked();
  await newsletter.setChecked(!before);
  await olivia.save("Save changes", "Changes saved.");
  await olivia.page.getByRole("button", { name: "Undo" }).click();
  await expect(newsletter).toBeChecked({ checked: before });
});

test("light or dark is chosen in the menu and stays, also on pages without a login", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.enterBakery();
  const page = olivia.page.locator("html");
  const ground = () => olivia.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await olivia.page.getByRole("button", { name: "Welcome Olivia Hart" }).click();
  await olivia.page.getByRole("button", { name: "Dark", exact: true }).click();
  await expect(page).toHaveAttribute("data-theme", "dark");
  await expect.poll(ground).not.toBe(light);
  // Without WASM the page that says so has it; with WASM the answer may still be on its way.
  await expect.poll(async () => (await olivia.page.context().cookies()).some((one) => one.name.endsWith("latchkey-theme") && one.value === "dark")).toBe(true);
  await olivia.page.reload();
  await olivia.awake();
  await expect(page).toHaveAttribute("data-theme", "dark");
  await olivia.accessible();
  await olivia.page.getByRole("button", { name: "Welcome Olivia Hart" }).click();
  await expect(olivia.page.getByRole("button", { name: "Dark", exact: true })).toHaveAttribute("aria-pressed", "true");
  await olivia.page.getByRole("button", { name: "Sign out" }).click();
  await olivia.page.waitForURL(/sign-in/);
  await expect(page).toHaveAttribute("data-theme", "dark");
});

test("a section of the form folds to what it holds", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts?q=wes`);
  await olivia.choose("Wes Diaz", "Edit Contact");
  const says = (section: string) => olivia.page.locator("summary").filter({ hasText: section }).locator(".says");
  await olivia.page.locator("summary").filter({ hasText: "Person:" }).click();
  await expect(olivia.field("First name")).toBeHidden();
  await expect(says("Person:")).toContainText("wes@pixelworks.example");
  await olivia.page.locator("summary").filter({ hasText: "Support:" }).click();
  await expect(says("Support:")).toHaveText("View all tickets, Open tickets, Close tickets");
  await olivia.page.locator("summary").filter({ hasText: "Services:" }).click();
  await expect(says("Services:")).toHaveText("2 services one by one");
  await olivia.accessible();
});

test("what was typed survives a reload, and starting over forgets it @wasm", async ({ somebody, demo, unique }) => {
  const olivia = await somebody(demo);
  const account = await olivia.enterBakery();
  const address = unique("draft");
  olivia.page.on("dialog", (dialog) => dialog.accept());
  await olivia.open(`${account}/contacts/new`);
  await olivia.field("First name").fill("Dora");
  await olivia.field("E-mail").fill(address);
  await olivia.page.getByLabel("Activate Sub-Account").check();
  await olivia.page.getByRole("radio", { name: "Accounting" }).check();
  await olivia.page.getByLabel("View activity").check();
  await olivia.page.reload();
  await olivia.awake();
  await expect(olivia.page.getByText("What you typed is still here: check it and send it.")).toBeVisible();
  await expect(olivia.field("First name")).toHaveValue("Dora");
  await expect(olivia.field("E-mail")).toHaveValue(address);
  await expect(olivia.page.getByLabel("Pay invoices")).toBeChecked();
  await expect(olivia.page.getByLabel("View activity")).toBeChecked();
  await expect(olivia.page.getByRole("radio", { name: "Custom" })).toBeChecked();
  await expect(olivia.page.locator(".sum")).toContainText("pay invoices");
  await olivia.accessible();
  await olivia.page.getByRole("button", { name: "Start over" }).click();
  await expect(olivia.field("First name")).toHaveValue("");
  await olivia.awake();
  await expect(olivia.page.getByText("What you typed is still here")).toHaveCount(0);
});
