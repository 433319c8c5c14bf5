// A form with one file, as browsers send it (RFC 7578).

/** The file of a form. */
export interface FormFile {
  field: string;
  name: string;
  type: string;
  bytes: Uint8Array;
}

/** Encodes fields and a file. Names are the hub's own: they need no escaping. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  file: FormFile,
): { type: string; body: Uint8Array } {
  const boundary = `tapocam-${crypto.randomUUID()}`;
  const texts = Object.entries(fields).map(([name, value]) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  );
  const head = `${texts.join("")}--${boundary}\r\nContent-Disposition: form-data; name="${file.field}"; ` +
    `filename="${file.name}"\r\nContent-Type: ${file.type}\r\n\r\n`;
  const parts = [
    new TextEncoder().encode(head),
    file.bytes,
    new TextEncoder().encode(`\r\n--${boundary}--\r\n`),
  ];
  const body = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}
