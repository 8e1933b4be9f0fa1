// Says in words why a passkey did not work; the library only writes it to the console.
const sentence = document.querySelector("script[data-refused]")?.dataset.refused;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector(".messages");
  if (!place || !sentence) return;
  const note = document.createElement("div");
  note.className = "note priority";
  note.setAttribute("role", "alert");
  const words = document.createElement("div");
  words.textContent = sentence;
  note.append(document.createElement("span"), words);
  place.replaceChildren(note);
});
