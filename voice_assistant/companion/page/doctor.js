// What the doctor finds, what can be done about it here, and a report for others.
import { command, complain, request, send } from "./connection.js";
import { make, withCode } from "./elements.js";
import { _, ngettext } from "./words.js";

const note = document.querySelector("#doctor-note");
const report = document.querySelector("#report");
const text = document.querySelector("#report-text");
let muted = false;

export async function load() {
  note.textContent = _("Examining … this records two seconds of sound.");
  const findings = await request("/doctor").catch(complain);
  note.textContent = "";
  if (!findings) return;
  const failed = findings.filter((one) => !one.ok).length;
  note.textContent = failed
    ? ngettext("{n} of {all} needs your help.", "{n} of {all} need your help.", failed, { all: findings.length }) : _("Everything works.");
  findings.sort((one, other) => one.ok - other.ok); // what needs help comes first
  document.querySelector("#findings").replaceChildren(...findings.map(finding));
}

function finding(one) {
  const card = make("li", { class: one.ok ? "card" : "card bad" },
    make("strong", {}, `${one.ok ? "✓" : "✗"} ${one.name}`), make("p", {}, ...withCode(one.text)), ...(one.mend ? [make("p", {}, ...withCode(one.mend))] : []));
  if (one.step === "microphone" && muted) card.append(act(_("Switch the microphone on"), () => command("mute", { on: false }).then(load)));
  else if (one.step) card.append(make("p", {}, make("a", { class: "button", href: `#setup/${one.step}` }, _("Mend it in the setup"))));
  return card;
}

function act(label, does) {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", does);
  return button;
}

async function playBack() {
  note.textContent = _("Speak: two seconds are recorded, then played …");
  const done = await send("/doctor/play-back").catch(complain);
  note.textContent = done ? _("Did you hear yourself?") : "";
}

async function showReport() {
  note.textContent = _("Writing …");
  try {
    const answer = await fetch("/doctor/report");
    text.textContent = await answer.text();
    document.querySelector("#report-save").href = URL.createObjectURL(new Blob([text.textContent], { type: "text/plain" }));
    report.hidden = false;
    report.querySelector("h2").focus();
  } catch {
    complain({ title: _("The assistant does not answer"), hint: _("This page comes back by itself.") });
  }
  note.textContent = "";
}

export function showStatus(status) {
  muted = status.muted;
}

export function begin() {
  document.querySelector("#examine").addEventListener("click", load);
  document.querySelector("#play-back").addEventListener("click", playBack);
  document.querySelector("#make-report").addEventListener("click", showReport);
  document.querySelector("#report-copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    note.textContent = _("The report is copied.");
  });
}
