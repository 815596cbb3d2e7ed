// What a page's script asks of the server, and how that can end other than with an answer.
"use strict";

window.asking = (() => {
  class Refused extends Error {
    constructor(said) { super(said.sentence); this.field = said.field; this.code = said.code; }
  }
  class Lost extends Error {}
  class Stopped extends Error {}

  const UNKNOWN = { sentence: "The server did not understand. Load this page again." };
  // A token of before: the person has signed in anew in another tab.
  const OUT_OF_DATE = { sentence: "You have signed in anew. Go on here.", code: "signed_out" };

  function refusal(status, answer) {
    if (answer && answer.sentence) return new Refused(answer);
    if (status >= 500) return new Lost();
    return new Refused(status === 403 ? OUT_OF_DATE : UNKNOWN);
  }

  // `opened` gets the request, for whoever wants to end it.
  function ask(token, method, address, body, { opened, onProgress } = {}) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.setRequestHeader("X-CSRFToken", token);
      if (typeof body === "string") request.setRequestHeader("Content-Type", "application/json");
      if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
      request.addEventListener("error", () => failed(new Lost()));
      request.addEventListener("abort", () => failed(new Stopped()));
      request.addEventListener("load", () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
        if (request.status < 300 && answer) done(answer);
        else failed(refusal(request.status, answer));
      });
      if (opened) opened(request);
      request.send(body);
    });
  }

  return { ask, Refused, Lost, Stopped };
})();
