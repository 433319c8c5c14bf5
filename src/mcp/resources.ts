// What can be read, and followed, without asking a tool: pictures, states, events, documentation.
import {
  type ListResourcesCallback,
  type McpServer,
  ProtocolError,
  type ReadResourceResult,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Role } from "../auth/roles.ts";
import { HubError, isAbort } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { redact, redactText } from "../base/secret.ts";
import { cameraView } from "../operations/camera_views.ts";
import { pictureUri } from "../operations/capture.ts";
import { eventPage, eventPicture, hiddenKinds } from "../operations/events.ts";
import type { Hub } from "../operations/hub.ts";
import { DOCS_PAGES, readDocsPage } from "./docs_pages.ts";
import { problemOf } from "./results.ts";
import { docsUri, eventPictureUri, EVENTS_URI, HUB_STATUS_URI, snapshotUri, statusUri } from "./uris.ts";

/** What resources are made of. */
export interface ResourceDeps {
  hub: Hub;
  /** Of whoever reads. */
  role: Role;
  log: Logger;
  /** A JPEG of now, small enough for a message. @throws HubError. */
  snapshot(cameraId: string, signal: AbortSignal): Promise<Uint8Array>;
  docsDir: URL;
}

const JSON_TYPE = "application/json";
const JPEG_TYPE = "image/jpeg";
const EVENTS = 100;

/** Adds all of them to a server. */
export function registerResources(server: McpServer, deps: ResourceDeps): void {
  registerSnapshots(server, deps);
  registerPictures(server, deps);
  registerStatuses(server, deps);
  registerHub(server, deps);
  registerEventPictures(server, deps);
  registerDocs(server, deps);
}

/** Completes the beginning of a camera's id. */
export function completeCamera({ manager }: Hub): (begin: string) => string[] {
  return (begin) => manager.cameras.map(({ id }) => id).filter((id) => id.startsWith(begin));
}

function registerSnapshots(server: McpServer, deps: ResourceDeps): void {
  const { hub } = deps;
  const template = new ResourceTemplate(snapshotUri("{id}"), {
    list: listCameras(
      hub,
      (id, name) => ({ uri: snapshotUri(id), name: `${name}: picture`, mimeType: JPEG_TYPE }),
    ),
    complete: { id: completeCamera(hub) },
  });
  server.registerResource("camera-snapshot", template, {
    title: "Picture of a camera",
    description:
      "What the camera sees now, as a JPEG as the camera gives it, smaller only where that would be a megabyte. " +
      "Followers are told when something moved in front of it",
    mimeType: JPEG_TYPE,
  }, (uri, { id }, request) =>
    read(deps, request, async (signal) => {
      hub.manager.get(String(id));
      return jpeg(uri, await deps.snapshot(String(id), signal));
    }));
}

function registerPictures(server: McpServer, deps: ResourceDeps): void {
  const { hub } = deps;
  const template = new ResourceTemplate(pictureUri("{id}", "{picture}"), {
    // What there is changes with every call of capture_image, which tells the address.
    list: undefined,
    complete: { id: completeCamera(hub) },
  });
  server.registerResource("camera-picture", template, {
    title: "Picture that capture_image took",
    description:
      "The very picture of an answer of capture_image in full, which may be larger than a megabyte, for 10 " +
      "minutes at most",
    mimeType: JPEG_TYPE,
  }, (uri, { id, picture }, request) =>
    read(deps, request, () => {
      const mask = hub.media.get(String(id)).maskFor("masked");
      return Promise.resolve(jpeg(uri, hub.pictures.get(String(id), String(picture), mask)));
    }));
}

function registerStatuses(server: McpServer, deps: ResourceDeps): void {
  const { hub } = deps;
  const template = new ResourceTemplate(statusUri("{id}"), {
    list: listCameras(
      hub,
      (id, name) => ({ uri: statusUri(id), name: `${name}: status`, mimeType: JSON_TYPE }),
    ),
    complete: { id: completeCamera(hub) },
  });
  server.registerResource(
    "camera-status",
    template,
    {
      title: "Status of a camera",
      description: "Whether it is online, why not, since when, what it can do. Followers are told of changes",
      mimeType: JSON_TYPE,
    },
    (uri, { id }, request) =>
      read(deps, request, () => Promise.resolve(json(uri, cameraView(hub.manager.get(String(id)), hub)))),
  );
}

