// What steers listening and speech: the talk button, held or tapped; pause and its like; volume and speed.
import { command } from "./connection.js";
import { _ } from "./words.js";

const TAP_MS = 400;
const talk = document.querySelector("#talk-button");
let phase = "idle";
let pressed = null; // when the button went down, and whether the assistant was listening then

function down(event) {
  if (event.button) return;
  talk.setPointerCapture(event.pointerId);
  pressed = { at: performance.now(), listened: phase === "listening" };
  if (!pressed.listened) command("press");
}

function up() {
  if (!pressed) return;
  const tapped = performance.now() - pressed.at < TAP_MS;
  command(tapped && !pressed.listened ? "tap" : "release");
  pressed = null;
}

export function showStatus(status) {
  phase = status.phase;
  const listening = phase === "listening";
  talk.textContent = listening ? _("Finish") : _("Talk");
  talk.setAttribute("aria-pressed", String(listening));
  document.querySelector("#level").hidden = !listening;
  document.querySelector("#pause").textContent = phase === "paused" ? _("Go on") : _("Pause");
  const useless = { stop: resting(), pause: !speaks(), back: !speaks(), skip: !speaks(), repeat: listening };
  for (const [name, so] of Object.entries(useless)) button(name).setAttribute("aria-disabled", String(so));
  for (const name of ["volume", "speed"]) {
    const slider = document.querySelector(`#${name}`);
    if (slider.dataset.moving) continue; // somebody drags it
    slider.value = status[name];
    label(slider);
  }
}

// Whoever is at a button that has become useless stays there: so it is not disabled, and does nothing.
function button(name) {
  return name === "pause" ? document.querySelector("#pause") : document.querySelector(`[data-command="${name}"]`);
}

function resting() {
  return ["idle", "error"].includes(phase);
}

function speaks() {
  return ["speaking", "paused"].includes(phase);
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
  talk.addEventListener("pointerdown", down);
  talk.addEventListener("pointerup", up);
  talk.addEventListener("pointercancel", up);
  addEventListener("pagehide", up); // nobody holds a button of a page that is gone
  talk.addEventListener("contextmenu", (event) => event.preventDefault()); // of a long touch
  talk.addEventListener("click", (event) => event.detail || command("toggle")); // the keyboard's; 0 clicks of a pointer
  for (const one of document.querySelectorAll("#pause, [data-command]"))
    one.addEventListener("click", () => {
      if (one.getAttribute("aria-disabled") === "true") return;
      if (one.id === "pause") command("pause", { toggle: true });
      else command(one.dataset.command);
    });
  for (const [id, field] of [["volume", "level"], ["speed", "factor"]]) {
    const slider = document.querySelector(`#${id}`);
    slider.addEventListener("input", () => {
      slider.dataset.moving = "yes";
      label(slider);
    });
    slider.addEventListener("change", async () => {
      await command(id, { [field]: Number(slider.value) });
      delete slider.dataset.moving;
    });
  }
}
