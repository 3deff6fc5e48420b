// Which program this is, who answers, how to talk to it, and its end.
import { command } from "./connection.js";
import { _ } from "./words.js";

const [version, answers, talk] = ["version", "answers", "talk"].map((name) => document.querySelector(`#about-${name}`));

export function showStatus(status) {
  version.textContent = _("Voice assistant {version}", { version: status.version });
  answers.textContent = _("Who answers: {app}", { app: status.app || status.backend });
  talk.textContent = status.how_to_talk;
}

export function begin() {
  document.querySelector("#about-restart").addEventListener("click", () => command("quit", { anew: true }));
}
