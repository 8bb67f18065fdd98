// The customer's map of somebody on the way: the mark follows the position of the part that comes again and again.
import { onEach } from "./lib/dom";
import { follow as followTopic } from "./lib/live";
import type { CityMap } from "./lib/map";

let city: CityMap | null = null;
let mark: { setLatLng(place: [number, number]): unknown } | null = null;
let ring: { setLatLng(place: [number, number]): unknown; setRadius(metres: number): unknown } | null = null;

function follow(): void {
  const data = document.querySelector<HTMLElement>("[data-position]")?.dataset;
  const home = document.querySelector<HTMLElement>("[data-watch]")?.dataset;
  if (!city || !data?.lon || !data.lat) return;
  const place = { lon: Number(data.lon), lat: Number(data.lat) };
  const accuracy = Number(data.accuracy) || 50;
  if (mark && ring) {
    mark.setLatLng([place.lat, place.lon]);
    ring.setLatLng([place.lat, place.lon]);
    ring.setRadius(accuracy);
    return;
  }
  ring = city.area(place, accuracy, "map-accuracy");
  mark = city.pin(place, { kind: "person" });
  city.fit([place, { lon: Number(home?.lon), lat: Number(home?.lat) }]);
}

document.addEventListener("map:open", (event) => {
  city = (event as CustomEvent<CityMap>).detail;
  follow();
});
document.addEventListener("htmx:afterSwap", follow);

// A new position is told over the socket; without one the part comes by itself every 15 seconds.
onEach("[data-topic]", (part) => {
  const again = () => part.dispatchEvent(new CustomEvent("live:position"));
  followTopic(part.dataset.topic ?? "", Number(part.dataset.sequence), again, again);
});
