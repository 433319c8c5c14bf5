// Puts an island into a server-rendered page: its HTML, and beside it the props that the browser continues with.
import { type ComponentType, h } from "preact";

const TEXT = {
  script: "The buttons and forms of this page need JavaScript, which is switched off in this browser.",
};

export interface IslandProps<P> {
  /** The name under which the browser bundle knows the component. */
  name: string;
  component: ComponentType<P>;
  props: P;
  /** True for what works without scripts as well: nothing is said of them. */
  isOptional?: boolean;
}

/** The props travel as a JSON data block, which a browser never runs as a script. */
export function Island<P extends object>({ name, component, props, isOptional = false }: IslandProps<P>) {
  return (
    <>
      {!isOptional && (
        <noscript>
          <p class="notice is-warning">{TEXT.script}</p>
        </noscript>
      )}
      <div data-island={name}>{h(component, props)}</div>
      <script type="application/json" dangerouslySetInnerHTML={{ __html: escapeJson(props) }} />
    </>
  );
}

/** JSON that cannot end the block it stands in. */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
