for (const note of document.querySelectorAll(".buttons")) note.hidden = false;
document.addEventListener("click", (event) => {
  const { open, close } = event.target.dataset || {};
  if (!open && !close) return;
  for (const card of document.querySelectorAll(`#${open || close} details.card`)) card.open = Boolean(open);
});
