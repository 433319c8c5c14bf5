// Shows what the hub's push messages say, and opens the page that they are about. Runs beside the pages, also when
// none is open. It stands below /static/ and so takes no part in what the pages load.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const note = read(event.data);
  event.waitUntil(self.registration.showNotification(note.title, {
    body: note.body,
    // A newer message about the same alert takes the place of the older one.
    tag: note.tag,
    renotify: note.state === "firing",
    requireInteraction: note.severity === "critical" && note.state === "firing",
    icon: "/static/icon.svg",
    timestamp: note.at,
    data: { path: note.path },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path));
});

// The push service has changed the browser's address: the hub is told the new one.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAgain(event)));

/** Browsers demand that something is shown for every message, whatever is in it. */
function read(data) {
  const fallback = { title: "Tapo Camera MCP", body: "Something happened.", tag: "unknown", path: "/events" };
  try {
    return { ...fallback, ...data?.json() };
  } catch {
    return fallback;
  }
}

/** Only pages of the hub itself are opened. */
async function open(path) {
  const url = new URL(path ?? "/events", self.location.origin);
  const target = url.origin === self.location.origin ? url.href : `${self.location.origin}/events`;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = pages.find((page) => page.url === target);
  if (shown) return await shown.focus();
  return await self.clients.openWindow(target);
}

async function subscribeAgain(event) {
  const options = event.oldSubscription?.options;
  if (!options) return;
  const fresh = event.newSubscription ?? await self.registration.pushManager.subscribe(options);
  await fetch("/api/push/devices", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(fresh.toJSON()),
  });
}
