// All models, by name.
import { C100_OLD, C110 } from "./c110.ts";
import { C210, C220 } from "./c210.ts";
import { C460 } from "./c460.ts";
import { C520WS } from "./c520ws.ts";
import { C545D } from "./c545d.ts";
import { D130, D230 } from "./doorbells.ts";
import { H200 } from "./h200.ts";
import type { TapoModel } from "./model.ts";

export type { MotorRange, TapoModel } from "./model.ts";
export { C100_OLD, C110, C210, C220, C460, C520WS, C545D, D130, D230, H200 };

/** Models that stand on the network by themselves. */
export const MODELS: readonly TapoModel[] = [C100_OLD, C110, C210, C220, C460, C520WS, C545D, D130, H200];
