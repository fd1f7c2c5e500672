/* When somebody begins to write: fetched at the first touch of the form, and anew for another comment. */
"use strict";
for (const stamp of document.querySelectorAll("[data-stamp]")) {
  const ask = async () => {
    if (stamp.value) return;
    const answer = await fetch(stamp.dataset.stamp);
    if (answer.ok) stamp.value = await answer.text();
  };
  const wait = () => stamp.form.addEventListener("focusin", ask, { once: true });
  stamp.form.addEventListener("submit", () => {
    setTimeout(() => (stamp.value = "")); // when it has been sent: what comes back here later begins anew
    wait();
  });
  wait();
}
