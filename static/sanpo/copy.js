// Buttons that copy the text of a field; they show themselves only where the browser can copy.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      const word = button.querySelector("span");
      const before = word.textContent;
      word.textContent = button.dataset.copied;
      setTimeout(() => { word.textContent = before; }, 2000);
    });
  }
}
