// What the panel uses of React, which Grafana gives it (18 or 19).

export type Node = Element | string | number | boolean | null | undefined | readonly Node[];
export interface Element {
  readonly type: unknown;
  readonly key: string | null;
}
export type Component<P> = (props: P) => Node;
export interface Ref<T> {
  current: T;
}
export interface Props {
  [name: string]: unknown;
}

export function createElement<P>(
  type: string | Component<P>,
  props: (P & { key?: string }) | Props | null,
  ...children: Node[]
): Element;
export function useState<S>(initial: S | (() => S)): [S, (next: S | ((before: S) => S)) => void];
export function useEffect(effect: () => void | (() => void), changing?: readonly unknown[]): void;
export function useRef<T>(initial: T): Ref<T>;
