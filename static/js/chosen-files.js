// The files chosen on the upload page: from the dialog or dropped, whole folders included. What
// cannot be read stays on the list until it is chosen again or removed, so that nothing is missing
// without a word.
"use strict";

// `isFree` tells whether more may be chosen now.
window.chosenFiles = (form, isFree) => {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const input = document.getElementById("files");
  const SHOWN = 500;
  const MOST = 10000; // as the server says
  const chosen = new Map(); // path → File
  const unreadable = new Set(); // paths
  const twice = new Set(); // paths
  let reading = 0; // drops that are not read to their end
  let waiting = []; // who is to be told when they are

  const units = ["kB", "MB", "GB", "TB"];
  function written(bytes) {
    if (bytes < 1000) return `${bytes} B`;
    let amount = bytes, unit = -1;
    while (amount >= 1000 && unit < units.length - 1) { amount /= 1000; unit += 1; }
    return `${amount.toFixed(1)} ${units[unit]}`;
  }

  function add(path, file) {
    if (chosen.has(path)) twice.add(path);
    unreadable.delete(path);
    chosen.set(path, file);
  }

  function note(path) {
    chosen.delete(path);
    unreadable.add(path);
  }

  function remove(path) {
    for (const kept of [chosen, unreadable, twice]) kept.delete(path);
    list();
    input.focus();
  }

  // Showing

  function list() {
    const box = part("files");
    const rows = [...[...unreadable].map((path) => [path, "cannot be read"]), ...[...chosen].map(([path, file]) => [path, written(file.size)])];
    box.hidden = rows.length === 0;
    box.replaceChildren(...rows.slice(0, SHOWN).map(([path, told]) => row(path, told)));
    if (rows.length > SHOWN) box.append(further(rows.length - SHOWN));
    part("hint").textContent = hint();
    const names = some(twice);
    part("twice").hidden = twice.size === 0;
    part("twice").textContent = twice.size === 0 ? "" : `Chosen twice: ${names}. The later one is taken.`;
  }

  function hint() {
    if (reading > 0) return "Reading the folder…";
    return chosen.size === 0 ? "Choose files, or drag files and folders here." : `${chosen.size} chosen, ${written(total())}. More can be added.`;
  }

  function row(path, told) {
    const item = document.createElement("li");
    item.className = "row";
    const name = document.createElement("div");
    name.className = "row__main row__path";
    name.textContent = path;
    const side = document.createElement("div");
    side.className = "row__side";
    const size = document.createElement("span");
    size.textContent = told;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--tiny button--quiet";
    button.textContent = "Remove";
    button.setAttribute("aria-label", `Remove ${path}`);
    button.addEventListener("click", () => remove(path));
    button.disabled = !isFree();
    side.append(size, button);
    item.append(name, side);
    return item;
  }

  function further(count) {
    const item = document.createElement("li");
    item.className = "rows__more";
    item.textContent = `and ${count} more that ${count === 1 ? "is" : "are"} not listed`;
    return item;
  }

  function some(paths) {
    const names = [...paths].slice(0, 3).map((path) => `“${path}”`).join(", ");
    return paths.size > 3 ? `${names} and ${paths.size - 3} more` : names;
  }

  const total = () => [...chosen.values()].reduce((sum, file) => sum + file.size, 0);

  // Choosing

  function take() {
    for (const file of input.files) add(file.name, file);
    input.value = "";
    list();
  }

  async function readEntry(entry, folder) {
    try {
      if (entry.isFile) add(folder + entry.name, await new Promise((done, failed) => entry.file(done, failed)));
      else await readFolder(entry.createReader(), `${folder}${entry.name}/`);
    } catch {
      note(folder + entry.name);
    }
  }

  async function readFolder(reader, folder) {
    for (;;) {
      const inner = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (inner.length === 0) return;
      for (const entry of inner) await readEntry(entry, folder);
    }
  }

  async function read(entries) {
    reading += 1;
    list();
    for (const entry of entries) await readEntry(entry, "");
    reading -= 1;
    list();
    if (reading === 0) for (const go of waiting.splice(0)) go();
  }

  const drop = part("drop");
  const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");
  drop.classList.add("drop--live");
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (isFree()) drop.classList.add("drop--over");
      else event.dataTransfer.dropEffect = "none";
    });
  }
  form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) drop.classList.remove("drop--over"); });
  form.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.classList.remove("drop--over");
    if (!isFree()) return;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    if (entries.length === 0) for (const file of event.dataTransfer.files) add(file.name, file);
    read(entries);
  });
  input.addEventListener("change", take);

  // Why they cannot be sent as they are; null when they can.
  function hindrance() {
    if (unreadable.size > 0) return `Not readable: ${some(unreadable)}. Choose again what is to be uploaded, and remove the rest.`;
    if (chosen.size > MOST) return `Choose at most 10,000 files: ${chosen.size.toLocaleString("en")} are chosen.`;
    return chosen.size === 0 ? "Choose at least one file." : null;
  }

  return {
    written,
    list,
    take,
    hindrance,
    unreadable: note,
    all: () => [...chosen],
    isReading: () => reading > 0,
    whenRead: () => new Promise((done) => { if (reading === 0) done(); else waiting.push(done); }),
  };
};
