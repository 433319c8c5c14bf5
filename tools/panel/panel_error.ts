// What goes wrong, in words for who looks at the dashboard.

/** An error that says what to do. */
export class PanelError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Any error as one. */
export function panelError(error: unknown): PanelError {
  return error instanceof PanelError ? error : new PanelError("Something in the panel failed", String(error));
}
