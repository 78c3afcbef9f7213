/**
 * Where the links of a page lead, within the portal: paths with their queries.
 * @param {string} html
 * @param {string} address of the page
 */
export const links = (html, address) =>
  [...html.matchAll(/<a [^>]*href="([^"#]+)"/g)]
    .map(([, href]) => new URL((href ?? "").replaceAll("&amp;", "&"), address))
    .filter((to) => to.origin === new URL(address).origin)
    .map((to) => to.pathname + to.search);
