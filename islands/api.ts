// Talks to the hub's API and turns every failure into a problem that can be shown.
import type { CameraDetailView, CameraView, DiscoveredView, ProblemView } from "../src/operations/views.ts";

const TEXT = {
  unreachable: "The hub did not answer.",
  unreachableHelp: [
    "Check that the hub is running and that this device is on the same network.",
    "Try again.",
  ],
  unreadable: (status: number) => `The hub gave an answer that cannot be read (HTTP ${status}).`,
  unreadableHelp: ["Try again.", "Look into the hub’s log if it goes on."],
};

const DEADLINE_MS = 15_000;
const SEARCH_DEADLINE_MS = 60_000;

/** What the hub says after a write: how sure it is that the camera did it. */
export interface WriteResult {
  success: boolean;
  verified?: "readback" | "acknowledged" | "unverified";
  value?: number | boolean | string;
}

/** What is sent to add a camera. */
export interface NewCamera {
  id?: string;
  name: string;
  type: string;
  options: Record<string, unknown>;
}

/** A failed request, with the problem the hub described. */
export class ApiProblem extends Error {
  readonly problem: ProblemView;

  constructor(problem: ProblemView, options?: ErrorOptions) {
    super(problem.message, options);
    this.problem = problem;
  }
}

/** The address of a camera in the API. */
export function cameraPath(id: string): string {
  return `/api/cameras/${encodeURIComponent(id)}`;
}

/** The cameras as they stand now. */
export async function fetchCameras(): Promise<CameraView[]> {
  return (await callApi<{ cameras: CameraView[] }>("GET", "/api/cameras")).cameras;
}

/** Everything known of one camera. */
export function fetchCamera(id: string): Promise<CameraDetailView> {
  return callApi<CameraDetailView>("GET", cameraPath(id));
}

/** Searches for devices; takes up to a minute. */
export async function discoverDevices(): Promise<DiscoveredView[]> {
  return (await callOperation<{ devices: DiscoveredView[] }>("discover_devices", {}, SEARCH_DEADLINE_MS))
    .devices;
}

/** Runs one of the hub's operations. @throws ApiProblem */
export function callOperation<T = WriteResult>(
  name: string,
  input: object,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  return callApi<T>("POST", `/api/operations/${name}`, input, deadlineMs);
}

/** Sends one request and reads the JSON answer; undefined where there is no body. @throws ApiProblem */
export async function callApi<T>(
  method: string,
  path: string,
  body?: object,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const response = await send(method, path, body, deadlineMs);
  const text = await response.text().catch(() => "");
  const value = text === "" ? undefined : parseJson(text);
  if (response.ok && (value !== undefined || text === "")) return value as T;
  throw new ApiProblem(isProblem(value) ? value : unreadableProblem(response.status));
}

async function send(
  method: string,
  path: string,
  body: object | undefined,
  deadlineMs: number,
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      cache: "no-cache",
      headers: body ? { "content-type": "application/json" } : {},
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(deadlineMs),
    });
  } catch (cause) {
    throw new ApiProblem(localProblem(0, "hub_unreachable", TEXT.unreachable, TEXT.unreachableHelp), {
      cause,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is ProblemView {
  return typeof value === "object" && value !== null && "message" in value &&
    typeof value.message === "string";
}

function unreadableProblem(status: number): ProblemView {
  return localProblem(status, "unreadable_answer", TEXT.unreadable(status), TEXT.unreadableHelp);
}

function localProblem(status: number, code: string, message: string, recovery: string[]): ProblemView {
  return {
    type: "about:blank",
    title: message,
    status,
    error: message,
    error_code: code,
    message,
    recovery_options: recovery,
  };
}
