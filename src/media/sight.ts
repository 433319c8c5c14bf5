// How much somebody may see of a camera that has privacy zones.

/** `open`: all of it. `masked`: all but its privacy zones. Without zones both are the same. */
export type Sight = "open" | "masked";
