// What a page cannot do without a script: the lock that hides a page nobody uses, and answers while typing.
// Security keys are in the same file. Nothing is stored here, and every page works without it except security keys.
"use strict";
(() => {
  const body = document.body;

  // The lock. The server decides; this only hides what is on the screen once the server would refuse.
  const asks = 15000;
  let locked = false;
  const lockedNow = async () => {
    const answer = await fetch("/api/v1/session", { headers: { accept: "application/json" }, cache: "no-store" });
    return answer.ok && (await answer.json()).state !== "open";
  };
  const cover = () => {
    locked = true;
    for (const child of body.children) child.inert = true;
    const dialog = document.createElement("dialog");
    dialog.className = "locked";
    const title = document.createElement("h2");
    title.textContent = "Locked";
    const words = document.createElement("p");
    words.textContent = "Nobody used this page for two minutes. What you typed is still here.";
    const link = document.createElement("a");
    link.className = "button";
    link.href = "/unlock?to=/unlocked";
    link.target = "theriac-unlock";
    link.textContent = "Unlock";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "quiet";
    again.textContent = "I have unlocked it";
    again.addEventListener("click", async () => {
      if (await lockedNow()) return;
      dialog.remove();
      for (const child of body.children) child.inert = false;
      body.classList.remove("covered");
      locked = false;
    });
    dialog.append(title, words, link, again);
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    body.append(dialog);
    body.classList.add("covered");
    dialog.showModal();
  };
  if (body.dataset.session === "open") {
    setInterval(async () => {
      try {
        if (!locked && (await lockedNow())) cover();
      } catch {
        // The server does not answer; it will be asked again.
      }
    }, asks);
    // Typing and pointing are use; the server hears of it at most every twenty seconds.
    let told = Date.now();
    const used = () => {
      if (locked || Date.now() - told < 20000) return;
      told = Date.now();
      fetch("/api/v1/session/used", { method: "POST" }).catch(() => {});
    };
    for (const event of ["keydown", "pointerdown"]) addEventListener(event, used, { passive: true });
  }
})();
