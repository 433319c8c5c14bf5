// The page with the cameras' pictures that clients show which render MCP Apps.
import type { McpServer } from "@modelcontextprotocol/server";
import { APP_URI } from "./uris.ts";

const MIME_TYPE = "text/html;profile=mcp-app";
/** No addresses: pictures come through tools, so the page needs no network at all. */
const META = { ui: { csp: { connectDomains: [], resourceDomains: [] }, prefersBorder: true } };

/** Adds the page to a server. */
export function registerAppPage(server: McpServer, staticDir: URL): void {
  server.registerResource("cameras-app", APP_URI, {
    title: "Cameras",
    description: "The cameras' pictures, with a pad that turns them",
    mimeType: MIME_TYPE,
    _meta: META,
  }, async ({ href: uri }) => ({
    contents: [{ uri, mimeType: MIME_TYPE, text: await appPage(staticDir), _meta: META }],
  }));
}

/** Puts style and script into the page: a client takes one document and fetches nothing for it. */
export async function appPage(staticDir: URL): Promise<string> {
  const read = (name: string) => Deno.readTextFile(new URL(`mcp_app/${name}`, staticDir));
  const [page, style, script] = await Promise.all([read("page.html"), read("style.css"), read("script.js")]);
  return page.replace("<!-- style -->", () => `<style>\n${style}</style>`)
    .replace("<!-- script -->", () => `<script type="module">\n${script}</script>`);
}
