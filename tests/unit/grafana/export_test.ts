// Writing the Grafana folder: what is overwritten, what is refused, and what is left of an earlier export.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { exportFolder } from "../../../src/grafana/export.ts";

const files = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]));

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir();
  const before = Deno.umask(0o077);
  try {
    await work(`${parent}/new/grafana`);
  } finally {
    Deno.umask(before);
    await Deno.remove(parent, { recursive: true });
  }
}

const FIRST = files({ "a.yml": "one", "deep/er/b.json": "two", "smoke.sh": "three", "old.json": "four" });

Deno.test("exportFolder: makes the folder, for everybody to read; a second time nothing changes [GRAFANA-EXPORT-AGAIN]", async () => {
  await inFolder(async (folder) => {
    const first = await exportFolder(folder, FIRST, { force: false });
    assertEquals([first.written.length, first.unchanged.length], [4, 0]);
    const mode = async (path: string) => ((await Deno.stat(`${folder}/${path}`)).mode ?? 0) & 0o777;
    // Containers read them as users of their own, although the program keeps all else to itself.
    assertEquals([await mode(""), await mode("deep/er"), await mode("a.yml")], [0o755, 0o755, 0o644]);
    assertEquals(await mode("smoke.sh"), 0o755);
    const again = await exportFolder(folder, FIRST, { force: false });
    assertEquals([again.written, again.unchanged.length, again.removed], [[], 4, []]);
  });
});

Deno.test("exportFolder: what is as it was written is replaced, what an export left out is removed [GRAFANA-EXPORT-AGAIN]", async () => {
  await inFolder(async (folder) => {
    await exportFolder(folder, FIRST, { force: false });
    await Deno.writeTextFile(`${folder}/.env`, "CAMHUB_TOKEN=x");
    const second = files({ "a.yml": "newer", "deep/er/b.json": "two", "smoke.sh": "three" });
    const result = await exportFolder(folder, second, { force: false });
    assertEquals([result.written, result.removed], [["a.yml"], ["old.json"]]);
    assertEquals(await Deno.readTextFile(`${folder}/a.yml`), "newer");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      ".env",
      ".exported.json",
      "a.yml",
      "deep",
      "smoke.sh",
    ]);
  });
});

Deno.test("exportFolder: changed files are refused by name, and nothing is written; force overwrites [GRAFANA-EXPORT-CHANGED]", async () => {
  await inFolder(async (folder) => {
    await exportFolder(folder, FIRST, { force: false });
    await Deno.writeTextFile(`${folder}/deep/er/b.json`, "mine");
    await Deno.writeTextFile(`${folder}/old.json`, "mine, too");
    const second = files({ "a.yml": "newer", "deep/er/b.json": "newer", "smoke.sh": "three" });
    const error = await assertRejects(() => exportFolder(folder, second, { force: false }), HubError);
    assertEquals(error.kind, "conflict");
    assertStringIncludes(error.message, "\n  deep/er/b.json");
    assert(!error.message.includes("a.yml"));
    assertStringIncludes(error.hint ?? "", "--force");
    assertEquals(await Deno.readTextFile(`${folder}/a.yml`), "one");
    const forced = await exportFolder(folder, second, { force: true });
    assertEquals(forced.written, ["a.yml", "deep/er/b.json"]);
    // Changed, and no longer part of it: it is the user's own now.
    assertEquals(await Deno.readTextFile(`${folder}/old.json`), "mine, too");
  });
});

Deno.test("exportFolder: files of another origin count as changed; a broken record trusts nothing [GRAFANA-EXPORT-CHANGED]", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/a.yml`, "somebody's");
    const refused = await assertRejects(() => exportFolder(folder, FIRST, { force: false }), HubError);
    assertStringIncludes(refused.message, "a.yml");
    await exportFolder(folder, FIRST, { force: true });
    await Deno.writeTextFile(`${folder}/.exported.json`, "{broken");
    assertEquals((await exportFolder(folder, FIRST, { force: false })).written, []);
    await Deno.writeTextFile(`${folder}/../outside`, "x");
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("x"))).toHex();
    await Deno.writeTextFile(`${folder}/.exported.json`, JSON.stringify({ "../outside": hash }));
    assertEquals((await exportFolder(folder, FIRST, { force: false })).removed, []);
    assertEquals(await Deno.readTextFile(`${folder}/../outside`), "x");
  });
});

Deno.test("exportFolder: a place that is no folder is refused in words [GRAFANA-EXPORT]", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/file`, "");
    for (const place of [`${folder}/file`, `${folder}/file/below`]) {
      const error = await assertRejects(() => exportFolder(place, FIRST, { force: false }), HubError);
      assertEquals(error.kind, "invalid_input");
      assertStringIncludes(error.message, `${place} cannot be the folder`);
    }
    const error = await assertRejects(() => exportFolder("/proc/nowhere", FIRST, { force: false }), HubError);
    assertStringIncludes(error.message, "/proc/nowhere cannot be");
  });
});

Deno.test("exportFolder: what was there stays as private as it was, and nothing behind links is written over [GRAFANA-EXPORT-LINKS]", async () => {
  await inFolder(async (folder) => {
    const beside = `${folder}/..`;
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await Deno.mkdir(`${beside}/private`, { mode: 0o700 });
    await Deno.writeTextFile(`${beside}/precious`, "precious");
    await Deno.symlink("../private", `${folder}/deep`);
    await Deno.symlink("../precious", `${folder}/a.yml.part`);
    await Deno.symlink("../precious", `${folder}/smoke.sh`);
    await Deno.symlink("/nowhere/at/all", `${folder}/old.json`);
    const refused = await assertRejects(() => exportFolder(folder, FIRST, { force: false }), HubError);
    assertEquals(refused.message.split("\n").slice(1), ["  smoke.sh", "  old.json"]);
    await exportFolder(folder, FIRST, { force: true });
    const mode = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o777;
    assertEquals([await mode(folder), await mode(`${beside}/private`)], [0o700, 0o700]);
    assertEquals(await Deno.readTextFile(`${beside}/precious`), "precious");
    assertEquals(await Deno.readTextFile(`${folder}/old.json`), "four");
    assertEquals(await Deno.readTextFile(`${folder}/smoke.sh`), "three");
    await Deno.symlink("/nowhere/at/all", `${beside}/loose`);
    const error = await assertRejects(
      () => exportFolder(`${beside}/loose`, FIRST, { force: false }),
      HubError,
    );
    assertStringIncludes(error.message, "cannot be the folder");
  });
});
