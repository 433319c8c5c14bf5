// The page for clients that render MCP Apps, in Chromium, inside a client's side written for this test.
import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { appPage } from "../../src/mcp/app_page.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { visit, withBrowser } from "../tools/browser.ts";
import { toyOperations } from "../unit/mcp/toy_operations.ts";
import { withStage } from "../unit/mcp/stage.ts";
import { LAYOUT } from "../unit/tools/app.ts";

/** The client's side of an MCP App: a sandboxed frame, and answers by postMessage. */
const HOST_SCRIPT = `
  const frame = document.querySelector("iframe");
  window.heard = [];
  addEventListener("message", async ({ source, data }) => {
    if (source !== frame.contentWindow || data.id === undefined) return window.heard.push(data.method);
    const answer = (body) => source.postMessage({ jsonrpc: "2.0", id: data.id, ...body }, "*");
    if (data.method === "ui/initialize") {
      return answer({ result: { protocolVersion: "2026-01-26", hostContext: { theme: "dark" } } });
    }
    window.heard.push(data.params.name);
    answer({ result: await window.callTool(data.params) });
  });
  frame.srcdoc = window.appPage;
`;

Deno.test("[MCP-APP] shows the cameras' pictures and turns the chosen one", async () => {
  const picture = toyOperations().operations.get("toy_picture")!;
  const input = picture.input.extend({ quality: z.string(), width: z.int() });
  const operations = new Map([...OPERATIONS, ["capture_image", {
    ...picture,
    name: "capture_image",
    input,
  }]]);
  await withStage(async ({ client, state }) => {
    const mcp = await client();
    const html = await appPage(LAYOUT.staticDir);
    await withBrowser(async (browser) => {
      const { page, complaints } = await visit(browser, "about:");
      await page.exposeFunction(
        "callTool",
        (params: Parameters<typeof mcp.callTool>[0]) => mcp.callTool(params),
      );
      await page.setContent('<iframe sandbox="allow-scripts" width="800" height="600"></iframe>');
      await page.evaluate((text) => Object.assign(globalThis, { appPage: text }), html);
      await page.addScriptTag({ content: HOST_SCRIPT });
      const app = page.frameLocator("iframe");
      await app.locator(".camera img[src^='data:image/jpeg']").first().waitFor();
      assertEquals(await app.locator(".camera b").allTextContents(), ["A", "Plain"]);
      assertEquals(await app.locator("html").getAttribute("data-theme"), "dark");
      assertEquals(await app.locator("#pad-name").textContent(), "A");
      await app.getByRole("button", { name: "Pan right" }).click();
      await page.waitForFunction(() =>
        (globalThis as unknown as { heard: string[] }).heard.includes("move_ptz")
      );
      await app.locator("#pad button:enabled").first().waitFor();
      assertEquals(state.moves[0]?.[0], { pan: 0.1 });
      await app.getByRole("button", { name: "Home position" }).click();
      await app.locator("#pad button:enabled").first().waitFor();
      assert(state.done.includes("home"), state.done.join());
      await app.getByRole("button", { name: "Plain" }).click();
      await app.locator("#pad").waitFor({ state: "hidden" });
      const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
      await mcp.callTool({ name: "disconnect_camera", arguments: { camera_id: "plain" } });
      await app.getByText("disabled").waitFor({ timeout: 20_000 });
      assertEquals(await app.locator(".camera img[src^='data:image/jpeg']").count(), 2, "pictures stay");
      await page.waitForFunction(() => {
        const { heard } = globalThis as unknown as { heard: string[] };
        return heard.slice(heard.lastIndexOf("list_cameras")).includes("capture_image");
      });
      assert(heard.includes("ui/notifications/size-changed"), heard.join());
      assertEquals(complaints, []);
    });
  }, { deps: { operations } });
});