function registerHub(server: McpServer, deps: ResourceDeps): void {
  const { hub } = deps;
  server.registerResource("hub-status", HUB_STATUS_URI, {
    title: "The hub",
    description: "Version, cameras by state, streams, storage and warnings. Followers are told of changes",
    mimeType: JSON_TYPE,
  }, (uri, request) => read(deps, request, async (signal) => json(uri, await hub.status(signal))));
  server.registerResource(
    "hub-events",
    EVENTS_URI,
    {
      title: "Events",
      description: `The newest ${EVENTS} events of all cameras, newest first. Followers are told of new ones`,
      mimeType: JSON_TYPE,
    },
    (uri, request) =>
      read(deps, request, async () => {
        const query = { limit: EVENTS, hidden: hiddenKinds(deps.role) };
        return json(uri, await eventPage(hub.journal, query));
      }),
  );
}

function registerEventPictures(server: McpServer, deps: ResourceDeps): void {
  const template = new ResourceTemplate(eventPictureUri("{seq}"), { list: undefined });
  server.registerResource("event-snapshot", template, {
    title: "Picture of an event",
    description: "What the camera saw when an event began, as a small JPEG; list_events tells which have one",
    mimeType: JPEG_TYPE,
  }, (uri, { seq }, request) =>
    read(deps, request, async (signal) => {
      const number = /^\d{1,15}$/.test(String(seq)) ? Number(seq) : 0;
      const blob = (await eventPicture(deps.hub, number, { sight: "masked", signal })).toBase64();
      return { uri: uri.href, mimeType: JPEG_TYPE, blob };
    }));
}

function registerDocs(server: McpServer, deps: ResourceDeps): void {
  const pages = Object.entries(DOCS_PAGES);
  const mimeType = "text/markdown";
  const template = new ResourceTemplate(docsUri("{page}"), {
    list: () => ({
      resources: pages.map(([page, description]) => ({
        uri: docsUri(page),
        name: page,
        description,
        mimeType,
      })),
    }),
    complete: { page: (begin) => pages.map(([page]) => page).filter((page) => page.startsWith(begin)) },
  });
  server.registerResource("hub-docs", template, {
    title: "Documentation",
    description: "A page of the hub's documentation",
    mimeType,
  }, (uri, { page }, request) =>
    read(deps, request, async () => ({
      uri: uri.href,
      mimeType,
      text: redactText(await readDocsPage(deps.docsDir, String(page))),
    })));
}

type Listed = Awaited<ReturnType<ListResourcesCallback>>["resources"][number];

function listCameras({ manager }: Hub, entry: (id: string, name: string) => Listed): ListResourcesCallback {
  return () => ({ resources: manager.cameras.map(({ id, spec }) => entry(id, spec.name)) });
}

type Content = ReadResourceResult["contents"][number];

const jpeg = (uri: URL, bytes: Uint8Array): Content => ({
  uri: uri.href,
  mimeType: JPEG_TYPE,
  blob: bytes.toBase64(),
});

const json = (uri: URL, data: unknown): Content => ({
  uri: uri.href,
  mimeType: JSON_TYPE,
  text: JSON.stringify(redact(data)),
});

const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

/** Reads; what goes wrong becomes a protocol error with the contract's fields as its data. */
async function read(
  { log }: ResourceDeps,
  { mcpReq }: ServerContext,
  work: (signal: AbortSignal) => Promise<Content>,
): Promise<ReadResourceResult> {
  try {
    return { contents: [await work(mcpReq.signal)] };
  } catch (error) {
    if (isAbort(error)) throw error;
    const isOwnFault = !(error instanceof HubError) || error.kind === "internal";
    if (isOwnFault) log.error("A resource could not be read", { error });
    const problem = redact(problemOf(error));
    throw new ProtocolError(isOwnFault ? INTERNAL_ERROR : INVALID_PARAMS, problem.message, problem);
  }
}
