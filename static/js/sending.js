// A form is sent once: what is pressed a second time before the answer, by a double click or out of
// impatience, is not sent again. Without this file the server refuses what cannot be done twice.
"use strict";

(() => {
  const DOUBLE_CLICK = 400; // milliseconds
  const NEAR = 8; // pixels
  const STUCK = 20000; // milliseconds; a page that was stopped from loading sends nothing else
  const NOWHERE = { at: -Infinity, x: 0, y: 0 };

  // The second click of two. What it meets may have come there with the answer to the first.

  let last = NOWHERE;

  const isPressed = (event) => event.detail > 0;

  function isSecond(event) {
    const isNear = Math.hypot(event.clientX - last.x, event.clientY - last.y) < NEAR;
    return event.detail > 1 || (isNear && event.timeStamp - last.at < DOUBLE_CLICK);
  }

  document.addEventListener("click", (event) => {
    if (!isPressed(event)) return;
    const button = event.target.closest("button");
    const sends = button && button.type === "submit" && button.form && button.form.method === "post";
    if (sends && isSecond(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    last = { at: event.timeStamp, x: event.clientX, y: event.clientY };
  }, true);

  // Who has typed in between means it.
  document.addEventListener("input", () => { last = NOWHERE; }, true);

  // A form that leads to another page. At the window all others have had their say: HTMX, the
  // upload and the passkeys send in their own way.

  const sent = new Map(); // form → the button that was pressed

  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) return event.preventDefault();
    const button = event.submitter;
    sent.set(form, button);
    if (button) button.setAttribute("aria-busy", "true");
    setTimeout(release, STUCK, form);
  });

  function release(form) {
    const button = sent.get(form);
    if (button) button.removeAttribute("aria-busy");
    sent.delete(form);
  }

  // The page as it was left, by Back.
  window.addEventListener("pageshow", () => { for (const form of [...sent.keys()]) release(form); });
})();
