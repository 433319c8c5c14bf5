// The addresses of the hub's MCP resources.

export const HUB_STATUS_URI = "hub://status";
export const EVENTS_URI = "hub://events";
export const APP_URI = "ui://tapo-camera-mcp/cameras.html";

export const snapshotUri = (id: string): string => `camera://${id}/snapshot`;
export const statusUri = (id: string): string => `camera://${id}/status`;
export const docsUri = (page: string): string => `hub://docs/${page}`;
export const eventPictureUri = (seq: string): string => `event://${seq}/snapshot`;
