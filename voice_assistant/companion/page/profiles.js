// The profiles: which app answers, and more apps.
import { command, complain, problem, send } from "./connection.js";
import { make } from "./elements.js";
import { tell } from "./setting_fields.js";
import { _ } from "./words.js";

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
    const button = make("button", { type: "button", "aria-label": _("{label}: {name}", { label, name }) }, label);
    button.addEventListener("click", does);
    return button;
  };
  const use = act(_("Use"), () => command("useprofile", { name }).then(() => tell(note, _("{name} answers from the next question on.", { name }))));
  const remove = act(_("Delete"), () => send("/profiles/delete", { name }).then(() => tell(note, _("{name} is deleted.", { name })), complain));
  return make("li", {}, make("strong", {}, name), ...(answers ? [make("span", {}, _("answers now"))] : others ? [use] : []),
    ...(answers || name === "default" ? [] : [remove]));
}

export function begin() {
  add.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, url, key } = Object.fromEntries(new FormData(add));
    if (!name.trim()) return tell(note, _("Give the profile a name."), true);
    tell(note, _("Asking the server …"));
    try {
      const { told } = await send("/setup/server", { url, key, profile: name, anyway: event.submitter.value === "anyway" });
      tell(note, told);
      add.reset();
      add.querySelector("[value='anyway']").hidden = true;
    } catch (error) {
      tell(note, problem(error), true);
      const anyway = add.querySelector("[value='anyway']");
      anyway.textContent = error.code === "no_keyring" ? _("Keep the key in the settings file") : _("Keep it all the same");
      anyway.hidden = false;
    }
  });
}
