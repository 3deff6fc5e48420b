// The conversation: its turns, and what a screen reader is told of them.
import { make } from "./elements.js";
import * as question from "./question.js";
import { mark } from "./spoken.js";
import { Turn } from "./turn.js";
import { _ } from "./words.js";

const list = document.querySelector("#turns");
const announcer = document.querySelector("#announcer");
const readAloud = document.querySelector("#read-aloud");
const shown = new Map();
let spoken = "";
let status = {};

// Shows the state of now: after the page was opened, or its connection was lost.
export function showAll(turns) {
  const before = new Map(shown);
  list.replaceChildren();
  shown.clear();
  for (const turn of turns) {
    show(turn, false);
    const [view, old] = [shown.get(turn.number), before.get(turn.number)];
    if (!view) continue;
    const known = old?.turn.question === turn.question;
    view.told = known ? old.told : view.parts.answer.textContent.trimEnd().length; // nothing is told twice
    view.toldQuestion = !known || old.toldQuestion;
    if (known && old.toldQuestion) announce(turn, view); // what came meanwhile
  }
  document.querySelector("#beginning").hidden = turns.length > 0;
  rate();
  toNewest();
}

// Shows the newest turn, as a talk is read from its end. Turns have their height only once they are in sight:
// so the end is looked for until it stays, or the reader goes up.
export function toNewest(tries = 5) {
  const end = document.documentElement.scrollHeight;
  if (!list.offsetParent) return;
  scrollTo({ top: end, behavior: "instant" });
  const reached = scrollY;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const stayed = scrollY >= reached || atEnd();
    if (tries && stayed && document.documentElement.scrollHeight !== end) toNewest(tries - 1);
  }));
}

export function stayAtEnd() {
  if (atEnd()) toNewest();
}

function atEnd() {
  return innerHeight + scrollY >= document.documentElement.scrollHeight - 120;
}

export function showTurns(turns) {
  for (const turn of turns) show(turn, true);
  rate();
}

function show(turn, isNews) {
  document.querySelector("#beginning").hidden = true;
  const follows = atEnd();
  let view = shown.get(turn.number);
  if (turn.state === "dropped") {
    view?.element.remove();
    shown.delete(turn.number);
    return;
  }
  if (view) {
    view.show(turn);
  } else {
    view = new Turn(turn, question.edit);
    view.told = 0;
    shown.set(turn.number, view);
    list.append(view.element);
  }
  if (spoken) showSpoken(spoken);
  if (isNews) announce(turn, view);
  if (isNews && follows) toNewest(); // at once: while it glides there, the next piece would not find the page at its end
}

// Tells a screen reader the question once and the answer sentence by sentence, if the user wants
// that: by default the assistant's own voice speaks, and two voices at once help nobody.
function announce(turn, view) {
  if (!readAloud.checked) return;
  if (turn.question && turn.state !== "listening" && !view.toldQuestion) {
    view.toldQuestion = true;
    announcer.append(make("p", {}, turn.question));
  }
  const text = view.parts.answer.textContent.trimEnd();
  const rest = text.slice(view.told);
  const over = ["complete", "incomplete", "failed"].includes(turn.state);
  const ends = [...rest.matchAll(/[.!?:\n](?=\s)|[。！？：]/g)];
  const end = over ? rest.length : (ends.at(-1)?.index ?? -1) + 1;
  if (end > 0) {
    announcer.append(make("p", {}, rest.slice(0, end)));
    view.told += end;
  }
  while (announcer.children.length > 20) announcer.firstChild.remove();
}

// The last answer can be rated, as long as the assistant knows it.
function rate() {
  const answers = [...shown.values()].filter((view) => view.turn.question && view.turn.state === "complete");
  for (const view of answers) view.rate(view === answers.at(-1) && status.can_rate ? status.rating : null);
}

export function showStatus(news) {
  status = news;
  document.querySelector("#first-words").textContent = _("{way} Or hold Talk, or type below.", { way: status.how_to_talk });
  rate();
}

export function showSpoken(sentence) {
  spoken = sentence;
  if (location.hash !== "#captions") mark(list.lastElementChild?.querySelector(".answer") ?? list, spoken);
}

export function begin() {
  readAloud.checked = localStorage.getItem("read-aloud") === "yes";
  readAloud.addEventListener("change", () => localStorage.setItem("read-aloud", readAloud.checked ? "yes" : "no"));
}
