/**
 * What a report does where scripts run; without them everything is still there to be read. Reading a chart's values with a pointer, a
 * finger or the arrow keys (they are taken from the drawing itself, so they are as exact as it is), and sorting the table of modules.
 */
export const SCRIPT = `
'use strict';
(() => {
  const zone = document.documentElement.dataset.zone;
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const number = value => new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 }).format(value);
  const texts = {
    seconds: v => Math.abs(v) < 0.1 ? number(v * 1000) + ' ms' : Math.abs(v) < 120 ? number(v) + ' s' : number(v / 60) + ' min',
    latency: v => Math.abs(v) < 1 ? number(v * 1000) + ' ms' : Math.abs(v) < 120 ? number(v) + ' s' : number(v / 60) + ' min',
    percent: v => number(v) + ' %',
    megabytes: v => Math.abs(v) < 1000 ? number(v) + ' MB' : number(v / 1000) + ' GB',
    rate: v => Math.abs(v) < 0.1 ? number(v * 1000) + ' kB/s' : number(v) + ' MB/s',
    bytes: v => Math.abs(v) < 1e6 ? number(v / 1000) + ' kB' : number(v / 1e6) + ' MB',
    plain: number,
  };
  const places = path => {
    const found = [];
    for (const piece of path.getAttribute('d').split('M').slice(1)) {
      const [x0, y0, ...steps] = piece.match(/-?\\d+/g).map(Number);
      let [x, y] = [x0, y0];
      found.push([x, y]);
      if (piece.includes('h')) continue;
      for (let i = 0; i + 1 < steps.length; i += 2) found.push([x += steps[i], y += steps[i + 1]]);
    }
    return found;
  };
  const enhance = plot => {
    const line = plot.querySelector('path.line');
    if (!line) return;
    const data = plot.dataset;
    const points = places(line);
    const text = ([x, y]) => {
      const at = Number(data.from) + (x / 1000) * (data.to - data.from);
      const value = data.high - (y / 1000) * (data.high - data.low);
      return time.format(at) + ': ' + texts[data.unit](value);
    };
    const note = document.createElement('p');
    note.className = 'readout';
    note.hidden = true;
    note.setAttribute('role', 'status');
    plot.parentNode.append(note);
    const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    cursor.setAttribute('class', 'cursor');
    cursor.setAttribute('y1', data.top);
    cursor.setAttribute('y2', Number(data.top) + Number(data.height));
    let index = points.length - 1;
    const show = to => {
      index = Math.max(0, Math.min(points.length - 1, to));
      const x = points[index][0] / 10 + '%';
      cursor.setAttribute('x1', x);
      cursor.setAttribute('x2', x);
      plot.append(cursor);
      note.textContent = text(points[index]);
      note.hidden = false;
    };
    const hide = () => { note.hidden = true; cursor.remove(); };
    const read = event => {
      const box = plot.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * 1000;
      let best = 0;
      points.forEach((point, i) => { if (Math.abs(point[0] - x) < Math.abs(points[best][0] - x)) best = i; });
      show(best);
    };
    plot.addEventListener('pointerdown', read);
    plot.addEventListener('pointermove', read);
    plot.addEventListener('pointerleave', event => { if (event.pointerType !== 'touch') hide(); });
    plot.setAttribute('tabindex', '0');
    plot.addEventListener('blur', hide);
    plot.addEventListener('keydown', event => {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -20, PageUp: 20, Home: -1e9, End: 1e9 }[event.key];
      if (event.key === 'Escape') hide();
      if (step === undefined) return;
      event.preventDefault();
      show(index + step);
    });
  };
  document.querySelectorAll('svg.plot').forEach(enhance);

  document.querySelectorAll('table[data-sortable]').forEach(table => {
    const body = table.tBodies[0];
    const keyOf = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
    const compare = (a, b) => isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (head.classList.contains('c-course')) return;
      // No <button>: Chromium leaves it out where a head is repeated on the next page of paper.
      const button = document.createElement('span');
      button.setAttribute('role', 'button');
      button.setAttribute('tabindex', '0');
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener('keydown', event => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        button.click();
      });
      button.addEventListener('click', () => {
        const sign = head.ariaSort === 'ascending' ? -1 : 1;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
        const rows = [...body.rows].sort((a, b) => sign * compare(keyOf(a, column), keyOf(b, column)));
        body.append(...rows);
      });
    });
  });
})();
`;
