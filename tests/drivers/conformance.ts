// What every camera driver has to keep to, whatever the camera: run by the `*_conformance_test.ts` beside this file.
import type { Driver } from "../../src/devices/driver.ts";
import { until } from "../unit/tools/processes.ts";
import {
  checkEndOfRange,
  checkMoves,
  checkPatrol,
  checkPresetErrors,
  checkPresets,
  checkPrivateMove,
  checkStop,
} from "./behaviour_of_motors.ts";
import {
  checkFacts,
  checkLed,
  checkMotion,
  checkPrivacy,
  checkRecordings,
  checkSettings,
  checkSiren,
  checkStorage,
  checkWrongSettings,
} from "./behaviour_of_switches.ts";
import { Opened, stage } from "./stage.ts";
import { firstPacket, vanishAndReturn } from "./whole_camera.ts";

/** An emulated camera as the suite needs it: what it says of itself, and its real state. */
export interface Rig extends AsyncDisposable {
  readonly options: Record<string, unknown>;
  readonly expects: { capabilities: readonly string[]; info: Readonly<Record<string, string>> };
  /** All its settings as one text: another text after a change. */
  settings(): string;
  readonly head?: Head;
  readonly card?: Card;
  isPrivate?(): boolean;
  isLedOn?(): boolean;
  isSirenOn?(): boolean;
  isPatrolling?(): boolean;
  motion?(): { enabled: boolean; sensitivity: number };
  offline(): Promise<void>;
  online(): Promise<void>;
  /** Stays away after a restart until `online`. */
  restarts?(): number;
  /** True for a device that the hub does not look after: its loss is not noticed by itself. */
  readonly isLeftInPeace?: boolean;
  /** Open connections of control. */
  connections(): number;
}

/** Its motors and positions; pan and tilt −1…1 of what the driver takes for the range. */
export interface Head {
  position(): { pan: number; tilt: number };
  /** Looks there, as if moved by hand. */
  place(pan: number, tilt: number): void;
  isMoving(): boolean;
  /** Names in the camera's order. */
  presets(): string[];
  readonly maxPresets: number;
  /** Where pan ends, for cameras that refuse to go on there. */
  readonly panEnd?: number;
}

/** Its memory card. */
export interface Card {
  set(state: "normal" | "absent" | "unformatted" | "full"): void;
  formats(): number;
  /** Records from then on, so long, by the hub's clock; the camera's is ahead by so much. */
  record?(startMs: number, durationMs: number, clockAheadMs: number): void;
}

/** A driver with a camera for it. */
export interface Subject {
  name: string;
  driver: Driver;
  start(): Promise<Rig>;
}

/** What a behaviour is looked at with. */
export interface Parts {
  opened: Opened;
  rig: Rig;
}

interface Behaviour {
  name: string;
  needs: readonly (keyof Opened["device"]["capabilities"])[];
  check(parts: Parts): Promise<void>;
}

/** Registers the suite for a subject. @param only the names of the behaviours to look at; all where left out. */
export function testConformance({ name, driver, start }: Subject, only = /./): void {
  Deno.test(`[CONFORMANCE] ${name}: keeps to what drivers promise`, async (t) => {
    await using rig = await start();
    {
      await using opened = await Opened.open(driver, rig.options, stage());
      const can = opened.device.capabilities;
      for (const { name, needs, check } of BEHAVIOURS) {
        const isWanted = only.test(name) && needs.every((each) => can[each] !== undefined);
        if (isWanted) await t.step(name, () => check({ opened, rig }));
      }
    }
    await t.step("close leaves no connection", () => until(() => rig.connections() === 0, "no connection"));
    if (rig.isLeftInPeace || !only.test("a lost device")) return;
    await t.step(
      "a lost device is told within 10 s, and opened again when it is back",
      () => vanishAndReturn(driver, rig),
    );
  });
}

const BEHAVIOURS: readonly Behaviour[] = [
  { name: "info and capabilities are what the camera says", needs: [], check: checkFacts },
  { name: "every setting can be set and is read back", needs: ["settings"], check: checkSettings },
  { name: "wrong settings are refused in words", needs: ["settings"], check: checkWrongSettings },
  { name: "ptz moves by as much as asked, both ways", needs: ["ptz"], check: checkMoves },
  { name: "ptz tells where its range ends", needs: ["ptz"], check: checkEndOfRange },
  { name: "ptz stops", needs: ["ptz"], check: checkStop },
  { name: "presets are saved, listed, recalled, replaced, removed", needs: ["presets"], check: checkPresets },
  { name: "presets that are full or unknown are told", needs: ["presets"], check: checkPresetErrors },
  { name: "patrol starts and stops", needs: ["patrol", "presets"], check: checkPatrol },
  { name: "privacy covers the lens", needs: ["privacy"], check: checkPrivacy },
  { name: "privacy keeps it from moving", needs: ["privacy", "ptz"], check: checkPrivateMove },
  { name: "led switches", needs: ["led"], check: checkLed },
  { name: "motion detection is set with its sensitivity", needs: ["motion"], check: checkMotion },
  { name: "siren sounds and stops", needs: ["siren"], check: checkSiren },
  { name: "storage tells its state, and is formatted", needs: ["storage"], check: checkStorage },
  { name: "recordings come in the hub's time", needs: ["storage"], check: checkRecordings },
  { name: "video gives a first packet", needs: ["video"], check: ({ opened }) => firstPacket(opened.device) },
];
