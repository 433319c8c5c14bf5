// Which of a camera's profiles is the picture, and which the smaller one.
import { assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { chooseProfiles } from "../../../../src/drivers/onvif/profiles.ts";
import type { OnvifProfile } from "../../../../src/protocols/onvif/media.ts";

function profile(token: string, width?: number, change: Partial<OnvifProfile> = {}): OnvifProfile {
  const size = width === undefined ? {} : { width, height: width * 9 / 16 };
  return {
    token,
    name: `name ${token}`,
    encoding: "h264",
    hasPtz: false,
    videoSourceToken: "s1",
    ...size,
    ...change,
  };
}

const BIG = profile("big", 1920);
const MID = profile("mid", 1280);
const SMALL = profile("small", 640);
const TINY = profile("tiny", 320);
const OTHER = profile("other", 160, { videoSourceToken: "s2" });
const OLD = profile("old", 3840, { encoding: "mpeg4" });
const UNKNOWN = profile("unknown", undefined);
const { encoding: _, ...SILENT } = profile("silent", 800);

const CHOICES: [string, OnvifProfile[], string | undefined, string, string | undefined][] = [
  ["the largest, and the smallest of the rest", [MID, BIG, TINY, SMALL], undefined, "big", "tiny"],
  ["the only one", [BIG], undefined, "big", undefined],
  ["not what cannot be carried", [OLD, BIG, SMALL], undefined, "big", "small"],
  [
    "H.265 and JPEG too",
    [
      profile("new", 3840, { encoding: "h265" }),
      profile("jpeg", 320, { encoding: "jpeg" }),
    ],
    undefined,
    "new",
    "jpeg",
  ],
  ["one that does not tell its encoding", [SILENT, TINY], undefined, "silent", "tiny"],
  ["no smaller one of another picture", [BIG, OTHER], undefined, "big", undefined],
  ["no smaller one of the same size", [BIG, profile("twin", 1920)], undefined, "big", undefined],
  ["none of unknown size beside it", [BIG, UNKNOWN], undefined, "big", undefined],
  [
    "the first when no size is known",
    [UNKNOWN, profile("second", undefined)],
    undefined,
    "unknown",
    undefined,
  ],
  ["the largest for an empty name", [MID, BIG], "", "big", "mid"],
  ["by its token", [BIG, MID, SMALL], "mid", "mid", "small"],
  ["by its name", [BIG, MID, SMALL], "name mid", "mid", "small"],
  ["the smallest by its name, alone", [BIG, SMALL], "small", "small", undefined],
  ["of another picture by its token", [BIG, SMALL, OTHER], "other", "other", undefined],
];
for (const [name, profiles, wanted, main, sub] of CHOICES) {
  Deno.test(`chooseProfiles: ${name}`, () => {
    const chosen = chooseProfiles(profiles, wanted);
    assertEquals([chosen.main.token, chosen.sub?.token], [main, sub]);
  });
}

Deno.test("chooseProfiles: an unknown name is told with those that there are, and waits for a person", () => {
  for (const wanted of ["none", "old"]) {
    const error = assertThrows(() => chooseProfiles([BIG, OLD], wanted), HubError);
    assertEquals([error.kind, error.hint, error.retryAtMs], [
      "not_found",
      "It has: name big (big), name old (old)",
      Infinity,
    ]);
  }
});

Deno.test("chooseProfiles: a camera with nothing that can be carried says what it has", () => {
  const error = assertThrows(() => chooseProfiles([OLD], undefined), HubError);
  assertEquals([error.kind, error.hint], ["unsupported", "It offers: name old (mpeg4)"]);
  assertEquals(assertThrows(() => chooseProfiles([], undefined), HubError).hint, "It offers: none");
});
