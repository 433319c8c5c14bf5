// A modal dialog of the page, on the browser's own <dialog>, which keeps the focus and listens to Escape.
import type { ComponentChildren, RefObject } from "preact";
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

export interface DialogStepProps {
  title: string;
  /** The words of the way back; absent where there is none. */
  back?: string;
  onBack?: () => void;
  children: ComponentChildren;
}

/** A content that follows another one takes the focus, which that one took away with it. */
export function useStepFocus(heading: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const dialog = heading.current?.closest("dialog");
    if (dialog?.open && !dialog.contains(document.activeElement)) heading.current?.focus();
  }, []);
}

/** One of several contents of a dialog. */
export function DialogStep({ title, back, onBack, children }: DialogStepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useStepFocus(heading);
  return (
    <section class="dialog-part">
      {back && (
        <button type="button" class="link-button dialog-back" onClick={onBack}>
          <Icon name="back" /> {back}
        </button>
      )}
      <h3 ref={heading} tabIndex={-1}>{title}</h3>
      {children}
    </section>
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
