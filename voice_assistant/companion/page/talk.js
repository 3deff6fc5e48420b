// The conversation: questions, answers as they grow, follow-ups, and what steers the speech.
import { command } from "./connection.js";
import { make } from "./elements.js";
import { mark } from "./spoken.js";

const list = document.querySelector("#turns");
const question = document.querySelector("#question");
const announcer = document.querySelector("#announcer");
const readAloud = document.querySelector("#read-aloud");
const shown = new Map();
let spoken = "";

export function showAll(turns) {
  list.replaceChildren();
  shown.clear();
  document.querySelector("#nothing").hidden = false;
  for (const turn of turns) show(turn, false);
}

export function showTurns(turns) {
  for (const turn of turns) show(turn, true);
}

function show(turn, isNews) {
  document.querySelector("#nothing").hidden = true;
  const follows = innerHeight + scrollY >= document.documentElement.scrollHeight - 120;
  let view = shown.get(turn.number);
  if (!view) {
    view = { element: make("article", { class: "turn" }), told: 0, toldQuestion: false, parts: {} };
    view.parts.question = make("div");
    view.parts.answer = make("div", { class: "answer" });
    view.parts.note = make("p", { class: "note" });
    view.parts.tools = make("div", { class: "tools" });
    view.parts.followUps = make("ol", { class: "follow-ups" });
    view.element.append(...Object.values(view.parts));
    shown.set(turn.number, view);
    list.append(view.element);
  }
  const { parts } = view;
  view.element.className = `turn ${turn.state}`;
  if (view.question !== turn.question) {
    view.question = turn.question;
    parts.question.replaceChildren(...(turn.question ? [asAsked(turn.question)] : []));
  }
  if (view.html !== turn.html) {
    view.html = turn.html;
    parts.answer.innerHTML = turn.html; // made safe by the assistant: see companion/markdown.py
    for (const code of parts.answer.querySelectorAll("pre")) {
      code.tabIndex = 0;
      code.after(copier("Copy the code", () => code.textContent));
    }
    if (spoken) showSpoken(spoken);
    for (const table of parts.answer.querySelectorAll("table")) table.tabIndex = 0;
  }
  parts.note.textContent = turn.note || (turn.state === "thinking" ? "Thinking …" : turn.state === "incomplete" ? "The answer is not complete." : "");
  const done = ["complete", "incomplete"].includes(turn.state) && turn.text;
  if (done && !parts.tools.children.length) parts.tools.append(copier("Copy the answer", () => shown.get(turn.number).text));
  view.text = turn.text;
  parts.followUps.replaceChildren(...turn.suggestions.map((text, index) => {
    const button = make("button", { type: "button" }, `${index + 1}. ${text}`);
    button.addEventListener("click", () => command("ask", { text, source: "suggestion" }));
    return make("li", {}, button);
  }));
  if (isNews) announce(turn, view);
  if (isNews && follows && location.hash.slice(1) !== "captions") scrollTo(0, document.documentElement.scrollHeight);
}

function asAsked(text) {
  const edit = make("button", { type: "button", "aria-label": `Edit and ask again: ${text}` }, "Edit");
  edit.addEventListener("click", () => {
    question.value = text;
    grow();
    question.focus();
  });
  return make("p", { class: "question" }, make("span", {}, text), edit);
}

function copier(label, text) {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  });
  return button;
}

// Tells a screen reader the question once and the answer sentence by sentence, if the user wants
// that: by default the assistant's own voice speaks, and two voices at once help nobody.
function announce(turn, view) {
  if (!readAloud.checked) return;
  if (turn.question && !view.toldQuestion) {
    view.toldQuestion = true;
    announcer.append(make("p", {}, turn.question));
  }
  const text = view.parts.answer.textContent;
  const rest = text.slice(view.told);
  const over = ["complete", "incomplete", "failed"].includes(turn.state);
  const end = over ? rest.length : rest.search(/[.!?:\n](?=\s)[^.!?:\n]*$/) + 1;
  if (end > 0) {
    announcer.append(make("p", {}, rest.slice(0, end)));
    view.told += end;
  }
  while (announcer.children.length > 20) announcer.firstChild.remove();
}

function grow() {
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight + 2}px`;
}

function ask(event) {
  event.preventDefault();
  const text = question.value.trim();
  if (!text) return;
  command("ask", { text });
  question.value = "";
  grow();
}

export function showStatus(status) {
  const talk = document.querySelector("#talk");
  const listening = status.phase === "listening";
  talk.textContent = listening ? "Finish" : "Talk";
  talk.setAttribute("aria-pressed", String(listening));
  document.querySelector("#level").hidden = !listening;
  document.querySelector("#pause").textContent = status.phase === "paused" ? "Go on" : "Pause";
  for (const name of ["volume", "speed"]) {
    const slider = document.querySelector(`#${name}`);
    if (document.activeElement !== slider || !slider.dataset.moving) slider.value = status[name];
    label(slider);
  }
}

export function showSpoken(sentence) {
  spoken = sentence;
  if (location.hash !== "#captions") mark(list.lastElementChild?.querySelector(".answer") ?? list, spoken);
}

export function showLevel(level) {
  document.querySelector("#level").value = level ?? -60;
}

function label(slider) {
  const text = slider.id === "volume" ? `${Math.round(slider.value * 100)} %` : `${Number(slider.value)} ×`;
  slider.nextElementSibling.textContent = text;
  slider.setAttribute("aria-valuetext", text);
}

export function begin() {
  document.querySelector("#ask").addEventListener("submit", ask);
  question.addEventListener("input", grow);
  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) ask(event);
  });
  document.querySelector("#talk").addEventListener("click", () => command("toggle"));
  document.querySelector("#pause").addEventListener("click", () => command("pause", { toggle: true }));
  for (const button of document.querySelectorAll("[data-command]"))
    button.addEventListener("click", () => command(button.dataset.command));
  for (const [id, field] of [["volume", "level"], ["speed", "factor"]]) {
    const slider = document.querySelector(`#${id}`);
    slider.addEventListener("input", () => label(slider));
    slider.addEventListener("change", () => command(id, { [field]: Number(slider.value) }));
  }
  readAloud.checked = localStorage.getItem("read-aloud") === "yes";
  readAloud.addEventListener("change", () => localStorage.setItem("read-aloud", readAloud.checked ? "yes" : "no"));
}
