// The error codes that the cameras answer with, by what they mean.

/** Codes this emulator sends by itself; faults may send any other. */
export const CODES = {
  unspecific: -1,
  deviceOffline: -1007,
  noSuchParameter: -40101,
  noSuchMethod: -40105,
  unsupportedMethod: -40106,
  badArguments: -40209,
  formatNotSupported: -40210,
  missingParameters: -40211,
  sessionInvalid: -40401,
  blocked: -40404,
  otherError: -40407,
  badUsername: -40411,
  nonce: -40413,
  tooManyHttpsClients: -52419,
  presetMissing: -64302,
  motorBusy: -64303,
  endOfRange: -64304,
  presetWhileMoving: -64305,
  presetsFull: -64306,
  presetDeleted: -64321,
  privacyOn: -64324,
  userIdInvalid: -71103,
  storageMissing: -71114,
  storageLoading: -71115,
} as const;

/** A refusal of the device: becomes `error_code` in the answer. */
export class VendorError extends Error {
  override readonly name = "VendorError";

  constructor(readonly code: number) {
    super(`error_code ${code}`);
  }
}
