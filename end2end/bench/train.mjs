// Walks through a demo as its people do, so that a binary that counts (`make dist`) learns what it works at: every page that a link
// leads to, and people added. Every page counts alike.
import { links } from "../support/links.mjs";
import { answers, demo, person, row, serve, stop } from "./measure.mjs";

const PORT = 3229;
const URL_ = `http://127.0.0.1:${PORT}`;
const PEOPLE = ["olivia@hartbakery.example", "wes@pixelworks.example", "sam@latchkey.example", "robin@latchkey.example"];
const PAGES = 150;
const ROUNDS = 12;
const ADDED = 400;

/** What a page says; nothing where it is refused. */
const look = (who, path) => who.page(path).catch(() => "");

/** All pages that somebody reaches from the first one, the nearest first. */
async function reach(who) {
  const found = ["/accounts"];
  for (let next = 0; next < found.length && found.length < PAGES; next++) {
    for (const to of links(await look(who, found[next]), URL_ + found[next])) if (!found.includes(to)) found.push(to);
  }
  return found;
}

demo();
const server = serve(PORT, "--log", "warn");
await answers(`${URL_}/healthz`);
let pages = 0;
for (const email of PEOPLE) {
  const who = await person(URL_, email);
  const found = await reach(who);
  for (let round = 0; round < ROUNDS; round++) for (const path of found) await look(who, path);
  pages += found.length;
}
const olivia = await person(URL_, PEOPLE[0]);
const account = /\/a\/(\w+)/.exec(await olivia.page("/accounts"))[1];
for (let n = 0; n < ADDED; n++) await olivia.ask("/rpc/contacts/create", { account, first_name: "Person", email: `person${n}@trained.example` });
await stop(server);
row("Pages walked through", pages);
