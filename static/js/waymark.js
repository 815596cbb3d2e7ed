// What a page without script cannot do: keys, closing, copying, and where focus goes after a
// change. Every action works without this file.
"use strict";

const popovers = () => document.querySelectorAll("details.popover[open]");
const focusable = "a[href], button:not([hidden]):not([disabled]), input:not([type=hidden]), select, textarea, summary";

function reveal(root) {
  for (const button of root.querySelectorAll("[data-copy][hidden], [data-dismiss][hidden]")) button.hidden = false;
}

// Popovers: <details>. Opening one puts focus into its field, Escape gives it back.

function closePopover(popover, giveBackFocus) {
  popover.open = false;
  if (giveBackFocus) popover.querySelector("summary").focus();
}

document.addEventListener("toggle", (event) => {
  const popover = event.target;
  if (!(popover instanceof HTMLDetailsElement) || !popover.open) return;
  const field = popover.querySelector("input:not([type=hidden]):not([type=radio]), textarea");
  if (field) field.focus();
}, true);

document.addEventListener("click", (event) => {
  // A question asked from a popover gives focus back to it: the popover stays.
  if (event.target.closest("dialog")) return;
  for (const popover of popovers()) {
    if (!popover.contains(event.target)) closePopover(popover, false);
  }
  if (!event.target.closest(".site-header__search")) clearPreview();
});

// Search: / goes there, the preview is a list below it.

const searchField = () => document.getElementById("search-term");

function clearPreview() {
  const preview = document.getElementById("search-preview");
  if (preview) preview.replaceChildren();
}

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

// Arrow keys move through the options of a popover or of the preview, from and back to its field.

function moveInOptions(event) {
  const box = event.target.closest(".popover__panel, .site-header__search");
  if (!box) return;
  if (event.target.matches("textarea, select, [type=radio]")) return;
  const options = [...box.querySelectorAll("a.option, button.option")].filter((option) => option.offsetParent);
  const field = box.querySelector(".input");
  if (options.length === 0) return;
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = options.indexOf(event.target) + step;
  if (next < 0 && !(event.target === field && step < 0)) (field || options[0]).focus();
  else if (next >= 0 && next < options.length) options[next].focus();
  event.preventDefault();
}

function escape(event) {
  const open = [...popovers()].pop();
  const preview = document.getElementById("search-preview");
  if (preview && preview.childElementCount > 0) {
    clearPreview();
    searchField().focus();
    event.preventDefault();
  } else if (open) {
    closePopover(open, true);
    event.preventDefault();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "/" && !isTyping(event.target) && searchField()) {
    event.preventDefault();
    searchField().focus();
    searchField().select();
  } else if (event.key === "Escape") escape(event);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") moveInOptions(event);
  else if (event.key === "Delete" && event.target.matches(".badge__remove, .tag__remove")) event.target.click();
});

// Copying and dismissing.

async function copy(button) {
  const source = document.getElementById(button.dataset.copyFrom);
  const text = source ? source.textContent : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyThroughSelection(text);
  }
  announce("Copied");
}

// For addresses without TLS, where browsers offer no clipboard.
function copyThroughSelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden-visually";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function announce(sentence) {
  const toast = document.getElementById("toast").content.cloneNode(true);
  toast.querySelector(".toast__text").textContent = sentence;
  document.getElementById("toasts").replaceChildren(toast);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-dismiss], [data-close]");
  if (!button) return;
  if (button.hasAttribute("data-copy")) copy(button);
  if (button.hasAttribute("data-dismiss")) button.closest(".toast").remove();
  if (button.hasAttribute("data-close") && closeDialog()) event.preventDefault();
});

// Dialogs come as fragments into #dialog; without script the same form is a page.

let opener = null;
let isAnswered = false; // what the dialog asked for was sent, and what came of it is on the page

function openDialog() {
  const dialog = document.querySelector("#dialog dialog");
  if (!dialog || dialog.open) return;
  isAnswered = false;
  dialog.addEventListener("close", () => {
    // This comes after the swap, which may have put focus where the answer stands.
    const isElsewhere = document.activeElement !== document.body && !dialog.contains(document.activeElement);
    dialog.remove();
    if (isAnswered && isElsewhere) return;
    const place = opener && opener.isConnected ? opener : pressed && placeOf(pressed);
    (place || document.getElementById("main")).focus();
  });
  dialog.showModal();
}

function closeDialog() {
  const dialog = document.querySelector("#dialog dialog[open]");
  if (dialog) dialog.close();
  return dialog !== null;
}

// Focus after a swap: to what was refused, else to what has taken the place of what was pressed. What
// goes away for good names in data-back the control that stands for it.

let pressed = null;

function remember(element) {
  const list = element.closest(".badges--field, .tags--field");
  pressed = {
    id: element.id,
    list: list && list.id,
    index: list ? [...list.querySelectorAll("button")].indexOf(element) : -1,
    adds: list && list.dataset.adds,
    back: element.closest("[data-back]")?.dataset.back,
    form: element.closest("form")?.id,
  };
}

function placeOf(was) {
  const buttons = was.list ? document.querySelectorAll(`#${CSS.escape(was.list)} button`) : [];
  if (buttons.length > 0) return buttons[Math.min(was.index, buttons.length - 1)];
  const same = document.getElementById(was.adds || was.id);
  return same || document.getElementById(was.back) || document.getElementById(was.form)?.querySelector(".input");
}

document.addEventListener("htmx:beforeRequest", () => {
  const active = document.activeElement;
  if (document.querySelector("#dialog dialog")) return;
  opener = active;
  // Parts that come by themselves while a page loads take nobody's place.
  if (active === document.body) pressed = null;
  else remember(active);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const fragment = event.target;
  // Parts of the page that came along with it, too.
  reveal(document);
  if (fragment.closest("#dialog")) return openDialog();
  const field = fragment.matches("[data-focus]") ? fragment : fragment.querySelector("[aria-invalid=true], [data-focus]");
  if (field) showField(field);
  else if (document.activeElement === document.body && pressed) (placeOf(pressed) || fragment.querySelector("summary"))?.focus();
});

// A popover that comes open while its predecessor is still there is closed by the browser.
function showField(field) {
  const popover = field.closest("details");
  if (popover) popover.open = true;
  field.focus();
}

// A whole page instead of a fragment: the session or the form is too old.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, serverResponse } = event.detail;
  if (!/^\s*<!doctype/i.test(serverResponse)) return;
  event.detail.shouldSwap = false;
  if (new URL(xhr.responseURL).pathname.startsWith("/accounts/login/")) location.reload();
  else announce("This page is out of date. Load it again, then repeat the change.");
});

// What a dialog asked for was done: it closes, unless the answer is a question again.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const asksAgain = xhr.getResponseHeader("HX-Retarget") === "#dialog" || event.detail.target.id === "dialog";
  if (requestConfig.elt.closest("dialog") && !asksAgain) isAnswered = closeDialog();
});

document.addEventListener("htmx:sendError", () => announce("The server cannot be reached. Nothing was changed."));
document.addEventListener("htmx:responseError", () => announce("The server could not answer. Nothing may have changed."));

reveal(document);
document.querySelector("[aria-invalid=true], [data-focus]")?.focus();
