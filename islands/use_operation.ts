// Runs the operations of one control of a camera, and tells how sure the hub is of the last one.
import { useRef, useState } from "preact/hooks";
import { type CameraChange, changeCamera, type OwnInput, type Verified } from "./api.ts";
import { NewestWork, type Work } from "./newest_work.ts";
import { type Action, useAction } from "./use_action.ts";

/** The state of one control. It is busy until the page shows what the camera then says. */
export interface Operation extends Omit<Action, "run"> {
  verified: Verified | undefined;
  /** Resolves to whether it succeeded; does nothing while busy. */
  send<N extends CameraChange>(operation: N, input?: OwnInput<N>): Promise<boolean>;
  /** While busy it waits its turn, and takes the place of what waits. Resolves when nothing is left to send. */
  sendNewest<N extends CameraChange>(operation: N, input?: OwnInput<N>): Promise<boolean>;
}

/** `refresh` reads the camera anew after the last change: what is shown is what the camera says. */
export function useOperation(camera: string, refresh: () => Promise<void>): Operation {
  const { run, ...action } = useAction();
  const [verified, setVerified] = useState<Verified>();
  const queue = useRef<NewestWork>(undefined);
  const sending = useRef<Promise<boolean>>(undefined);
  const all = queue.current ??= new NewestWork();

  const begin = (work: Work) => {
    sending.current = run(() => all.run(work)).finally(() => sending.current = undefined);
    return sending.current;
  };
  const workOf = <N extends CameraChange>(operation: N, input: OwnInput<N> | undefined) => async () => {
    setVerified(undefined);
    setVerified((await changeCamera(camera, operation, input)).verified);
    if (!all.hasNext) await refresh();
  };
  return {
    ...action,
    verified,
    send: async (operation, input) => !sending.current && await begin(workOf(operation, input)),
    sendNewest: (operation, input) => {
      const work = workOf(operation, input);
      if (!sending.current) return begin(work);
      // How it ends is told where the first of them began.
      void all.run(work);
      return sending.current;
    },
  };
}
