// A page that says how far something is: the piece with the bar is fetched again until the work is over.
"use strict";
(function () {
  var place = document.querySelector("[data-piece]");
  var again = 2000; // milliseconds; longer while the server does not answer
  function look() {
    fetch(place.dataset.piece, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (html) {
      var piece = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
      if (!piece || !piece.hasAttribute("data-open")) return window.location.reload();
      place.replaceChildren(piece);
      again = 2000;
      setTimeout(look, again);
    }).catch(function () {
      again = Math.min(again * 2, 60000);
      setTimeout(look, again);
    });
  }
  if (place) setTimeout(look, again);
})();
