// The upload page with script: files can be dropped, each is sent on its own with its progress, a
// lost connection is taken up where it broke off. Without this file the form sends all at once.
"use strict";

(() => {
  const form = document.getElementById("upload");
  const part = (name) => form.querySelector(`[data-${name}]`);
  const input = document.getElementById("files");
  const TRIES = 8;
  const chosen = new Map(); // path → File
  let sending = null; // what is on its way: addresses, counts, the request that is open

  const units = ["kB", "MB", "GB", "TB"];
  function written(bytes) {
    if (bytes < 1000) return `${bytes} B`;
    let amount = bytes, unit = -1;
    while (amount >= 1000 && unit < units.length - 1) { amount /= 1000; unit += 1; }
    return `${amount.toFixed(1)} ${units[unit]}`;
  }

  // Choosing

  function add(path, file) {
    chosen.set(path, file);
  }

  function list() {
    const box = part("files");
    box.hidden = chosen.size === 0;
    box.replaceChildren(...[...chosen].slice(0, 500).map(([path, file]) => row(path, file)));
    part("hint").textContent = chosen.size === 0 ? "Choose files, or drag files and folders here." : `${chosen.size} chosen, ${written(total())}. More can be added.`;
  }

  function row(path, file) {
    const item = document.createElement("li");
    item.className = "row";
    const name = document.createElement("div");
    name.className = "row__main row__path";
    name.textContent = path;
    const side = document.createElement("div");
    side.className = "row__side";
    const size = document.createElement("span");
    size.textContent = written(file.size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button--tiny button--quiet";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", `Remove ${path}`);
    remove.addEventListener("click", () => { chosen.delete(path); list(); input.focus(); });
    remove.disabled = sending !== null;
    side.append(size, remove);
    item.append(name, side);
    return item;
  }

  const total = () => [...chosen.values()].reduce((sum, file) => sum + file.size, 0);

  function take() {
    for (const file of input.files) add(file.name, file);
    input.value = "";
    list();
  }

  input.addEventListener("change", take);

  async function addEntry(entry, folder) {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      add(folder + file.name, file);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (some.length === 0) return;
      for (const inner of some) await addEntry(inner, `${folder}${entry.name}/`);
    }
  }

  const drop = part("drop");
  drop.classList.add("drop--live");
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if (sending || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      drop.classList.add("drop--over");
    });
  }
  form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) drop.classList.remove("drop--over"); });
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("drop--over");
    if (sending) return;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    if (entries.length === 0) for (const file of event.dataTransfer.files) add(file.name, file);
    for (const entry of entries) await addEntry(entry, "");
    list();
  });

  // Asking the server

  class Refused extends Error {
    constructor(said) { super(said.sentence); this.field = said.field; this.code = said.code; }
  }
  class Lost extends Error {}
  class Stopped extends Error {}

  function ask(method, address, body, onProgress) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      if (typeof body === "string") request.setRequestHeader("Content-Type", "application/json");
      if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
      request.addEventListener("error", () => failed(new Lost()));
      request.addEventListener("abort", () => failed(new Stopped()));
      request.addEventListener("load", () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
        if (request.status < 300 && answer) done(answer);
        else if (answer && answer.sentence) failed(new Refused(answer));
        else if (request.status >= 500) failed(new Lost());
        else failed(new Refused({ sentence: "The server did not understand. Load this page again." }));
      });
      if (sending) sending.request = request;
      request.send(body);
    });
  }

  // Sending

  function show(state, now) {
    part("state").textContent = state;
    part("now").textContent = now;
  }

  function showAmount(done) {
    const all = total();
    part("bar").value = all === 0 ? 1 : done / all;
    part("amount").textContent = `${written(done)} of ${written(all)}, ${all === 0 ? 100 : Math.floor((100 * done) / all)} %`;
  }

  async function send(path, file, address) {
    let offset = 0;
    for (let tries = 0; ; ) {
      try {
        const answer = await ask("PUT", `${address}?offset=${offset}`, file.slice(offset), (loaded) => {
          showAmount(sending.done + offset + loaded);
          tries = 0;
        });
        if (answer.whole) return;
        offset = answer.size;
      } catch (problem) {
        const again = problem instanceof Lost || ["offset", "still_arriving"].includes(problem.code);
        if (!again || tries >= TRIES) throw problem;
      }
      tries += 1;
      offset = await whereItBroke(path, address, offset, tries);
    }
  }

  async function whereItBroke(path, address, offset, tries) {
    show("Connection lost", `Trying again with ${path}, attempt ${tries} of ${TRIES}.`);
    await new Promise((done) => setTimeout(done, Math.min(15000, 500 * 2 ** tries)));
    if (sending.stopped) throw new Stopped();
    try {
      const answer = await ask("GET", address);
      show("Uploading", path);
      return answer.size;
    } catch (problem) {
      if (problem instanceof Lost) return offset;
      throw problem;
    }
  }

  async function go() {
    busy(true);
    try {
      let number = 0;
      for (const [path, file] of chosen) {
        number += 1;
        if (sending.sent.has(path)) continue;
        show("Uploading", `File ${number} of ${chosen.size}: ${path}`);
        await send(path, file, sending.addresses.files[path]);
        sending.sent.add(path);
        sending.done += file.size;
        showAmount(sending.done);
      }
      show("Finishing", "All files have arrived.");
      const answer = await ask("POST", sending.addresses.finish, "{}");
      window.removeEventListener("beforeunload", warn);
      location.assign(answer.address);
    } catch (problem) {
      fail(problem);
    }
  }

  async function begin() {
    refuse(null);
    if (chosen.size === 0) return refuse(new Refused({ sentence: "Choose at least one file.", field: "files" }));
    const fields = Object.fromEntries(["name", "type", "aliases", "description", "metadata"].map((name) => [name, form.elements[name].value]));
    const files = [...chosen].map(([path, file]) => ({ path, size: file.size }));
    try {
      const addresses = await ask("POST", form.dataset.begin, JSON.stringify({ ...fields, files }));
      sending = { addresses, sent: new Set(), done: 0, request: null, stopped: false };
    } catch (problem) {
      return refuse(problem instanceof Lost ? new Refused({ sentence: "The server cannot be reached. Nothing was uploaded." }) : problem);
    }
    window.addEventListener("beforeunload", warn);
    part("progress").hidden = false;
    showAmount(0);
    await go();
  }

  function warn(event) { event.preventDefault(); }

  function fail(problem) {
    if (problem instanceof Stopped) return;
    if (problem instanceof Lost) {
      show("Stopped", "The server cannot be reached. What has arrived is kept: go on later from here, or cancel.");
      say("The upload has stopped: the server cannot be reached.");
      busy(false);
      part("go-on").hidden = false;
      part("stop").hidden = false;
      part("submit").hidden = true;
      part("go-on").focus();
      return;
    }
    stop(problem);
  }

  // Ends it on the server too; what was chosen stays on the page.
  async function stop(problem) {
    const { addresses, request } = sending;
    sending.stopped = true;
    if (request) request.abort();
    window.removeEventListener("beforeunload", warn);
    sending = null;
    try { await ask("POST", addresses.cancel, "{}"); } catch { /* it is forgotten in time */ }
    part("progress").hidden = true;
    busy(false);
    refuse(problem);
    if (!problem) { say("Upload cancelled. Nothing was uploaded."); part("submit").focus(); }
  }

  function busy(is) {
    part("submit").hidden = is;
    part("submit").disabled = false;
    part("go-on").hidden = true;
    part("stop").hidden = !is;
    part("leave").hidden = is;
    for (const field of form.querySelectorAll(".input, .textarea, .drop__input")) field.disabled = is;
    list();
    if (is) part("stop").focus();
  }

  function say(sentence) { part("said").textContent = sentence; }

  // What an error stands under: the control, whose hint comes after it.
  const below = (place) => place.querySelector(".drop, .input, .textarea");

  function refuse(problem) {
    for (const old of form.querySelectorAll(".field__error")) old.remove();
    for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
    part("refused").replaceChildren();
    if (!problem) return;
    const beside = { alias: "aliases", path: "files" }[problem.field] || problem.field;
    const place = beside && form.querySelector(`[data-field="${CSS.escape(beside)}"]`);
    const said = part(place ? "error" : "notice").content.cloneNode(true).firstElementChild;
    said.querySelector("[data-sentence]").append(problem.message);
    if (place) {
      said.id = `${beside}-error`;
      below(place).after(said);
      const field = place.querySelector("input, textarea");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${beside}-error ${field.getAttribute("aria-describedby") || ""}`);
      field.focus();
    } else {
      part("refused").append(said);
      said.scrollIntoView({ block: "nearest" });
    }
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); if (!sending) begin(); });
  part("stop").addEventListener("click", () => stop(null));
  part("go-on").addEventListener("click", () => go());
  // Files may have been chosen before this script came.
  take();
})();
