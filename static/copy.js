// A button with data-copy="<id of a field>" copies what stands in it, and says so. Without this script it stays hidden.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = button.innerHTML;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // on plain http there is no clipboard to write to
      }
      button.textContent = button.dataset.done;
      setTimeout(() => { button.innerHTML = words; }, 2000);
    });
  }
});
