// Checks that a started hub serves pictures, for arm64_smoke.sh: hub_smoke.ts LOGIN_LINK FRAMES
import { HubClient } from "../vm/hub_client.ts";
import { readJpeg } from "../vm/jpeg.ts";

const FIRST_FRAME_LIMIT_MS = 120_000;

async function main(link: string, wanted: number): Promise<string> {
  const hub = await HubClient.login(link);
  const health = await hub.text("/healthz");
  if (!/\bok\b/.test(health)) throw new Error(`/healthz answered ${health.slice(0, 200)}`);

  const cameras = await hub.cameras();
  const camera = cameras.find((one) => one.type === "testpattern");
  if (!camera) {
    throw new Error(`no camera of type testpattern among ${JSON.stringify(cameras.map((c) => c.type))}`);
  }

  const started = performance.now();
  const frames = await hub.frames(camera.id, wanted, FIRST_FRAME_LIMIT_MS);
  const facts = frames.map((frame) => readJpeg(frame.body));
  const broken = facts.findIndex((one) => !one.whole);
  if (broken >= 0) throw new Error(`frame ${broken + 1} of ${camera.id} is not a whole JPEG picture`);
  const firstAfter = ((frames[0]!.receivedAt - started) / 1000).toFixed(1);
  return `${frames.length} frames of ${facts[0]!.width}x${facts[0]!.height}, the first after ${firstAfter} s`;
}

try {
  const [link, frames] = Deno.args;
  if (!link) throw new Error("usage: hub_smoke.ts LOGIN_LINK FRAMES?");
  await Deno.stdout.write(new TextEncoder().encode(`${await main(link, Number(frames ?? 3))}\n`));
} catch (error) {
  await Deno.stderr.write(new TextEncoder().encode(`hub_smoke: ${(error as Error).message}\n`));
  Deno.exit(1);
}
