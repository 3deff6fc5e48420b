// The setup: one step at a time, and each can be tried and skipped. Every choice is kept at once.
import { command, complain, request, send } from "./connection.js";
import { make } from "./elements.js";
import { field } from "./setting_fields.js";
import { TRIALS } from "./setup_trials.js";
import { _ } from "./words.js";

const list = document.querySelector("#steps");
const place = document.querySelector("#step");
const LAST = [
  { name: "login", title: _("Start at login"), text: _("The assistant can be there whenever you have logged in."), keys: [] },
  { name: "done", title: _("Done"), text: _("Everything here can be changed later: in this setup, and in the settings."), keys: [] },
];
let steps = [];
let known = {};
let status = {};
let now = 0;
let seen = null; // called with each status while a step waits for something to happen

export async function load(wanted) {
  const answers = await Promise.all([request("/setup"), request("/settings")]).catch(complain);
  if (!answers) return;
  const [setup, settings] = answers;
  steps = [...setup.steps, ...LAST];
  known = { voices: setup.voices, settings: new Map(settings.map((one) => [one.key, one])) };
  list.replaceChildren(...steps.map((step, index) => {
    const button = make("button", { type: "button" }, step.title);
    button.addEventListener("click", () => go(index));
    return make("li", {}, button);
  }));
  now = Math.max(steps.findIndex((step) => step.name === wanted), 0);
  show();
}

export function showStatus(news) {
  status = news;
  if (place.offsetParent) seen?.(status); // in another view, the key is there for questions
}

async function go(index) {
  const settings = await request("/settings").catch(complain); // what was kept in the step before
  if (settings) known.settings = new Map(settings.map((one) => [one.key, one]));
  now = Math.min(Math.max(index, 0), steps.length - 1);
  show();
  place.querySelector("h2").focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: "instant" }); // the heading of a step is at its top
}

function show() {
  const step = steps[now];
  seen = null;
  [...list.children].forEach((item, index) => {
    if (index === now) item.firstChild.setAttribute("aria-current", "step");
    else item.firstChild.removeAttribute("aria-current");
  });
  const fields = step.keys.map((key) => known.settings.get(key));
  const heading = make("h2", { tabindex: "-1" }, _("{n} of {all}: {title}", { n: now + 1, all: steps.length, title: step.title }));
  const content = (TRIALS[step.name] ?? plain)({
    fields, known, status,
    watch: (look) => (seen = look),
    anew: () => go(now),
    setting: (key) => known.settings.get(key),
  });
  place.replaceChildren(heading, make("p", {}, step.text), ...content);
  document.querySelector("#step-back").disabled = now === 0;
  document.querySelector("#step-next").textContent = now === steps.length - 1 ? _("Begin to talk") : _("Next");
}

function plain({ fields }) {
  return fields.map((one) => field(one));
}

// What a step holds, as one would read it to somebody.
function asWords() {
  const labels = [...place.querySelectorAll("label, legend, button")].map((one) => one.textContent.trim());
  return [steps[now].title, steps[now].text, ...labels].map((text) => text.replace(/[.:。：]?$/, ".")).join(" ");
}

export function begin() {
  document.querySelector("#step-back").addEventListener("click", () => go(now - 1));
  document.querySelector("#step-next").addEventListener("click", () => {
    if (now < steps.length - 1) return go(now + 1);
    now = 0;
    location.hash = "talk";
  });
  document.querySelector("#step-aloud").addEventListener("click", () => send("/setup/say", { text: asWords() }).catch(complain));
  document.querySelector("#step-hush").addEventListener("click", () => command("stop"));
}
