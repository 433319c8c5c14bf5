// A recorder that is killed, and one whose power is cut, at any moment: what was told as recorded is there, every file
// plays, and nothing is left over.
import { unmount } from "./unmount.ts";
import { assert, assertEquals } from "@std/assert";
import { RecordingFiles } from "../../src/recordings/files.ts";
import { scanFmp4File } from "../../src/protocols/fmp4/file_scan.ts";
import { Database } from "../../src/store/database.ts";
import { RecordingGarbageTable } from "../../src/store/recording_garbage_table.ts";
import { RecordingsTable } from "../../src/store/recordings_table.ts";
import { systemClock } from "../../src/base/clock.ts";
import { packetTimes } from "./studio.ts";

const PROGRAM = new URL("doomed_recorder.ts", import.meta.url).pathname;
const CONFIG = new URL("../deno.json", import.meta.url).pathname;

/** What the program has told so far. */
class Told {
  /** Files that were told as listed and not as deleted since: path by id. */
  readonly listed = new Map<string, string>();
  records = Promise.withResolvers<void>();

  take(line: { listed?: string; path?: string; discards?: string[]; records?: boolean }): void {
    if (line.listed !== undefined && line.path !== undefined) this.listed.set(line.listed, line.path);
    for (const id of line.discards ?? []) this.listed.delete(id);
    if (line.records) this.records.resolve();
  }
}

/** Runs the program until `end` has ended it, some time after it began to record. */
async function round(
  folder: string,
  told: Told,
  end: (child: Deno.ChildProcess) => Promise<void>,
): Promise<void> {
  told.records = Promise.withResolvers<void>();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--config", CONFIG, "--allow-all", PROGRAM, folder],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reading = (async () => {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${text}`.split("\n");
      // The last line may be cut off.
      rest = lines.pop() ?? "";
      for (const line of lines) told.take(JSON.parse(line));
    }
    // Heard by who waits for it to record; later it means nothing.
    told.records.promise.catch(() => {});
    told.records.reject(new Error("The recorder ended before it recorded"));
  })();
  await told.records.promise;
  await end(child);
  await child.status;
  await reading;
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How much of each file is made of whole fragments at this moment. */
async function wholeFragments(root: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { path, isPart } of new RecordingFiles(root).all()) {
    const bytes = await Deno.readFile(`${root}/${path}${isPart ? ".part" : ""}`).catch(() => undefined);
    if (!bytes) continue;
    const read = (at: number, length: number) => Promise.resolve(bytes.slice(at, at + length));
    const { wholeBytes, durationMs } = await scanFmp4File(read, bytes.length);
    if (durationMs > 0) found.set(path, wholeBytes);
  }
  return found;
}

/** Looks at everything after the last start has put it right. */
async function examine(folder: string, told: Told, seen = new Set<string>()): Promise<number> {
  const root = `${folder}/recordings`;
  const database = await Database.open(`${folder}/hub.sqlite`);
  try {
    const table = new RecordingsTable(database);
    const garbage = new RecordingGarbageTable(database, systemClock);
    const rows = (await table.list({ limit: 100_000 })).recordings;
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of told.listed.keys()) assert(ids.has(id), `${id} was told as recorded and is gone`);
    const onDisk = (await Array.fromAsync(new RecordingFiles(root).all())).map(({ path, isPart }) =>
      isPart ? `${path}.part` : path
    );
    assertEquals(onDisk.sort(), rows.map(({ path }) => path).sort());
    assertEquals(await garbage.garbage(), []);
    for (const { path, sizeBytes } of rows) {
      assertEquals((await Deno.stat(`${root}/${path}`)).size, sizeBytes);
      if (seen.has(path)) continue;
      seen.add(path);
      assert((await packetTimes(`${root}/${path}`)).length > 0, `${path} does not play`);
    }
    return rows.length;
  } finally {
    await database.close();
  }
}

/** Starts it once more, until it has put right what was left. */
async function putRight(folder: string): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--config", CONFIG, "--allow-all", PROGRAM, folder, "repair"],
  }).output();
  const told = [stdout, stderr].map((each) => new TextDecoder().decode(each)).join("\n");
  assert(success, `It could not be put right: ${told}`);
}

const LANES = 2;
const KILLS = 100;

Deno.test("[REC-KILLED] killed at a hundred moments while it records: every closed fragment is there and plays, nothing is left over", async () => {
  const lane = async () => {
    const folder = await Deno.makeTempDir({ prefix: "kills-" });
    const told = new Told();
    const seen = new Set<string>();
    for (let kill = 0; kill < KILLS / LANES; kill++) {
      let whole = new Map<string, number>();
      await round(folder, told, async (child) => {
        await after(500 + Math.random() * 3000);
        whole = await wholeFragments(`${folder}/recordings`);
        child.kill("SIGKILL");
      });
      for (const [path, bytes] of whole) {
        const id = /-([a-z0-9]{12}(?:-\d+)?)\.mp4$/.exec(path)?.[1] ?? "";
        const left = await Deno.stat(`${folder}/recordings/${path}`).catch(() => undefined) ??
          await Deno.stat(`${folder}/recordings/${path}.part`).catch(() => undefined);
        assert(left ? left.size >= bytes : !told.listed.has(id), `${path} has lost a fragment`);
      }
      if (kill % 10 === 9) {
        await putRight(folder);
        await examine(folder, told, seen);
      }
    }
    await putRight(folder);
    const files = await examine(folder, told, seen);
    assert(files > 30, `${files}`);
    await Deno.remove(folder, { recursive: true });
  };
  await Promise.all(Array.from({ length: LANES }, lane));
});

/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: from this moment nothing more reaches the disk. */
const CUT = "import fcntl,os,struct,sys; " +
  "fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))";

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  assert(success, `${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

Deno.test("[REC-POWER] the power is cut twenty times while it records: nothing that was told as recorded is lost", async () => {
  let image = await Deno.makeTempFile({ prefix: "disk-", suffix: ".img" });
  const folder = await Deno.makeTempDir({ prefix: "disk-" });
  const told = new Told();
  const seen = new Set<string>();
  const mount = () => run("mount", "-o", "loop", image, folder);
  await Deno.truncate(image, 128 << 20);
  await run("mkfs.ext4", "-q", "-F", image);
  await mount();
  try {
    for (let cut = 0; cut < 20; cut++) {
      await round(folder, told, async (child) => {
        await after(1000 + Math.random() * 2500);
        await run("python3", "-c", CUT, folder);
        child.kill("SIGKILL");
      });
      // Another test's namespace may hold the disk that is shut down: what reached it goes on as another disk.
      const left = await Deno.makeTempFile({ prefix: "disk-", suffix: ".img" });
      await run("cp", "--sparse=always", image, left);
      await unmount(folder);
      await Deno.remove(image);
      image = left;
      await mount();
      await putRight(folder);
      await examine(folder, told, seen);
    }
    assert(told.listed.size > 20, `${told.listed.size}`);
  } finally {
    await unmount(folder);
    await Deno.remove(image);
    await Deno.remove(folder);
  }
});
