// The frame of every page: head, navigation, content.
import type { ComponentChildren } from "preact";
import { AlertBadge } from "../../islands/alert_badge.tsx";
import { Island } from "./island.tsx";
import { renderToString } from "preact-render-to-string";

const TEXT = {
  product: "Tapo Camera MCP",
  title: (page: string) => `${page} – Tapo Camera MCP`,
  skip: "Skip to the content",
  navigation: "Main",
  cameras: "Cameras",
  events: "Events",
  recordings: "Recordings",
  metrics: "Metrics",
  settings: "Settings",
};

const STYLESHEETS = [
  "app.css",
  "page.css",
  "controls.css",
  "dialog.css",
  "picture.css",
  "camera.css",
  "device.css",
  "events.css",
  "recordings.css",
  "alerts.css",
  "timeline.css",
  "timers.css",
  "motion.css",
  "privacy.css",
];

export interface PageProps {
  title: string;
  /** The page's own address, to mark it in the navigation. */
  path?: string;
  /** Those that only this page needs. */
  stylesheets?: readonly string[];
  /** Absent where nobody is signed in: such a page has no navigation. */
  signedIn?: boolean;
  /** Alerts that nobody has acknowledged. */
  alerts?: number;
  children: ComponentChildren;
}

/** One whole page. Nothing in it is inline script or style: the content security policy forbids both. */
export function Page({ title, path, stylesheets = [], signedIn = false, alerts = 0, children }: PageProps) {
  return (
    <html lang="en-GB">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#f5f6f8" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0f1216" media="(prefers-color-scheme: dark)" />
        <title>{TEXT.title(title)}</title>
        <link rel="icon" href="/static/icon.svg" type="image/svg+xml" />
        <link rel="manifest" href="/static/manifest.webmanifest" />
        {[...STYLESHEETS, ...stylesheets].map((name) => (
          <link key={name} rel="stylesheet" href={`/static/${name}`} />
        ))}
        {signedIn && <script type="module" src="/static/build/boot.js" />}
      </head>
      <body>
        <a class="skip-link" href="#content">{TEXT.skip}</a>
        <header class="site-head">
          <a class="brand" href="/">
            <img src="/static/icon.svg" alt="" width={28} height={28} />
            <span>{TEXT.product}</span>
          </a>
          {signedIn && <Navigation {...(path ? { path } : {})} alerts={alerts} />}
        </header>
        <main id="content">{children}</main>
      </body>
    </html>
  );
}

function Navigation({ path, alerts }: { path?: string; alerts: number }) {
  const link = (href: string, label: string, current: boolean) => (
    <a href={href} {...(current ? { "aria-current": "page" as const } : {})}>{label}</a>
  );
  return (
    <nav aria-label={TEXT.navigation}>
      {link("/", TEXT.cameras, path === "/")}
      {link("/events", TEXT.events, path === "/events")}
      <Island
        name="AlertBadge"
        component={AlertBadge}
        props={{ count: alerts, isCurrent: path === "/alerts" }}
        isOptional
      />
      {link("/recordings", TEXT.recordings, path === "/recordings")}
      {link("/metrics-view", TEXT.metrics, path === "/metrics-view")}
      {link("/settings", TEXT.settings, path === "/settings")}
    </nav>
  );
}

/** The page as a document. */
export function renderPage(props: PageProps): string {
  return `<!doctype html>${renderToString(<Page {...props} />)}`;
}
