// Where the focus goes when what had it is no longer there.

/** Waits until what was removed is off the page, and a dialog over it with it. */
export function focusSoon(find: () => HTMLElement | null | undefined): void {
  setTimeout(() => find()?.focus());
}
