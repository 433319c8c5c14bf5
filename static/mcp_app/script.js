// Shows the cameras inside an MCP client: speaks JSON-RPC with it by postMessage, and needs no network.
const MOVES = {
  up: { tilt: 0.1 },
  down: { tilt: -0.1 },
  left: { pan: -0.1 },
  right: { pan: 0.1 },
  closer: { zoom: 0.1 },
  wider: { zoom: -0.1 },
};
const REFRESH_MS = 10_000;
const SETTLE_MS = 700;

const element = (id) => document.getElementById(id);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Requests that wait for the client's answer. */
const waiting = new Map();
let lastId = 0;

const post = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");

function ask(method, params) {
  return new Promise((resolve, reject) => {
    waiting.set(++lastId, { resolve, reject });
    post({ id: lastId, method, params });
  });
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent || data?.jsonrpc !== "2.0") return;
  if (data.method === undefined) return settle(data);
  if (data.method === "ui/notifications/tool-result") showResult(data.params);
  if (data.method === "ui/notifications/host-context-changed") useTheme(data.params);
  if (data.id !== undefined) post({ id: data.id, result: {} });
});

function settle({ id, result, error }) {
  const asked = waiting.get(id);
  waiting.delete(id);
  if (error) asked?.reject(new Error(error.message));
  else asked?.resolve(result);
}

/** Calls a tool of the hub. */
async function call(name, args = {}) {
  const result = await ask("tools/call", { name, arguments: args });
  if (!result.isError) return result;
  const text = result.content?.[0]?.text ?? "The hub refused";
  let message = text;
  try {
    message = JSON.parse(text).message ?? text;
  } catch {
    // An older client's own words.
  }
  throw new Error(message);
}

/** Tiles by the camera's id. */
const tiles = new Map();
let chosen;

function showCameras(cameras) {
  element("notice").textContent = cameras.length === 0 ? "The hub has no camera yet." : "";
  const before = new Map(tiles);
  tiles.clear();
  for (const camera of cameras) {
    tiles.set(camera.id, renew(before.get(camera.id) ?? makeTile(camera.id), camera));
  }
  for (const [id, { button }] of before) if (!tiles.has(id)) forget(button);
  const buttons = [...tiles.values()].map(({ button }) => button);
  // A button that stays keeps the focus.
  const shown = element("cameras");
  if (buttons.some((button, at) => shown.children[at] !== button) || shown.children.length > buttons.length) {
    shown.replaceChildren(...buttons);
  }
  choose(tiles.has(chosen) ? chosen : cameras.find(canMove)?.id);
}

const canMove = ({ capabilities }) => capabilities?.includes("ptz") === true;

function makeTile(id) {
  const button = document.createElement("button");
  const [image, name, state] = ["img", "b", "span"].map((tag) => document.createElement(tag));
  button.type = "button";
  button.className = "camera";
  button.append(image, name, state);
  observer.observe(button);
  button.onclick = () => {
    choose(id);
    refresh(id);
  };
  return { button, image, name, state };
}

/** Gives a tile what is known of its camera now; the picture stays until there is a newer one. */
function renew(tile, camera) {
  tile.camera = camera;
  tile.image.alt = `Picture of ${camera.name}`;
  tile.name.textContent = camera.name;
  tile.state.textContent = camera.reason ? `${camera.status}: ${camera.reason}` : camera.status;
  return tile;
}

function choose(id) {
  chosen = id;
  for (const [each, { button }] of tiles) button.setAttribute("aria-pressed", String(each === id));
  const camera = tiles.get(id)?.camera;
  element("pad").hidden = !camera || !canMove(camera);
  element("pad-name").textContent = camera?.name ?? "";
}

function showResult({ structuredContent, content }) {
  if (structuredContent?.cameras) showCameras(structuredContent.cameras);
  else if (structuredContent?.camera_id) showPicture(structuredContent.camera_id, content);
}

function showPicture(id, content) {
  const picture = content?.find(({ type }) => type === "image");
  const tile = tiles.get(id);
  if (tile && picture) tile.image.src = `data:${picture.mimeType};base64,${picture.data}`;
}

let lastPicture = Promise.resolve();

/** One picture at a time is asked for, whoever asks. */
function refresh(id) {
  lastPicture = lastPicture.then(() => takePicture(id));
  return lastPicture;
}

async function takePicture(id) {
  const tile = tiles.get(id);
  if (tile?.camera.status !== "online") return;
  try {
    const { content } = await call("capture_image", { camera_id: id, quality: "low", width: 480 });
    showPicture(id, content);
    tile.state.textContent = tile.camera.status;
  } catch (error) {
    tile.state.textContent = error.message;
  }
}

async function move(way) {
  const camera_id = chosen;
  const buttons = element("pad").querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    if (way === "home") await call("go_to_home_ptz", { camera_id });
    else await call("move_ptz", { camera_id, ...MOVES[way], relative: true });
    element("notice").textContent = "";
    await pause(SETTLE_MS);
    await refresh(camera_id);
  } catch (error) {
    element("notice").textContent = error.message;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

element("pad").onclick = ({ target }) => {
  const way = target.dataset.way;
  if (way) move(way);
};

function useTheme(context) {
  if (context?.theme) document.documentElement.dataset.theme = context.theme;
}

/** Tiles that somebody can see: in a long list not all of them. */
const inView = new Set();
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inView.add(target);
    else inView.delete(target);
  }
});

/** All pictures in turn, one at a time; then, while somebody can see them, the cameras and their pictures anew. */
async function keepFresh() {
  for (const id of [...tiles.keys()]) await refresh(id);
  for (;;) {
    await pause(REFRESH_MS);
    if (document.hidden) continue;
    await listAnew();
    for (const [id, { button }] of [...tiles]) if (inView.has(button)) await refresh(id);
  }
}

function forget(button) {
  observer.unobserve(button);
  inView.delete(button);
}

/** A hub that does not answer for a moment costs a round, not the page. */
async function listAnew() {
  try {
    showCameras((await call("list_cameras")).structuredContent.cameras);
  } catch (error) {
    element("notice").textContent = error.message;
  }
}

async function start() {
  const { hostContext } = await ask("ui/initialize", {
    protocolVersion: "2026-01-26",
    appInfo: { name: "tapo-camera-mcp", version: "1" },
    appCapabilities: {},
  });
  useTheme(hostContext);
  post({ method: "ui/notifications/initialized", params: {} });
  new ResizeObserver(() => {
    const { scrollWidth: width, scrollHeight: height } = document.documentElement;
    post({ method: "ui/notifications/size-changed", params: { width, height } });
  }).observe(document.body);
  const { structuredContent } = await call("list_cameras");
  showCameras(structuredContent.cameras);
  await keepFresh();
}

start().catch((error) => element("notice").textContent = error.message);
