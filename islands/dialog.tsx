// A modal dialog of the page, on the browser's own <dialog>, which keeps the focus and listens to Escape.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

const TEXT = { close: "Close", cancel: "Cancel" };

export interface DialogProps {
  open: boolean;
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

/** The content stays mounted while closed, so nothing typed is lost. */
export function Dialog({ open, title, wide, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={element}
      class={wide ? "dialog is-wide" : "dialog"}
      aria-labelledby={heading}
      onClose={onClose}
    >
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={TEXT.close}
          title={TEXT.close}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

export interface ConfirmDialogProps {
  open: boolean;
  title: string;
  question: string;
  confirm: string;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children?: ComponentChildren;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog open={props.open} title={props.title} onClose={props.onClose}>
      <p>{props.question}</p>
      {props.children}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={props.onClose}>{TEXT.cancel}</button>
        <button type="button" class="button is-danger" disabled={props.busy} onClick={props.onConfirm}>
          {props.confirm}
        </button>
      </div>
    </Dialog>
  );
}
