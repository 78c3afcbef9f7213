// The whole job with the keyboard alone, and what WASM adds to it: arrow keys, focus, Escape.
import type { Page } from "@playwright/test";
import { button } from "../support/smtp.ts";
import { expect, PASSWORD, type Person, test } from "../support/test.ts";

/** Presses Tab until this has the focus; a person would not try more often either. */
async function tabTo(page: Page, locator: ReturnType<Page["locator"]>): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("the keyboard does not reach it");
}

async function type(person: Person, label: string, text: string): Promise<void> {
  await tabTo(person.page, person.field(label));
  await person.page.keyboard.type(text);
}

test("invite, accept and delete without a mouse", async ({ somebody, unique, mail }) => {
  test.setTimeout(120_000);
  const olivia = await somebody();
  const keys = olivia.page.keyboard;
  const [oliviaMail, benMail] = [unique("olivia"), unique("ben")];
  await olivia.open("/sign-up");
  await type(olivia, "Your name", "Olivia Hart");
  await type(olivia, "E-mail", oliviaMail);
  await type(olivia, "Password", PASSWORD);
  await keys.press("Enter");
  await olivia.page.waitForURL(/sent=/);
  await olivia.open(button(await mail.to(oliviaMail, "Confirm"), "Confirm address"));
  await type(olivia, "Password", PASSWORD);
  await keys.press("Enter");
  await olivia.page.waitForURL(/\/a\//);
  await olivia.awake();

  // The first stop is the way past the navigation.
  await keys.press("Tab");
  await expect(olivia.page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await tabTo(olivia.page, olivia.page.getByRole("link", { name: "Contacts", exact: true }));
  await keys.press("Enter");
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
  await olivia.awake();
  if (olivia.wasm) await expect(olivia.page.getByRole("heading", { level: 1, name: "Contacts" })).toBeFocused();
  await tabTo(olivia.page, olivia.page.getByRole("link", { name: "Invite User" }));
  await keys.press("Enter");
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Invite User" })).toBeVisible();
  await olivia.awake();
  await type(olivia, "E-mail", benMail);
  await tabTo(olivia.page, olivia.page.getByRole("radio", { name: "None" }));
  await keys.press("ArrowDown");
  await expect(olivia.page.getByRole("radio", { name: "Accounting" })).toBeChecked();
  await tabTo(olivia.page, olivia.page.getByRole("button", { name: "Send invitation" }));
  await keys.press("Enter");
  await olivia.says(`An invitation is on its way to ${benMail}.`);
  await olivia.awake();

  const ben = await somebody();
  await ben.open(button(await mail.to(benMail, "invites you"), "Review in Client Area"));
  await type(ben, "Your name", "Ben Carter");
  await type(ben, "Password", PASSWORD);
  await ben.page.keyboard.press("Enter");
  await expect(ben.page.getByRole("button", { name: "Accept" })).toBeVisible();
  await ben.awake();
  await tabTo(ben.page, ben.page.getByRole("button", { name: "Accept" }));
  await ben.page.keyboard.press("Enter");
  await ben.page.waitForURL(/\/a\//);

  // The three-dot menu: Enter opens it, the arrows or Tab walk through it.
  await olivia.open(olivia.page.url());
  const dots = olivia.page.getByRole("button", { name: "Actions for Ben Carter" });
  await tabTo(olivia.page, dots);
  await keys.press("Enter");
  await expect(olivia.page.locator(".menu:popover-open")).toBeVisible();
  const remove = olivia.page.locator(".menu:popover-open").getByText("Delete");
  if (olivia.wasm) {
    await keys.press("Escape");
    await expect(dots).toBeFocused();
    await keys.press("ArrowDown");
    await expect(olivia.page.locator(".menu:popover-open").getByText("Edit Contact")).toBeFocused();
    await keys.press("End");
    await expect(remove).toBeFocused();
    await keys.press("Home");
    await keys.press("ArrowUp");
    await expect(remove).toBeFocused();
  } else {
    await tabTo(olivia.page, remove);
  }
  await keys.press("Enter");
  const dialog = olivia.page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  if (olivia.wasm) {
    // Escape closes the question and gives the focus back.
    await keys.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(dots).toBeFocused();
    await keys.press("ArrowUp");
    await expect(remove).toBeFocused();
    await keys.press("Enter");
    await expect(dialog).toBeVisible();
  }
  await tabTo(olivia.page, dialog.getByRole("button", { name: /^Delete/ }));
  await keys.press("Enter");
  await olivia.says("was deleted.");
});
