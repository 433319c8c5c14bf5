// Hours and days as people have them: which of them a stretch of time holds in a time zone, changes of the clock included.

/** A stretch of time in which the zone is the same distance from UTC. Milliseconds; `toMs` is not included. */
export interface OffsetSpan {
  fromMs: number;
  toMs: number;
  /** Local time minus UTC. */
  offsetMs: number;
}

/** The zone of this machine, such as `Europe/Vienna`. */
export function machineZone(): string {
  return Temporal.Now.timeZoneId();
}

/** True for a name such as `Europe/Vienna`, or a distance such as `+01:00`. */
export function isTimeZone(name: string): boolean {
  try {
    localTime(0, name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Names of zones, to suggest one. */
export function zoneNames(): readonly string[] {
  return Intl.supportedValuesOf("timeZone");
}

/** A moment as the clocks of a zone show it. */
export function localTime(atMs: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(zone);
}

/** The pieces between changes of the clock, in order. */
export function offsetSpans(fromMs: number, toMs: number, zone: string): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  for (let atMs = fromMs; atMs < toMs;) {
    const local = localTime(atMs, zone);
    const nextMs = local.getTimeZoneTransition("next")?.epochMilliseconds ?? Infinity;
    const endMs = Math.min(nextMs, toMs);
    spans.push({ fromMs: atMs, toMs: endMs, offsetMs: local.offsetNanoseconds / 1e6 });
    atMs = endMs;
  }
  return spans;
}
