// Time moved over a case's track: what lies after the slider's moment is hidden, the position of that moment is marked, and
// the slider says in words where somebody was. `[` and `]` go from position to position, P plays the day.
import { onEach } from "./dom";

const SILENCE = 20 * 60; // seconds; after a longer one a position says nothing any more
const DAY_TAKES = 12_000; // milliseconds to play it
const SVG = "http://www.w3.org/2000/svg";

const secondsOf = (mark: SVGElement) => Number(mark.dataset.at);

class Track {
  private readonly marks = [...document.querySelectorAll<SVGElement>(".track [data-at]")];
  private readonly dots = this.marks.filter((mark) => mark.dataset.says);
  private readonly moments = [...new Set(this.dots.map(secondsOf))].sort((a, b) => a - b);
  private readonly line = playhead();
  private readonly clock: Intl.DateTimeFormat;
  private playing = 0;

  constructor(
    private readonly slider: HTMLInputElement,
    private readonly told: Element,
    private readonly silent: string,
  ) {
    this.clock = new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: slider.dataset.zone ?? "UTC",
    });
    slider.addEventListener("input", () => {
      this.stop();
      this.show();
    });
    slider.addEventListener("keydown", (event) => this.onKey(event));
    this.show();
  }

  /** Every mark at or before the slider's moment; the last of them is where somebody was, unless that was long ago. */
  show(): void {
    const until = Number(this.slider.value);
    const last = this.moments.filter((at) => at <= until).at(-1);
    const now = last !== undefined && until - last <= SILENCE ? last : undefined;
    for (const mark of this.marks) {
      mark.classList.toggle("track-later", secondsOf(mark) > until);
      const kind = mark.dataset.says ? "track-now" : "track-accuracy--now";
      mark.classList.toggle(kind, secondsOf(mark) === now);
    }
    const says = this.dots.find((dot) => secondsOf(dot) === now)?.dataset.says ?? this.silent;
    const words = `${this.clock.format(new Date(until * 1000))}: ${says}`;
    this.told.textContent = words;
    this.slider.setAttribute("aria-valuetext", words);
    this.movePlayhead(until);
  }

  /** To the next position (1) or the one before (-1). */
  step(by: 1 | -1): void {
    const at = Number(this.slider.value);
    const target =
      by > 0
        ? this.moments.find((moment) => moment >= at + 60)
        : this.moments.filter((moment) => moment < at - 60).at(-1);
    if (target === undefined) return;
    this.slider.value = String(target + ((((Number(this.slider.min) - target) % 60) + 60) % 60)); // on the slider's minute
    this.show();
  }

  /** From the first position to the end; again: stop. Returns whether it plays now. */
  play(ended: () => void): boolean {
    if (this.playing) {
      this.stop();
      return false;
    }
    const end = Number(this.slider.max);
    let from = Number(this.slider.value);
    if (from >= end - 60) from = (this.moments[0] ?? Number(this.slider.min)) - 60;
    const pace = (end - Number(this.slider.min)) / DAY_TAKES;
    const began = performance.now();
    const frame = (time: number) => {
      const at = from + (time - began) * pace;
      this.slider.value = String(Math.min(end, at));
      this.show();
      if (at < end) this.playing = requestAnimationFrame(frame);
      else {
        this.playing = 0;
        ended();
      }
    };
    this.playing = requestAnimationFrame(frame);
    return true;
  }

  private stop(): void {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
  }

  private onKey(event: KeyboardEvent): void {
    const by = event.key === "PageUp" ? 1 : event.key === "PageDown" ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    this.stop();
    this.step(by);
  }

  private movePlayhead(at: number): void {
    const { min, max } = this.slider;
    const width = this.line?.ownerSVGElement?.viewBox.baseVal.width ?? 0;
    const x = ((at - Number(min)) / (Number(max) - Number(min))) * width;
    this.line?.setAttribute("d", `M${x.toFixed(1)} 16v50`);
  }
}

function playhead(): SVGPathElement | null {
  const band = document.querySelector(".band");
  if (!band) return null;
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("class", "band-now");
  band.append(line);
  return line;
}

export function installTrack(): void {
  onEach("[data-time]", (box) => {
    const slider = box.querySelector<HTMLInputElement>("input[type=range]");
    const told = document.querySelector("[data-time-now]");
    if (!slider || !told) return;
    const track = new Track(slider, told, box.dataset.silent ?? "");
    const button = document.querySelector<HTMLElement>("[data-play]");
    const sign = button?.querySelector("[data-play-sign]");
    const word = button?.querySelector("[data-play-word]");
    const start = word?.textContent ?? "";
    const showState = (plays: boolean) => {
      if (word) word.textContent = plays ? (button?.dataset.stop ?? "") : start;
      if (sign) sign.textContent = plays ? "■" : "▶";
    };
    button?.addEventListener("click", () => showState(track.play(() => showState(false))));
    slider.addEventListener("input", () => showState(false));
    document.addEventListener("track:step", (event) => track.step((event as CustomEvent<1 | -1>).detail));
  });
}
