// Starts the page: the views, and the state that the assistant sends.
import * as about from "./about.js";
import * as beginning from "./beginning.js";
import * as captions from "./captions.js";
import { command, follow } from "./connection.js";
import * as controls from "./controls.js";
import * as doctor from "./doctor.js";
import * as history from "./history.js";
import { trust } from "./pictures.js";
import * as profiles from "./profiles.js";
import * as question from "./question.js";
import * as settings from "./settings.js";
import * as setup from "./setup.js";
import * as state from "./state.js";
import * as talk from "./talk.js";
import { _ } from "./words.js";

const PHASES = {
  idle: ["●", _("Ready")], listening: ["◉", _("Listening")], thinking: ["…", _("Thinking")],
  speaking: ["▶", _("Speaking")], paused: ["❚❚", _("Paused")], error: ["⚠", _("Something went wrong")],
};
const NOT_READY = ["⚠", _("Not ready")];
const MUTED = ["⊘", _("The microphone is switched off")];
const LOADED = { talk: beginning, history, settings, setup, doctor };
const views = [...document.querySelectorAll("[data-view]")];

function show(moved) {
  const [wanted, place] = location.hash.slice(1).split("/");
  const name = views.some((view) => view.dataset.view === wanted) ? wanted : "talk";
  for (const view of views) view.hidden = view.dataset.view !== name;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = _("{view}: Voice assistant", { view: document.querySelector(`#${name}-title`).textContent });
  if (name === "talk") talk.toNewest();
  LOADED[name]?.load(place);
  if (wanted === "type") document.querySelector("#question").focus();
  else if (moved) document.querySelector("#main").focus();
}

// As the tray's icon: see voice_assistant/desktop/tray/icons.py.
function signOf({ phase: now, muted, not_ready: reason }) {
  if (now === "idle" && muted) return MUTED;
  return reason && ["idle", "error"].includes(now) ? NOT_READY : PHASES[now];
}

function phase(sign, words) {
  document.querySelector("#phase-sign").textContent = sign;
  if (document.querySelector("#phase").textContent !== words) document.querySelector("#phase").textContent = words;
}

// What sticks to the edges would hide what has the focus: the page scrolls it clear of both. Whoever reads the newest
// turn goes on to see its end when the dock grows.
const edges = { top: document.querySelector("header"), bottom: document.querySelector(".dock") };
function keepClear() {
  for (const [name, one] of Object.entries(edges)) {
    const height = getComputedStyle(one).position === "sticky" ? one.offsetHeight : 0;
    document.documentElement.style.setProperty(`--${name}`, `${height}px`);
  }
  talk.stayAtEnd();
}
const resized = new ResizeObserver(keepClear);
for (const one of [document.documentElement, ...Object.values(edges)]) resized.observe(one);

for (const part of [talk, question, controls, state, captions, history, settings, profiles, setup, doctor, about]) part.begin();
document.querySelector("#restart button").addEventListener("click", () => command("quit", { anew: true }));
addEventListener("hashchange", () => show(true));
show(false);
follow({
  settings({ language, pictures }) {
    trust(pictures);
    if (language !== document.documentElement.lang) location.reload(); // this page has its words already
    else settings.renew();
  },
  status(status) {
    phase(...signOf(status));
    document.querySelector("#restart").hidden = !status.restart_for.length;
    talk.showStatus(status);
    controls.showStatus(status);
    state.showStatus(status);
    setup.showStatus(status);
    doctor.showStatus(status);
    about.showStatus(status);
    profiles.showStatus(status);
  },
  all(turns) {
    talk.showAll(turns);
    captions.showAll(turns);
  },
  turns(turns) {
    talk.showTurns(turns);
    captions.showTurns(turns);
  },
  level: controls.showLevel,
  spoken(sentence) {
    talk.showSpoken(sentence);
    captions.showSpoken(sentence);
  },
  lost() {
    phase("✗", _("Not connected"));
  },
  ended() {
    phase("✗", _("Ended"));
  },
});
