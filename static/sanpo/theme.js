// Runs before the page is painted: says that JavaScript works and sets the colours the reader chose.
(function () {
  document.documentElement.classList.add("js");
  try {
    const chosen = localStorage.getItem("sanpo-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch { /* storage is switched off: follow the system */ }
})();
