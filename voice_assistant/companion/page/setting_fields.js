// A field for each setting, made from its declaration; each change is kept at once.
import { problem, send } from "./connection.js";
import { make, withCode } from "./elements.js";
import { pressed } from "./key_press.js";
import { _ } from "./words.js";

const CHOICES = {
  "hotkey.mode": { hold: _("Hold the key while I speak"), toggle: _("Press to begin, press again or be silent to end"), hybrid: _("Both: hold it, or tap it") },
  "backend.kind": { embedded: _("This machine (embedded)"), dify: _("A Dify app") },
  "microphone.voice_activity": { webrtc: _("Rules (webrtc)"), silero: _("A small network (silero)") },
  "hands_free.wake_detector": { recogniser: _("The recogniser of this machine"), micro: _("A detector of a few words (micro)") },
  "hands_free.barge_in": { off: _("No"), loudspeaker: _("Yes, over a loudspeaker"), headphones: _("Yes, with headphones") },
  "speech_to_text.local": { never: _("Never"), fallback: _("Where the server cannot"), always: _("Always") },
  "speaker.other_sound": { pause: _("Paused, or quieter"), duck: _("Quieter"), off: _("As it is") },
  "speech.spoken_by": { auto: _("My screen reader while it runs, else the assistant"), assistant: _("The assistant"), screen_reader: _("My screen reader") },
  "captions.place": { bottom: _("Below"), top: _("Above") },
  "captions.colours": { white: _("White on black"), yellow: _("Yellow on black"), black: _("Black on white") },
  "embedded.engine": { auto: _("The best of this machine"), say: _("That of macOS (say)"), sapi: _("That of Windows (sapi)") },
  "log.level": { debug: _("Everything, the words as well"), info: _("What happens"), warning: _("What goes wrong"), error: _("Errors alone") },
  "interface.language": { auto: _("That of the desktop"), en: "English", zh_CN: "简体中文" },
};

// What is to be said of a list of devices: in the file, they are parts of names.
const OFFERED = {
  "microphone.device": _("The system's choice also replaces a device that is not there, and the assistant says so."),
};

// Returns the elements of a setting: label, help, input, note, and the way back to its default.
export function field(one, kept = () => {}) {
  const id = `setting-${one.key.replace(".", "-")}`;
  const help = make("p", { class: "help", id: `${id}-help` }, ...withCode(meaning(one)));
  const note = make("p", { class: "note", id: `${id}-note`, role: "status" });
  const input = control(one);
  const reset = make("button", { type: "button", class: "reset", "aria-label": _("Usual value of: {title}", { title: one.title }) }, _("Usual value"));
  const look = () => (reset.hidden = isUsual(one, input));
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-help ${id}-note`);
  const change = async (value) => {
    if (!(await keep(one, input, note, value))) return;
    look();
    kept();
  };
  input.addEventListener("change", () => change(valueOf(one, input)));
  reset.addEventListener("click", () => {
    setValue(one, input, one.default);
    input.focus();
    change(null);
  });
  look();
  const press = isKey(one) ? [make("button", { type: "button", class: "press", "aria-label": _("Choose it by pressing it: {title}", { title: one.title }) }, _("Choose it by pressing it"))] : [];
  press[0]?.addEventListener("click", () => pressed(input));
  const label = make("label", { for: id }, one.title);
  return make("div", { class: "setting" }, ...(one.kind === "bool" ? [input, " ", label, help] : [label, help, input]), note, ...press, reset);
}

// Shows the value that a setting has meanwhile, except where somebody is about to change it.
export function renew(element, one) {
  const input = element.querySelector("input, select");
  if (input === document.activeElement || input.hasAttribute("aria-invalid")) return;
  setValue(one, input, one.value);
  element.querySelector(".reset").hidden = isUsual(one, input);
}

function isKey(one) {
  return one.section === "hotkey" && one.kind === "str" && !one.choices.length;
}

function isUsual(one, input) {
  return valueOf(one, input) === one.default || one.kind === "table";
}

function setValue(one, input, value) {
  if (one.kind === "bool") input.checked = value === "true";
  else input.value = value;
}

function valueOf(one, input) {
  return one.kind === "bool" ? String(input.checked) : input.value;
}

// The description in the words of this window, where it says more than the title; and when it holds.
function meaning(one) {
  const words = one.offers.length ? OFFERED[one.key] : one.choices.length ? chosenWords(one) : one.description;
  const range = one.range && _("From {least} to {most}.", { least: one.range[0], most: one.range[1] });
  const usual = one.default !== "" && _("Usually: {value}.", { value: inWords(one, one.default) });
  const restart = one.effect !== "at once" && _("Takes effect after a restart.");
  return [words !== `${one.title}.` && words, range, usual, restart].filter(Boolean).join(" ");
}

// The description of a choice, whose values have names here: "hold" in the file is “Hold the key while I speak”.
function chosenWords(one) {
  return one.description.replace(/"([\w-]+)"/g, (quoted, word) => one.choices.includes(word) ? _("“{title}”", { title: inWords(one, word) }) : quoted);
}

function inWords(one, value) {
  if (one.kind === "bool") return value === "true" ? _("on") : _("off");
  return CHOICES[one.key]?.[value] ?? value;
}

function control(one) {
  if (one.kind === "bool") return make("input", { type: "checkbox", checked: one.value === "true" });
  if (one.choices.length) return choice(one.choices.map((word) => [word, inWords(one, word)]), one.value);
  if (one.offers.length) return choice([["", _("The system's choice")], ...one.offers.map((name) => [name, name])], one.value);
  const input = make("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  if (one.range) input.inputMode = "decimal";
  input.value = one.value;
  return input;
}

// A value that is not offered, such as a part of a device's name, stays what it is.
export function choice(pairs, value) {
  const known = pairs.some(([word]) => word === value);
  const all = known ? pairs : [[value, value], ...pairs];
  const select = make("select", {}, ...all.map(([word, label]) => make("option", { value: word }, label)));
  select.value = value;
  return select;
}

// Keeps a value, or for null the default; returns whether it was taken.
async function keep(one, input, note, value) {
  try {
    const { waiting } = await send("/settings", { key: one.key, value });
    input.removeAttribute("aria-invalid");
    tell(note, waiting.includes(one.key) ? _("Kept. It takes effect after a restart.") : _("Kept, and in use."));
    return true;
  } catch (error) {
    input.setAttribute("aria-invalid", "true");
    tell(note, problem(error), true);
    return false;
  }
}

export function tell(note, text, bad = false) {
  note.className = bad ? "note bad" : "note";
  note.replaceChildren(...withCode(text));
}
