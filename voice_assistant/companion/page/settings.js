// The settings view: all settings, and the key of the app.
import { complain, problem, request, send } from "./connection.js";
import { make } from "./elements.js";
import { field, renew as renewField, tell } from "./setting_fields.js";
import { _, ngettext } from "./words.js";

const sections = document.querySelector("#sections");
const list = document.querySelector("#section-list");
const shown = new Map(); // the element of each setting, by its key

export async function load() {
  const settings = await request("/settings").catch(complain);
  if (!settings) return;
  shown.clear();
  for (const one of settings) shown.set(one.key, field(one));
  const grouped = new Map();
  for (const one of settings) grouped.set(one.section, [...(grouped.get(one.section) ?? []), one]);
  sections.replaceChildren(...[...grouped.values()].map((ones) =>
    make("fieldset", {}, make("legend", {}, ones[0].section_title), ...ones.map((one) => shown.get(one.key)))));
  list.replaceChildren(...[...sections.children].map((section) => make("li", {}, way(section))));
  filter(document.querySelector("#find-setting").value);
}

// A button that leads to a section.
function way(section) {
  const title = section.querySelector("legend");
  const button = make("button", { type: "button" }, title.textContent);
  title.tabIndex = -1;
  button.addEventListener("click", () => {
    section.scrollIntoView();
    title.focus({ preventScroll: true });
  });
  return button;
}

// Shows what was changed elsewhere: in a terminal, in the file, by another profile.
export async function renew() {
  if (!sections.offsetParent) return; // they are asked for when they are shown
  const settings = await request("/settings").catch(() => []); // nothing: they stay
  for (const one of settings.filter((one) => shown.has(one.key))) {
    const element = shown.get(one.key);
    renewField(element, one);
    const section = element.closest("fieldset");
    const way = list.children[[...sections.children].indexOf(section)].firstChild;
    way.textContent = section.querySelector("legend").textContent = one.section_title;
  }
}

// Shows what has these words in its name or meaning, or in its name in the settings file, and those sections alone.
function filter(wanted) {
  const all = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text) => all.every((word) => text.toLowerCase().includes(word));
  for (const [key, setting] of shown) {
    const section = setting.closest("fieldset").firstChild.textContent;
    setting.hidden = !has(`${section} ${setting.textContent} ${key} ${key.replace(/[._]/g, " ")}`);
  }
  for (const section of sections.children) section.hidden = !section.querySelector(".setting:not([hidden])");
  for (const card of document.querySelectorAll("#key, #profiles-card")) card.hidden = !has(card.textContent);
  [...list.children].forEach((item, index) => (item.hidden = sections.children[index].hidden));
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
