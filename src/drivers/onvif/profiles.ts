// Which of an ONVIF camera's streams is the picture, and which its smaller one. Pure.
import { HubError } from "../../base/errors.ts";
import type { OnvifProfile } from "../../protocols/onvif/media.ts";

/** What the hub can carry without decoding it. */
const VIDEO = new Set(["h264", "h265", "jpeg"]);

/**
 * The profile that was named, else (nothing or an empty name) the largest; the smaller one is the smallest other of the same picture.
 * @throws HubError `not_found` for an unknown name, `unsupported` when nothing can be carried.
 */
export function chooseProfiles(
  profiles: readonly OnvifProfile[],
  wanted: string | undefined,
): { main: OnvifProfile; sub: OnvifProfile | undefined } {
  const usable = profiles.filter(({ encoding }) => encoding === undefined || VIDEO.has(encoding));
  const size = ({ width = 0, height = 0 }: OnvifProfile) => width * height;
  const bySize = usable.toSorted((a, b) => size(b) - size(a));
  const main = wanted ? usable.find(({ token, name }) => token === wanted || name === wanted) : bySize[0];
  if (!main) throw wanted ? noSuchProfile(wanted, profiles) : nothingUsable(profiles);
  const sub = bySize.filter((profile) =>
    profile.videoSourceToken === main.videoSourceToken && size(profile) > 0 && size(profile) < size(main)
  ).at(-1);
  return { main, sub };
}

function noSuchProfile(wanted: string, profiles: readonly OnvifProfile[]): HubError {
  return new HubError("not_found", `The camera has no profile "${wanted}"`, {
    hint: `It has: ${profiles.map(({ name, token }) => `${name} (${token})`).join(", ")}`,
    retryAtMs: Infinity,
  });
}

function nothingUsable(profiles: readonly OnvifProfile[]): HubError {
  return new HubError("unsupported", "The camera offers no stream that the hub can carry", {
    hint: `It offers: ${profiles.map(({ name, encoding }) => `${name} (${encoding})`).join(", ") || "none"}`,
  });
}
