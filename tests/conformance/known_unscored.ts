// Scenarios of the suites that the hub does not pass, and why. None of them is scored: they do not belong to the
// specification.

const TASKS =
  "Tasks are an extension; version 2 of the SDK has no runtime for them, and no operation needs them";

export const KNOWN_UNSCORED: Readonly<Record<string, string>> = {
  "tasks-lifecycle": TASKS,
  "tasks-capability-negotiation": TASKS,
  "tasks-wire-fields": TASKS,
  "tasks-request-state-removal": TASKS,
  "tasks-mrtr-input": TASKS,
  "tasks-request-headers": TASKS,
  "tasks-dispatch-and-envelope": TASKS,
  "tasks-required-task-error": TASKS,
  "tasks-mrtr-composition": TASKS,
};
