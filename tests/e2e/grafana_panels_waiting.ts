// Queries of the dashboards that give nothing in the hub of the test, by name, and why. One that gives data must go
// from here; one that is not here must give data.

const NO_DRIVER = "no driver reads it from a camera yet";
const NO_PLUGS = "plugs are not supported yet";

export const WAITING: Readonly<Record<string, string>> = {
  "tapocam-overview / Temperature Monitoring / A": NO_DRIVER,
  "tapocam-overview / Running since / A": NO_DRIVER,
  "tapocam-kitchen / Stove on, kitchen empty / A": NO_PLUGS,
  "tapocam-kitchen / Power now / A": NO_PLUGS,
  "tapocam-kitchen / Cooking / B": NO_PLUGS,
  "tapocam-kitchen / Somebody cooks / A": NO_PLUGS,
  "tapocam-kitchen / Energy today / A": NO_PLUGS,
  "tapocam-kitchen / Cost today / A": NO_PLUGS,
  "tapocam-kitchen / Energy against movement / A": NO_PLUGS,
  "tapocam-vienna / Incidents from JSON / A": "off until a user names a feed",
  "tapocam-vienna / Incidents from CSV / A": "off until a user names a feed",
};

/** Queries whose data only some machines have: there they must give it, elsewhere not. */
export const OF_MACHINE: Readonly<Record<string, string>> = {
  "tapocam-overview / Temperature Monitoring / B": "tapocam_host_temperature_celsius",
  "tapocam-host / Slowed down / A": "tapocam_host_throttled",
  "tapocam-host / Temperature / A": "tapocam_host_temperature_celsius",
  "tapocam-host / Temperature over time / A": "tapocam_host_temperature_celsius",
};

/** Columns that no row of the test's hub has. */
export const WAITING_COLUMNS: Readonly<Record<string, string>> = {
  "tapocam-overview / Motion Detection Status / A: temperature": NO_DRIVER,
};

/** Columns that depend on the hour at which the test runs; that they come at all, tests with made-up answers show. */
export const COLUMNS_OF_THE_HOUR: Readonly<Record<string, RegExp>> = {
  "tapocam-vienna / When people come / A": /^h\d+$/,
  "tapocam-vienna / Unusual for this hour / A": /^usual$/,
};
