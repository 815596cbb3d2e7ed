// The upload page with script: files can be dropped, each is sent on its own with its progress, a
// lost connection is taken up where it broke off. Without this file the form sends all at once.
"use strict";

(() => {
  const { Refused, Lost, Stopped } = window.asking;
  const form = document.getElementById("upload");
  const part = (name) => form.querySelector(`[data-${name}]`);
  const TRIES = 8;
  const PATIENCE = 15000; // milliseconds that whoever cancels waits for the server
  const FIELDS = ["name", "type", "aliases", "description", "metadata"];
  let sending = null; // the upload that is on its way, from the moment it is asked for
  let isTokenOld = false;
  const chosen = window.chosenFiles(form, () => sending === null);
  const written = chosen.written;

  // Asking the server

  function ask(upload, method, address, body, onProgress) {
    const opened = (request) => {
      upload.request = request;
      if (upload.stopped) setTimeout(() => request.abort(), PATIENCE);
    };
    return window.asking.ask(form.elements.csrfmiddlewaretoken.value, method, address, body, { opened, onProgress });
  }

  // Whoever signs in gets another token. The page for it is this one.
  async function renewToken() {
    if (!isTokenOld) return;
    let page = null;
    try { page = await (await fetch(form.action)).text(); } catch { throw new Lost(); }
    const found = new DOMParser().parseFromString(page, "text/html").querySelector("#upload [name=csrfmiddlewaretoken]");
    if (!found) return; // still signed out, which the next answer tells
    form.elements.csrfmiddlewaretoken.value = found.value;
    isTokenOld = false;
  }

  // Showing

  function show(state, now) {
    part("state").textContent = state;
    part("now").textContent = now;
  }

  function showAmount(upload, done) {
    const all = upload.total;
    part("bar").value = all === 0 ? 1 : done / all;
    part("amount").textContent = `${written(done)} of ${written(all)}, ${all === 0 ? 100 : Math.floor((100 * done) / all)} %`;
  }

  function say(sentence) { part("said").textContent = sentence; }

  // Only those of the buttons that mean something now.
  function offer(...names) {
    for (const name of ["submit", "go-on", "stop", "leave"]) part(name).hidden = !names.includes(name);
  }

  // What was asked for is on its way: nothing of it changes. The focus goes where the progress is
  // told: a second Enter does nothing there.
  function busy() {
    offer("stop");
    for (const field of form.querySelectorAll(".input, .textarea, .drop__input")) field.disabled = true;
    chosen.list();
    part("progress").hidden = false;
    part("progress").focus();
  }

  // Ended without a version. What was chosen stays on the page.
  function free() {
    sending = null;
    window.removeEventListener("beforeunload", warn);
    part("progress").hidden = true;
    for (const field of form.querySelectorAll(".input, .textarea, .drop__input")) field.disabled = false;
    chosen.list();
    offer("submit", "leave");
  }

  function leave(address) {
    window.removeEventListener("beforeunload", warn);
    location.assign(address);
  }

  function warn(event) { event.preventDefault(); }

  // Sending

  async function send(upload, path, file) {
    const address = upload.addresses.files[path];
    let offset = upload.begun.has(path) ? (await ask(upload, "GET", address)).size : 0;
    upload.begun.add(path);
    for (let tries = 0; ; ) {
      const before = offset;
      try {
        const progress = (loaded) => showAmount(upload, upload.done + offset + loaded);
        const answer = await ask(upload, "PUT", `${address}?offset=${offset}`, file.slice(offset), progress);
        if (answer.whole) return;
      } catch (problem) {
        const again = problem instanceof Lost || ["offset", "still_arriving"].includes(problem.code);
        if (!again) throw problem;
        await requireUnchanged(path, file);
        if (tries >= TRIES) throw problem;
      }
      tries += 1;
      offset = await whereItBroke(upload, path, offset, tries);
      if (offset > before) tries = 0; // What was sent says nothing: it may have been thrown away.
    }
  }

  // A browser tells of a file that has changed as of a line that broke.
  async function requireUnchanged(path, file) {
    try {
      await file.slice(0, 1).arrayBuffer();
    } catch {
      chosen.unreadable(path);
      throw new Refused({ sentence: `“${path}” has changed since it was chosen. Choose it again.`, field: "files" });
    }
  }

  async function whereItBroke(upload, path, offset, tries) {
    show("Connection lost", `Trying again with ${path}, attempt ${tries} of ${TRIES}.`);
    await new Promise((done) => setTimeout(done, Math.min(15000, 500 * 2 ** tries)));
    if (upload.stopped) throw new Stopped();
    try {
      const answer = await ask(upload, "GET", upload.addresses.files[path]);
      show("Uploading", path);
      return answer.size;
    } catch (problem) {
      if (problem instanceof Lost) return offset;
      throw problem;
    }
  }

  async function sendAll(upload) {
    await renewToken();
    let number = 0;
    for (const [path, file] of upload.files) {
      number += 1;
      if (upload.stopped) throw new Stopped();
      if (upload.sent.has(path)) continue;
      show("Uploading", `File ${number} of ${upload.files.length}: ${path}`);
      await send(upload, path, file);
      upload.sent.add(path);
      upload.done += file.size;
      showAmount(upload, upload.done);
    }
    if (upload.stopped) throw new Stopped();
    show("Finishing", "All files have arrived.");
    upload.isFinishing = true;
    return ask(upload, "POST", upload.addresses.finish, "{}");
  }

  async function go(upload) {
    busy();
    try {
      const answer = await sendAll(upload);
      leave(answer.address);
    } catch (problem) {
      if (!upload.stopped) fail(upload, problem);
    }
  }

  async function announce(upload) {
    const fields = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
    if (chosen.isReading()) show("Reading the folder…", "The upload begins when all of it is read.");
    await chosen.whenRead();
    if (upload.stopped) throw new Stopped();
    const hindrance = chosen.hindrance();
    if (hindrance) throw new Refused({ sentence: hindrance, field: "files" });
    upload.files = chosen.all();
    upload.total = upload.files.reduce((sum, [, file]) => sum + file.size, 0);
    show("Beginning", "");
    showAmount(upload, 0);
    await renewToken();
    const files = upload.files.map(([path, file]) => ({ path, size: file.size }));
    upload.addresses = await ask(upload, "POST", form.dataset.begin, JSON.stringify({ ...fields, files }));
  }

  async function begin() {
    refuse(null);
    const upload = { files: [], total: 0, addresses: null, begun: new Set(), sent: new Set(), done: 0, request: null, stopped: false, isFinishing: false };
    sending = upload;
    show("Beginning", "");
    part("amount").textContent = "";
    part("bar").value = 0;
    busy();
    try {
      await announce(upload);
    } catch (problem) {
      if (upload.stopped) return;
      isTokenOld ||= problem.code === "signed_out";
      free();
      refuse(problem instanceof Lost ? new Refused({ sentence: "The server cannot be reached. Nothing was uploaded." }) : problem);
      return;
    }
    window.addEventListener("beforeunload", warn);
    await go(upload);
  }

  function fail(upload, problem) {
    isTokenOld ||= problem.code === "signed_out";
    if (problem instanceof Lost) pause("The server cannot be reached.", "What has arrived is kept: go on later from here, or cancel.");
    else if (problem.code === "signed_out") pause(problem.message, "What has arrived is kept.");
    else stop(upload, problem);
  }

  function pause(why, further) {
    show("Stopped", `${why} ${further}`);
    say(`The upload has stopped. ${why}`);
    offer("go-on", "stop");
    part("go-on").focus();
  }

  // Ends it on the server too, unless it is a version by now.
  async function stop(upload, problem) {
    if (upload.stopped) return;
    upload.stopped = true;
    if (upload.request) upload.request.abort();
    offer();
    show("Cancelling…", "");
    part("progress").focus();
    let address = null;
    try {
      address = upload.addresses && await madeInstead(upload);
    } catch {
      problem = new Refused({ sentence: "The server cannot be reached. Look whether the artifact has the version before you upload it again." });
    }
    if (address) return leave(address);
    free();
    refuse(problem);
    if (!problem) { say("Upload cancelled. Nothing was uploaded."); part("submit").focus(); }
  }

  // The address of the version, when it was finished before it could be cancelled.
  async function madeInstead(upload) {
    try {
      await ask(upload, "POST", upload.addresses.cancel, "{}");
      return null;
    } catch (problem) {
      if (!upload.isFinishing) return null; // It is forgotten in time.
      if (!["committed", "not_found"].includes(problem.code)) throw problem;
    }
    try {
      return (await ask(upload, "POST", upload.addresses.finish, "{}")).address;
    } catch (problem) {
      if (problem.code === "not_found") return null;
      throw problem;
    }
  }

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
      said.tabIndex = -1;
      said.focus();
    }
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); if (!sending) begin(); });
  part("stop").addEventListener("click", () => stop(sending, null));
  part("go-on").addEventListener("click", () => go(sending));
  // Files may have been chosen before this script came.
  chosen.take();
})();
