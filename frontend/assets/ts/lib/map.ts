// The live map: Leaflet on our own drawn city (no tile network needed), or on the operator's raster tiles.
import * as L from "leaflet";

/** Draws a map into a figure[data-map]; see docs/components.md for its data attributes. */
export async function openMap(box: HTMLElement): Promise<L.Map> {
  const holder = document.createElement("div");
  holder.className = "map__live";
  box.append(holder);
  return L.map(holder);
}
