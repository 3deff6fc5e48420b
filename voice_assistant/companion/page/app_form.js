// A form with which the app asks: its fields, and a button for each way to answer.
import { command, complain, request } from "./connection.js";
import { make } from "./elements.js";
import { _, moment } from "./words.js";

export function form({ title, html, ask, buttons, fields, expires }) {
  const text = make("div", { class: "prose" });
  text.innerHTML = html; // made safe by the assistant: see companion/markdown.py
  const inputs = fields.map((field) => [field, control(field)]);
  const until = expires ? [make("p", { class: "quiet" }, _("It can be answered until {time}.", { time: moment(expires) }))] : [];
  const element = make("form", { class: "card app-form", "aria-label": title || _("The app asks") },
    ...(title ? [make("h2", {}, title)] : []), text,
    ...inputs.map(([field, input]) => make("div", { class: "setting" }, make("label", { for: input.id }, field.name.replaceAll("_", " ")), input)),
    ...(fields.length ? [] : [make("p", {}, ask)]), ...until,
    make("div", { class: "row" }, ...buttons.map((one) => make("button", { type: "submit", value: one.id }, one.title))));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = [];
    for (const [field, input] of inputs) {
      const items = await given(field, input).catch(complain);
      if (!items) return;
      values.push(...items);
    }
    command("fill", { items: [...values, event.submitter.value] });
  });
  return element;
}

function control({ name, kind, value, options }) {
  const id = `field-${name}`;
  if (kind === "file" || kind === "files") return make("input", { id, type: "file", required: true, multiple: kind === "files" });
  if (kind === "text") {
    const input = make("textarea", { id, rows: "2" });
    input.value = value;
    return input;
  }
  const select = make("select", { id, required: true }, make("option", { value: "" }, _("Choose …")),
    ...options.map((one) => make("option", { value: one }, one)));
  select.value = value;
  return select;
}

// Returns what is sent for a field; files are sent to the assistant first.
async function given({ name }, input) {
  if (input.type !== "file") return input.value ? [`${name}=${input.value}`] : [];
  const items = [];
  for (const file of input.files) {
    const kept = await request(`/files?${new URLSearchParams({ name: file.name })}`, { method: "POST", body: file });
    items.push(`${name}=@${kept.id}`);
  }
  return items;
}
