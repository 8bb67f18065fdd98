// Writing a task: choosing a found address, sending photos as soon as they are chosen, ordering them by hand.
import { csrfToken, onEach } from "./lib/dom";

const part = (box: Element, name: string) => box.querySelector<HTMLInputElement>(`input[${name}]`);

function fill(box: Element, address: string, lon: string, lat: string): void {
  const values: [string, string][] = [
    ["data-address", address],
    ["data-lon", lon],
    ["data-lat", lat],
    ["data-known", lon ? address : ""],
  ];
  for (const [name, value] of values) {
    const input = part(box, name);
    if (input) input.value = value;
  }
}

// One map serves all addresses of a route: it goes under the one it is asked for.
let asked: HTMLElement | null = null;
const pickedFor = () => asked ?? document.querySelector<HTMLElement>("[data-address-box]");
const picker = () => document.getElementById("picker");

/** `null`: this address has no place yet. */
function putPin(place: { lon: number; lat: number } | null): void {
  picker()
    ?.querySelector("[data-map]")
    ?.dispatchEvent(new CustomEvent("map:put", { detail: place }));
}

function pickFor(box: HTMLElement): void {
  const shown = picker();
  const map = shown?.querySelector("[data-map]");
  if (!shown || !map) return;
  asked = box;
  shown.hidden = false;
  box.after(shown);
  const [lon, lat] = [part(box, "data-lon")?.value, part(box, "data-lat")?.value];
  const place = lon && lat ? { lon: Number(lon), lat: Number(lat) } : null;
  if (map.classList.contains("map--open")) putPin(place);
  else {
    map.addEventListener("map:open", () => putPin(place), { once: true });
    map.querySelector<HTMLElement>("[data-map-open]")?.click();
  }
  shown.scrollIntoView({ block: "nearest" });
}

onEach("[data-address-box]", (box) => {
  box.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-pick]")) pickFor(box);
    const find = (event.target as Element).closest<HTMLElement>("[data-place]");
    if (!find) return;
    const { place = "", lon = "", lat = "" } = find.dataset;
    const street = find.hasAttribute("data-street");
    fill(box, street ? `${place}, ` : place, street ? "" : lon, street ? "" : lat);
    box.querySelector(".address-finds")?.replaceChildren();
    if (!street && box === pickedFor()) putPin({ lon: Number(lon), lat: Number(lat) });
    const input = part(box, "data-address");
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
  });
});

/** A tap on the map: the address of that place is put into its field; the server checks the place itself. */
async function nameThePlace(place: { lon: number; lat: number }): Promise<void> {
  const box = pickedFor();
  if (!box) return;
  const [lon, lat] = [place.lon.toFixed(6), place.lat.toFixed(6)];
  fill(box, "", lon, lat);
  const language = { "Accept-Language": document.documentElement.lang };
  const answer = await fetch(`/api/v1/geocode/reverse?lon=${lon}&lat=${lat}`, { headers: language });
  if (!answer.ok) return;
  const found = (await answer.json()) as { address: string };
  fill(box, found.address, lon, lat);
}

document.addEventListener("map:picked", (event) => {
  event.preventDefault(); // the fields are filled here
  void nameThePlace((event as CustomEvent<{ lon: number; lat: number }>).detail);
});

onEach("[data-add-stop]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const stops = document.querySelectorAll<HTMLElement>("[data-stop]");
    const last = stops[stops.length - 1];
    const most = Number(button.dataset.addStop);
    if (!last || stops.length >= most) return;
    const fresh = last.cloneNode(true) as HTMLElement;
    const number = stops.length;
    for (const input of fresh.querySelectorAll("input")) {
      input.name = input.name.replace(/^points-\d+/, `points-${number}`);
      if (input.id) input.id = input.id.replace(/^points-\d+/, `points-${number}`);
      input.value = "";
    }
    fresh.querySelector(".address-finds")?.replaceChildren();
    (last.nextElementSibling === picker() ? (picker() ?? last) : last).after(fresh);
    window.htmx.process(fresh);
    fresh.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: fresh } }));
    part(fresh, "data-address")?.focus();
    if (number + 1 >= most) button.hidden = true;
  });
});

onEach("form[data-upload]", (element) => {
  const form = element as HTMLFormElement;
  form.querySelector("input[type=file]")?.addEventListener("change", () => form.requestSubmit());
});

onEach("[data-photo-order]", (list) => {
  let moved: HTMLElement | null = null;
  const save = () => {
    const body = new URLSearchParams();
    for (const item of list.querySelectorAll<HTMLElement>("[data-photo-id]")) {
      body.append("photo", item.dataset.photoId ?? "");
    }
    void fetch(list.dataset.photoOrder ?? "", { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
  };
  for (const item of list.querySelectorAll<HTMLElement>("[data-photo-id]")) {
    item.draggable = true;
    item.addEventListener("dragstart", () => {
      moved = item;
    });
    item.addEventListener("dragover", (event) => {
      event.preventDefault();
      if (!moved || moved === item) return;
      const after = moved.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (after) item.after(moved);
      else item.before(moved);
    });
    item.addEventListener("drop", (event) => event.preventDefault());
    item.addEventListener("dragend", save);
  }
});
