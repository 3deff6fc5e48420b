// What can be tried in the steps of the setup.
import { command, complain, problem, request, send } from "./connection.js";
import { make } from "./elements.js";
import { choice, field, tell } from "./setting_fields.js";
import { _ } from "./words.js";

function button(label, act, kind = "") {
  const made = make("button", { type: "button", class: kind }, label);
  made.addEventListener("click", async () => {
    made.disabled = true;
    await act();
    made.disabled = false;
    if (document.activeElement === document.body) made.focus(); // a disabled button loses the focus
  });
  return made;
}

function note() {
  return make("p", { class: "note", role: "status" });
}

function keepAll(values) {
  return Object.entries(values).reduce(
    (before, [key, value]) => before.then(() => send("/settings", { key, value })), Promise.resolve());
}

function answers(step) {
  const { profile, profiles } = step.status;
  if (!profiles?.includes(profile) || profile === profiles[0]) return whoAnswers(step);
  const first = button(_("Use: {name}", { name: profiles[0] }), () => command("useprofile", { name: profiles[0] }), "main");
  step.watch((status) => status.profile === profiles[0] && step.anew());
  return [
    make("p", {}, _("The profile {name} answers. This step sets up the profile {first}: use that one first, or change {name} in the settings.", { name: profile, first: profiles[0] })),
    make("p", { class: "row" }, first, make("a", { class: "button", href: "#settings" }, _("Settings"))),
  ];
}

function whoAnswers({ setting }) {
  const local = setting("chat_model.url").value;
  const used = setting("backend.kind").value === "dify" ? "dify" : local ? "model" : "embedded";
  const told = note();
  const more = make("div", {});
  const show = async (kind, chosen) => {
    tell(told, "");
    more.replaceChildren();
    if (kind === "dify") more.replaceChildren(...dify(setting("backend.url").value, told));
    if (kind === "model") more.replaceChildren(...(await models(setting("chat_model.url"), told)));
    if (kind !== "dify" && chosen)
      await keepAll({ "backend.kind": "embedded", ...(kind === "embedded" ? { "chat_model.url": "" } : {}) })
        .then(() => kind === "embedded" && tell(told, _("Kept.")), (error) => tell(told, problem(error), true));
  };
  const KINDS = { embedded: _("This machine alone"), model: _("This machine, with a chat model that runs on it"), dify: _("A Dify app") };
  const radios = Object.entries(KINDS).map(([kind, label]) => {
    const radio = make("input", { type: "radio", name: "answers", id: `answers-${kind}`, checked: kind === used });
    radio.addEventListener("change", () => show(kind, true));
    return make("p", { class: "choice" }, radio, " ", make("label", { for: radio.id }, label));
  });
  if (used !== "embedded") show(used, false);
  return [make("fieldset", { class: "plain" }, make("legend", { class: "unseen" }, _("Who answers")), ...radios), more, told];
}

function dify(address, told) {
  const url = make("input", { type: "text", id: "dify-url", autocomplete: "off", spellcheck: "false", inputMode: "url", placeholder: "https://api.dify.ai/v1" });
  url.value = address;
  const key = make("input", { type: "password", id: "dify-key", autocomplete: "off", "aria-describedby": "dify-key-help" });
  const anyway = button(_("Keep them all the same"), () => test(true));
  anyway.hidden = true;
  const test = async (unasked) => {
    tell(told, _("Asking the server …"));
    try {
      const answer = await send("/setup/server", { url: url.value, key: key.value, anyway: unasked });
      tell(told, answer.told);
      key.value = "";
      anyway.hidden = true;
    } catch (error) {
      tell(told, error.code === "unauthorized" ? _("{title}. Copy it anew from the page of the app's API.", { title: error.title }) : problem(error), true);
      anyway.textContent = error.code === "no_keyring" ? _("Keep the key in the settings file") : _("Keep them all the same");
      anyway.hidden = false;
    }
  };
  return [
    make("p", { class: "setting" }, make("label", { for: "dify-url" }, _("Address of the app's API")), url),
    make("div", { class: "setting" }, make("label", { for: "dify-key" }, _("Key of the app")),
      make("p", { class: "help", id: "dify-key-help" }, _("The page of the app's API in Dify shows it as “API key”. It goes into the system's keyring. Empty: the key that is there already.")), key),
    make("p", { class: "row" }, button(_("Ask the server, and keep them"), () => test(false), "main"), anyway),
  ];
}

async function models(address, told) {
  tell(told, _("Looking on the usual ports …"));
  const found = await request("/setup/models").catch(complain);
  tell(told, "");
  if (!found) return [];
  const all = found.flatMap(([server, url, names]) => names.map((name) => ({ server, url, name })));
  const use = ({ url, name }) =>
    keepAll({ "backend.kind": "embedded", "chat_model.url": url, "chat_model.model": name })
      .then(() => tell(told, _("{name} answers after a restart.", { name })), (error) => tell(told, problem(error), true));
  const buttons = all.map((one) => make("li", {}, button(_("Use {model} of {server}", { model: one.name, server: one.server }), () => use(one))));
  const none = _("No server was found. Start Ollama, LM Studio, llama.cpp or vLLM, and choose this again; or give an address:");
  return [
    make("p", { class: "quiet" }, all.length ? _("These models were found:") : none),
    ...(all.length ? [make("ul", { class: "follow-ups" }, ...buttons)] : []),
    field(address),
  ];
}

