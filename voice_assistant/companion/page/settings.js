// The settings, made from their declarations; each change is kept at once.
import { request, send, complain } from "./connection.js";
import { make } from "./elements.js";

const sections = document.querySelector("#sections");

export async function load() {
  const settings = await request("/settings").catch(complain);
  if (!settings) return;
  const grouped = Map.groupBy ? Map.groupBy(settings, (one) => one.section) : group(settings);
  sections.replaceChildren(...[...grouped].map(([name, ones]) =>
    make("fieldset", {}, make("legend", {}, words(name)), ...ones.filter((one) => !one.secret).map(field))));
}

function group(settings) {
  const grouped = new Map();
  for (const one of settings) grouped.set(one.section, [...(grouped.get(one.section) ?? []), one]);
  return grouped;
}

function words(name) {
  return name.replaceAll("_", " ");
}

function field(one) {
  const id = `setting-${one.key.replace(".", "-")}`;
  const help = make("p", { class: "help", id: `${id}-help` }, meaning(one));
  const note = make("p", { class: "note", id: `${id}-note`, role: "status" });
  const input = control(one);
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-help ${id}-note`);
  input.addEventListener("change", () => keep(one, input, note));
  const label = make("label", { for: id }, words(one.name));
  return make("div", { class: "setting" }, ...(one.kind === "bool" ? [input, " ", label, help] : [label, help, input]), note);
}

function meaning(one) {
  const range = one.range ? ` From ${one.range[0]} to ${one.range[1]}.` : "";
  const usual = one.default === "" ? "" : ` Usually: ${one.default}.`;
  return one.description + range + usual + (one.effect === "at once" ? "" : " Takes effect after a restart.");
}

function control(one) {
  if (one.kind === "bool") return make("input", { type: "checkbox", checked: one.value === "true" });
  if (one.choices.length) {
    const select = make("select", {}, ...one.choices.map((word) => make("option", { value: word }, word)));
    select.value = one.value;
    return select;
  }
  const input = make("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  if (one.range) input.inputMode = "decimal";
  input.value = one.value;
  return input;
}

async function keep(one, input, note) {
  const value = one.kind === "bool" ? String(input.checked) : input.value;
  try {
    const { waiting } = await send("/settings", { key: one.key, value });
    input.removeAttribute("aria-invalid");
    note.className = "note";
    note.textContent = waiting.includes(one.key) ? "Kept. It takes effect after a restart." : "Kept, and in use.";
  } catch (error) {
    input.setAttribute("aria-invalid", "true");
    note.className = "note bad";
    note.textContent = `${error.title}. ${error.hint ?? ""}`;
  }
}

export function begin() {
  document.querySelector("#key").addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = document.querySelector("#api-key");
    const note = document.querySelector("#key-note");
    try {
      await send("/key", { key: input.value });
      input.value = "";
      note.className = "note";
      note.textContent = "The key is in the keyring.";
    } catch (error) {
      note.className = "note bad";
      note.textContent = `${error.title}. ${error.hint ?? ""}`;
    }
  });
}
