// Squares of a map, shaded by how many things are in them. Numbers stand together until there is room for each: a tap on a sum
// comes nearer, a tap on a single one follows its link.
import * as L from "leaflet";

export type Cells = {
  features: { properties: { count: number; label: string; href?: string }; geometry: { type: string } }[];
};

type Square = { at: L.LatLng; count: number; label: string; follow: () => void };

const ROOM = 34; // px from number to number
const NEAREST = 14;
// The buttons of the zoom stand at the left: no number lies under them.
const CLEAR: L.FitBoundsOptions = { paddingTopLeft: [60, 12], paddingBottomRight: [12, 12] };

export function showCells(map: L.Map, cells: Cells): void {
  const most = Math.max(1, ...cells.features.map((cell) => cell.properties.count));
  const bounds = L.latLngBounds([]);
  const squares: Square[] = cells.features.map((cell) => {
    const { count, label, href } = cell.properties;
    const shape = L.geoJSON(cell as never, {
      style: { className: "map-cell", fillOpacity: 0.2 + (0.5 * count) / most, opacity: 1 },
    }).addTo(map);
    bounds.extend(shape.getBounds());
    const follow = () => href && location.assign(href);
    shape.on("click", follow);
    return { at: shape.getBounds().getCenter(), count, label, follow };
  });
  if (bounds.isValid()) map.fitBounds(bounds, { ...CLEAR, maxZoom: NEAREST, animate: false });
  const numbers = L.layerGroup().addTo(map);
  const renew = () => {
    numbers.clearLayers();
    for (const group of together(map, squares)) numbers.addLayer(number(map, group));
  };
  map.on("zoomend", renew);
  renew();
}

/** Squares whose numbers would stand on one another at this zoom, around the fullest of them. */
function together(map: L.Map, squares: Square[]): Square[][] {
  if (map.getZoom() >= NEAREST) return squares.map((square) => [square]);
  const groups: { centre: L.Point; squares: Square[] }[] = [];
  for (const square of [...squares].sort((one, other) => other.count - one.count)) {
    const centre = map.project(square.at);
    const near = groups.find((group) => group.centre.distanceTo(centre) < ROOM);
    if (near) near.squares.push(square);
    else groups.push({ centre, squares: [square] });
  }
  return groups.map((group) => group.squares);
}

function number(map: L.Map, group: Square[]): L.Marker {
  const [first] = group as [Square];
  const text = document.createElement("span");
  text.textContent = String(group.reduce((sum, square) => sum + square.count, 0));
  const label = group.length > 1 ? text.textContent : first.label;
  const mark = L.marker(first.at, {
    icon: L.divIcon({ html: text, className: "map-mark map-count", iconSize: [0, 0] }),
    title: label,
    alt: label,
  });
  const act = () => {
    if (group.length === 1) first.follow();
    else map.setView(first.at, Math.min(NEAREST, map.getZoom() + 2));
  };
  return mark.on("click", act).on("keypress", (event) => {
    if ((event as L.LeafletKeyboardEvent).originalEvent.key === "Enter") act();
  });
}
