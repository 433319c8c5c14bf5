// The dashboard's pages and static files, as routes.
import { type Context, Hono } from "hono";
import { AlertBanner } from "../../islands/alert_banner.tsx";
import { CameraGrid } from "../../islands/camera_grid.tsx";
import { CameraPage } from "../../islands/camera_page.tsx";
import { Icon } from "../../islands/icon.tsx";
import { Missing, noCameraText } from "../../islands/missing.tsx";
import type { Kept } from "../operations/kept_views.ts";
import type { PushView } from "../operations/push_views.ts";
import type { CameraDetailView, CameraTypeView, CameraView, StatusView } from "../operations/views.ts";
import { TimersCard } from "../../islands/timers_card.tsx";
import type { TimerView } from "../operations/timer_views.ts";
import { alertsPage, type AlertsPageDeps } from "./alerts_page.tsx";
import { eventsPage, type EventsPageDeps } from "./events_page.tsx";
import { Island } from "./island.tsx";
import { type PageProps, renderPage } from "./layout.tsx";
import { LoginPage, safeNext } from "./login_page.tsx";
import { metricsPage, type MetricsPageDeps } from "./metrics_page.tsx";
import { recordingsPage, type RecordingsPageDeps } from "./recordings_page.tsx";
import { SettingsPage } from "./settings_page.tsx";
import { serveStatic, type StaticFile, staticPath } from "./static_files.ts";

const TEXT = {
  cameras: "Cameras",
  settings: "Settings",
  signIn: "Sign in",
  missing: "Not found",
  noPage: "There is no such page on this hub.",
  warnings: (count: number) => count === 1 ? "The hub has a warning" : `The hub has ${count} warnings`,
};

/** Who is signed in. `user` is absent for a session that began with a link and has no name yet. */
export interface Account {
  user?: string;
  passwordSet: boolean;
}

/** What the pages need to know of the hub. */
export interface WebDeps extends EventsPageDeps, RecordingsPageDeps, AlertsPageDeps, MetricsPageDeps {
  cameras(): CameraView[];
  /** What who asks may know of it; undefined where there is no such camera. */
  camera(id: string, context: Context): Promise<CameraDetailView | undefined>;
  cameraTypes(): CameraTypeView[];
  status(): Promise<StatusView>;
  timers(): TimerView[];
  /** How many warnings are in force; `status` would ask the system about every process. */
  warnings(): number;
  /** The devices of who is signed in that are notified. */
  push(context: Context): Promise<PushView>;
  /** How much is recorded and measured, and what may be kept of it. */
  kept(): Promise<Kept>;
  /** Undefined where nobody is signed in; pages then lead to /login. */
  account(context: Context): Promise<Account | undefined>;
  /** The user name of a login from this browser that has just failed. */
  triedUser(context: Context): string | undefined;
  /** A file below `static`, by its path without a leading slash; undefined where there is none. */
  staticFile(path: string): Promise<StaticFile | undefined>;
}

/** All pages. To be mounted after every other route: what is left over for GET is answered with the 404 page. */
export function webRoutes(deps: WebDeps): Hono {
  const app = new Hono();
  app.get("/static/*", (context) => serveFile(context, deps));
  app.get("/login", (context) => showLogin(context, deps));
  app.get("/", signedIn(deps, showDashboard));
  app.get("/cameras/:id", signedIn(deps, showCamera));
  app.get(
    "/events",
    signedIn(deps, async (context) => showPage(context, await eventsPage(context.req.query(), deps))),
  );
  app.get(
    "/recordings",
    signedIn(deps, async (context) => showPage(context, await recordingsPage(context.req.query(), deps))),
  );
  app.get("/alerts", signedIn(deps, async (context) => showPage(context, await alertsPage(deps))));
  app.get(
    "/metrics-view",
    signedIn(deps, (context) => Promise.resolve(showPage(context, metricsPage(context.req.query(), deps)))),
  );
  app.get("/settings", signedIn(deps, showSettings));
  app.get(
    "*",
    (context, next) => isPage(context.req.path) ? showMissing(context, deps, TEXT.noPage) : next(),
  );
  return app;
}

type Handler = (context: Context, deps: WebDeps, account: Account) => Promise<Response>;

function signedIn(deps: WebDeps, handler: Handler) {
  return async (context: Context): Promise<Response> => {
    const account = await deps.account(context);
    if (account) return await handler(context, deps, account);
    const { pathname, search } = new URL(context.req.url);
    const next = pathname + search;
    return context.redirect(next === "/" ? "/login" : `/login?next=${encodeURIComponent(next)}`);
  };
}

function showDashboard(context: Context, deps: WebDeps): Promise<Response> {
  const warnings = deps.warnings();
  const props = { cameras: deps.cameras(), types: deps.cameraTypes() };
  return Promise.resolve(showPage(context, {
    title: TEXT.cameras,
    path: "/",
    signedIn: true,
    children: (
      <>
        {warnings > 0 && (
          <p class="notice is-warning">
            <Icon name="warning" />
            <a class="notice-text" href="/settings#warnings">{TEXT.warnings(warnings)}</a>
          </p>
        )}
        <Island name="AlertBanner" component={AlertBanner} props={{}} isOptional />
        <Island name="CameraGrid" component={CameraGrid} props={props} />
        <Island name="TimersCard" component={TimersCard} props={{ timers: deps.timers() }} isOptional />
      </>
    ),
  }));
}

async function showCamera(context: Context, deps: WebDeps): Promise<Response> {
  const id = context.req.param("id") ?? "";
  const camera = await deps.camera(id, context);
  if (!camera) return showMissing(context, deps, noCameraText(id));
  const type = deps.cameraTypes().find((each) => each.type === camera.type);
  const props = type ? { camera, type } : { camera };
  return showPage(context, {
    title: camera.name,
    signedIn: true,
    children: <Island name="CameraPage" component={CameraPage} props={props} />,
  });
}

async function showSettings(context: Context, deps: WebDeps, account: Account): Promise<Response> {
  const [status, push, kept] = await Promise.all([deps.status(), deps.push(context), deps.kept()]);
  return showPage(context, {
    title: TEXT.settings,
    path: "/settings",
    signedIn: true,
    children: <SettingsPage status={status} account={account} push={push} kept={kept} nowMs={Date.now()} />,
  });
}

async function showLogin(context: Context, deps: WebDeps): Promise<Response> {
  const next = safeNext(context.req.query("next"));
  const error = context.req.query("error");
  if (error === undefined && await deps.account(context)) return context.redirect(next);
  return showPage(context, {
    title: TEXT.signIn,
    children: <LoginPage next={next} error={error} user={deps.triedUser(context)} />,
  });
}

async function showMissing(context: Context, deps: WebDeps, message: string): Promise<Response> {
  const known = await deps.account(context) !== undefined;
  const children = <Missing message={message} />;
  return showPage(context, { title: TEXT.missing, signedIn: known, children }, 404);
}

async function serveFile(context: Context, deps: WebDeps): Promise<Response> {
  const path = staticPath(context.req.path);
  const file = path === undefined ? undefined : await deps.staticFile(path);
  return path !== undefined && file ? serveStatic(context, path, file) : context.text("Not found\n", 404);
}

// Pages show what is behind the login; no cache may keep them.
function showPage(context: Context, page: PageProps, status: 200 | 404 = 200): Response {
  return context.html(renderPage(page), status, { "cache-control": "no-store" });
}

/** False for what machines read: they get the error format of the API. */
function isPage(path: string): boolean {
  return !/^\/(api|mcp|metrics|healthz)(\/|$)/.test(path);
}
