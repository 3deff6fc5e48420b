// The words of the page in the user's language. English is in index.html and in the scripts; the
// assistant sends the translations of its catalogue. They become text and attributes, never HTML.
const ENGLISH = { language: "en", words: {} };
const { language, words } = await fetch("/words").then((answer) => answer.json()).catch(() => ENGLISH);
const translations = new Map(Object.entries(words));

// Returns a message, with values in its {places}.
export function _(message, values = {}) {
  return filled(translations.get(message) ?? message, values);
}

// Returns one of two messages by the number n, with {n} and values in their places.
export function ngettext(one, many, n, values = {}) {
  const forms = (translations.get(`${one}\0${many}`) ?? `${one}\0${many}`).split("\0");
  return filled(forms[n === 1 ? 0 : forms.length - 1], { n, ...values });
}

// Returns a moment, in seconds since the epoch, in this language: as in the user's country, if known.
export function moment(seconds) {
  return new Date(seconds * 1000).toLocaleString(own() ?? language);
}

// Returns a moment of these days: the time, and the day unless it is today.
export function soon(seconds) {
  const [then, now] = [new Date(seconds * 1000), new Date()];
  const day = then.toDateString() === now.toDateString() ? {} : { weekday: "short", day: "numeric", month: "short" };
  return then.toLocaleString(own() ?? language, { ...day, hour: "numeric", minute: "2-digit" });
}

function own() {
  return navigator.languages.find((one) => one.split("-")[0] === language.split("-")[0]);
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

document.documentElement.lang = language;
for (const element of document.querySelectorAll(":not([translate='no'])")) {
  for (const name of ["aria-label", "placeholder"])
    if (element.hasAttribute(name)) element.setAttribute(name, _(element.getAttribute(name)));
  for (const node of element.childNodes)
    if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace(/\S(.*\S)?/s, (text) => _(text));
}
