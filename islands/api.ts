// Talks to the hub's API and turns every failure into a problem that can be shown.
import type {
  AccountCheckView,
  CameraDetailView,
  CameraView,
  DiscoveredView,
  ProblemView,
} from "../src/operations/views.ts";
import type { Operations } from "./api_types.ts";

const TEXT = {
  unreachable: "The hub did not answer.",
  unreachableHelp: [
    "Check that the hub is running and that this device is on the same network.",
    "Try again.",
  ],
  unreadable: (status: number) => `The hub gave an answer that cannot be read (HTTP ${status}).`,
  unreadableHelp: ["Try again.", "Look into the hub’s log if it goes on."],
};

const UNREACHABLE = "hub_unreachable";
const DEADLINE_MS = 15_000;
/** The hub gives up after 30 s and then says why. */
const OPERATION_DEADLINE_MS = 35_000;

export type OperationName = keyof Operations;
export type InputOf<N extends OperationName> = Operations[N]["input"];
export type OutputOf<N extends OperationName> = Operations[N]["output"];

/** How sure the hub is that a camera did what it was asked. */
export type Verified = OutputOf<"stop_ptz">["verified"];

/** Operations that change something in one camera. */
export type CameraChange = {
  [N in OperationName]: Operations[N] extends
    { input: { camera_id?: string }; output: { verified: Verified } } ? N
    : never;
}[OperationName];

/** What they take beside the camera. */
export type OwnInput<N extends CameraChange> = Omit<InputOf<N>, "camera_id">;

/** What is sent to add a camera. */
export interface NewCamera {
  id?: string;
  name: string;
  type: string;
  options: Record<string, unknown>;
  /** Another camera of the same device whose options, passwords included, these complete. */
  options_of?: string;
}

/** A camera that was added, and what its accounts came to. */
export type AddedCamera = OutputOf<"add_camera">;

/** A failed request, with the problem the hub described. */
export class ApiProblem extends Error {
  readonly problem: ProblemView;

  constructor(problem: ProblemView, options?: ErrorOptions) {
    super(problem.message, options);
    this.problem = problem;
  }
}

/** Whether the hub gave no answer at all: what is shown is what it said before. */
export function isUnreachable({ error_code: code }: ProblemView): boolean {
  return code === UNREACHABLE;
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

/** Searches for devices; takes some seconds. */
export async function discoverDevices(): Promise<DiscoveredView[]> {
  return (await callOperation("discover_devices", {})).devices;
}

/** Tries the camera's accounts and adds it; `force` adds it untried. Takes up to half a minute. */
export function addCamera(camera: NewCamera, force = false): Promise<AddedCamera> {
  return callOperation("add_camera", force ? { ...camera, force } : camera);
}

/** Tries the camera's accounts and adds nothing. Takes up to half a minute. */
export async function checkCamera(
  { type, options, options_of }: Omit<NewCamera, "id" | "name">,
): Promise<AccountCheckView[]> {
  const input = { type, options, ...(options_of === undefined ? {} : { options_of }) };
  return (await callOperation("check_camera", input)).checks;
}

/** Runs one of the hub's operations. @throws ApiProblem */
export function callOperation<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  return callApi<OutputOf<N>>("POST", `/api/operations/${name}`, input, OPERATION_DEADLINE_MS);
}

/** Changes something in a camera. @throws ApiProblem */
export function changeCamera<N extends CameraChange>(
  camera: string,
  name: N,
  input: OwnInput<N> | undefined,
): Promise<{ verified: Verified }> {
  const whole = { camera_id: camera, ...input };
  return callApi("POST", `/api/operations/${name}`, whole, OPERATION_DEADLINE_MS);
}

/** Opens a stream that goes on until the signal aborts. @throws ApiProblem */
export async function openStream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await request(path, { signal });
  if (response.ok && response.body) return response.body;
  throw new ApiProblem(toProblem(response.status, parseJson(await response.text().catch(() => ""))));
}

/** Why the hub does not serve a stream that an element of the page asked for; undefined when it does. */
export async function askWhyNot(path: string): Promise<ProblemView | undefined> {
  const leave = new AbortController();
  try {
    await openStream(path, leave.signal);
    return undefined;
  } catch (error) {
    if (error instanceof ApiProblem) return error.problem;
    throw error;
  } finally {
    leave.abort();
  }
}

/** Sends one request and reads the JSON answer; undefined where there is no body. @throws ApiProblem */
export async function callApi<T>(
  method: string,
  path: string,
  body?: object,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const response = await request(path, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body ? JSON.stringify(body) : null,
    signal: AbortSignal.timeout(deadlineMs),
  });
  const text = await response.text().catch((cause) => {
    throw unreachable(cause);
  });
  const value = text === "" ? undefined : parseJson(text);
  if (response.ok && (value !== undefined || text === "")) return value as T;
  throw new ApiProblem(toProblem(response.status, value));
}

async function request(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { cache: "no-cache", ...init });
  } catch (cause) {
    throw unreachable(cause);
  }
}

function unreachable(cause: unknown): ApiProblem {
  const problem = localProblem(0, UNREACHABLE, TEXT.unreachable, TEXT.unreachableHelp);
  return new ApiProblem(problem, { cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toProblem(status: number, value: unknown): ProblemView {
  return isProblem(value) ? value : unreadableProblem(status);
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
