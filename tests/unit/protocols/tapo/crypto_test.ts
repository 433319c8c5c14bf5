// The hashes and the cipher, against values made with Python's hashlib and `openssl enc`.
import { assert, assertEquals } from "@std/assert";
import {
  decryptMessage,
  digestPassword,
  encryptMessage,
  expectedConfirm,
  hashPassword,
  matchPassword,
  md5Hex,
  type PasswordForm,
  requestTag,
  sessionKeys,
  sha256Hex,
  tagKey,
} from "../../../../src/protocols/tapo/crypto.ts";

const PASSWORD = "Grüße, Welt 2026!";
const NONCES = { cnonce: "0123456789ABCDEF", nonce: "FEDCBA9876543210FEDCBA98" };
const MESSAGE = '{"a":"ü","error_code":0}';

interface Vector {
  form: PasswordForm;
  hashed: string;
  confirm: string;
  digest: string;
  key: string;
  iv: string;
  tagKey: string;
  tag: string;
  sealed: string;
  paddedTwice: string;
  paddedWithZeros: string;
  wholeBlock: string;
}

const VECTORS: Vector[] = [
  {
    form: "sha256",
    hashed: "557E6BCDEFE3BD55DF050C3180C5B32AC3297292188F89B125E7ED17FE5E5B67",
    confirm: "51BA1B6A73828487FA23B242D9B7F668B4FE29698FEA2B92BBE189FDD48A15B1" +
      "FEDCBA9876543210FEDCBA980123456789ABCDEF",
    digest: "D386C67B72EE55D182F0423799F65634F2047A9BCE03E1F6B026FEE5E3BA0346" +
      "0123456789ABCDEFFEDCBA9876543210FEDCBA98",
    key: "040eec1d6d5e005c2352289860486468",
    iv: "58fcfa8fffc1b82ce9eca701132c867b",
    tagKey: "D86C70838A765A6C7D6C85910F40BBA83A43BEFFA12068E30D5E34797F4DEBD1",
    tag: "DCCB0597122A12F4C8BA02A1DAB678B859F644F4A4D9F7B80D8F65AB7F189075",
    sealed: "oVwSNH8GSixezR4dlAZlLY30RDA3BbSfrkz7RA8INp0=",
    paddedTwice: "oVwSNH8GSixezR4dlAZlLY30RDA3BbSfrkz7RA8INp0+lCwKfs3hNy6+9RFicTwT",
    paddedWithZeros: "oVwSNH8GSixezR4dlAZlLfPRXCVKiE6BC40DvxcTpnc=",
    wholeBlock: "7HWoXEi5JvzTcQ2RpYMvJtRjKb5PO1BT7ewf+Ck/Y9Y=",
  },
  {
    form: "md5",
    hashed: "80D5E4DE2ED85F5E97FE24413161E1BB",
    confirm: "308660C576F37E760AF58D94E6E2776E8DA31CE7DD45E6C0C62DA2F0E7411840" +
      "FEDCBA9876543210FEDCBA980123456789ABCDEF",
    digest: "7E2ECF500203058E9F40A9C9A1AC0F08AA146329149B6F26771D2D4EFEDAFE17" +
      "0123456789ABCDEFFEDCBA9876543210FEDCBA98",
    key: "dd859cd7af76388ea82d7acf6c67db46",
    iv: "8414ea7d9e928f664d00ef35936a873b",
    tagKey: "7C54FC6ADAF7633A8301862330862117CE043557C0B500C8D12ADE3AE0CF05E4",
    tag: "038FB9177AEC7D962355FED39DF6145860C7D424D4377B2D5C0C83DF52F8CCE5",
    sealed: "K+roZg8scaEQwdS8YsQWLJ9pcuBR/1m8re4nbtMVHMs=",
    paddedTwice: "K+roZg8scaEQwdS8YsQWLJ9pcuBR/1m8re4nbtMVHMu+RCeJQkxa7Q5SiHCnpSKT",
    paddedWithZeros: "K+roZg8scaEQwdS8YsQWLDdE4zv/oAjS9Mlt3pmwk1A=",
    wholeBlock: "IBJEvEqsnTuVLworonrjfNq5u+ALtRewncguzA0f6kU=",
  },
];

Deno.test("sha256Hex and md5Hex: upper-case hexadecimal of UTF-8", () => {
  assertEquals(sha256Hex(""), "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855");
  assertEquals(md5Hex("admin"), "21232F297A57A5A743894A0E4A801FC3");
});

for (const vector of VECTORS) {
  const keys = () => sessionKeys(vector.hashed, NONCES);

  Deno.test(`hashPassword: ${vector.form} of a password that is not ASCII`, () => {
    assertEquals(hashPassword(PASSWORD, vector.form), vector.hashed);
  });

  Deno.test(`login hashes: confirmation and digest with ${vector.form}`, () => {
    assertEquals(expectedConfirm(vector.hashed, NONCES), vector.confirm);
    assertEquals(digestPassword(vector.hashed, NONCES), vector.digest);
  });

  Deno.test(`matchPassword: finds ${vector.form} by the camera's confirmation alone`, () => {
    const answer = { ...NONCES, deviceConfirm: vector.confirm };
    assertEquals(matchPassword(PASSWORD, answer), vector.form);
    assertEquals(matchPassword(PASSWORD + " ", answer), undefined);
    assertEquals(matchPassword(PASSWORD, { ...answer, deviceConfirm: "" }), undefined);
  });

  Deno.test(`sessionKeys and tags: as computed elsewhere, with ${vector.form}`, () => {
    assertEquals(keys().key.toString("hex"), vector.key);
    assertEquals(keys().iv.toString("hex"), vector.iv);
    assertEquals(tagKey(vector.hashed, NONCES.cnonce), vector.tagKey);
    const body = '{"method":"securePassthrough","params":{"request":"AAAA"}}';
    assertEquals(requestTag(vector.tagKey, { body, seq: 1234 }), vector.tag);
    assert(requestTag(vector.tagKey, { body: body + " ", seq: 1234 }) !== vector.tag);
  });

  Deno.test(`encryptMessage: what openssl makes of it, with ${vector.form}`, () => {
    assertEquals(encryptMessage(MESSAGE, keys()), vector.sealed);
    assertEquals(encryptMessage('{"error_code":0}', keys()), vector.wholeBlock);
  });

  const plains: [string, string, string][] = [
    ["padded once", vector.sealed, MESSAGE],
    ["padded twice", vector.paddedTwice, MESSAGE],
    ["padded with zeros", vector.paddedWithZeros, MESSAGE],
    ["of a whole number of blocks", vector.wholeBlock, '{"error_code":0}'],
  ];
  for (const [how, sealed, plain] of plains) {
    Deno.test(`decryptMessage: reads a message ${how}, with ${vector.form}`, () => {
      assertEquals(decryptMessage(sealed, keys()), plain);
    });
  }
}

for (const [name, text] of [["half a block", "AAAAAAAAAAA="], ["nothing", ""], ["no base64", '{"a":1}']]) {
  Deno.test(`decryptMessage: ${name} is undefined`, () => {
    const [vector] = VECTORS;
    assertEquals(decryptMessage(text ?? "", sessionKeys(vector?.hashed ?? "", NONCES)), undefined);
  });
}

Deno.test("decryptMessage: a wrong key gives no JSON and does not throw", () => {
  const [right, wrong] = VECTORS.map(({ hashed }) => sessionKeys(hashed, NONCES));
  assert(right && wrong);
  assert(decryptMessage(encryptMessage(MESSAGE, right), wrong) !== MESSAGE);
});
