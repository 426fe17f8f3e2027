/* Tables on phones: each row by itself, each cell behind the name of its column. The matrix names its columns itself. */
window.handover.start(".md-typeset table:not([class])", (table) => {
  "use strict";
  if (table.closest(".matrix") || !table.tHead) return;
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  /* A browser forgets that a table is one when its style is that of a block. */
  const roles = { table: [table], row: table.rows, columnheader: table.tHead.rows[0].cells };
  Object.entries(roles).forEach(([role, elements]) => [...elements].forEach((element) => element.setAttribute("role", role)));
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    [...row.cells].forEach((cell, index) => {
      cell.setAttribute("role", "cell");
      /* The first cell is the title of its row; an empty one says nothing. */
      if (index && cell.textContent.trim()) cell.dataset.column = names[index];
    });
  }
  table.dataset.stacked = "";
});
