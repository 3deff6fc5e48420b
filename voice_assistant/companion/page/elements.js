// Makes an element: its attributes or properties, then its children (text is text, never HTML).
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in element && typeof value !== "string") element[key] = value;
    else if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// The pieces of a text in which commands and names stand between `such marks`.
export function withCode(text) {
  return text.split("`").map((piece, index) => (index % 2 ? make("code", { translate: "no" }, piece) : piece));
}
