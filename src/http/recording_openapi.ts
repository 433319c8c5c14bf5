// The routes of recordings that are no operations, as the OpenAPI document describes them. Those of `recordings.ts`:
// a test holds the two against each other.
import { schemaJson } from "../operations/json_schemas.ts";
import { recording } from "../operations/recording_schemas.ts";
import { answer, anyProblem, type Json, problem, ref } from "./openapi_parts.ts";

const ID = {
  name: "recording_id",
  in: "path",
  required: true,
  schema: { type: "string", maxLength: 40 },
  description: "An id of list_recordings",
};

const EXPORT_ID = { ...ID, name: "export_id", description: "An id of list_exports" };

/** Schemas that the paths name. */
export function recordingSchemas(): Json {
  return { Recording: schemaJson(recording) };
}

/** Paths with their methods; to be laid over those of operations. */
export function recordingPaths(): Record<string, Json> {
  return {
    "/api/recordings/{recording_id}": { get: one() },
    "/api/recordings/{recording_id}/video": { get: video(ID, "recording") },
    "/api/recordings/{recording_id}/thumbnail": { get: thumbnail() },
    "/api/recordings/at": { get: pictureAt() },
    "/api/exports/{export_id}/video": { get: video(EXPORT_ID, "export") },
  };
}

const common = { tags: ["media"] };

function one(): Json {
  return {
    ...common,
    operationId: "get_recording",
    summary: "One recording",
    description: "What list_recordings tells of it. Needs the role viewer.",
    parameters: [ID],
    responses: {
      200: answer("The recording", ref("Recording")),
      404: problem("There is none of that id, or it still goes on"),
      default: anyProblem,
    },
  };
}

function video(id: Json, what: "recording" | "export"): Json {
  return {
    ...common,
    operationId: `get_${what}_video`,
    summary: `Play or download ${what === "export" ? "an" : "a"} ${what}`,
    description:
      `The file of the ${what}, whole or one range of it; HEAD tells its size. Needs the role viewer. ` +
      "Below admin the privacy zones of a camera that has some are covered while it is sent: then it has neither " +
      "ranges nor a length, and is at most 1280 pixels wide.",
    parameters: [
      id,
      {
        name: "download",
        in: "query",
        required: false,
        allowEmptyValue: true,
        schema: { type: "string" },
        description: "There, with any value or none: the file as it is on the disk, as an attachment",
      },
      header("Range", "bytes=0-1023: one range; several are answered with the whole file"),
      header("If-Range", "The ETag of the file that the range is of; of another file all is sent"),
      header("If-None-Match", "ETags that are there already"),
    ],
    responses: {
      200: file("The whole file", {}),
      206: file("The range", { "Content-Range": told("Which bytes of how many") }),
      304: { description: "If-None-Match names it" },
      403: problem("Its camera is not there any more, and the role is below admin"),
      404: problem("There is none of that id, it still goes on, or its file is gone"),
      416: problem("The range lies outside of the file; Content-Range tells its size"),
      default: anyProblem,
    },
  };
}

function thumbnail(): Json {
  return {
    ...common,
    operationId: "get_recording_thumbnail",
    summary: "Picture of a recording",
    description: "At most 320 pixels wide; made when it is first asked for. Needs the role viewer.",
    parameters: [ID],
    responses: {
      200: jpeg("The picture"),
      404: problem("There is none of that id, or its file is gone"),
      default: anyProblem,
    },
  };
}

function pictureAt(): Json {
  const query = (name: string, required: boolean, description: string) => ({
    name,
    in: "query",
    required,
    schema: { type: "string" },
    description,
  });
  return {
    ...common,
    operationId: "get_recording_picture",
    summary: "Picture of a moment",
    description: "That of the key frame at or before it. Needs the role viewer.",
    parameters: [
      query("camera", true, "As list_cameras gives it"),
      query("t", true, "A time such as 2026-05-01T08:00:00Z, or milliseconds since 1970"),
      query("width", false, "Pixels, 320 if left out; the next larger of 160, 320, 640, 1280 is sent"),
    ],
    responses: {
      200: jpeg("The picture"),
      404: problem("Nothing was recorded then, or its file is gone"),
      default: anyProblem,
    },
  };
}

function jpeg(description: string): Json {
  return {
    description,
    content: { "image/jpeg": { schema: { type: "string", contentMediaType: "image/jpeg" } } },
  };
}

function header(name: string, description: string): Json {
  return { name, in: "header", required: false, schema: { type: "string" }, description };
}

function told(description: string): Json {
  return { description, schema: { type: "string" } };
}

function file(description: string, headers: Json): Json {
  return {
    description,
    headers: {
      ETag: told("Stays the same as long as the recording is there"),
      "Accept-Ranges": told("bytes"),
      "Content-Disposition": told("A file name with the camera and the time"),
      ...headers,
    },
    content: { "video/mp4": { schema: { type: "string", contentMediaType: "video/mp4" } } },
  };
}
