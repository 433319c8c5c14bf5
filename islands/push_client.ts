// This browser as a device that is notified: its service worker, its subscription, and the hub's list of devices.
import type { PushDeviceView, PushView } from "../src/operations/push_views.ts";
import { callApi } from "./api.ts";

/** Why this browser cannot be notified; undefined when it can. */
export type PushObstacle = "insecure" | "unsupported" | "denied";

const WORKER = "/static/push_worker.js";

/** Looks at this browser. */
export function pushObstacle(): PushObstacle | undefined {
  if (!isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return "unsupported";
  return Notification.permission === "denied" ? "denied" : undefined;
}

/** The hub's key and this user's devices. @throws ApiProblem */
export function fetchPush(): Promise<PushView> {
  return callApi<PushView>("GET", "/api/push");
}

/** SHA-256 of this browser's address at its push service, as the hub names its devices; undefined without one. */
export async function ownEndpointHash(): Promise<string | undefined> {
  if (pushObstacle() !== undefined) return undefined;
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  const subscription = await registration?.pushManager.getSubscription();
  return subscription ? await hashOf(subscription.endpoint) : undefined;
}

/** Asks the person, subscribes, and tells the hub. @throws Error in the browser's words; ApiProblem. */
export async function enablePush(publicKey: string): Promise<PushDeviceView> {
  await navigator.serviceWorker.register(WORKER);
  const permission = await Notification.requestPermission();
  if (permission !== "granted") throw new Error("denied");
  const registration = await activeRegistration();
  const subscription = await subscribe(registration, publicKey);
  return await callApi("POST", "/api/push/devices", { ...subscription.toJSON(), device: deviceName() });
}

/** Ends this browser's own subscription, so that its push service forgets it, too. */
export async function endOwnSubscription(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** @throws ApiProblem */
export function removePushDevice(id: string): Promise<unknown> {
  return callApi("DELETE", `/api/push/devices/${encodeURIComponent(id)}`);
}

/** @throws ApiProblem */
export function testPushDevice(id: string): Promise<unknown> {
  return callApi("POST", `/api/push/devices/${encodeURIComponent(id)}/test`, {}, 35_000);
}

/** A subscription made with another hub's key, or an earlier one of this hub, is of no use. */
async function subscribe(
  registration: ServiceWorkerRegistration,
  publicKey: string,
): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  const before = await registration.pushManager.getSubscription();
  const key = before?.options.applicationServerKey;
  if (before && key && toBase64Url(new Uint8Array(key)) === publicKey) return before;
  await before?.unsubscribe();
  return await registration.pushManager.subscribe(options);
}

/** `ready` is for workers that control the page, which this one does not. */
async function activeRegistration(): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register(WORKER);
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker) throw new Error("The browser did not start the service worker");
  if (worker.state === "activated") return registration;
  return await new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve(registration);
      if (worker.state === "redundant") reject(new Error("The browser did not start the service worker"));
    });
  });
}

/** Such as `Chrome on Android`. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const first = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = first([
    [/Edg/, "Edge"],
    [/SamsungBrowser/, "Samsung Internet"],
    [/Firefox/, "Firefox"],
    [/Chrome|CriOS/, "Chrome"],
    [/Safari/, "Safari"],
  ]);
  const system = first([
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS/, "macOS"],
    [/Linux/, "Linux"],
  ]);
  return `${browser ?? "Browser"}${system === undefined ? "" : ` on ${system}`}`;
}

async function hashOf(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
