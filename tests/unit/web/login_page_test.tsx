// The login page as the server renders it: what it remembers of a login that failed.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type WebDeps, webRoutes } from "../../../src/web/routes.tsx";

/** The page as it is told who was tried. */
async function loginPage(path: string, user: string | undefined): Promise<string> {
  const deps: Partial<WebDeps> = { triedUser: () => user, account: () => Promise.resolve(undefined) };
  const answer = await webRoutes(deps as WebDeps).request(`http://hub${path}`);
  assertEquals([answer.status, answer.headers.get("cache-control")], [200, "no-store"]);
  return await answer.text();
}

Deno.test("the login page has the name that was tried filled in, and no password", async () => {
  const html = await loginPage("/login?error=wrong", 'ann & "co"');
  assertStringIncludes(html, "Wrong user name or password.");
  const [name = "", password = ""] = ["username", "password"].map((id) =>
    new RegExp(`<input id="${id}"[^>]*>`).exec(html)?.[0]
  );
  assertStringIncludes(name, 'value="ann &amp; &quot;co&quot;"');
  assert(!password.includes("value="), password);
});

Deno.test("the login page has an empty name where none was tried", async () => {
  const html = await loginPage("/login", undefined);
  assert(!/<input id="username"[^>]*value=/.test(html), html);
});
