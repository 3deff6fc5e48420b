// The question that is typed, and the files that it is about.
import { command, complain, request } from "./connection.js";
import { make } from "./elements.js";
import { _ } from "./words.js";

const box = document.querySelector("#question");
const list = document.querySelector("#files");
const note = document.querySelector("#files-note");
let files = [];
let coming = 0;

export function edit(text) {
  box.value = text;
  grow();
  box.focus();
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

async function ask(event) {
  event.preventDefault();
  const text = box.value.trim();
  if (!text || coming) {
    if (coming) note.textContent = _("A file is still on its way.");
    else if (files.length) note.textContent = _("Type what you want to know of the files.");
    return;
  }
  const taken = await command("ask", { text, files: files.map((one) => one.id) });
  if (!taken) return; // what was typed stays
  box.value = "";
  files = [];
  grow();
  showFiles();
}

async function add(chosen) {
  for (const file of chosen) {
    coming++;
    note.textContent = _("Adding {name} …", { name: file.name });
    const query = new URLSearchParams({ name: file.name });
    const kept = await request(`/files?${query}`, { method: "POST", body: file }).catch(complain);
    coming--;
    if (kept) files.push(kept);
    note.textContent = kept ? _("{name} is added.", { name: kept.name }) : "";
  }
  showFiles();
}

function showFiles() {
  list.replaceChildren(...files.map((file) => {
    const remove = make("button", { type: "button", "aria-label": _("Remove {name}", { name: file.name }) }, _("Remove"));
    remove.addEventListener("click", () => {
      files = files.filter((one) => one !== file);
      note.textContent = _("{name} is removed.", { name: file.name });
      showFiles();
      box.focus();
    });
    return make("li", {}, make("span", {}, file.name), remove);
  }));
}

function takeFrom(transfer, event) {
  if (!transfer?.files.length) return;
  event.preventDefault();
  add([...transfer.files]);
}

export function begin() {
  document.querySelector("#ask").addEventListener("submit", ask);
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) ask(event);
  });
  const picker = document.querySelector("#add-files");
  picker.addEventListener("change", () => {
    add([...picker.files]);
    picker.value = "";
  });
  box.addEventListener("paste", (event) => takeFrom(event.clipboardData, event));
  const view = document.querySelector("[data-view='talk']");
  addEventListener("dragover", (event) => {
    event.preventDefault(); // a file that misses must not replace the page
    if (event.dataTransfer?.types.includes("Files")) view.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => event.relatedTarget || view.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    view.classList.remove("dropping");
    takeFrom(event.dataTransfer, event);
  });
}
