// The live map: Leaflet on our own drawn city (no tile network is needed), or on the operator's raster tiles.
// Everything is read from the figure's data attributes; docs/components.md lists them.
import * as L from "leaflet";
import { type Cells, showCells } from "./cells";

export type Place = { lon: number; lat: number };
export type Ping = Place & { accuracy?: number; at?: string };

type Properties = { kind: string; name_ru: string; name_en: string; width?: number; label?: [number, number] };
type Feature = { type: "Feature"; properties: Properties; geometry: { type: string; coordinates: unknown } };

const CLASSES: Record<string, string> = {
  land: "city-land",
  park: "city-park",
  lake: "city-water",
  water: "city-river",
  district: "city-edge",
  street: "city-road",
  avenue: "city-road city-road--avenue",
  ring: "city-road city-road--ring",
};
const METRES_AT_EQUATOR = 156_543; // of one pixel at zoom 0

type Position = [number, number];
const SOFT = new Set(["water", "park", "lake", "ring"]);

/** Catmull–Rom through the drawn points: rivers and parks have no corners. */
function softened(line: Position[]): Position[] {
  const closed = line.length > 3 && String(line[0]) === String(line.at(-1));
  const points = closed ? line.slice(0, -1) : line;
  const count = points.length;
  const at = (index: number): Position =>
    points[closed ? (index + count) % count : Math.min(Math.max(index, 0), count - 1)] as Position;
  const soft: Position[] = [];
  for (let index = 0; index < (closed ? count : count - 1); index += 1) {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    for (let step = 0; step < 1; step += 0.2) {
      const value = (axis: 0 | 1) =>
        from[axis] +
        (step / 2) *
          (to[axis] -
            before[axis] +
            step *
              (2 * before[axis] -
                5 * from[axis] +
                4 * to[axis] -
                after[axis] +
                step * (3 * (from[axis] - to[axis]) + after[axis] - before[axis])));
      soft.push([value(0), value(1)]);
    }
  }
  soft.push(at(closed ? 0 : count - 1));
  return soft;
}

function soften(feature: Feature): Feature {
  if (!SOFT.has(feature.properties.kind)) return feature;
  const { type, coordinates } = feature.geometry;
  const soft =
    type === "LineString" ? softened(coordinates as Position[]) : (coordinates as Position[][]).map(softened);
  return { ...feature, geometry: { type, coordinates: soft } };
}

/** What a page does with an open map. */
export class CityMap {
  readonly map: L.Map;
  private readonly rivers: { layer: L.Path; metres: number }[] = [];

  constructor(holder: HTMLElement, centre: Place, zoom: number) {
    this.map = L.map(holder, {
      center: [centre.lat, centre.lon],
      zoom,
      minZoom: 9,
      zoomSnap: 0.25,
      maxZoom: 17,
      zoomControl: true,
      attributionControl: false,
      scrollWheelZoom: false,
    });
    this.map.once("focus", () => this.map.scrollWheelZoom.enable());
    this.map.createPane("city").style.zIndex = "200";
    this.map.createPane("names").style.zIndex = "250";
    this.map.on("zoomend", () => this.tellZoom());
    this.tellZoom();
  }

  tiles(address: string, credit: string): void {
    L.tileLayer(address, { maxZoom: 19 }).addTo(this.map);
    if (credit) L.control.attribution({ prefix: false }).addAttribution(credit).addTo(this.map);
  }

  async drawn(address: string): Promise<void> {
    const answer = await fetch(address);
    if (!answer.ok) return;
    const { features } = (await answer.json()) as { features: Feature[] };
    const renderer = L.svg({ pane: "city", padding: 0.4 });
    const english = document.documentElement.lang === "en";
    for (const feature of features) {
      const { kind, label, width } = feature.properties;
      const layer = L.geoJSON(soften(feature) as never, {
        pane: "city",
        interactive: false,
        style: { className: CLASSES[kind] ?? "city-edge", renderer, fillOpacity: 1, opacity: 1 } as L.PathOptions,
      }).addTo(this.map);
      if (width) {
        layer.eachLayer((path) => {
          this.rivers.push({ layer: path as L.Path, metres: width });
        });
      }
      if (label) this.name(label, english ? feature.properties.name_en : feature.properties.name_ru);
    }
    this.tellZoom();
  }

