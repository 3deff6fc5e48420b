// The connection with the assistant: the state that it sends, and requests to it.
import { withCode } from "./elements.js";
import { _ } from "./words.js";

let ended = false; // by its user, and for good

export function send(path, body) {
  return request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}), keepalive: path === "/command" });
}

export async function request(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw ended
      ? { title: _("The assistant was ended"), hint: _("Start it, then open this window from the tray, or with `voice-assistant window`.") }
      : { title: _("The assistant does not answer"), hint: _("Is it running? This page comes back by itself.") };
  }
  if (answer.ok) return answer.json();
  const kind = answer.headers.get("content-type") ?? "";
  throw kind.startsWith("application/json")
    ? await answer.json()
    : { title: _("This window has expired"), hint: _("Open it again: from the tray, or with `voice-assistant window`.") };
}

// Calls handlers.settings, .status, .all, .turns, .level, .spoken, .lost and .ended. The browser reconnects by itself unless it
// was refused: then this tries again.
export function follow(handlers) {
  let source;
  const connect = () => {
    source = new EventSource("/events");
    for (const kind of ["settings", "status", "all", "turns", "level", "spoken"])
      source.addEventListener(kind, (event) => handlers[kind](JSON.parse(event.data)));
    source.addEventListener("ended", () => {
      ended = true;
      source.close();
      handlers.ended();
    });
    source.onerror = () => {
      handlers.lost();
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    };
  };
  connect();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && !ended && connect());
}

// Returns what went wrong, and what can be done, as people read it.
export function problem({ title, hint }) {
  return _("{title}. {hint}", { title, hint: hint ?? "" }).trim();
}

export function complain(error) {
  const line = document.createElement("p");
  line.append(...withCode(problem(error)));
  document.querySelector("#alerts").replaceChildren(line);
}

export function command(name, fields = {}) {
  document.querySelector("#alerts").replaceChildren();
  return send("/command", { command: name, ...fields }).catch(complain); // nothing: it was not taken
}
