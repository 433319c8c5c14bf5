// Pictures that leave with alerts and over MQTT, looked at pixel by pixel: privacy zones are covered in all of them.
import { assert, assertEquals } from "@std/assert";
import { Broker } from "../emulators/mqtt/broker.ts";
import { NtfyServer } from "../emulators/ntfy/server.ts";
import { HubProcess } from "../tools/hub_process.ts";
import { looksAt, type Region } from "../tools/pixels.ts";

/** Within the zone: the test pattern's chequers. */
const INSIDE: Region = { left: 0.64, top: 0.64, right: 0.86, bottom: 0.86 };
const OUTSIDE: Region = { left: 0.02, top: 0.6, right: 0.4, bottom: 0.9 };
const ZONE = { points: [[0.6, 0.6], [0.9, 0.6], [0.9, 0.9], [0.6, 0.9]].map(([x, y]) => ({ x, y })) };
const KEPT = ["tapocam/a/snapshot", "tapocam/alert_snapshot"];

/** Takes what a webhook is sent, or refuses it for now. */
class Receiver implements AsyncDisposable {
  readonly pictures: Uint8Array[] = [];
  refused = 0;
  isDown = false;
  readonly #server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { snapshot_base64 } = await request.json();
    if (this.isDown) this.refused++;
    else this.pictures.push(Uint8Array.fromBase64(snapshot_base64 ?? ""));
    return new Response(null, { status: this.isDown ? 503 : 204 });
  });

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/hook`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

interface House {
  hub: HubProcess;
  broker: Broker;
  ntfy: NtfyServer;
  webhook: Receiver;
}

/** A camera that always moves, which the hub sees and tells of by three channels. */
async function withHouse(privacy: object, work: (house: House) => Promise<void>): Promise<void> {
  await using broker = await Broker.start();
  await using ntfy = new NtfyServer();
  await using webhook = new Receiver();
  const camera = { id: "a", type: "testpattern", width: 640, height: 360, fps: 15, privacy };
  const config = `
webcams: {auto: false}
mqtt: {url: "${broker.url}"}
cameras: [${JSON.stringify({ ...camera, motion: { detector: "hub" } })}]
alerts:
  allow: [127.0.0.1]
  channels:
    - {id: hook, type: webhook, url: "${webhook.url}"}
    - {id: phone, type: ntfy, server: "${ntfy.url}", topic: house}
    - {id: broker, type: mqtt}
  rules: [{id: moving, when: {events: [motion]}, cooldown_s: 3600}]
`;
  await using hub = await HubProcess.start({ config });
  await hub.login();
  await work({ hub, broker, ntfy, webhook });
}

async function isCovered(picture: Uint8Array | undefined, what: string): Promise<boolean> {
  assert(picture && picture.length > 500, `${what}: ${picture?.length} bytes`);
  const [inside, outside] = await looksAt(picture, [INSIDE, OUTSIDE]);
  assert(inside && outside && outside.mean > 60, `${what}, outside: ${JSON.stringify(outside)}`);
  const isBlack = inside.mean < 24 && inside.detail < 2;
  assert(isBlack || inside.mean > 60, `${what}, neither covered nor bare: ${JSON.stringify(inside)}`);
  return isBlack;
}

Deno.test("[PRIVACY-ZONES] [ALERT-PICTURE] the pictures of a webhook, of ntfy and of the MQTT broker are covered", async () => {
  await withHouse({ zones: [ZONE] }, async ({ hub, broker, ntfy, webhook }) => {
    await hub.waitFor(() => webhook.pictures.length > 0 && ntfy.messages.length > 0, "the alert");
    assert(await isCovered(webhook.pictures[0], "the webhook"));
    assert(await isCovered(ntfy.messages[0]?.attachment?.bytes, "ntfy"));
    for (const topic of KEPT) {
      await hub.waitFor(async () => await broker.retainedPicture(topic) !== undefined, topic);
      assert(await isCovered(await broker.retainedPicture(topic), topic));
    }
  });
});

Deno.test("[PRIVACY-MQTT] [ALERT-PICTURE] zones that are set later cover what waits for its channel and what the broker keeps", async () => {
  await withHouse({}, async ({ hub, broker, ntfy, webhook }) => {
    webhook.isDown = true;
    await hub.waitFor(() => webhook.refused > 0 && ntfy.messages.length > 0, "the alert");
    assertEquals(await isCovered(ntfy.messages[0]?.attachment?.bytes, "ntfy"), false);
    for (const topic of KEPT) {
      await hub.waitFor(async () => await broker.retainedPicture(topic) !== undefined, topic);
      assertEquals(await isCovered(await broker.retainedPicture(topic), topic), false);
    }
    await hub.client.operation("set_privacy_zones", { camera_id: "a", zones: [ZONE], confirm: true });
    webhook.isDown = false;
    for (const topic of KEPT) {
      // Nothing bare is there any more, from the answer on.
      const now = await broker.retainedPicture(topic);
      if (now) assert(await isCovered(now, topic));
      await hub.waitFor(async () => await broker.retainedPicture(topic) !== undefined, topic);
      assert(await isCovered(await broker.retainedPicture(topic), topic));
    }
    await hub.waitFor(() => webhook.pictures.length > 0, "the webhook's message");
    assert(await isCovered(webhook.pictures[0], "the webhook"));
  });
});
