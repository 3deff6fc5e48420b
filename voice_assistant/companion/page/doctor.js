// What the doctor finds.
import { complain, request } from "./connection.js";
import { make } from "./elements.js";

const note = document.querySelector("#doctor-note");

export async function load() {
  note.textContent = "Examining …";
  const findings = await request("/doctor").catch(complain);
  note.textContent = "";
  if (!findings) return;
  const failed = findings.filter((one) => !one.ok).length;
  note.textContent = failed ? `${failed} of ${findings.length} need your help.` : "Everything works.";
  document.querySelector("#findings").replaceChildren(...findings.map((one) =>
    make("li", { class: one.ok ? "card" : "card bad" },
      make("strong", {}, `${one.ok ? "✓" : "✗"} ${one.name}: `), one.text, ...(one.mend ? [make("p", {}, one.mend)] : []))));
}

export function begin() {
  document.querySelector("#examine").addEventListener("click", load);
}
