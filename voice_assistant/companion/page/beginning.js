// What is shown before the first question: the app's own words, its starters, and what it asks for.
import { command, problem, request, send } from "./connection.js";
import { make } from "./elements.js";
import { tell } from "./setting_fields.js";
import { showAnswer } from "./turn.js";
import { _ } from "./words.js";

const FILES = ["file", "file-list"]; // they come with the question

export async function load() {
  const app = await request("/app").catch(() => null); // without a server there is nothing to offer
  if (!app) return;
  showAnswer(document.querySelector("#opening"), app.opening);
  document.querySelector("#starters").replaceChildren(...app.starters.map((text) => {
    const button = make("button", { type: "button" }, text);
    button.addEventListener("click", () => command("ask", { text, source: "suggestion" }));
    return make("li", {}, button);
  }));
  const fields = app.inputs.filter((one) => !FILES.includes(one.kind));
  const place = document.querySelector("#inputs");
  const missing = fields.some((one) => one.required && one.value === "");
  place.hidden = !fields.length;
  if (fields.length) place.replaceChildren(make("details", { open: missing }, make("summary", {}, missing ? _("The app asks for") : _("What the app was told")), form(fields)));
}

function form(fields) {
  const note = make("p", { class: "note", role: "status" });
  const inputs = fields.map((one) => [one, control(one)]);
  const labelled = inputs.map(([one, input]) => make("div", { class: "setting" },
    make("label", { for: input.id }, one.required ? _("{label} (required)", { label: one.label }) : one.label), input));
  const element = make("form", {}, ...labelled, make("button", { type: "submit" }, _("Keep")), note);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = inputs.map(([one, input]) => [one.variable, value(one, input)]).filter(([, text]) => text !== "");
    try {
      await send("/inputs", { values: Object.fromEntries(given) });
      tell(note, _("Kept. The next conversation begins with it."));
    } catch (error) {
      tell(note, problem(error), true);
    }
  });
  return element;
}

function control(one) {
  const id = `input-${one.variable}`;
  const about = { id, required: one.required };
  if (one.kind === "checkbox") return make("input", { id, type: "checkbox", checked: one.value === true });
  let input;
  if (one.kind === "select") {
    const choices = one.required ? one.options : ["", ...one.options];
    input = make("select", about, ...choices.map((text) => make("option", { value: text }, text)));
  } else if (one.kind === "paragraph") input = make("textarea", { ...about, rows: "4" });
  else input = make("input", { ...about, type: one.kind === "number" ? "number" : "text", step: "any" });
  if (one.max_length && "maxLength" in input) input.maxLength = one.max_length;
  input.value = one.value;
  return input;
}

function value(one, input) {
  if (one.kind === "checkbox") return input.checked;
  return one.kind === "number" && input.value ? Number(input.value) : input.value;
}
