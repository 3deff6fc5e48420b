// The pictures and files of answers. The assistant fetches them, from its record or from where the answer says;
// a picture only once the user wants to see it, unless the app is trusted.
import { problem, request } from "./connection.js";
import { make } from "./elements.js";
import { _ } from "./words.js";

const PICTURES = /\.(png|jpe?g|gif|webp|avif)$/i;
const wanted = new Map(); // the pictures that are shown, by their addresses here: an answer that grows keeps them
let trusted = false;

// Shows pictures without a click from now on, or not.
export function trust(on) {
  trusted = on;
  if (on) for (const button of document.querySelectorAll(".picture button")) button.click();
}

// Makes each link to a picture, in the HTML of an answer, something that shows the picture.
export function showPictures(element, message) {
  for (const link of element.querySelectorAll("a.picture")) {
    const name = link.textContent;
    const place = make("span", { class: "picture" });
    link.replaceWith(place);
    link.classList.remove("picture");
    fill(place, here(link.dataset.address, message, "picture"), name, link);
  }
}

// The list of the files that an answer brings.
export function fileList(files, message) {
  return make("ul", { class: "files" }, ...files.map((file, index) => {
    const name = file.split(/[?#]/)[0].split("/").pop();
    const link = make("a", { href: here(file, message), target: "_blank", rel: "noopener noreferrer" }, _("File {n}: {name}", { n: index + 1, name }));
    if (!PICTURES.test(name)) return make("li", {}, link);
    const place = make("span", { class: "picture" });
    fill(place, here(file, message, "picture"), name, link);
    return make("li", {}, place);
  }));
}

function here(address, message, as = "") {
  return `/file?${new URLSearchParams({ address, message, as })}`;
}

function fill(place, address, name, link) {
  const show = () => {
    let image = wanted.get(address);
    if (!image || image.isConnected) {
      image = make("img", { src: address, alt: name });
      wanted.set(address, image);
    }
    image.onerror = async () => {
      wanted.delete(address);
      const error = await request(address).catch((reason) => reason);
      place.replaceChildren(link, " ", make("span", { class: "note bad", role: "status" }, problem(error)));
    };
    image.tabIndex = -1;
    place.replaceChildren(image, link);
  };
  if (trusted || wanted.has(address)) return show();
  const button = make("button", { type: "button", "aria-label": _("{label}: {name}", { label: _("Show"), name }) }, _("Show"));
  button.addEventListener("click", () => {
    const held = document.activeElement === button; // it goes, and whoever is on it stays here
    show();
    if (held) place.querySelector("img").focus();
  });
  place.replaceChildren(link, " ", button);
}
