// Requests to the JSON API.

/** @typedef {{line: number, reason: string}} Problem */

/** What the server refused, or why it could not be reached. */
export class APIError extends Error {
  /**
   * @param {number} status 0 when the server was not reached
   * @param {string} code
   * @param {string} message
   * @param {any} [body]
   */
  constructor(status, code, message, body) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
    /** @type {Problem[]} */
    this.problems = body?.error?.problems ?? [];
  }
}

let csrf = "";

/**
 * The token that goes with every request that writes.
 * @param {string} token
 */
export function setToken(token) {
  csrf = token;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] JSON, or a blob that is sent as it is
 * @param {{keepalive?: boolean, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
async function request(method, path, body, options = {}) {
  const isFile = body instanceof Blob;
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = isFile ? body.type : "application/json";
  const payload = body === undefined || isFile ? body : JSON.stringify(body);
  const response = await reach(path, { method, headers, body: payload, ...options });
  const value = await parsed(response);
  if (response.ok) return value;
  if (response.status === 401 && !onDoor()) leaveForSignIn();
  const { code = "error", message = sentence(response.status) } = value?.error ?? {};
  throw new APIError(response.status, code, message, value);
}

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function reach(path, init) {
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new APIError(
      0,
      "unreachable",
      "The workbench does not answer. Is it still running on its computer?",
    );
  }
}

/** @param {Response} response */
async function parsed(response) {
  const text = await response.text();
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {number} status */
function sentence(status) {
  if (status === 403) return "Your role does not allow this.";
  if (status === 404) return "This does not exist, or no longer.";
  if (status === 413) return "That is too large.";
  return `The workbench could not do this (code ${status}).`;
}

function onDoor() {
  return location.pathname === "/login" || location.pathname === "/setup";
}

function leaveForSignIn() {
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`/login?next=${next}`);
}

/** @param {string} path */
export const get = (path) => request("GET", path);

/**
 * @param {string} path
 * @param {unknown} [body]
 */
export const post = (path, body = {}) => request("POST", path, body);

/**
 * @param {string} path
 * @param {unknown} body
 * @param {{keepalive?: boolean}} [options]
 */
export const put = (path, body, options) => request("PUT", path, body, options);

/**
 * @param {string} path
 * @param {unknown} body
 */
export const patch = (path, body) => request("PATCH", path, body);

/** @param {string} path */
export const remove = (path) => request("DELETE", path);
