// Every link of every screen leads somewhere: a walk over the demo as its people, without a browser.
import { request } from "@playwright/test";
import { links } from "../support/links.mjs";
import { DEMO_PASSWORD, expect, test } from "../support/test.ts";

// Enough of each screen to meet a service that runs, one that waits and one that has ended.
const OF_A_KIND = 4;
// What is shown, without whose it is.
const kind = (path: string) => path.replace(/[0-9a-z]{26}/g, "*").replace(/=[^&]*/g, "");

for (const email of ["olivia@hartbakery.example", "bea@ledgerline.example", "wes@pixelworks.example", "sam@latchkey.example", "robin@latchkey.example"]) {
  test(`what ${email} is shown a link to can be opened @wasm`, async ({ demo }) => {
    test.setTimeout(180_000);
    const reader = await request.newContext({ baseURL: demo.url, extraHTTPHeaders: { origin: demo.url } });
    const signedIn = await reader.post("/rpc/sign-in/sign-in", { form: { email, password: DEMO_PASSWORD }, headers: { accept: "application/json" } });
    expect(signedIn.status()).toBe(200);
    const from = new Map([["/accounts", "sign-in"]]);
    const kinds = new Map<string, number>();
    const broken: string[] = [];
    let opened = 0;
    for (const path of from.keys()) {
      const page = await reader.get(path);
      opened += 1;
      if (page.status() !== 200) broken.push(`${page.status()} ${path} from ${from.get(path)}`);
      if (!page.headers()["content-type"]?.startsWith("text/html")) continue;
      for (const next of links(await page.text(), page.url())) {
        const seen = kinds.get(kind(next)) ?? 0;
        if (from.has(next) || seen >= OF_A_KIND) continue;
        kinds.set(kind(next), seen + 1);
        from.set(next, path);
      }
    }
    await reader.dispose();
    expect(broken).toEqual([]);
    expect(opened, "it is a walk").toBeGreaterThan(30);
  });
}
