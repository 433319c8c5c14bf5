// Operations of the tests: one that takes its time, one with a picture, one that lets secrets out, one that breaks.
import { z } from "zod";
import { read, readOfCamera, write } from "../../../src/operations/define.ts";
import type { Operation } from "../../../src/operations/operation.ts";

/** The operations, and what became of them. */
export interface Toys {
  operations: Map<string, Operation>;
  /** How often the slow one was begun, ended, and aborted. */
  begun: number;
  ended: number;
  aborted: number;
}

const success = z.literal(true);

export function toyOperations(): Toys {
  const toys: Toys = { operations: new Map(), begun: 0, ended: 0, aborted: 0 };
  const all = [slow(toys), picture(), leaky(), broken()];
  for (const operation of all) toys.operations.set(operation.name, operation);
  return toys;
}

function slow(toys: Toys): Operation {
  return write({
    name: "toy_slow",
    title: "Take some steps",
    summary: "Takes steps of 10 ms and tells of each",
    toolset: "media",
    input: z.object({ steps: z.int().min(1).max(1000).default(4) }),
    output: z.object({ success, steps: z.int() }),
    would: (_, { steps }) => `Take ${steps} steps`,
    run: async ({ signal, report }, { steps }) => {
      toys.begun++;
      for (let progress = 1; progress <= steps; progress++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (signal.aborted) toys.aborted++;
        signal.throwIfAborted();
        report({ progress, total: steps, message: `step ${progress}` });
      }
      toys.ended++;
      return { success: true as const, steps };
    },
  });
}

function picture(): Operation {
  return readOfCamera({
    name: "toy_picture",
    title: "Take a picture",
    summary: "Answers with a picture",
    toolset: "media",
    input: z.object({}),
    output: z.object({
      success,
      camera_id: z.string(),
      uri: z.string(),
      mime_type: z.string(),
      image_base64: z.string().optional(),
    }),
    run: (_, { camera_id }) =>
      Promise.resolve({
        success: true as const,
        camera_id,
        uri: `camera://${camera_id}/snapshot`,
        mime_type: "image/jpeg",
        image_base64: "/9j/2Q==",
      }),
  });
}

function leaky(): Operation {
  return read({
    name: "toy_leaky",
    title: "Let secrets out",
    summary: "Answers with an address that has a password",
    toolset: "system",
    input: z.object({ fail: z.boolean().default(false) }),
    output: z.object({ success, nested: z.object({ urls: z.array(z.string()) }) }),
    run: (_, { fail }) => {
      const url = "rtsp://ann:hunter2@192.0.2.1/stream1";
      if (fail) throw new Error(`cannot open ${url}`);
      return Promise.resolve({ success: true as const, nested: { urls: [url] } });
    },
  });
}

function broken(): Operation {
  return read({
    name: "toy_broken",
    title: "Break",
    summary: "Answers with something else than it should",
    toolset: "system",
    input: z.object({}),
    output: z.object({ success }),
    run: () => Promise.resolve({ success: "hunter2" } as unknown as { success: true }),
  });
}
