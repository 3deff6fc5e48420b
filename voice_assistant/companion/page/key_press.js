// A key is chosen by pressing it.
const NAMED = { " ": "space", Escape: "esc", ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", PageUp: "page_up", PageDown: "page_down" };

// Waits for a key with its modifiers, and puts their names into the input. Tab goes on.
export function pressed(input) {
  const before = input.value;
  return new Promise((done) => {
    const end = (value) => {
      input.onkeydown = input.onblur = null;
      input.value = value;
      if (value !== before) input.dispatchEvent(new Event("change"));
      done();
    };
    input.onblur = () => end(before);
    input.onkeydown = (event) => {
      if (["Tab", "Control", "Alt", "Shift", "Meta"].includes(event.key)) return;
      event.preventDefault();
      const letter = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase(); // shifted keys have other signs
      const name = letter ?? NAMED[event.key] ?? event.key.toLowerCase();
      const modifiers = [[event.ctrlKey, "ctrl"], [event.altKey, "alt"], [event.shiftKey, "shift"], [event.metaKey, "super"]];
      end([...modifiers.filter(([down]) => down).map(([, word]) => word), name].join("+"));
    };
    input.value = "…";
    input.focus();
  });
}
