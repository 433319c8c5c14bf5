// The adjustable controls of the emulated webcam: brightness, contrast, zoom, pan and tilt.
import { viewOf } from "./bytes.ts";
import type { Setup, Webcam } from "./device.ts";
import type { ControlField } from "./model.ts";

const SET_CUR = 0x01;
const GET_CUR = 0x81,
  GET_MIN = 0x82,
  GET_MAX = 0x83,
  GET_RES = 0x84,
  GET_LEN = 0x85,
  GET_INFO = 0x86,
  GET_DEF = 0x87;
const REQUEST_ERROR_CODE = 2, OUT_OF_RANGE = 4;
const READ_AND_WRITE = 3;

const readers: Record<number, (field: ControlField) => number> = {
  [GET_CUR]: (field) => field.value,
  [GET_MIN]: (field) => field.min,
  [GET_MAX]: (field) => field.max,
  [GET_RES]: (field) => field.step,
  [GET_DEF]: (field) => field.initial,
};

export function answerControl(
  webcam: Webcam,
  { type, request }: Setup,
  entity: number,
  selector: number,
  data: Uint8Array,
): Uint8Array | null {
  // After a stall the driver asks why.
  if (entity === 0 && selector === REQUEST_ERROR_CODE) return Uint8Array.of(OUT_OF_RANGE);
  const control = webcam.controls.find((one) => one.entity === entity && one.selector === selector);
  if (!control) return null;
  const length = control.fields.reduce((sum, field) => sum + field.bytes, 0);

  if (type === 0x21 && request === SET_CUR) {
    if (data.length < length) return null;
    return store(webcam, control.fields, data) ? new Uint8Array() : null;
  }
  if (request === GET_INFO) return Uint8Array.of(READ_AND_WRITE);
  if (request === GET_LEN) return Uint8Array.of(length, 0);
  const read = readers[request];
  if (!read) return null;
  const answer = new Uint8Array(length);
  let at = 0;
  for (const field of control.fields) {
    if (field.bytes === 2) viewOf(answer).setInt16(at, read(field), true);
    else viewOf(answer).setInt32(at, read(field), true);
    at += field.bytes;
  }
  return answer;
}

function store(webcam: Webcam, fields: ControlField[], data: Uint8Array): boolean {
  let at = 0;
  const values = fields.map((field) => {
    const value = field.bytes === 2 ? viewOf(data).getInt16(at, true) : viewOf(data).getInt32(at, true);
    at += field.bytes;
    return value;
  });
  if (fields.some((field, n) => values[n]! < field.min || values[n]! > field.max)) return false;
  fields.forEach((field, n) => {
    field.value = values[n]!;
    webcam.log(`${field.name} = ${field.value}`);
  });
  return true;
}
