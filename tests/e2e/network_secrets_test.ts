// No password leaves the hub by any way that a test can look at, whatever is done with it.
// deno-lint-ignore-file no-console -- it prints for people
import { assert, assertEquals, assertMatch } from "@std/assert";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { TapoDiscoveryResponder } from "../emulators/tapo/discovery.ts";
import { C220 } from "../emulators/tapo/models/index.ts";
import { BINARY, type HubProcess } from "../tools/hub_process.ts";
import { awaitStatus, configOf, Home, Listening, MOUNTS, ownHost, Watching } from "./network_bench.ts";
import { filesBelow, findIn, formsOf, HeardClient, ProcessWatch } from "./network_secrets.ts";

// With everything that has a meaning in addresses, in ffmpeg's lists, in YAML, in XML or in HTML.
const CLOUD = "Cl0ud's-%w/rd@7";
const ACCOUNT = "c@m:s3c%ret/'&<7>";
const IN_URL = "Url@s3cret/9%?#";
const WRONG = "Wr0ng'p@ss/%w:rd";
const IN_QUERY = "Qu3ry_s3cret;7";
const FORMS = [CLOUD, ACCOUNT, IN_URL, WRONG, IN_QUERY].flatMap(formsOf);

/** Says everything wrong that can be said with a password in it. */
async function sayItWrong({ client }: HubProcess): Promise<void> {
  const wrong: unknown[] = [
    { type: "tapo", host: "127.0.0.1", cloud_pasword: CLOUD },
    { type: "tapo", host: "127.0.0.1", options: { cloud_pasword: CLOUD } },
    { type: "tapo", host: "127.0.0.1", cloud_password: [CLOUD] },
    { type: "tapo", host: "127.0.0.1", options: { password: { text: ACCOUNT } } },
    { type: "tapo", host: "127.0.0.1", password: ACCOUNT.repeat(20) },
    { type: "rtsp", stream_url: `rtsps//watcher:${IN_URL}@127.0.0.1/stream1` },
    { type: "rtsp", stream_url: `gopher://watcher:${IN_URL}@127.0.0.1/stream1` },
    { type: "rtsp", stream_url: `rtsp://watcher:${IN_URL}@no such host/stream1` },
    { type: "rtsp", stream_url: `rtsp://watcher:${IN_URL}@nowhere.invalid/stream1` },
    { type: "rtsp", stream_url: `rtsp://watcher:${IN_URL}@127.0.0.1:1/stream1`, force: "yes" },
    { type: "rtsp", stream_url: `http://watcher:${encodeURIComponent(IN_URL)}@127.0.0.1:1/video` },
    { type: "rtsp", stream_url: `http://127.0.0.1:1/video?user=a&pwd=${IN_QUERY}` },
    { type: "rtsp", stream_url: `gopher://127.0.0.1:1/user=a_password=${IN_QUERY}_channel=1` },
    { type: "onvif", host: `admin:${ACCOUNT}@127.0.0.1` },
  ];
  for (const body of wrong) {
    for (const path of ["/api/cameras", "/api/operations/check_camera"]) {
      const { status } = await client.send("POST", path, body);
      assert(status >= 400 || path.endsWith("check_camera"), JSON.stringify(body));
    }
  }
  for (const body of [`{"type":"tapo","cloud_password":"${CLOUD}"`, `{cloud_password: '${CLOUD}'}`, CLOUD]) {
    const headers = { "content-type": "application/json" };
    await client.fetch("/api/cameras", { method: "POST", headers, body });
  }
}

