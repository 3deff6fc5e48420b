// The settings view: all settings, and the key of the app.
import { complain, request, send } from "./connection.js";
import { make } from "./elements.js";
import { field, tell, words } from "./setting_fields.js";

const sections = document.querySelector("#sections");

export async function load() {
  const settings = await request("/settings").catch(complain);
  if (!settings) return;
  const grouped = new Map();
  for (const one of settings) grouped.set(one.section, [...(grouped.get(one.section) ?? []), one]);
  sections.replaceChildren(...[...grouped].map(([name, ones]) =>
    make("fieldset", {}, make("legend", {}, words(name)), ...ones.filter((one) => !one.secret).map((one) => field(one)))));
}

export function begin() {
  document.querySelector("#key").addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = document.querySelector("#api-key");
    const note = document.querySelector("#key-note");
    try {
      await send("/key", { key: input.value });
      input.value = "";
      tell(note, "The key is in the keyring.");
    } catch (error) {
      tell(note, `${error.title}. ${error.hint ?? ""}`, true);
    }
  });
}
