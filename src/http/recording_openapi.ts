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

/** Schemas that the paths name. */
export function recordingSchemas(): Json {
  return { Recording: schemaJson(recording) };
}

/** Paths with their methods; to be laid over those of operations. */
export function recordingPaths(): Record<string, Json> {
  return {
    "/api/recordings/{recording_id}": { get: one() },
    "/api/recordings/{recording_id}/video": { get: video() },
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

function video(): Json {
  return {
    ...common,
    operationId: "get_recording_video",
    summary: "Play or download a recording",
    description:
      "The file of a recording, whole or one range of it; HEAD tells its size. Needs the role viewer.",
    parameters: [
      ID,
      {
        name: "download",
        in: "query",
        required: false,
        allowEmptyValue: true,
        schema: { type: "string" },
        description: "There, with any value or none: sent as an attachment",
      },
      header("Range", "bytes=0-1023: one range; several are answered with the whole file"),
      header("If-Range", "The ETag of the file that the range is of; of another file all is sent"),
      header("If-None-Match", "ETags that are there already"),
    ],
    responses: {
      200: file("The whole file", {}),
      206: file("The range", { "Content-Range": told("Which bytes of how many") }),
      304: { description: "If-None-Match names it" },
      404: problem("There is none of that id, it still goes on, or its file is gone"),
      416: problem("The range lies outside of the file; Content-Range tells its size"),
      default: anyProblem,
    },
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
