// The theme of the account on the pages for operators, before anything of them is drawn.
"use strict";

document.documentElement.dataset.theme = document.currentScript.dataset.theme;