  /** A mark on a point. `text`: a price or a word inside; `href`: where a tap on it leads. */
  pin(place: Place, options: { text?: string; title?: string; href?: string; kind?: string } = {}): L.Marker {
    const body = document.createElement("span");
    body.className = options.text ? "map-chip" : `map-drop map-drop--${options.kind ?? "task"}`;
    body.textContent = options.text ?? "";
    const marker = L.marker([place.lat, place.lon], {
      icon: L.divIcon({ html: body, className: "map-mark", iconSize: [0, 0] }),
      title: options.title ?? "",
      alt: options.title ?? options.text ?? "",
      keyboard: Boolean(options.href),
    });
    if (options.href) marker.on("click", () => location.assign(options.href as string));
    return marker.addTo(this.map);
  }

  /** A shaded circle: the cell a task is somewhere in, or the accuracy of a position. Radius in metres. */
  area(place: Place, radius: number, className = "map-area"): L.Circle {
    return L.circle([place.lat, place.lon], { radius, className, interactive: false }).addTo(this.map);
  }

  /** A track: a dotted line through the pings, a dot and an accuracy circle for each. */
  track(pings: Ping[]): L.LayerGroup {
    const group = L.layerGroup().addTo(this.map);
    L.polyline(
      pings.map((ping) => [ping.lat, ping.lon] as L.LatLngTuple),
      { className: "map-track", interactive: false },
    ).addTo(group);
    for (const ping of pings) {
      if (ping.accuracy) {
        L.circle([ping.lat, ping.lon], { radius: ping.accuracy, className: "map-accuracy", interactive: false }).addTo(
          group,
        );
      }
      const dot = L.circleMarker([ping.lat, ping.lon], { radius: 4, className: "map-dot" }).addTo(group);
      if (ping.at) dot.bindTooltip(ping.at);
    }
    return group;
  }

  /** Moves the view so that all places are seen. */
  fit(places: Place[]): void {
    if (places.length === 0) return;
    const bounds = L.latLngBounds(places.map((place) => [place.lat, place.lon] as L.LatLngTuple));
    this.map.fitBounds(bounds, { padding: [36, 36], maxZoom: 15 });
  }

  private name(place: [number, number], text: string): void {
    const span = document.createElement("span");
    span.textContent = text;
    L.marker([place[1], place[0]], {
      icon: L.divIcon({ html: span, className: "city-name", iconSize: [0, 0] }),
      interactive: false,
      keyboard: false,
      pane: "names",
    }).addTo(this.map);
  }

  private tellZoom(): void {
    const zoom = this.map.getZoom();
    const holder = this.map.getContainer();
    holder.dataset.near = zoom >= 15 ? "street" : zoom >= 13 ? "district" : zoom >= 11 ? "city" : "far";
    const metresOfPixel = (METRES_AT_EQUATOR * Math.cos((this.map.getCenter().lat * Math.PI) / 180)) / 2 ** zoom;
    for (const { layer, metres } of this.rivers) layer.setStyle({ weight: Math.max(1.5, metres / metresOfPixel) });
  }
}

const opened = new WeakMap<HTMLElement, Promise<CityMap>>();

/** Opens the map of a figure[data-map]; a second call returns the same map. */
export function openMap(box: HTMLElement): Promise<CityMap> {
  const known = opened.get(box);
  if (known) return known;
  const fresh = build(box);
  opened.set(box, fresh);
  return fresh;
}

