// The assertions that tests use, over node:assert. The well-known package is not on npm.
import nodeAssert from "node:assert/strict";

/** Fails unless the value is truthy. */
export function assert(value: unknown, message?: string): asserts value {
  if (message === undefined) nodeAssert.ok(value);
  else nodeAssert.ok(value, message);
}

/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  if (message === undefined) nodeAssert.deepStrictEqual(actual, expected);
  else nodeAssert.deepStrictEqual(actual, expected, message);
}

/** Fails unless the text contains the part. */
export function assertStringIncludes(actual: string, part: string): void {
  nodeAssert.ok(actual.includes(part), `Expected to find ${JSON.stringify(part)} in:\n${actual}`);
}

/** Fails unless the text matches. */
export function assertMatch(actual: string, pattern: RegExp): void {
  nodeAssert.match(actual, pattern);
}

// deno-lint-ignore no-explicit-any -- any class of error, whatever its constructor takes
type ErrorClass<E extends Error> = new (...args: any[]) => E;

/** Fails unless the action throws an error of the class; returns that error. */
export function assertThrows<E extends Error>(action: () => unknown, type: ErrorClass<E>): E {
  try {
    action();
  } catch (error) {
    nodeAssert.ok(error instanceof type, `Expected ${type.name}, got ${String(error)}`);
    return error;
  }
  throw new nodeAssert.AssertionError({ message: `Expected ${type.name}, nothing was thrown` });
}

/** Fails unless the promise rejects with an error of the class; returns that error. */
export async function assertRejects<E extends Error>(
  action: () => Promise<unknown>,
  type: ErrorClass<E>,
): Promise<E> {
  try {
    await action();
  } catch (error) {
    nodeAssert.ok(error instanceof type, `Expected ${type.name}, got ${String(error)}`);
    return error;
  }
  throw new nodeAssert.AssertionError({ message: `Expected ${type.name}, nothing was thrown` });
}
