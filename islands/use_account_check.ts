// Adds a camera or only tries its accounts, with the stage it is at and what each account came to.
import { useState } from "preact/hooks";
import type { AccountCheckView, ProblemView } from "../src/operations/views.ts";
import { addCamera, type AddedCamera, checkCamera, type NewCamera } from "./api.ts";
import { checksOf } from "./check_text.ts";
import { useAction } from "./use_action.ts";

/** How the last try stands. */
export interface AccountCheck {
  busy: "adding" | "trying" | undefined;
  /** Absent before the first try, and where the hub refused before it tried anything. */
  checks: AccountCheckView[] | undefined;
  /** Why it was not added, or could not be tried. */
  problem: ProblemView | undefined;
  /** Tries the accounts and adds the camera; `force` adds it without trying. Undefined when it was not added. */
  add(camera: NewCamera, force?: boolean): Promise<AddedCamera | undefined>;
  try(camera: NewCamera): Promise<void>;
}

/** One form's tries; a new one clears what the last one showed. */
export function useAccountCheck(): AccountCheck {
  const action = useAction();
  const [stage, setStage] = useState<"adding" | "trying">("adding");
  const [checks, setChecks] = useState<AccountCheckView[]>();
  const begin = (next: "adding" | "trying") => {
    setStage(next);
    setChecks(undefined);
  };
  return {
    busy: action.busy ? stage : undefined,
    checks: checksOf(action.problem) ?? checks,
    problem: action.problem,
    add: async (camera, force = false) => {
      let added: AddedCamera | undefined;
      begin("adding");
      await action.run(async () => added = await addCamera(camera, force));
      return added;
    },
    try: async (camera) => {
      begin("trying");
      await action.run(async () => setChecks(await checkCamera(camera)));
    },
  };
}
