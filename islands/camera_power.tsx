// How a camera on batteries stands.
import type { ControlsView } from "../src/operations/views.ts";

const TEXT = {
  title: "Battery",
  asleep: "Asleep. The hub leaves it in peace, because waking it costs power.",
  awake: "Awake",
  charge: "Charge",
  percent: (value: number) => `${Math.round(value)}\u00a0%`,
  charging: "charging",
  unknown: "The camera does not tell about its battery at the moment.",
};

export function CameraPower({ power }: { power: ControlsView["power"] }) {
  const { asleep, battery_percent: percent, charging } = power ?? {};
  const isKnown = asleep !== undefined || percent !== undefined || charging !== undefined;
  const charge = [
    ...(percent === undefined ? [] : [TEXT.percent(percent)]),
    ...(charging ? [TEXT.charging] : []),
  ];
  return (
    <section class="card">
      <h2>{TEXT.title}</h2>
      {!isKnown && <p class="muted">{TEXT.unknown}</p>}
      {asleep !== undefined && <p>{asleep ? TEXT.asleep : TEXT.awake}</p>}
      {percent !== undefined && <meter min={0} max={100} low={20} value={percent} aria-label={TEXT.charge} />}
      {charge.length > 0 && <p class="muted">{charge.join(", ")}</p>}
    </section>
  );
}
