// What an operation is: one record from which every face of the hub is derived.
import type { z } from "zod";
import type { Principal, Role } from "../auth/roles.ts";
import type { Sight } from "../media/sight.ts";
import type { Hub } from "./hub.ts";

/**
 * Groups of operations by which a small model's list is narrowed. A group may have none yet: who asks for it already
 * keeps what he wrote when it gets some.
 */
export const TOOLSETS = ["cameras", "ptz", "media", "events", "system", "lights", "workflows"] as const;
export type Toolset = typeof TOOLSETS[number];

/** How far a long operation has come. */
export interface Progress {
  /** Grows with every report, from 0. */
  progress: number;
  /** Where `progress` ends, when that is known. */
  total?: number;
  message?: string;
}

/** What an operation runs with. */
export interface OperationContext {
  hub: Hub;
  principal: Principal;
  /** Aborts when the caller goes away or the deadline passes. */
  signal: AbortSignal;
  /** True for a caller that may change nothing, whatever its role; absent: false. */
  isReadOnly?: boolean;
  /** What the caller may see of cameras with privacy zones; absent: `masked`. */
  sight?: Sight;
  /** Tells the caller how far it is; whoever does not listen misses nothing. */
  report(progress: Progress): void;
}

/** One thing the hub can be asked to do. */
export interface Operation {
  name: string;
  title: string;
  /** One sentence for people. */
  summary: string;
  /** More for a model: when to use it, units, what comes back. */
  guide?: string | undefined;
  toolset: Toolset;
  effect: "read" | "write" | "destructive";
  /** The least role that may ask for it. */
  role: Role;
  /** True when it is about one camera: `camera_id` may then be left out while there is only one. */
  isOfCamera: boolean;
  /** With `camera_id`, `dry_run` and `confirm` where they belong. */
  input: z.ZodObject;
  output: z.ZodObject;
  http?: Route | undefined;
  /** Where it stands in the journal once it was done: for changes of how the hub works, which people look up later. */
  event?: { kind: "config_change" | "alarm"; what: string } | undefined;
  /** Milliseconds it may take. */
  deadlineMs: number;
  examples: readonly OperationExample[];
  /**
   * Says in a sentence what it would do, and checks all that can be checked without doing it. Writes only.
   * @throws HubError as `run` would before it begins.
   */
  would?(context: OperationContext, input: Record<string, unknown>): Promise<string> | string;
  run(context: OperationContext, input: Record<string, unknown>): Promise<unknown>;
  /** For reads that can be asked to leave something behind after all. */
  leaves?: Leaving | undefined;
}

/** What a read leaves behind where its input says so. It is then refused, and audited, as writes are. */
export interface Leaving {
  /** What it does then, in words: "keep pictures on the hub". */
  what: string;
  /** The least role for that. */
  role: Role;
  isAsked(input: Record<string, unknown>): boolean;
}

/** A route of an operation beside `POST /api/operations/{name}`. */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Its parameters, as in `/api/cameras/:camera_id`, are fields of the input. */
  path: string;
  /** When it was done; otherwise 200. */
  status?: 201;
  /** The one field of the output that is answered instead of all. */
  field?: string;
  /** Shorter names of fields in the query. */
  names?: Readonly<Record<string, string>>;
}

/** An input with what it is for; the documentation shows it and a test runs its check. */
export interface OperationExample {
  title: string;
  input: Record<string, unknown>;
}
