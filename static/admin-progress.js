/* While letters go out, the piece of the page that says how far they are is asked for every two seconds. */
"use strict";
for (const place of document.querySelectorAll("[data-progress]")) {
  const ask = async () => {
    const answer = await fetch(place.dataset.progress).catch(() => null);
    if (answer?.ok) {
      const began = !place.querySelector("progress");
      place.innerHTML = await answer.text();
      if (began && place.querySelector("progress")) return location.reload(); // its buttons are others now
    }
    if (!place.querySelector("[data-over]")) setTimeout(ask, 2000);
    else if (answer?.ok) location.reload();
  };
  if (!place.querySelector("[data-over]")) setTimeout(ask, 2000);
}
