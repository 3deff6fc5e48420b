// What the tray shows and switches beside the conversation: what does not work, the switches, the timers.
import { command } from "./connection.js";
import { make, withCode } from "./elements.js";
import { _, soon } from "./words.js";

const notes = document.querySelector("#notes");
const switches = document.querySelector("#switches");
const timers = document.querySelector("#timers");
let shown = {};

// Renews a place only if what it shows has changed: whoever is in it stays there.
function renew(place, news, items) {
  const text = JSON.stringify(news);
  if (shown[place.id] === text) return;
  shown[place.id] = text;
  place.replaceChildren(...items());
}

export function showStatus(status) {
  const { missing, muted, off_the_record: off, microphone_open: open, unanswered, unfinished } = status;
  renew(notes, [missing, muted, off, open], () => [
    ...missing.map((line) => make("li", { class: "bad" }, make("span", {}, ...withCode(line)), make("a", { href: "#doctor" }, _("Doctor")))),
    ...(muted ? [note(_("The microphone is switched off"), _("Switch the microphone on"), ["mute", { on: false }])] : []),
    ...(off ? [note(_("Off the record: nothing is kept"), _("Keep them again"), ["offrecord", { on: false }])] : []),
    ...(open ? [note(_("The microphone is always open"))] : []),
  ]);
  document.querySelector("#state").hidden = !notes.children.length;
  for (const [name, on] of Object.entries(state(status)))
    switches.querySelector(`[data-switch="${name}"]`).setAttribute("aria-pressed", String(on));
  switches.querySelector("[data-switch='wake']").textContent = _("Wake word: {phrase}", { phrase: status.wake_phrase });
  document.querySelector("#retry").hidden = !unanswered;
  document.querySelector("#go-on").hidden = !unfinished;
  renew(timers, status.timers, () => status.timers.map(([text, due]) => make("li", {}, make("strong", {}, soon(due)), ` ${text}`)));
}

function state(status) {
  return {
    conversation: status.conversation_mode, wake: status.wake_word, slowspeaker: status.slow_speaker,
    mute: status.muted, offrecord: status.off_the_record,
  };
}

function note(text, label, order) {
  const button = order ? [make("button", { type: "button" }, label)] : [];
  button[0]?.addEventListener("click", () => command(...order));
  return make("li", {}, make("span", {}, text), ...button);
}

export function begin() {
  for (const button of switches.querySelectorAll("[data-switch]"))
    button.addEventListener("click", () => command(button.dataset.switch, { on: button.getAttribute("aria-pressed") !== "true" }));
}
