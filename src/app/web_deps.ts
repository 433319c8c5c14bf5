// What the pages read of the hub.
import type { PushDevices } from "../alerts/push_devices.ts";
import type { Access } from "../auth/access.ts";
import type { Layout } from "../base/layout.ts";
import type { Warnings } from "../base/warnings.ts";
import type { Config } from "../config/schema.ts";
import { triedUser } from "../http/tried_user.ts";
import { alertPage, alertSetup, deadLetters } from "../operations/alert_views.ts";
import { cameraTypeView } from "../operations/camera_types.ts";
import { cameraDetailView, cameraView } from "../operations/camera_views.ts";
import { DEFAULT_EVENTS, eventPage } from "../operations/events.ts";
import type { History } from "../metrics/history/history.ts";
import type { Hub } from "../operations/hub.ts";
import { historyKept, recordingsKept } from "../operations/kept_views.ts";
import { pushView } from "../operations/push_views.ts";
import { recordingsNow } from "../operations/recordings.ts";
import { sightOf } from "../operations/sight.ts";
import { timerView } from "../operations/timer_views.ts";
import type { webRoutes } from "../web/routes.tsx";
import { readStatic } from "../web/static_store.ts";

/** The sources of the pages. */
export function webDeps(
  hub: Hub,
  { access, warnings, layout, push, config, history }: {
    access: Access;
    warnings: Warnings;
    layout: Layout;
    push: PushDevices;
    config: { readonly now: Config };
    history: Pick<History, "size">;
  },
): Parameters<typeof webRoutes>[0] {
  return {
    cameras: () => hub.manager.cameras.map((camera) => cameraView(camera, hub)),
    camera: async (id, context) => {
      const camera = hub.manager.find(id);
      const principal = context.get("principal");
      const asker = { role: principal.role, sight: sightOf(principal), signal: AbortSignal.timeout(5000) };
      return camera && await cameraDetailView(camera, hub, asker);
    },
    events: (filter) => eventPage(hub.journal, { ...filter, limit: DEFAULT_EVENTS }),
    recordings: (camera, limit) => recordingsNow(hub, camera, limit),
    alerts: async (limit, letters) => ({
      page: await alertPage(hub.alerts, { limit }),
      setup: alertSetup(hub.alerts),
      letters: await deadLetters(hub.alerts, letters),
    }),
    cameraTypes: () => hub.manager.drivers.map(cameraTypeView),
    status: () => hub.status(AbortSignal.timeout(5000)),
    timers: () => hub.timers.list.map(timerView),
    warnings: () => warnings.list.length,
    account: async (context) => {
      const principal = context.get("principal");
      return principal && { user: principal.user, passwordSet: await access.hasPassword(principal.user) };
    },
    push: (context) => pushView(push, hub.alerts, context.get("principal").user),
    metricsIntervalMs: () => config.now.metrics.interval_s * 1000,
    kept: async () => ({
      recordings: await recordingsKept(hub.library, config.now.recordings),
      history: historyKept(history.size, config.now.metrics.history),
    }),
    triedUser,
    staticFile: (path) => readStatic(layout.staticDir, path),
  };
}
