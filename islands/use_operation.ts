// Runs the operations of one control of a camera, and tells how sure the hub is of the last one.
import { useState } from "preact/hooks";
import { callOperation, type WriteResult } from "./api.ts";
import { type Action, useAction } from "./use_action.ts";

/** The state of one control. It is busy until the page shows what the camera then says. */
export interface Operation extends Omit<Action, "run"> {
  verified: WriteResult["verified"] | undefined;
  /** Resolves to whether it succeeded; does nothing while busy. */
  send(operation: string, input?: object): Promise<boolean>;
}

/** `refresh` reads the camera anew after each change: what is shown is what the camera says. */
export function useOperation(camera: string, refresh: () => Promise<void>): Operation {
  const { run, ...action } = useAction();
  const [verified, setVerified] = useState<WriteResult["verified"]>();
  const send = (operation: string, input: object = {}) =>
    run(async () => {
      setVerified(undefined);
      const result = await callOperation(operation, { camera_id: camera, ...input });
      setVerified(result.verified ?? "unverified");
      await refresh();
    });
  return { ...action, verified, send };
}
