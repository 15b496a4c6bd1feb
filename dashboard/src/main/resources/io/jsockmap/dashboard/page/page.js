// Puts the parts that the server draws in the place of the old ones, once a second.
"use strict";

const SAY_EVERY = 10000;
const connection = document.getElementById("connection");
const pause = document.getElementById("pause");
const said = document.getElementById("said");
let events = null;
let saidAt = 0;

// A part that is in use is left alone: its links have the focus, or its text is selected.
function inUse(element) {
  const selection = document.getSelection();
  return (
    element.contains(document.activeElement) ||
    (selection && !selection.isCollapsed && selection.containsNode(element, true))
  );
}

function show(parts) {
  for (const [id, html] of Object.entries(parts)) {
    const element = document.getElementById(id);
    if (element && element.innerHTML !== html && !inUse(element)) element.innerHTML = html;
  }
  if (Date.now() - saidAt >= SAY_EVERY) {
    saidAt = Date.now();
    said.textContent = document.getElementById("summary").textContent;
  }
}

function start() {
  events = new EventSource("/events");
  events.onopen = () => (connection.textContent = "Updated every second.");
  events.onmessage = (event) => show(JSON.parse(event.data));
  events.onerror = () => (connection.textContent = "No connection to the proxy; trying again.");
  pause.textContent = "Pause updates";
}

function stop() {
  events.close();
  events = null;
  connection.textContent = "Updates are paused.";
  pause.textContent = "Go on with updates";
}

pause.hidden = false;
pause.addEventListener("click", () => (events ? stop() : start()));
start();
