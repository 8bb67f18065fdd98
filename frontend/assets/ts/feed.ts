// "Near me": the one thing of the feed that a form cannot do by itself.
import { onEach } from "./lib/dom";
import { toast } from "./lib/toast";

onEach("[data-near-me]", (button) => {
  button.addEventListener("click", () => {
    button.setAttribute("disabled", "");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const form = button.closest("form");
        const wanted = new URLSearchParams(
          form ? (new FormData(form) as unknown as Record<string, string>) : undefined,
        );
        // A hundred metres are enough to search by, and more than that nobody needs to know.
        wanted.set("at", `${coords.longitude.toFixed(3)},${coords.latitude.toFixed(3)}`);
        wanted.delete("city");
        wanted.delete("district");
        for (const [name, value] of [...wanted]) if (!value) wanted.delete(name);
        location.assign(`${button.dataset.nearMe}?${wanted}`);
      },
      () => {
        button.removeAttribute("disabled");
        toast(button.dataset.refused ?? "");
      },
      { maximumAge: 300_000, timeout: 15_000 },
    );
  });
});
