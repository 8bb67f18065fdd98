// What the browser answers instead of a passkey is said on the page. The sentences stand in the page as templates:
// <template data-passkey-says="NotAllowedError">; the one without a name is for everything else.
const box = document.querySelector<HTMLElement>("[data-passkey-alert]");

function say(name: string): void {
  const said = (of: string) => document.querySelector<HTMLTemplateElement>(`template[data-passkey-says="${of}"]`);
  const sentence = said(name) ?? said("");
  if (!box || !sentence) return;
  box.replaceChildren(sentence.content.cloneNode(true));
  box.focus();
}

document.addEventListener("allauth.error", (event) => {
  const { exception } = (event as CustomEvent<{ exception?: Error }>).detail;
  event.preventDefault();
  say(exception?.name ?? "");
});
