// The captions: the newest turn as large text; its look is kept in this browser.
import { mark } from "./spoken.js";

const caption = document.querySelector("#caption");
const look = document.querySelector("#caption-look");
const DEFAULTS = { size: "2.5", height: "1.4", font: "sans", colours: "own" };
let number = -Infinity;
let spoken = "";

// Shows the state of now: after a restart, turns are numbered anew.
export function showAll(turns) {
  number = -Infinity;
  showTurns(turns);
}

export function showTurns(turns) {
  for (const turn of turns) {
    if (turn.number < number) continue;
    number = turn.number;
    document.querySelector("#caption-empty").hidden = true;
    document.querySelector("#caption-question").textContent = turn.state === "dropped" ? "" : turn.question;
    document.querySelector("#caption-answer").innerHTML = turn.html; // see companion/markdown.py
    if (turn.note) document.querySelector("#caption-answer").append(turn.note);
    if (spoken) showSpoken(spoken);
    else caption.scrollTop = caption.scrollHeight;
  }
}

// Marks the sentence, and keeps it in the middle: the text may be longer than the screen.
export function showSpoken(sentence) {
  spoken = sentence;
  if (location.hash !== "#captions") return;
  const range = mark(caption, sentence);
  if (!range) return;
  const { top, height } = range.getBoundingClientRect();
  const frame = caption.getBoundingClientRect();
  caption.scrollTop += top + height / 2 - (frame.top + frame.height / 2);
}

function apply() {
  const chosen = Object.fromEntries(new FormData(look));
  caption.style.setProperty("--size", chosen.size);
  caption.style.setProperty("--height", chosen.height);
  caption.dataset.font = chosen.font;
  caption.dataset.colours = chosen.colours;
  for (const slider of look.querySelectorAll("input")) slider.nextElementSibling.textContent = slider.value;
  localStorage.setItem("captions", JSON.stringify(chosen));
}

export function begin() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("captions") ?? "{}");
  } catch {
    // what cannot be read is made again
  }
  for (const [name, value] of Object.entries({ ...DEFAULTS, ...kept }))
    if (look.elements[name]) look.elements[name].value = value;
  look.addEventListener("input", apply);
  apply();
  const whole = document.querySelector("#caption-whole");
  whole.hidden = !document.fullscreenEnabled;
  whole.addEventListener("click", () => caption.requestFullscreen()); // Escape leaves it
}
