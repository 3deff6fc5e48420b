// One turn of the conversation: question, answer as it grows, what belongs to it.
import { form } from "./app_form.js";
import { command } from "./connection.js";
import { make, withCode } from "./elements.js";
import { fileList, showPictures } from "./pictures.js";
import { _ } from "./words.js";

export class Turn {
  constructor(turn, edit) {
    this.edit = edit;
    this.parts = {
      question: make("div"), answer: make("div", { class: "answer" }), note: make("p", { class: "note" }),
      form: make("div"), offered: make("div", { class: "offered" }), sources: make("div"), tools: make("div", { class: "tools" }), followUps: make("ol", { class: "follow-ups" }),
    };
    this.element = make("article", { class: "turn" }, ...Object.values(this.parts));
    this.shown = {};
    this.show(turn);
  }

  show(turn) {
    this.turn = turn;
    const { parts } = this;
    this.element.className = `turn ${turn.state}`;
    this.when("question", `${turn.state === "listening"} ${turn.question}`, () => parts.question.replaceChildren(...this.asked(turn)));
    this.when("html", `${turn.message_id} ${turn.html}`, () => showAnswer(parts.answer, turn.html, turn.message_id));
    const note = turn.note || (turn.form ? "" : { thinking: _("Thinking …"), incomplete: _("The answer is not complete.") }[turn.state] ?? "");
    this.when("note", note, () => parts.note.replaceChildren(...withCode(note)));
    this.when("form", JSON.stringify(turn.form), () => parts.form.replaceChildren(...(turn.form ? [form(turn.form)] : [])));
    this.when("offers", turn.offers, () => parts.offered.replaceChildren(...offered(turn.offers)));
    this.when("sources", JSON.stringify([turn.sources, turn.files, turn.message_id]), () => parts.sources.replaceChildren(...sources(turn)));
    this.when("done", turn.state, () => parts.tools.replaceChildren(...this.tools(turn)));
    this.when("suggestions", turn.suggestions.join("\n"), () => parts.followUps.replaceChildren(...turn.suggestions.map(followUp)));
  }

  // Renews a part only if what it shows has changed: whoever is in it stays there.
  when(name, value, renew) {
    if (this.shown[name] === value) return;
    this.shown[name] = value;
    renew(value);
  }

  // The question; words that are still being said may change, and cannot be edited.
  asked({ question: text, state }) {
    if (!text) return [];
    if (state === "listening") return [make("p", { class: "question" }, `${text} …`)];
    const edit = make("button", { type: "button", "aria-label": _("Edit and ask again: {text}", { text }) }, _("Edit"));
    edit.addEventListener("click", () => this.edit(text));
    return [make("p", { class: "question" }, make("span", {}, text), edit)];
  }

  // What can be done with an answer that has come, or has not.
  tools({ state, question, text, recording }) {
    const over = ["complete", "incomplete", "failed"].includes(state);
    this.shown.rating = undefined; // its buttons are made anew
    return [
      ...(over && text ? [copier(_("Copy the answer"), () => this.turn.text)] : []),
      ...(over && state !== "complete" && (question || recording) ? [again(question, recording)] : []),
    ];
  }

  // Lets the user rate this answer; null takes that away: only the last answer can be rated here.
  rate(rating) {
    this.when("rating", rating, () => {
      for (const old of this.parts.tools.querySelectorAll("[data-rating]")) old.remove();
      if (rating === null) return;
      for (const [value, label] of [["good", _("Good answer")], ["bad", _("Bad answer")]]) {
        const button = make("button", { type: "button", "data-rating": value, "aria-pressed": String(rating === value) }, label);
        button.addEventListener("click", () => command("rate", { rating: rating === value ? "" : value }));
        this.parts.tools.append(button);
      }
    });
  }
}

export function showAnswer(element, html, message = "") {
  element.innerHTML = html; // made safe by the assistant: see companion/markdown.py
  showPictures(element, message);
  for (const code of element.querySelectorAll("pre")) {
    code.tabIndex = 0;
    code.after(copier(_("Copy the code"), () => code.textContent));
  }
  for (const table of element.querySelectorAll("table")) table.tabIndex = 0;
}

function copier(label, text) {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = _("Copied");
    setTimeout(() => (button.textContent = label), 1500);
  });
  return button;
}

// A button that asks again what was not answered, or lets a recording without words be heard again.
function again(text, recording) {
  const button = make("button", { type: "button" }, text ? _("Ask again") : _("Try again"));
  button.addEventListener("click", () => (recording ? command("retry", { recording }) : command("ask", { text })));
  return button;
}

// What an announcement can be answered with.
const OFFERS = {
  "": [],
  alarm: [[_("Stop"), "stop"], [_("Snooze"), "snooze"]],
  consent: [[_("Send it"), "consent", { given: true }], [_("Do not send it"), "consent", { given: false }]],
};

function offered(kind) {
  return OFFERS[kind].map(([label, ...order]) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => command(...order));
    return button;
  });
}

function followUp(text, index) {
  const button = make("button", { type: "button" }, `${index + 1}. ${text}`);
  button.addEventListener("click", () => command("ask", { text, source: "suggestion" }));
  return make("li", {}, button);
}

// What an answer cites, and the files that it brings.
export function sources({ sources: cited, files, message_id: message }) {
  const pieces = cited.map((one) => make("li", {}, make("strong", {}, one.document),
    ...(one.collection ? [` (${one.collection})`] : []), ...(one.content ? [make("blockquote", {}, one.content)] : [])));
  return [
    ...(files.length ? [fileList(files, message)] : []),
    ...(pieces.length ? [make("details", { class: "sources" }, make("summary", {}, _("Sources ({n})", { n: pieces.length })), make("ul", {}, ...pieces))] : []),
  ];
}