/** Adds a found camera: first with each password wrong, then right; then changes it back and forth. */
async function addAndChange({ client }: HubProcess, rig: TapoRig): Promise<void> {
  await client.operation("discover_devices");
  const given = { id: "t", type: "tapo", options: rig.options };
  const add = (options: object) => client.send("POST", "/api/cameras", { ...given, ...options });
  assertEquals((await add({ cloud_password: WRONG })).status, 502);
  assertEquals((await add({ password: WRONG })).status, 502);
  assertEquals((await add({})).status, 201);
  assertEquals((await add({})).status, 409);
  const change = (options: object) => client.send("PATCH", "/api/cameras/t", { options });
  assertEquals((await change({ cloud_password: WRONG })).status, 200);
  assertEquals((await change({ password: [ACCOUNT] })).status, 400);
  assertEquals((await change({ cloud_password: CLOUD })).status, 200);
}

/** Cameras that want the password in the query or the path of their address, and one that says that it lacks it. */
async function addByAddress({ client }: HubProcess, camera: RtspEmulator): Promise<void> {
  const addresses = {
    q: camera.url(`/nothing?user=a&pwd=${IN_QUERY}`, "watcher"),
    p: `http://${ownHost(31)}:1/user=a_password=${IN_QUERY}_channel=1`,
  };
  for (const [id, stream_url] of Object.entries(addresses)) {
    assertEquals(
      (await client.send("POST", "/api/cameras", { id, type: "rtsp", stream_url })).status >= 400,
      true,
    );
    await client.send("POST", "/api/cameras", { id, type: "rtsp", stream_url, force: true });
    const { options } = await client.json(`/api/cameras/${id}`);
    assertMatch(options.stream_url, /(pwd|password)=\[secret\]/);
    const back = await client.send("PATCH", `/api/cameras/${id}`, { options });
    assertEquals(back.status, 200, JSON.stringify(back.body));
    const moved = { stream_url: options.stream_url.replace(ownHost(31), "10.255.255.1") };
    assertEquals((await client.send("PATCH", `/api/cameras/${id}`, { options: moved })).status, 400);
  }
  // What ffmpeg says of the address, in the answer and as the reason of the camera's status.
  const { body } = await client.send("GET", "/api/cameras/q/snapshot");
  assertMatch(JSON.stringify(body), /nothing\?user=a&pwd=\[secret\]/);
  for (const path of ["/cameras/q", "/cameras/p", "/api/cameras"]) await client.fetch(path);
}

/** Looks at everything that can be looked at. */
async function lookAround(hub: HubProcess, ids: readonly string[]): Promise<void> {
  const { client } = hub;
  await awaitStatus(hub, "t", "online");
  for (const id of ids) {
    await using _watching = await Watching.start(client, `/api/cameras/${id}/stream?width=160`);
    await (await client.fetch(`/api/cameras/${id}/snapshot`)).body?.cancel();
    for (const name of ["get_camera_info", "get_camera_status", "move_ptz", "reboot_camera"]) {
      await client.operation(name, { camera_id: id, pan: 0.1 });
    }
    await client.json(`/api/cameras/${id}`);
    await client.fetch(`/cameras/${id}`);
  }
  for (
    const path of ["/api/cameras", "/api/status", "/api/events", "/", "/events", "/settings", "/nothing"]
  ) {
    await client.fetch(path);
  }
}

/** Breaks both cameras and the configuration, and mends them. */
async function breakAndReload(hub: HubProcess, rig: TapoRig, camera: RtspEmulator): Promise<void> {
  const { client, configPath = "" } = hub;
  await Promise.all([rig.offline(), camera.offline()]);
  for (const id of ["t", "u"]) await awaitStatus(hub, id, "offline");
  await client.fetch("/api/cameras/u/snapshot");
  await Promise.all([rig.online(), camera.online()]);
  const good = await Deno.readTextFile(configPath);
  const broken = [
    `cameras: [{id: u, type: rtsp, stream_url: "rtsp://watcher:${IN_URL}@127.0.0.1/`,
    `cameras: [{id: u, type: rtsp, stream_url: {url: "${IN_URL}"}}]`,
    `cameras: [{id: u, type: rtsp, stream_url: "rtsp//watcher:${IN_URL}@127.0.0.1/"}]`,
    `cameras: [{id: u, type: tapo, host: h, cloud_pasword: "${CLOUD}"}]`,
    `cameras:\n  - id: u\n    type: tapo\n    cloud_password: ${CLOUD}\n   password: ${CLOUD}: ${CLOUD}\n`,
  ];
  for (const text of broken) {
    await Deno.writeTextFile(configPath, text);
    await client.operation("reload_config");
    await new Deno.Command(BINARY, { args: ["config", "check", configPath] }).output().then((ended) => {
      const said = new TextDecoder().decode(ended.stdout) + new TextDecoder().decode(ended.stderr);
      client instanceof HeardClient && client.heard.push({ path: "config check", text: said });
    });
  }
  await Deno.writeTextFile(configPath, good);
  await client.operation("reload_config");
}

