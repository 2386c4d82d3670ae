/*
 * page - what the report can do beyond being read: filter and sort its tables, open what a
 * link leads to, unfold for printing.  Without it everything is there, in the order of the file.
 */
'use strict';
(() => {
	function element(name, properties, ...children) {
		const e = Object.assign(document.createElement(name), properties);
		e.append(...children);
		return e;
	}

	const cellOf = (row, column) => row.cells[column];
	const keyOf = cell => 'key' in cell.dataset ? Number(cell.dataset.key) : null;

	/* Empty cells come last, whichever way. */
	function compare(a, b, down) {
		const x = keyOf(a), y = keyOf(b);
		if (x !== null || y !== null)
			return x === null ? 1 : y === null ? -1 : down ? y - x : x - y;
		const s = a.textContent.trim(), t = b.textContent.trim();
		if (!s || !t)
			return s ? -1 : t ? 1 : 0;
		return (down ? -1 : 1) * s.localeCompare(t, 'en', { numeric: true });
	}

	/* column -1: as the file has it. */
	function sort(table, column, down) {
		const body = table.tBodies[0];
		const rows = table.gbRows ||= [...body.rows];
		const sorted = column < 0 ? rows : rows.map((row, i) => [row, i])
			.sort(([a, i], [b, k]) => compare(cellOf(a, column), cellOf(b, column), down) || i - k)
			.map(([row]) => row);
		body.append(...sorted);
		[...table.tHead.rows[0].cells].forEach((head, i) => {
			if (i === column)
				head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
			else
				head.removeAttribute('aria-sort');
		});
		table.dispatchEvent(new Event('sorted'));
	}

	/* Each heading sorts; numbers the largest first. */
	function headings(table) {
		[...table.tHead.rows[0].cells].forEach((head, i) => {
			const button = element('button', { type: 'button', textContent: head.textContent });
			button.addEventListener('click', () => {
				const now = head.getAttribute('aria-sort');
				sort(table, i, now ? now === 'ascending' : head.classList.contains('n'));
			});
			head.replaceChildren(button);
		});
	}

	const STATES = [['fail', 'failing'], ['warn', 'warnings'], ['note', 'other'], ['good', 'within budget']];

	/* Search, state and order of a table, and how many rows are left. */
	function filters(place) {
		const table = document.getElementById(place.dataset.for);
		const rows = [...table.tBodies[0].rows];
		const count = Object.fromEntries(STATES.map(([state]) => [state, rows.filter(r => r.dataset.state === state).length]));
		const beyond = rows.length - count.good;
		const search = element('input', { type: 'search', placeholder: 'test, package, place', autocomplete: 'off', spellcheck: false });
		const state = element('select', {}, element('option', { value: '' }, `all (${rows.length})`));
		if (beyond && count.good)
			state.append(element('option', { value: 'beyond', selected: true }, `not within budget (${beyond})`));
		for (const [key, title] of STATES)
			if (count[key])
				state.append(element('option', { value: key }, `${title} (${count[key]})`));
		const heads = [...table.tHead.rows[0].cells].map(h => h.textContent);
		const order = element('select', {}, element('option', { value: -1 }, 'worst first'),
			...heads.map((title, i) => element('option', { value: i }, title)));
		const told = element('output', {});
		const texts = rows.map(row => row.textContent.toLowerCase());

		function apply() {
			const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
			let n = 0;
			rows.forEach((row, i) => {
				const fits = state.value === '' || (state.value === 'beyond' ? row.dataset.state !== 'good' : row.dataset.state === state.value);
				row.hidden = !fits || !words.every(word => texts[i].includes(word));
				n += !row.hidden;
			});
			told.textContent = `${n} of ${rows.length} shown`;
		}
		search.addEventListener('input', apply);
		state.addEventListener('change', apply);
		order.addEventListener('change', () => {
			const column = Number(order.value);
			sort(table, column, column >= 0 && table.tHead.rows[0].cells[column].classList.contains('n'));
		});
		table.addEventListener('sorted', () => {
			const at = [...table.tHead.rows[0].cells].findIndex(h => h.hasAttribute('aria-sort'));
			order.value = String(at);
		});
		place.setAttribute('role', 'search');
		place.setAttribute('aria-label', 'Verdicts');
		place.append(element('label', {}, 'Find ', search), element('label', {}, 'Show ', state), element('label', {}, 'Sort by ', order), told);
		apply();
	}

	/* The target of a link may be folded away, or filtered out. */
	function reveal() {
		const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
		for (let fold = target && target.closest('details'); fold; fold = fold.parentElement.closest('details'))
			fold.open = true;
		if (target)
			target.scrollIntoView();
	}

	for (const place of document.querySelectorAll('.filters'))
		filters(place);
	for (const table of document.querySelectorAll('main table'))
		if (table.tHead && !table.closest('.flame, .test'))
			headings(table);
	addEventListener('hashchange', reveal);
	reveal();

	let unfolded = [];
	addEventListener('beforeprint', () => {
		/* A graph that nobody looked at is not drawn for paper. */
		unfolded = [...document.querySelectorAll('.test details:not([open])')].filter(fold => !fold.querySelector('.flame'));
		unfolded.forEach(fold => { fold.open = true; });
	});
	addEventListener('afterprint', () => unfolded.forEach(fold => { fold.open = false; }));
})();
