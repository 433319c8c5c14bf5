// Cuts the power of the hub's disk while it writes events, again and again: what was told as written is there then.
// The disk is an ext4 file system in a file. Its "shutdown" (include/uapi/linux/ext4.h) stops it at once and forgets
// all that was not brought to the disk, as a power cut does.
// deno-lint-ignore-file no-console -- it prints for people
import { checkJournal, type Told } from "../e2e/journal_checks.ts";
import { Listening } from "../e2e/network_bench.ts";
import { HubProcess } from "../tools/hub_process.ts";

const CUTS = 20;
const LONGEST_MS = 300;
const [mount = "", image = ""] = Deno.args;
const DATA = `${mount}/data`;

/** _IOR('X', 125, __u32), and the flag that keeps the journal of the file system from being written out. */
const EXT4_IOC_SHUTDOWN = 0x8004587dn;
const NO_LOG_FLUSH = 2;
const O_RDONLY = 0;

const libc = Deno.dlopen("libc.so.6", {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
});

function cutPower(): void {
  const fd = libc.symbols.open(new TextEncoder().encode(`${mount}\0`), O_RDONLY);
  const code = libc.symbols.ioctl(fd, EXT4_IOC_SHUTDOWN, new Uint32Array([NO_LOG_FLUSH]));
  libc.symbols.close(fd);
  if (code !== 0) throw new Error("The disk could not be cut off");
}

async function run(...command: string[]): Promise<void> {
  const [program = "", ...args] = command;
  const { success, stderr } = await new Deno.Command(program, { args, stderr: "piped" }).output();
  if (!success) throw new Error(`${command.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** One run of the hub until the power is cut; returns what it had told. */
async function runAndCut(isFirst: boolean): Promise<Told[]> {
  const config = JSON.stringify({ webcams: { auto: false }, cameras: [] });
  await Deno.mkdir(DATA, { recursive: true });
  const hub = await HubProcess.start({ dataDir: DATA, config });
  await hub.login();
  if (isFirst) await hub.client.operation("add_camera", { id: "drawn", name: "Drawn", type: "testpattern" });
  const live = await Listening.open(hub.client, "/api/events/live");
  const told = () => live.texts.filter(({ op }) => op === "event") as Told[];
  let isCut = false;
  const writing = (async () => {
    for (let n = 0; !isCut; n++) {
      const sent = hub.client.send("PATCH", "/api/cameras/drawn", { name: `Name ${n}` });
      const answer = await sent.catch((error) => ({ error, status: 0 }));
      if (!isCut && answer.status !== 200) throw new Error(`Not changed: ${JSON.stringify(answer)}`);
    }
  })();
  await hub.waitFor(() => told().length > 3, "the first events");
  await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_MS));
  isCut = true;
  // What had come by now. An fsync under way while the file system is shut down may return as if it were done although
  // its commit was thrown away: jbd2_complete_transaction() gives 0 for a transaction that is gone (fs/jbd2/journal.c).
  // After a real power cut nobody is left to believe it.
  const before = told();
  cutPower();
  await hub.stop("SIGKILL");
  await writing;
  await live[Symbol.asyncDispose]();
  if (hub.configPath) await Deno.remove(hub.configPath);
  return before;
}

let count = 0;
for (let cut = 0; cut < CUTS; cut++) {
  await run("mount", "-o", "loop", image, mount);
  const told = await runAndCut(cut === 0);
  await run("umount", mount);
  await run("mount", "-o", "loop", image, mount);
  checkJournal(DATA, told);
  await run("umount", mount);
  count += told.length;
}
libc.close();
console.log(`${CUTS} power cuts: ${count} events had been told, all are there`);
