// Makes operations of what their authors write: ties the run function's types to the schemas, and adds to the input
// what every operation of its kind takes.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import { idSchema } from "../config/schema.ts";
import type { Role } from "../auth/roles.ts";
import type { Leaving, Operation, OperationContext, OperationExample, Toolset } from "./operation.ts";

const DEFAULT_DEADLINE_MS = 30_000;

const cameraId = idSchema.optional().meta({
  description: "From list_cameras; optional with one camera",
});
const dryRun = z.boolean().default(false).meta({
  description: "true: only say what would be done",
});
const confirm = z.boolean().default(false).meta({
  description: "true: do it; else only says what would be done",
});

/** What all operations have in common. */
interface Common<I extends z.ZodObject, O extends z.ZodObject> {
  name: string;
  title: string;
  summary: string;
  guide?: string;
  toolset: Toolset;
  /** Default: viewer for reads, operator for writes. */
  role?: Role;
  input: I;
  output: O;
  http?: Operation["http"];
  event?: Operation["event"];
  /** Milliseconds; default 30 s. */
  deadlineMs?: number;
  examples?: readonly OperationExample[];
}

type Run<I, O extends z.ZodType> = (context: OperationContext, input: I) => Promise<z.input<O>>;
type Would<I> = (context: OperationContext, input: I) => Promise<string> | string;
type Leaves<I> = Omit<Leaving, "isAsked"> & { isAsked(input: I): boolean };
type OfCamera<I extends z.ZodObject> = z.output<I> & { camera_id: string };

/** An operation that changes nothing. */
export function read<I extends z.ZodObject, O extends z.ZodObject>(
  definition: Common<I, O> & { run: Run<z.output<I>, O> },
): Operation {
  return complete({ ...definition, effect: "read", isOfCamera: false });
}

/** The same about one camera. */
export function readOfCamera<I extends z.ZodObject, O extends z.ZodObject>(
  definition: Common<I, O> & { run: Run<OfCamera<I>, O>; leaves?: Leaves<OfCamera<I>> },
): Operation {
  return complete({ ...definition, effect: "read", isOfCamera: true });
}

/** An operation that changes something; `destructive` for what cannot be undone or disturbs people. */
export function write<I extends z.ZodObject, O extends z.ZodObject>(
  definition: Common<I, O> & {
    effect?: "write" | "destructive";
    would: Would<z.output<I>>;
    run: Run<z.output<I>, O>;
  },
): Operation {
  return complete({ effect: "write", ...definition, isOfCamera: false });
}

/** The same about one camera. */
export function writeOfCamera<I extends z.ZodObject, O extends z.ZodObject>(
  definition: Common<I, O> & {
    effect?: "write" | "destructive";
    would: Would<OfCamera<I>>;
    run: Run<OfCamera<I>, O>;
  },
): Operation {
  return complete({ effect: "write", ...definition, isOfCamera: true });
}

/** The schemas vouch for the types of `run` and `would`: the list holds plain records. */
type Definition = Common<z.ZodObject, z.ZodObject> & Pick<Operation, "effect" | "isOfCamera"> & {
  run(context: OperationContext, input: never): Promise<unknown>;
  would?(context: OperationContext, input: never): Promise<string> | string;
  leaves?: Leaves<never>;
};

function complete({ input, ...definition }: Definition): Operation {
  const { effect, isOfCamera, name } = definition;
  return {
    role: effect === "read" ? "viewer" : "operator",
    deadlineMs: DEFAULT_DEADLINE_MS,
    examples: [],
    ...definition,
    input: z.strictObject({
      ...(isOfCamera ? { camera_id: cameraId } : {}),
      ...ownFields(name, input),
      ...(effect === "read" ? {} : { dry_run: dryRun }),
      ...(effect === "destructive" ? { confirm } : {}),
    }),
  };
}

function ownFields(name: string, input: z.ZodObject): z.ZodRawShape {
  for (const field of ["dry_run", "confirm"]) {
    if (field in input.shape) throw new HubError("internal", `${name} declares ${field} itself`);
  }
  return input.shape;
}
