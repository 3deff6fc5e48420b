// The record of turns: searched, and read page by page.
import { command, complain, request } from "./connection.js";
import { make } from "./elements.js";

const found = document.querySelector("#found");
const note = document.querySelector("#found-note");
const more = document.querySelector("#more");
const words = document.querySelector("#words");
const PAGE = 30;
const STAGES = { recorded: "Recorded", words: "Words known", text: "First text", audio: "First sound", answered: "Text complete", spoken: "Spoken" };
let last;

export async function load(older = false) {
  const query = new URLSearchParams({ search: words.value.trim() });
  if (older && last) query.set("before", last);
  const turns = await request(`/history?${query}`).catch(complain);
  if (!turns) return;
  if (!older) found.replaceChildren();
  found.append(...turns.map(card));
  last = turns.at(-1)?.number ?? last;
  more.hidden = turns.length < PAGE;
  note.textContent = found.children.length ? `${found.children.length} turns are shown.` : "No turn was found.";
}

function card(turn) {
  const when = new Date(turn.began_s * 1000);
  const answer = make("div", { class: "answer" });
  answer.innerHTML = turn.html; // made safe by the assistant: see companion/markdown.py
  for (const block of answer.querySelectorAll("pre, table")) block.tabIndex = 0;
  const element = make("article", { class: "card" }, make("h2", {}, turn.question || "An announcement"),
    make("time", { datetime: when.toISOString() }, when.toLocaleString()), answer);
  if (turn.note) element.append(make("p", { class: "note bad" }, turn.note));
  const bars = Object.entries(STAGES).filter(([name]) => turn.stages[name] !== undefined);
  if (bars.length) element.append(make("details", {}, make("summary", {}, "How long it took"), chart(bars, turn.stages)));
  if (turn.question) {
    const again = make("button", { type: "button", "aria-label": `Ask again: ${turn.question}` }, "Ask again");
    again.addEventListener("click", () => {
      command("ask", { text: turn.question });
      location.hash = "talk";
    });
    element.append(again);
  }
  return element;
}

function chart(bars, stages) {
  const longest = Math.max(...bars.map(([name]) => stages[name]), 1);
  return make("ul", { class: "bars" }, ...bars.map(([name, label]) => {
    const seconds = `${(stages[name] / 1000).toFixed(2)} s`;
    return make("li", {}, `${label}: ${seconds}`,
      make("progress", { max: longest, value: stages[name], "aria-label": `${label}: ${seconds}` }));
  }));
}

export function begin() {
  document.querySelector("#search").addEventListener("submit", (event) => {
    event.preventDefault();
    load();
  });
  more.addEventListener("click", () => load(true));
}
