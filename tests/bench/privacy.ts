// What covering privacy zones costs: a camera of 720p15 that makes JPEG, watched bare and covered.
import { BINARY, HubProcess } from "../tools/hub_process.ts";
import { HttpClient } from "../tools/http_client.ts";
import { cpuSeconds } from "./proc.ts";

const POINTS = "[{x: 0.5, y: 0.5}, {x: 1, y: 0.5}, {x: 1, y: 1}, {x: 0.5, y: 1}]";

/** Prints a row for each way of watching. */
export async function privacyBench(
  row: (...cells: (string | number)[]) => void,
  seconds: number,
): Promise<void> {
  for (const style of ["black", "blur"]) {
    const camera =
      `{id: a, type: testpattern, width: 1280, height: 720, fps: 15, privacy: {style: ${style}, ` +
      `zones: [{points: ${POINTS}}]}}`;
    await using hub = await HubProcess.start({ config: `webcams: {auto: false}\ncameras: [${camera}]` });
    await hub.login();
    const args = ["token", "create", "bench", "--role", "viewer", "--data", hub.dataDir];
    const { stdout } = await new Deno.Command(BINARY, { args }).output();
    const headers = { authorization: `Bearer ${new TextDecoder().decode(stdout).trim()}` };
    const viewer = new HttpClient(hub.client.origin);
    for (const viewers of [1, 10]) {
      const cost = await costOf(hub, async () => {
        const count = seconds * 15;
        await Promise.all(
          Array.from({ length: viewers }, () => viewer.parts("/api/cameras/a/stream", count, headers)),
        );
      });
      row(`720p15, a quarter ${style}`, `${viewers} viewers`, `ffmpeg ${cost.ffmpeg} %`, `hub ${cost.hub} %`);
    }
  }
}

/** Share of a core, in percent, of the process that covers and of the hub. */
async function costOf(
  hub: HubProcess,
  watch: () => Promise<void>,
): Promise<{ ffmpeg: string; hub: string }> {
  const watching = watch();
  let pid: number | undefined;
  await hub.waitFor(async () => {
    const { processes } = await hub.client.json("/api/status");
    pid = processes.find(({ name }: { name: string }) => name.startsWith("privacy zones"))?.pid;
    return pid !== undefined;
  });
  const of = async (id: number) => await cpuSeconds(id);
  const before = [await of(pid ?? 0), await of(hub.child.pid)] as const;
  const beganMs = performance.now();
  await watching;
  const elapsedS = (performance.now() - beganMs) / 1000;
  const after = [await of(pid ?? 0), await of(hub.child.pid)] as const;
  const share = (i: 0 | 1) => ((after[i] - before[i]) / elapsedS * 100).toFixed(1);
  return { ffmpeg: share(0), hub: share(1) };
}
