// Which rule, region or channel of a camera an observation comes from. Pure.
import type { OnvifProfile } from "./media.ts";
import type { OnvifObservation } from "./observation.ts";

/** Objects come with ever new numbers, and cameras rarely tell the end of each. */
const PASSING = new Set(["ObjectId"]);
const SOURCE_ITEMS = ["VideoSourceToken", "VideoSource", "Source"];
const CONFIGURATION_ITEMS = ["VideoSourceConfigurationToken", "VideoSourceConfiguration"];
const MAX_KEY_CHARS = 500;

/** The same for the beginning and the end of one state, another for another rule, region or channel. */
export function sourceKey({ topic, source }: OnvifObservation): string {
  const items = Object.entries(source).filter(([name]) => !PASSING.has(name)).sort(([a], [b]) =>
    a < b ? -1 : 1
  );
  return [topic, ...items.map(([name, value]) => `${name}=${value}`)].join(" ").slice(0, MAX_KEY_CHARS);
}

/** The video sources of a camera that are not that of one profile, by their tokens. */
export interface OtherSources {
  sources: ReadonlySet<string>;
  configurations: ReadonlySet<string>;
}

/**
 * Returns the other lenses or channels that the profiles name; none when it is not known which the own one is. What
 * no profile names is not held to be another one: many cameras are not exact with tokens in events.
 */
export function otherSources(profiles: readonly OnvifProfile[], own: OnvifProfile): OtherSources {
  const ownToken = own.videoSourceToken;
  const isOwn = ({ videoSourceToken }: OnvifProfile) => (videoSourceToken ?? ownToken) === ownToken;
  const others = ownToken === undefined ? [] : profiles.filter((profile) => !isOwn(profile));
  const tokens = (of: readonly OnvifProfile[]) =>
    new Set(of.flatMap((profile) => profile.videoSourceConfigurationToken ?? []));
  return {
    sources: new Set(others.flatMap(({ videoSourceToken }) => videoSourceToken ?? [])),
    configurations: tokens(others).difference(tokens(profiles.filter(isOwn))),
  };
}

/** True when the observation names one of these. */
export function isFromOther({ source }: OnvifObservation, others: OtherSources | undefined): boolean {
  if (!others) return false;
  const names = (items: readonly string[], tokens: ReadonlySet<string>) =>
    items.some((item) => tokens.has(source[item] ?? ""));
  return names(SOURCE_ITEMS, others.sources) || names(CONFIGURATION_ITEMS, others.configurations);
}
