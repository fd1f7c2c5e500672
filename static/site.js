/* What a script adds for visitors; every page does all it is for without it. One small file, loaded after the page. */
"use strict";
{
  const all = (selector) => document.querySelectorAll(selector);
  const fill = (pattern, words) => pattern.replace(/\[(\w+)\]/g, (_, name) => words[name]);
  const two = (number) => String(number).padStart(2, "0");

  /* The reader's own hour, where it is not the event's, with the day where that is another one. It takes the place of
     words that are there, so that nothing moves. */
  for (const place of all("[data-start]")) {
    const { start, here, hour, fullHour, day, first, more } = place.dataset;
    const moment = new Date(start);
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(start) || [0, "+", 0, 0];
    if (-moment.getTimezoneOffset() === Number(sign + 1) * (Number(hours) * 60 + Number(minutes))) continue;
    const [H, m] = [moment.getHours(), moment.getMinutes()];
    let when = fill(m ? hour : fullHour, { H, HH: two(H), mm: two(m) });
    if (moment.getDate() !== Number(start.slice(8, 10))) {
      const form = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" });
      const words = Object.fromEntries(form.formatToParts(moment).map(({ type, value }) => [type, value]));
      if (words.day === "1") words.day = first;
      when += `, ${fill(day, words)}`;
    }
    place.textContent = fill(here, { when }) + (more && ` · ${more}`);
  }

  /* A film or a page of another site is shown in place after a click. Until then nobody there is asked anything, and
     nothing is remembered afterwards. */
  for (const place of all("[data-frame]")) {
    const offer = place.querySelector(".embed-offer");
    const open = offer.querySelector("button");
    const close = place.querySelector(".embed-close");
    const frame = document.createElement("iframe");
    frame.title = place.dataset.title;
    frame.allow = "fullscreen; encrypted-media; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin"; // YouTube plays only where it learns which site asks
    frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-presentation";
    open.addEventListener("click", () => {
      // Facebook makes its page as wide as it is told to, at most 500 pixels.
      const width = place.matches(".embed-page") ? `&width=${Math.min(500, place.clientWidth)}` : "";
      frame.src = place.dataset.frame + width;
      offer.replaceWith(frame);
      close.hidden = false;
      frame.focus();
    });
    close.addEventListener("click", () => {
      frame.replaceWith(offer);
      close.hidden = true;
      open.focus();
    });
    offer.hidden = false;
  }
}
