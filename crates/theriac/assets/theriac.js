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

  // A form that the rulebook reads while somebody types; the answer stands beside it.
  for (const form of document.querySelectorAll("form[data-check]")) {
    const said = document.getElementById(form.dataset.said);
    let wait = 0;
    let turn = 0;
    const ask = async () => {
      const mine = ++turn;
      const answer = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (mine === turn && answer.ok && !answer.redirected) said.innerHTML = await answer.text();
    };
    form.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => ask().catch(() => {}), 250);
    });
  }

  // A list that is filled by the server while somebody types: whole files of drugs do not fit into a page.
  for (const field of document.querySelectorAll("input[data-options]")) {
    let wait = 0;
    let turn = 0;
    const find = async () => {
      const mine = ++turn;
      const address = `${field.dataset.options}?part=options&q=${encodeURIComponent(field.value)}`;
      const answer = await fetch(address, { cache: "no-store" });
      if (mine === turn && answer.ok && !answer.redirected) field.list.innerHTML = await answer.text();
    };
    field.addEventListener("input", () => {
      clearTimeout(wait);
      if (field.value.trim().length > 1) wait = setTimeout(() => find().catch(() => {}), 150);
    });
  }

  // Security keys. The server says what the key is asked; the key answers; the server decides.
  const post = async (address, message) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(message),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail ? `${told.detail}. ${told.next}.` : answer.statusText);
    return told;
  };
  const spoken = (error) => {
    if (error.name === "NotAllowedError") return "The key was not touched, or its PIN was not accepted. Try again.";
    if (error.name === "SecurityError") return `Open this page as http://localhost:${location.port}/, not by a number.`;
    return error.message;
  };
  const withKey = (button, status, work) => {
    button.addEventListener("click", async () => {
      button.disabled = true;
      status.textContent = "Waiting for the key …";
      try {
        if (!window.PublicKeyCredential) throw new Error("This browser knows no security keys.");
        await work();
      } catch (error) {
        status.textContent = spoken(error);
        status.className = "absent";
      }
      button.disabled = false;
    });
  };
  const sign = document.getElementById("sign");
  if (sign) {
    const { statement } = sign.dataset;
    const chosen = () => [...sign.querySelectorAll("input[name=one]:checked")].map((box) => box.value).join(",");
    withKey(document.getElementById("key"), document.getElementById("signing"), async () => {
      const ids = chosen();
      if (!ids) throw new Error("Tick the prescriptions that you sign.");
      const box = document.getElementById("agreed");
      const agreed = !box || box.checked;
      if (!agreed) throw new Error("Read the statement and agree to it first.");
      const asked = await post("/api/v1/signing", { ids, statement, agreed });
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.publicKey);
      const credential = await navigator.credentials.get({ publicKey });
      await post("/api/v1/signing/answer", credential.toJSON());
      location.href = sign.dataset.done || `/practice/prescriptions/${ids.split(",")[0]}`;
    });
  }
  // A key that approves a grant, or is bound: the form says where to ask, where to answer, and which of the two it is.
  for (const form of document.querySelectorAll("form[data-ceremony]")) {
    form.addEventListener("submit", (event) => event.preventDefault());
    withKey(form.querySelector("button"), form.querySelector("[role=status]"), async () => {
      const { begin, answer, ceremony } = form.dataset;
      const asked = await post(begin, Object.fromEntries(new FormData(form)));
      const credential =
        ceremony === "create"
          ? await navigator.credentials.create({
              publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked.publicKey),
            })
          : await navigator.credentials.get({
              publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked.publicKey),
            });
      const { to } = await post(answer, credential.toJSON());
      location.href = to;
    });
  }
  const told = document.getElementById("told");
  const value = (id) => document.getElementById(id).value.trim();
  const enter = document.getElementById("sign-in");
  if (enter) {
    enter.addEventListener("submit", (event) => {
      event.preventDefault();
      document.getElementById("key").click();
    });
    withKey(document.getElementById("key"), told, async () => {
      const asked = await post("/api/v1/sign-in", { person: value("person") });
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.publicKey);
      const credential = await navigator.credentials.get({ publicKey });
      const { to } = await post("/api/v1/sign-in/answer", { ticket: asked.ticket, credential: credential.toJSON() });
      location.href = to || enter.dataset.to;
    });
  }
  const join = document.getElementById("join");
  if (join) {
    withKey(document.getElementById("key"), told, async () => {
      const asked = await post("/api/v1/join", { person: value("person"), code: value("code") });
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.publicKey);
      const credential = await navigator.credentials.create({ publicKey });
      const { to } = await post("/api/v1/join/answer", { ticket: asked.ticket, credential: credential.toJSON() });
      location.href = to;
    });
  }
})();
