// The settings view: all settings, and the key of the app.
import { complain, problem, request, send } from "./connection.js";
import { make } from "./elements.js";
import { field, tell } from "./setting_fields.js";
import { _, ngettext } from "./words.js";

const sections = document.querySelector("#sections");

export async function load() {
  const settings = await request("/settings").catch(complain);
  if (!settings) return;
  const grouped = new Map();
  for (const one of settings) grouped.set(one.section_title, [...(grouped.get(one.section_title) ?? []), one]);
  sections.replaceChildren(...[...grouped].map(([title, ones]) =>
    make("fieldset", {}, make("legend", {}, title), ...ones.filter((one) => !one.secret).map((one) => field(one)))));
  filter(document.querySelector("#find-setting").value);
}

// Shows the settings that have these words in their name or meaning, and those sections alone.
function filter(wanted) {
  const all = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of sections.children) {
    const name = section.firstChild.textContent;
    for (const setting of section.querySelectorAll(".setting")) {
      const text = `${name} ${setting.textContent}`.toLowerCase();
      setting.hidden = !all.every((word) => text.includes(word));
    }
    section.hidden = !section.querySelector(".setting:not([hidden])");
  }
  const count = sections.querySelectorAll(".setting:not([hidden])").length;
  document.querySelector("#settings-found").textContent = all.length ? ngettext("{n} setting is shown.", "{n} settings are shown.", count) : "";
}

export function begin() {
  const find = document.querySelector("#find-setting");
  find.addEventListener("input", () => filter(find.value));
  document.querySelector("#key").addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = document.querySelector("#api-key");
    const note = document.querySelector("#key-note");
    try {
      await send("/key", { key: input.value });
      input.value = "";
      tell(note, _("The key is in the keyring."));
    } catch (error) {
      tell(note, problem(error), true);
    }
  });
}
