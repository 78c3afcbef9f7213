// Questions that the first screen answers, in at most two clicks, by what is visible on it.
import { expect, test } from "../support/test.ts";

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
  await olivia.row("Wes Diaz").getByRole("link", { name: "Change what Wes Diaz has" }).click();
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
  await expect(olivia.row("Yusuf Demir")).toContainText(/Expires in 6 days, \d+ \w+ 20\d\d/);
});

test("who manages no contacts is told nothing about people", async ({ somebody, demo }) => {
  const wes = await somebody(demo);
  await wes.enterBakery("wes@pixelworks.example");
  await wes.navigate("Services");
  await wes.page.getByRole("link", { name: "Online shop" }).click();
  await expect(wes.page.getByRole("heading", { level: 1, name: "Online shop" })).toBeVisible();
  await expect(wes.page.getByText("People with access")).toHaveCount(0);
});
