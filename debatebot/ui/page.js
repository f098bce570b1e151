// What only the browser can do. Runs again whenever its settings change; listeners are set once.
window.debatebot = function (settings) {
  const page = document.documentElement;
  page.lang = settings.language;
  window.debatebotSettings = settings;
  keepCookies(settings);
  if (window.debatebotReady) return window.debatebotApply();
  window.debatebotReady = true;
  const announced = { element: makeElement("debatebot-live", { "aria-live": "polite", role: "status" }), text: "" };
  const tip = makeElement("debatebot-tip", { role: "tooltip" });
  const seenTurns = new Set();
  let timer = 0;
  let planned = false;
  let moved = 0;
  for (const kind of ["wheel", "touchmove", "keydown"]) {
    addEventListener(kind, () => { moved = performance.now(); }, { capture: true, passive: true });
  }

  function makeElement(id, attributes) {
    const element = document.createElement("div");
    element.id = id;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
    return element;
  }

  // --- after every change of the page: once a frame ---------------------------------------------------------------

  new MutationObserver(() => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; apply(); });
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  addEventListener("hashchange", light);
  apply();

  function apply() {
    const now = window.debatebotSettings;
    if (page.lang !== now.language) page.lang = now.language;
    followTheme();
    nameWidgets(now);
    announce();
    showNewTurn();
    light();
    if (tip.classList.contains("shown") && !(tip.owner && tip.owner.isConnected)) hide();
  }
  window.debatebotApply = apply;

  // Streamlit sets the theme on the app alone; what stands outside it (dialogs, hints) follows.
  function followTheme() {
    const app = document.querySelector(".stApp");
    const scheme = app && getComputedStyle(app).colorScheme;
    if (scheme && page.style.colorScheme !== scheme) page.style.colorScheme = scheme;
  }

  function nameWidgets(now) {
    const names = {
      '[data-testid="stExpandSidebarButton"]': now.names.open_sidebar,
      '[data-testid="stSidebarCollapseButton"] button': now.names.close_sidebar,
      '[data-testid="stChatInputSubmitButton"]': now.names.send,
      '[data-testid="stTextInput"] button': now.names.show_password,
      '[data-testid="stDialog"] button[aria-label="Close"]': now.close,
      '[data-testid="stFileUploaderDropzoneInput"], [data-testid="stFileUploaderDropzone"] > span button': now.file.choose,
      '[data-testid="stFileChipDeleteBtn"] button': now.file.remove,
    };
    for (const [selector, name] of Object.entries(names)) {
      for (const element of document.querySelectorAll(selector)) {
        if (element.getAttribute("aria-label") !== name) element.setAttribute("aria-label", name);
      }
    }
    page.style.setProperty("--file-choose", JSON.stringify(now.file.choose));
  }

  // A live region has to be there before its words change, so the words are copied into one that stays.
  function announce() {
    const words = [...document.querySelectorAll("[data-announce]")].at(-1)?.textContent ?? "";
    if (words !== announced.text) announced.element.textContent = announced.text = words;
  }

  function showNewTurn() {
    const turns = document.querySelectorAll("[data-turn]");
    const last = turns[turns.length - 1];
    if (!last || seenTurns.has(last.dataset.turn)) return;
    turns.forEach((turn) => seenTurns.add(turn.dataset.turn));
    if (last.dataset.turn.endsWith("-0") && turns.length === 1 && !isNarrow()) return;
    last.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    const began = performance.now();
    setTimeout(() => { if (moved < began) reach(last.dataset.turn); }, 700);
  }

  // What is drawn meanwhile may break a smooth scroll off: then it is finished at once, unless the person has scrolled.
  function reach(name) {
    const turn = document.querySelector(`[data-turn="${CSS.escape(name)}"]`);
    const top = turn?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight * 0.7) turn.scrollIntoView({ block: "start" });
  }

  // `:target` is lost when Streamlit writes the article again; the class takes its place.
  function light() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    for (const lit of document.querySelectorAll(".lit")) if (lit.id !== wanted) lit.classList.remove("lit");
    const element = wanted && document.getElementById(wanted);
    if (element && !element.classList.contains("lit")) element.classList.add("lit");
  }

  function isNarrow() { return matchMedia("(max-width: 1099px)").matches; }
  function calm() { return matchMedia("(prefers-reduced-motion: reduce)").matches; }

  // On a phone the library lies over the page: whoever has chosen something in it wants to see that.
  const choices = ':is([class*="st-key-article-"], [class*="st-key-talk-"]:not([class*="-actions-"]), .st-key-new-conversation, .st-key-open-several)';
  document.addEventListener("click", (event) => {
    if (!matchMedia("(max-width: 768px)").matches) return;
    if (!event.target.closest?.(`[data-testid="stSidebar"] ${choices} button`)) return;
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  });

  // --- hints: what a citation quotes, why a verdict was given -----------------------------------------------------

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const owner = event.target.closest?.("[data-tip]");
    if (owner) show(owner);
    else if (event.target.closest?.("#debatebot-tip")) clearTimeout(timer);
    else hideSoon();
  });
  document.addEventListener("focusin", (event) => {
    const owner = event.target.closest?.("[data-tip]");
    if (owner) show(owner);
    else hide();
  });
  document.addEventListener("focusout", hideSoon);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", hide, { capture: true, passive: true });

  function show(owner) {
    clearTimeout(timer);
    if (tip.owner === owner && tip.classList.contains("shown")) return;
    tip.owner = owner;
    const title = document.createElement("strong");
    title.textContent = owner.dataset.tipTitle ?? "";
    const words = document.createElement("span");
    words.textContent = owner.dataset.tip;
    tip.replaceChildren(title, words);
    tip.classList.toggle("quoting", owner.classList.contains("citation"));
    tip.classList.add("shown");
    place(owner);
  }

  function place(owner) {
    const box = owner.getBoundingClientRect();
    const width = tip.offsetWidth;
    const height = tip.offsetHeight;
    const below = box.bottom + 8 + height < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(box.left + box.width / 2 - width / 2, innerWidth - width - 8))}px`;
    tip.style.top = `${below ? box.bottom + 8 : Math.max(8, box.top - 8 - height)}px`;
  }

  function hideSoon() { clearTimeout(timer); timer = setTimeout(hide, 150); }
  function hide() { clearTimeout(timer); tip.classList.remove("shown"); tip.owner = null; }

  // --- who this is, and in which language -------------------------------------------------------------------------

  function keepCookies(now) {
    if (now.languageCookie) write(now.languageCookie, now.language);
    if (!now.person) return;
    const kept = read(now.personCookie);
    // Two tabs opened at once on the first visit: the later one takes the person of the earlier.
    if (/^[\w-]{32,64}$/.test(kept) && kept !== now.person) location.reload();
    else write(now.personCookie, now.person);
  }

  function read(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
    return found ? found.slice(name.length + 1) : "";
  }

  function write(name, value) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Max-Age=31536000; Path=/; SameSite=Strict${secure}`;
  }
};
