// The history: the record of turns, searched and read page by page, and the server's conversations.
import { command, complain, request, send } from "./connection.js";
import { make, withCode } from "./elements.js";
import { showAnswer, sources } from "./turn.js";
import { _, moment, ngettext } from "./words.js";

const found = document.querySelector("#found");
const note = document.querySelector("#found-note");
const more = document.querySelector("#more");
const words = document.querySelector("#words");
const list = document.querySelector("#conversations");
const PAGE = 30;
let last;
let conversation = { id: "", name: "" }; // whose turns are shown; "": of all

export function load() {
  return find(false);
}

async function find(older) {
  const query = new URLSearchParams({ search: words.value.trim(), conversation: conversation.id });
  for (const link of document.querySelectorAll("#exports a")) link.href = `/history/export.${link.dataset.form}?${query}`;
  if (!older) showConversations();
  if (older && last) query.set("before", last);
  const turns = await request(`/history?${query}`).catch(complain);
  if (!turns) return;
  if (!older) found.replaceChildren();
  found.append(...turns.map(card));
  last = turns.at(-1)?.number ?? last;
  more.hidden = turns.length < PAGE;
  document.querySelector("#exports").hidden = !found.children.length;
  tellHowMany();
}

function tellHowMany() {
  const count = found.children.length;
  const { id, name } = conversation;
  if (!count) note.textContent = id ? _("No turn of “{name}” was found.", { name }) : _("No turn was found.");
  else if (id) note.textContent = ngettext("{n} turn of “{name}” is shown.", "{n} turns of “{name}” are shown.", count, { name });
  else note.textContent = ngettext("{n} turn is shown.", "{n} turns are shown.", count);
}

function button(label, name, act) {
  const made = make("button", { type: "button", "aria-label": _("{label}: {name}", { label, name }) }, label);
  made.addEventListener("click", () => act(made));
  return made;
}

// A button that deletes. It has to be pressed twice; whoever leaves it has changed their mind.
function deletion(name, act) {
  const label = _("Delete");
  const made = button(label, name, () => {
    if (made.textContent !== label) return act();
    made.textContent = _("Really delete?");
    made.setAttribute("aria-label", _("Really delete: {name}?", { name }));
  });
  made.addEventListener("blur", () => {
    made.textContent = label;
    made.setAttribute("aria-label", _("{label}: {name}", { label, name }));
  });
  return made;
}

function card(turn) {
  const when = new Date(turn.began_s * 1000);
  const title = turn.question || _("An announcement");
  const answer = make("div", { class: "answer" });
  showAnswer(answer, turn.html, turn.message_id);
  const element = make("article", { class: "card" }, make("h2", {}, title),
    make("time", { datetime: when.toISOString() }, moment(turn.began_s)), answer);
  element.append(...sources(turn));
  if (turn.note) element.append(make("p", { class: "note bad" }, ...withCode(turn.note)));
  if (Object.keys(turn.steps).length) element.append(make("details", {}, make("summary", {}, _("How long it took")), chart(turn.steps)));
  const tools = make("div", { class: "row" });
  if (turn.question) tools.append(button(_("Ask again"), title, () => {
    command("ask", { text: turn.question });
    location.hash = "talk";
  }));
  if (turn.can_rate) tools.append(...["good", "bad"].map((rating) => {
    const made = button(rating === "good" ? _("Good answer") : _("Bad answer"), title, async () => {
      const wanted = turn.rating === rating ? "" : rating;
      if (!(await command("rate", { rating: wanted, turn: turn.number }))) return;
      turn.rating = wanted;
      for (const one of tools.querySelectorAll("[data-rating]")) one.setAttribute("aria-pressed", String(one.dataset.rating === wanted));
    });
    made.dataset.rating = rating;
    made.setAttribute("aria-pressed", String(turn.rating === rating));
    return made;
  }));
  tools.append(deletion(title, async () => {
    if (!(await send("/history/delete", { number: turn.number }).catch(complain))) return;
    element.remove();
    tellHowMany();
    document.querySelector("#main").focus();
  }));
  element.append(tools);
  return element;
}

function chart(steps) {
  const longest = Math.max(...Object.values(steps), 1);
  return make("ul", { class: "bars" }, ...Object.entries(steps).map(([name, ms]) => {
    const seconds = _("{seconds} s", { seconds: (ms / 1000).toFixed(2) });
    const label = name[0].toUpperCase() + name.slice(1);
    return make("li", {}, make("span", {}, label), make("progress", { max: longest, value: ms, "aria-label": _("{label}: {name}", { label, name: seconds }) }), make("span", {}, seconds));
  }));
}

async function showConversations() {
  const known = await request("/conversations").catch(() => null); // the record is there without a server
  document.querySelector("#conversations-place").hidden = !known?.length;
  if (known) list.replaceChildren(...known.map(conversationItem));
}

function conversationItem(one) {
  const name = one.name || _("Without a name");
  const item = make("li", {});
  const show = () => {
    const when = one.updated_s ? moment(one.updated_s) : "";
    item.replaceChildren(make("strong", {}, name), make("time", {}, when), make("div", { class: "row" },
      button(_("Continue"), name, async () => {
        if (await command("continue", { conversation_id: one.id })) location.hash = "talk";
      }),
      button(_("Show"), name, () => filter({ id: one.id, name })),
      button(_("Rename"), name, rename),
      deletion(name, async () => {
        if (!(await send("/conversations/delete", { id: one.id }).catch(complain))) return;
        if (conversation.id === one.id) filter({ id: "", name: "" });
        else showConversations();
        document.querySelector("#main").focus();
      })));
  };
  const rename = () => {
    const input = make("input", { type: "text", "aria-label": _("New name of {name}", { name }) });
    input.value = one.name;
    const form = make("form", { class: "row" }, input, make("button", { type: "submit" }, _("Keep")), button(_("Cancel"), name, show));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const renamed = await send("/conversations/rename", { id: one.id, name: input.value }).catch(complain);
      if (!renamed) return;
      const fresh = conversationItem({ ...one, name: renamed.name });
      item.replaceWith(fresh);
      fresh.querySelector("button").focus();
    });
    item.replaceChildren(form);
    input.focus();
  };
  show();
  return item;
}

function filter(wanted) {
  conversation = wanted;
  document.querySelector("#all-turns").hidden = !wanted.id;
  load();
}

export function begin() {
  document.querySelector("#search").addEventListener("submit", (event) => {
    event.preventDefault();
    load();
  });
  document.querySelector("#all-turns").addEventListener("click", () => filter({ id: "", name: "" }));
  more.addEventListener("click", () => find(true));
}
