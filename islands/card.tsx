// A card with a heading, and a table of what is known in it.
import type { ComponentChildren } from "preact";

export function Card({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export type Row = [title: string, value: ComponentChildren];

export function Rows({ list }: { list: Row[] }) {
  return (
    <dl class="rows">
      {list.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
