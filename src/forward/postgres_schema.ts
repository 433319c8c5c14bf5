// The tables in PostgreSQL and what is written to them. Every statement may be run again.
// docs/push.md shows how they are queried, and how TimescaleDB takes them over.

/** The version of the tables that this hub works with. */
export const SCHEMA_VERSION = 1;
/** Any number that other programs do not lock: several hubs may make the tables at the same time. */
export const SCHEMA_LOCK = 77_778_080;

/** Version of the tables that are there; no row where there are none. */
export function versionThere(schema: string): string {
  return `SELECT version FROM "${schema}".tapocam_schema`;
}

/** Makes the schema; asked only where it is missing: it takes a right that the hub need not have else. */
export function createSchema(schema: string): string {
  return `CREATE SCHEMA IF NOT EXISTS "${schema}"`;
}

/** Statements that bring the tables from one version to the next: the first makes version 1. */
export const MIGRATIONS: readonly ((schema: string) => string)[] = [
  (schema) => {
    const of = (table: string) => `"${schema}".${table}`;
    return `
CREATE TABLE ${of("tapocam_schema")} (version integer NOT NULL);
INSERT INTO ${of("tapocam_schema")} VALUES (1);
CREATE TABLE ${of("tapocam_series")} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hub text NOT NULL,
  metric text NOT NULL,
  labels jsonb NOT NULL,
  UNIQUE (hub, metric, labels)
);
CREATE INDEX ON ${of("tapocam_series")} (metric);
CREATE TABLE ${of("tapocam_values")} (
  series bigint NOT NULL REFERENCES ${of("tapocam_series")} (id),
  time timestamptz NOT NULL,
  value double precision NOT NULL,
  PRIMARY KEY (series, time)
);
CREATE INDEX ON ${of("tapocam_values")} USING brin (time);
CREATE VIEW ${of("tapocam_samples")} AS
  SELECT v.time, s.hub, s.metric, s.labels ->> 'camera' AS camera, s.labels, v.value
  FROM ${of("tapocam_values")} v JOIN ${of("tapocam_series")} s ON s.id = v.series;
CREATE TABLE ${of("tapocam_events")} (
  hub text NOT NULL,
  seq bigint NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  camera text,
  kind text NOT NULL,
  source text NOT NULL,
  count integer NOT NULL,
  details jsonb,
  change bigint NOT NULL,
  PRIMARY KEY (hub, seq, started_at)
);
CREATE INDEX ON ${of("tapocam_events")} (started_at);`;
  },
];

/** Makes series known. $1 a JSON list of values, $2 the hub. A number is drawn only for those that are new. */
export function insertSeries(schema: string): string {
  return `
INSERT INTO "${schema}".tapocam_series (hub, metric, labels)
SELECT DISTINCT $2::text, r.m, r.l FROM jsonb_to_recordset($1::text::jsonb) AS r (m text, l jsonb)
WHERE NOT EXISTS (
  SELECT FROM "${schema}".tapocam_series s WHERE s.hub = $2::text AND s.metric = r.m AND s.labels = r.l
) ON CONFLICT DO NOTHING`;
}

/** Adds values; those that are there already stay as they are. $1 and $2 as before. */
export function insertValues(schema: string): string {
  return `
INSERT INTO "${schema}".tapocam_values (series, time, value)
SELECT s.id, to_timestamp(r.t / 1000.0), r.v
FROM jsonb_to_recordset($1::text::jsonb) AS r (t double precision, m text, l jsonb, v double precision)
JOIN "${schema}".tapocam_series s ON s.hub = $2::text AND s.metric = r.m AND s.labels = r.l
ON CONFLICT DO NOTHING`;
}

/** Adds events, or brings those that are there up to date. $1 a JSON list, $2 the hub. */
export function upsertEvents(schema: string): string {
  return `
INSERT INTO "${schema}".tapocam_events AS e
  (hub, seq, started_at, ended_at, camera, kind, source, count, details, change)
SELECT $2::text, r.seq, r.started_at, r.ended_at, r.camera_id, r.kind, r.source, r.count, r.details, r.change
FROM jsonb_to_recordset($1::text::jsonb) AS r (seq bigint, started_at timestamptz, ended_at timestamptz,
  camera_id text, kind text, source text, count integer, details jsonb, change bigint)
ON CONFLICT (hub, seq, started_at) DO UPDATE
SET ended_at = excluded.ended_at, count = excluded.count, details = excluded.details, change = excluded.change
WHERE e.change < excluded.change`;
}

/** How far the events of a hub are there. $1 the hub. */
export function eventsReached(schema: string): string {
  return `SELECT max(change) AS change FROM "${schema}".tapocam_events WHERE hub = $1::text`;
}
