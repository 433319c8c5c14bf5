// What is covered in recordings for somebody who wants to see them: the privacy zones as they stand now, whenever the
// recording was made.
import type { Principal } from "../auth/roles.ts";
import { HubError } from "../base/errors.ts";
import type { PrivacyRules } from "../media/masked.ts";
import type { Hub } from "./hub.ts";
import { sightOf } from "./sight.ts";

/** What holds for one viewer of one camera's recordings. */
export interface Covering {
  /** What must be covered; undefined where the recording may be shown as it is. */
  rules: PrivacyRules | undefined;
  /** Calls back once it holds no longer, until the returned function is called. */
  onChange(ended: (why: HubError) => void): () => void;
}

/**
 * Says what is covered.
 * @throws HubError `forbidden` for a camera that is gone, whose zones nobody knows, and somebody below administrator.
 */
export function coveringOf(
  principal: Principal,
  camera: string,
  { rules, manager }: Pick<Hub, "rules" | "manager">,
): Covering {
  if (sightOf(principal) === "open") return { rules: undefined, onChange: () => () => {} };
  if (!manager.find(camera)) throw goneCamera(camera);
  const { privacy } = rules.of(camera);
  const before = JSON.stringify(privacy);
  return {
    rules: privacy.zones.length > 0 ? privacy : undefined,
    onChange: (ended) =>
      rules.changes.subscribe(() => {
        if (JSON.stringify(rules.of(camera).privacy) !== before) ended(changed(camera));
      }),
  };
}

function goneCamera(camera: string): HubError {
  return new HubError("forbidden", `Only an administrator may see recordings of camera "${camera}"`, {
    hint: "The camera is not there any more, and so nobody knows which parts of its picture were private",
    details: { needs_role: "admin" },
  });
}

function changed(camera: string): HubError {
  return new HubError("conflict", `The privacy zones of camera "${camera}" have changed; begin anew`, {
    retryable: true,
  });
}