function microphone({ fields }) {
  const meter = make("meter", { min: "-60", max: "0", value: "-60", "aria-label": _("Level of the microphone") });
  const told = note();
  const listen = async () => {
    tell(told, _("Say a sentence …"));
    try {
      await lines("/setup/listen", ({ level_dbfs: level, words, problem: wrong }) => {
        if (level !== undefined) meter.value = level;
        if (words !== undefined) tell(told, _("You said: “{words}”", { words }));
        if (wrong) tell(told, wrong, true);
      });
    } catch (error) {
      tell(told, problem(error), true);
    }
    meter.value = -60;
  };
  return [...fields.map((one) => field(one)), button(_("Speak"), listen, "main"), meter, told];
}

// Reads an answer that comes line by line, each of them JSON.
async function lines(path, take) {
  const answer = await fetch(path, { method: "POST" });
  if (!answer.ok) throw await answer.json();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const whole = (rest + piece.value).split("\n");
    rest = whole.pop();
    for (const line of whole) take(JSON.parse(line));
  }
}

function hear(label, chosen = () => ({})) {
  const told = note();
  const play = () => send("/setup/say", { text: "", ...chosen() }).then(
    () => tell(told, _("Was it heard? If not, choose another speaker, or look at its volume.")),
    (error) => tell(told, problem(error), true));
  return [button(label, play, "main"), told];
}

function speaker({ fields }) {
  return [...fields.map((one) => field(one)), ...hear(_("Hear a sentence"))];
}

function key({ fields, watch }) {
  const told = make("p", { class: "note", role: "status" }, _("Press the key now: this line tells that it was seen."));
  const element = field(fields[0]);
  let listens = false;
  watch(({ phase }) => {
    if (phase === "listening" && !listens) {
      tell(told, _("The key was seen. It works."));
      command("stop");
    }
    listens = phase === "listening";
  });
  return [element, told];
}

function voice({ known, setting }) {
  const name = ({ engine, voice: own }) => `${engine}/${own}`;
  const [engine, own] = [setting("embedded.engine").value, setting("embedded.voice").value];
  const select = choice([["auto/", _("The best voice of this machine")], ...known.voices.map((one) =>
    [name(one), `${one.voice} (${one.engine}, ${one.language})`])], `${engine}/${own}`);
  select.id = "setup-voice";
  const told = note();
  const parts = () => {
    const [, kind, which] = /^([^/]*)\/(.*)$/.exec(select.value);
    return { engine: kind, voice: which };
  };
  select.addEventListener("change", () => {
    const { engine: kind, voice: which } = parts();
    keepAll({ "embedded.engine": kind, "embedded.voice": which })
      .then(() => tell(told, _("Kept. It speaks answers after a restart.")), (error) => tell(told, problem(error), true));
  });
  return [
    make("div", { class: "setting" }, make("label", { for: select.id }, _("The voice")), select, told),
    field(setting("speech.speed")),
    ...hear(_("Hear it"), parts),
  ];
}

function reading({ fields }) {
  const box = make("input", { type: "checkbox", id: "setup-read-aloud", checked: localStorage.getItem("read-aloud") === "yes" });
  box.addEventListener("change", () => {
    const kept = document.querySelector("#read-aloud"); // of the talk view, which keeps it
    kept.checked = box.checked;
    kept.dispatchEvent(new Event("change"));
  });
  return [
    ...fields.map((one) => field(one)),
    make("div", { class: "setting" }, box, " ", make("label", { for: box.id }, _("My screen reader reads the answers in this window")),
      make("p", { class: "help" }, _("Then switch off “Speak the answers”, so that two voices do not speak at once."))),
    make("p", {}, _("The size, font and colours of the captions can be chosen beside them:"), " ", make("a", { href: "#captions" }, _("Captions"))),
  ];
}

function login({ status }) {
  const told = note();
  const box = make("input", { type: "checkbox", id: "setup-login", checked: Boolean(status.starts_at_login) });
  box.addEventListener("change", () => send("/setup/login", { on: box.checked }).then(
    () => tell(told, box.checked ? _("It starts when you log in.") : _("It does not start by itself.")),
    (error) => tell(told, problem(error), true)));
  return [make("div", { class: "setting" }, box, " ", make("label", { for: box.id }, _("Start the assistant when I log in")), told)];
}

function done({ status }) {
  const way = status.how_to_talk || _("Press Talk in this window and speak.");
  const restart = button(_("Restart now"), () => command("quit", { anew: true }), "main");
  return [
    make("p", {}, _("{way} Try it: “What time is it?”", { way })),
    ...(status.restart_for?.length ? [make("p", {}, _("Some of your choices need a restart. This page stays, and goes on by itself.")), restart] : []),
    make("p", {}, _("If something does not work, look here for the reason:"), " ", make("a", { href: "#doctor" }, _("Doctor"))),
  ];
}

export const TRIALS = { answers, microphone, speaker, key, voice, reading, login, done };