Deno.test("[SECRETS] no password is in any answer, log, command line, environment or file name, whatever is done", async () => {
  const account = { username: "viewer", password: ACCOUNT };
  await using rig = await TapoRig.start({
    model: C220,
    mounts: MOUNTS,
    cloudPassword: CLOUD,
    cameraAccount: account,
  });
  await using _responder = await TapoDiscoveryResponder.start({ emulators: [rig.tapo] });
  await using camera = await RtspEmulator.start({
    host: ownHost(31),
    users: { watcher: IN_URL },
    mounts: MOUNTS,
  });
  const fixed = [{ id: "u", type: "rtsp", stream_url: camera.url("/stream1", "watcher") }];
  assertEquals(configOf(fixed).includes(IN_URL), false, "percent-encoded, as the address must be");
  await using home = new Home();
  const clients: HeardClient[] = [];
  const watches: ProcessWatch[] = [];
  const outputs: string[] = [];
  let hub!: HubProcess;
  for (const round of [0, 1]) {
    if (round === 1) outputs.push(hub.text);
    hub = await home.start(fixed, { args: ["--log-level", "debug"] });
    await using watch = new ProcessWatch(hub.child.pid);
    watches.push(watch);
    const client = new HeardClient(hub.client.origin);
    client.cookie = hub.client.cookie;
    hub.client = client;
    clients.push(client);
    if (round === 0) await sayItWrong(hub);
    if (round === 0) await addAndChange(hub, rig);
    if (round === 0) await addByAddress(hub, camera);
    await using live = await Listening.open(client, "/api/events/live?after=0");
    await lookAround(hub, round === 0 ? ["t", "u"] : ["t"]);
    if (round === 0) await breakAndReload(hub, rig, camera);
    client.heard.push({ path: "/api/events/live", text: JSON.stringify(live.texts) });
  }
  outputs.push(hub.text);
  const found = [
    ...clients.flatMap(({ heard }) => heard.flatMap(({ path, text }) => findIn(text, FORMS, path))),
    ...outputs.flatMap((text) => findIn(text, FORMS, "the hub's output")),
    ...watches.flatMap(({ seen }) => [...seen].flatMap((text) => findIn(text, FORMS, "a process"))),
  ];
  const files = await filesBelow(hub.dataDir);
  for (const { path } of files) found.push(...findIn(path, FORMS, "the name of a file"));
  assertEquals([...new Set(found)], []);
  const answers = clients.flatMap(({ heard }) => heard).length;
  const programs = [...watches.flatMap(({ seen }) => [...seen])].filter((text) =>
    /cmdline: .*ffmpeg/.test(text)
  );
  assert(
    answers > 80 && programs.length >= 3,
    `${answers} answers, ${programs.length} ffmpegs were looked at`,
  );
  let kept = 0;
  for (const { path, mode } of files.filter(({ path }) => /sqlite/.test(path))) {
    assertEquals(mode & 0o777, 0o600, path);
    const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
    if ([CLOUD, ACCOUNT].some((secret) => text.includes(secret))) kept++;
  }
  console.log(
    `    ${answers} answers, ${watches[0]?.samples} samples; passwords stand in ${kept} database files`,
  );
});
