// Opens a row's passage beside the page. Without this script the same links lead into the article.
(() => {
  "use strict";
  const reader = document.getElementById("reader");
  if (!reader || typeof reader.showModal !== "function") return;
  const text = reader.querySelector(".reader-text");
  const title = document.getElementById("reader-title");
  const place = reader.querySelector(".reader-place");
  const steps = reader.querySelector(".reader-step");
  const wide = window.matchMedia("(min-width: 68rem)");
  let ids = [];
  let at = 0;
  let opener = null;

  function show() {
    const id = ids[at];
    const found = document.getElementById(id);
    const article = found && found.closest("article");
    if (!article) return;
    const copy = article.cloneNode(true);
    copy.removeAttribute("id");
    copy.removeAttribute("aria-labelledby");
    for (const element of copy.querySelectorAll("[id]")) element.removeAttribute("id");
    let first = null;
    for (const mark of copy.querySelectorAll("[data-r]")) {
      if (!mark.dataset.r.split(" ").includes(id)) continue;
      mark.classList.add("hit");
      mark.closest(".s").classList.add("hit-sentence");
      first = first || mark;
    }
    text.replaceChildren(copy);
    place.href = "#" + id;
    steps.hidden = ids.length < 2;
    steps.querySelector("output").textContent = at + 1 + " of " + ids.length;
    text.scrollTop = 0;
    if (!first) return;
    const below = first.getBoundingClientRect().top - text.getBoundingClientRect().top;
    text.scrollTop = below - text.clientHeight / 3;
  }

  function open(link) {
    opener = link;
    ids = link.dataset.ids.split(" ").filter((id) => document.getElementById(id));
    at = 0;
    if (!ids.length) return false;
    if (!reader.open) {
      if (wide.matches) reader.show();
      else reader.showModal();
      document.body.classList.add("reading");
    }
    show();
    title.focus({ preventScroll: true });
    return true;
  }

  function close(giveBack) {
    if (!reader.open) return;
    reader.close();
    if (giveBack && opener) opener.focus({ preventScroll: true });
  }

  reader.addEventListener("close", () => document.body.classList.remove("reading"));

  document.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-ids]");
    if (link && open(link)) event.preventDefault();
  });

  reader.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (event.target === reader || (button && "close" in button.dataset)) close(true);
    else if (button) {
      at = (at + Number(button.dataset.step) + ids.length) % ids.length;
      show();
    }
  });

  place.addEventListener("click", () => close(false));

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && reader.open) {
      event.preventDefault();
      close(true);
    }
  });

  const folded = [];
  window.addEventListener("beforeprint", () => {
    close(false);
    for (const details of document.querySelectorAll("details:not([open])")) {
      details.open = true;
      folded.push(details);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded.splice(0)) details.open = false;
  });
})();
