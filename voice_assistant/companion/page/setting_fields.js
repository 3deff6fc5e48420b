// A field for each setting, made from its declaration; each change is kept at once.
import { send } from "./connection.js";
import { make } from "./elements.js";

const CHOICES = {
  "hotkey.mode": { hold: "Hold the key while I speak", toggle: "Press to begin, press again or be silent to end", hybrid: "Both: hold it, or tap it" },
  "backend.kind": { embedded: "This machine (embedded)", dify: "A Dify app" },
  "hands_free.barge_in": { off: "No", loudspeaker: "Yes, over a loudspeaker", headphones: "Yes, with headphones" },
  "speech_to_text.local": { never: "Never", fallback: "Where the server cannot", always: "Always" },
};

const UNITS = { s: "seconds", px: "pixels", minutes: "minutes", days: "days", tokens: "tokens" };

// Returns the name of a setting or a section for people: "pre_roll_s" is "Pre roll (seconds)".
export function words(name) {
  const parts = name.split("_");
  const unit = parts.length > 1 ? UNITS[parts.at(-1)] : undefined;
  const text = (unit ? parts.slice(0, -1) : parts).join(" ");
  return text[0].toUpperCase() + text.slice(1) + (unit ? ` (${unit})` : "");
}

// Returns the elements of a setting: label, help, input, note, and the way back to its default.
export function field(one, kept = () => {}) {
  const id = `setting-${one.key.replace(".", "-")}`;
  const title = one.title || words(one.name);
  const help = make("p", { class: "help", id: `${id}-help` }, meaning(one));
  const note = make("p", { class: "note", id: `${id}-note`, role: "status" });
  const input = control(one);
  const reset = make("button", { type: "button", class: "reset", "aria-label": `Usual value of: ${title}` }, "Usual value");
  const look = () => (reset.hidden = valueOf(one, input) === one.default || one.kind === "table");
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-help ${id}-note`);
  const change = async (value) => {
    if (!(await keep(one, input, note, value))) return;
    look();
    kept();
  };
  input.addEventListener("change", () => change(valueOf(one, input)));
  reset.addEventListener("click", () => {
    if (one.kind === "bool") input.checked = one.default === "true";
    else input.value = one.default;
    input.focus();
    change(null);
  });
  look();
  const label = make("label", { for: id }, title);
  return make("div", { class: "setting" }, ...(one.kind === "bool" ? [input, " ", label, help] : [label, help, input]), note, reset);
}

function valueOf(one, input) {
  return one.kind === "bool" ? String(input.checked) : input.value;
}

function meaning(one) {
  const range = one.range ? ` From ${one.range[0]} to ${one.range[1]}.` : "";
  const usual = one.default === "" ? "" : ` Usually: ${one.default}.`;
  return one.description + range + usual + (one.effect === "at once" ? "" : " Takes effect after a restart.");
}

function control(one) {
  if (one.kind === "bool") return make("input", { type: "checkbox", checked: one.value === "true" });
  if (one.choices.length) return choice(one.choices.map((word) => [word, CHOICES[one.key]?.[word] ?? word]), one.value);
  if (one.offers.length) return choice([["", "The system's choice"], ...one.offers.map((name) => [name, name])], one.value);
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
    tell(note, waiting.includes(one.key) ? "Kept. It takes effect after a restart." : "Kept, and in use.");
    return true;
  } catch (error) {
    input.setAttribute("aria-invalid", "true");
    tell(note, `${error.title}. ${error.hint ?? ""}`, true);
    return false;
  }
}

export function tell(note, text, bad = false) {
  note.className = bad ? "note bad" : "note";
  note.textContent = text;
}
