// The profiles: which app answers, and more apps.
import { command, complain, send } from "./connection.js";
import { make } from "./elements.js";
import { tell } from "./setting_fields.js";

const list = document.querySelector("#profiles");
const add = document.querySelector("#add-profile");
const note = document.querySelector("#profiles-note");
let shown = "";

export function showStatus({ profile, profiles }) {
  const news = JSON.stringify([profile, profiles]);
  if (news === shown) return;
  shown = news;
  list.replaceChildren(...profiles.map((name) => item(name, name === profile, profiles.length > 1)));
}

function item(name, answers, others) {
  const act = (label, does) => {
    const button = make("button", { type: "button", "aria-label": `${label}: ${name}` }, label);
    button.addEventListener("click", does);
    return button;
  };
  const use = act("Use", () => command("useprofile", { name }).then(() => tell(note, `${name} answers from the next question on.`)));
  const remove = act("Delete", () => send("/profiles/delete", { name }).then(() => tell(note, `${name} is deleted.`), complain));
  return make("li", {}, make("strong", {}, name), ...(answers ? [make("span", {}, "answers now")] : others ? [use] : []),
    ...(answers || name === "default" ? [] : [remove]));
}

export function begin() {
  add.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, url, key } = Object.fromEntries(new FormData(add));
    if (!name.trim()) return tell(note, "Give the profile a name.", true);
    tell(note, "Asking the server …");
    try {
      const { told } = await send("/setup/server", { url, key, profile: name, anyway: event.submitter.value === "anyway" });
      tell(note, told);
      add.reset();
      add.querySelector("[value='anyway']").hidden = true;
    } catch (error) {
      tell(note, `${error.title}. ${error.hint ?? ""}`, true);
      add.querySelector("[value='anyway']").hidden = false;
    }
  });
}
