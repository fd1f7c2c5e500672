/* What a script adds for visitors; every page does all it is for without it. One small file, loaded after the page. */
"use strict";
{
  const all = (selector) => document.querySelectorAll(selector);
}
