// The map of a case, nearer and farther around the task's place: buttons, + and −. Two pictures lie over each other, one of the
// near and one of the whole way; of each only a part is shown. Signs and words keep their size (see case.css).
import { onEach } from "./dom";

const NEAREST = 60; // metres from the middle to the side
const halfOf = (layer: HTMLElement) => Number(layer.dataset.half);

/** Metres to the side, the nearest first: by halves from the near picture inwards, by doubles outwards, then the whole way. */
function stepsOf(near: number, whole: number): number[] {
  const steps = [near];
  for (let half = near / 2; half >= NEAREST; half /= 2) steps.unshift(half);
  for (let half = near * 2; half < whole * 0.75; half *= 2) steps.push(half);
  if (whole > near) steps.push(whole);
  return steps;
}

class Zoom {
  private readonly layers: HTMLElement[];
  private readonly steps: number[];
  private at: number;

  constructor(private readonly map: HTMLElement) {
    this.layers = [...map.querySelectorAll<HTMLElement>("[data-half]")].sort((a, b) => halfOf(a) - halfOf(b));
    const halves = this.layers.map(halfOf);
    const near = halves[0] ?? NEAREST;
    this.steps = stepsOf(near, halves.at(-1) ?? near);
    this.at = this.steps.indexOf(near);
    for (const button of this.buttons()) button.addEventListener("click", () => this.move(Number(button.dataset.zoom)));
    this.show();
  }

  private move(by: number): void {
    this.at = Math.min(Math.max(this.at + by, 0), this.steps.length - 1);
    this.show();
  }

  private show(): void {
    const half = this.steps[this.at] ?? NEAREST;
    const shown = this.layers.find((layer) => halfOf(layer) >= half) ?? this.layers.at(-1);
    for (const layer of this.layers) layer.hidden = layer !== shown;
    if (shown) drawAt(shown, halfOf(shown) / half);
    const told = this.map.querySelector("[data-across]");
    if (told) told.textContent = inWords(half * 2);
    for (const button of this.buttons()) {
      const next = this.at + Number(button.dataset.zoom);
      button.setAttribute("aria-disabled", String(next < 0 || next >= this.steps.length));
    }
  }

  private buttons(): HTMLElement[] {
    return [...this.map.querySelectorAll<HTMLElement>("[data-zoom]")];
  }
}

function drawAt(layer: HTMLElement, zoom: number): void {
  layer.style.setProperty("--zoom", String(zoom));
  for (const picture of layer.querySelectorAll("svg")) {
    const [width, height] = sizeOf(picture);
    const [w, h] = [width / zoom, height / zoom];
    picture.setAttribute("viewBox", `${(width - w) / 2} ${(height - h) / 2} ${w} ${h}`);
  }
}

/** Of the whole picture, whatever part of it is shown. */
function sizeOf(picture: SVGSVGElement): [number, number] {
  picture.dataset.size ??= picture.getAttribute("viewBox") ?? "0 0 1 1";
  const [, , width = 1, height = 1] = picture.dataset.size.split(" ").map(Number);
  return [width, height];
}

function inWords(metres: number): string {
  const [amount, unit] = metres < 1000 ? [Math.round(metres), "meter"] : [metres / 1000, "kilometer"];
  const style = { style: "unit", unit, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(document.documentElement.lang, style).format(amount);
}

export function installZoom(): void {
  onEach("[data-zooms]", (map) => new Zoom(map));
}
