"use strict";
// Forms with files are sent in the background: the bar shows how far they are,
// and where the form comes back with faults, the chosen files stay chosen.
(() => {
  const MiB = 1024 * 1024;

  function setUp() {
    for (const form of document.querySelectorAll("form[data-upload]")) form.addEventListener("submit", submit);
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", () => copy(button));
    }
  }

  async function copy(button) {
    const input = button.parentElement.querySelector("input");
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = button.dataset.copied;
  }

  function submit(event) {
    event.preventDefault();
    const form = event.target, by = event.submitter;
    if (form.dataset.busy) return;
    const says = form.querySelector(".sending");
    const data = new FormData(form);
    if (by && by.name) data.set(by.name, by.value);
    const sendsFiles = !by || !by.name || by.value === "file";
    const inputs = [...form.querySelectorAll("input[type=file]")];
    if (!sendsFiles) for (const input of inputs) data.delete(input.name);
    const fault = sendsFiles && tooMuch(inputs, says);
    if (fault) {
      says.textContent = fault.text;
      fault.input.focus();
      return;
    }
    send(form, (by && by.getAttribute("formaction")) || form.getAttribute("action"), data, says);
  }

  function tooMuch(inputs, says) {
    let count = 0;
    for (const input of inputs) {
      for (const file of input.files) {
        count++;
        if (file.size > 10 * MiB) return { input, text: says.dataset.big + file.name };
        if (count > 8) return { input, text: says.dataset.many };
      }
    }
    return null;
  }

  function send(form, url, data, says) {
    const buttons = [...document.querySelectorAll("button")];
    const bar = document.createElement("progress");
    const busy = (on) => {
      if (on) form.dataset.busy = "1"; else delete form.dataset.busy;
      for (const b of buttons) b.disabled = on;
    };
    busy(true);
    says.textContent = says.dataset.sending + "… ";
    says.append(bar);
    const request = new XMLHttpRequest();
    request.upload.onprogress = (e) => {
      if (e.lengthComputable) {
        bar.max = e.total;
        bar.value = e.loaded;
      }
    };
    request.onload = () => {
      if (request.status < 300 && new URL(request.responseURL).pathname !== new URL(url, location.href).pathname) {
        busy(false); // for a page that comes back by "back"
        location.assign(request.responseURL);
        return;
      }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      if (page.querySelector("form[data-upload]")) {
        show(page);
        return;
      }
      busy(false);
      const main = page.querySelector("main");
      says.textContent = main ? main.innerText : says.dataset.failed;
    };
    request.onerror = request.ontimeout = () => {
      busy(false);
      says.textContent = says.dataset.failed;
    };
    request.open("POST", url);
    request.send(data);
  }

  // show puts another page in the place of this one and keeps the chosen files.
  function show(page) {
    const chosen = [...document.querySelectorAll("input[type=file]")].filter((i) => i.files.length > 0);
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceWith(page.body);
    for (const old of chosen) {
      const input = document.getElementById(old.id);
      if (!input) continue;
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (input.hasAttribute(name)) old.setAttribute(name, input.getAttribute(name));
        else old.removeAttribute(name);
      }
      input.replaceWith(old);
    }
    const again = document.getElementById("again");
    if (again) again.remove();
    setUp();
    const target = document.getElementById("problem") || document.getElementById("article") || document.body;
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  }

  setUp();
})();
