// Marks the sentence that is being spoken in an answer. The words are those for the voice: Markdown
// is gone, and spaces may differ, so letters and digits alone are compared.
const supported = "highlights" in CSS;

export function mark(root, sentence) {
  if (!supported) return null;
  CSS.highlights.delete("spoken");
  const range = sentence ? find(root, sentence) : null;
  if (range) CSS.highlights.set("spoken", new Highlight(range));
  return range;
}

function find(root, sentence) {
  const wanted = letters(sentence);
  if (!wanted) return null;
  const places = [];
  let text = "";
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = 0; at < node.length; at++) {
      const letter = letters(node.data[at]);
      if (!letter) continue;
      text += letter;
      places.push([node, at]);
    }
  }
  const at = text.indexOf(wanted);
  if (at < 0) return null;
  const range = new Range();
  range.setStart(...places[at]);
  const [node, end] = places[at + wanted.length - 1];
  range.setEnd(node, end + 1);
  return range;
}

function letters(text) {
  return text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