async function build(box: HTMLElement): Promise<CityMap> {
  await styles();
  const centre = { lon: Number(box.dataset.lon) || 37.6176, lat: Number(box.dataset.lat) || 55.752 };
  const holder = document.createElement("div");
  holder.className = "map__live";
  box.append(holder);
  box.classList.add("map--open");
  const city = new CityMap(holder, centre, Number(box.dataset.zoom) || 14);
  const { tiles, base } = box.dataset;
  if (tiles) city.tiles(tiles, box.dataset.credit ?? "");
  else if (base) void city.drawn(base);
  show(box, city, centre);
  box.dispatchEvent(new CustomEvent("map:open", { detail: city, bubbles: true }));
  return city;
}

function show(box: HTMLElement, city: CityMap, centre: Place): void {
  const { kind, items, track, source } = box.dataset;
  const radius = Number(box.dataset.radius) || 0;
  if (kind === "picker") picker(box, city, centre);
  else if (kind === "cells" && source) {
    void fetch(source)
      .then((answer) => answer.json() as Promise<Cells>)
      .then((cells) => showCells(city.map, cells));
  } else if (kind === "list" && items) list(city, items);
  else if (kind === "track" && track) {
    const pings = JSON.parse(document.getElementById(track)?.textContent ?? "[]") as Ping[];
    city.track(pings);
    city.fit([...pings, ...(box.dataset.lon ? [centre] : [])]);
  }
  if (box.dataset.lon && !["list", "picker", "cells"].includes(kind ?? "")) {
    if (radius) city.area(centre, radius);
    if (kind !== "area" && kind !== "cell") city.pin(centre, { title: box.getAttribute("aria-label") ?? "" });
  }
}

/** The list beside the map gives the pins: elements with data-lon, data-lat, data-pin (words), and a link inside. */
function list(city: CityMap, selector: string): void {
  const places: Place[] = [];
  for (const element of document.querySelectorAll<HTMLElement>(selector)) {
    const place = { lon: Number(element.dataset.lon), lat: Number(element.dataset.lat) };
    if (!place.lon || !place.lat) continue;
    places.push(place);
    const link = element.querySelector<HTMLAnchorElement>("a[href]");
    const options = { text: element.dataset.pin ?? "", title: link?.textContent?.trim() ?? "" };
    city.pin(place, link ? { ...options, href: link.href } : options);
  }
  city.fit(places);
}

/** A tap puts the pin and a `map:picked` event tells the page; the point goes to the two inputs unless the page took it.
 * `map:put` moves the pin from outside, or takes it away. */
function picker(box: HTMLElement, city: CityMap, centre: Place): void {
  const input = (id: string | undefined) => (id ? (document.getElementById(id) as HTMLInputElement | null) : null);
  const lon = input(box.dataset.lonInput);
  const lat = input(box.dataset.latInput);
  let pin: L.Marker | null = null;
  const put = (place: Place) => {
    if (pin) pin.setLatLng([place.lat, place.lon]);
    else pin = city.pin(place);
  };
  if (lon?.value && lat?.value) put({ lon: Number(lon.value), lat: Number(lat.value) });
  else if (box.dataset.put === "centre") put(centre);
  city.map.on("click", (event: L.LeafletMouseEvent) => {
    const place = { lon: event.latlng.lng, lat: event.latlng.lat };
    put(place);
    if (!box.dispatchEvent(new CustomEvent("map:picked", { detail: place, bubbles: true, cancelable: true }))) return;
    if (lon) lon.value = place.lon.toFixed(6);
    if (lat) lat.value = place.lat.toFixed(6);
  });
  box.addEventListener("map:put", (event) => {
    const place = (event as CustomEvent<Place | null>).detail;
    if (!place) {
      pin?.remove();
      pin = null;
      return;
    }
    put(place);
    city.map.setView([place.lat, place.lon], 16);
  });
}

function styles(): Promise<void> {
  const address = document.body.dataset.mapStyle;
  if (!address || document.querySelector("link[data-map-style]")) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.dataset.mapStyle = "";
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => resolve());
    document.head.append(link);
  });
}
