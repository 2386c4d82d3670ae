/*
 * trends - filters over the series, and a chart in each that is opened.
 */
'use strict';
(() => {
	const { draw, element } = gbChart;
	const data = JSON.parse(document.getElementById('data').textContent);
	const list = document.getElementById('list');
	const all = [...list.querySelectorAll('.series')].map((fold, i) => {
		const summary = fold.querySelector('summary');
		return {
			fold, i,
			test: summary.querySelector('strong').textContent,
			metric: summary.querySelector('.metric').textContent,
			package: summary.querySelector('.of').textContent,
			state: fold.dataset.state,
			now: Number(fold.dataset.now),
		};
	});

	for (const s of all)
		s.fold.addEventListener('toggle', () => {
			if (s.fold.open && !s.fold.querySelector('.chart'))
				draw(s.fold, data, data.series[s.i], s.fold.dataset.unit, `${s.test} ${s.metric}`);
		});

	function select(first, values) {
		return element('select', {}, element('option', { value: '', textContent: first }),
			...values.map(([value, text]) => element('option', { value, textContent: text })));
	}
	const different = key => [...new Set(all.map(s => s[key]))].sort().map(v => [v, v]);
	const search = element('input', { type: 'search', placeholder: 'test', autocomplete: 'off', spellcheck: false });
	const packages = select('all packages', different('package')), metrics = select('all metrics', different('metric'));
	const states = select(`all (${all.length})`, [['changed', 'changed for good'], ['up', 'rose'], ['down', 'fell'], ['over', 'over budget']]
		.map(([value, text]) => [value, `${text} (${all.filter(s => isIn(s, value)).length})`]));
	const orders = select('worst movers first', [['name', 'name'], ['now', 'largest now']]);
	const told = element('output', {});

	/* By something else than another Go. */
	function isChanged(s) {
		return data.series[s.i].changes.some(([kind]) => kind !== 2);
	}
	function isIn(s, state) {
		return !state || s.state === state || (state === 'changed' ? isChanged(s) : state === 'up' && s.state === 'over' && isChanged(s));
	}
	function filter() {
		const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
		let n = 0;
		for (const s of all) {
			const fits = (!packages.value || s.package === packages.value) && (!metrics.value || s.metric === metrics.value) &&
				isIn(s, states.value) && words.every(word => s.test.toLowerCase().includes(word));
			s.fold.hidden = !fits;
			n += fits;
		}
		told.textContent = `${n} of ${all.length} shown`;
	}
	function sort() {
		const by = {
			'': (a, b) => a.i - b.i,
			name: (a, b) => a.package.localeCompare(b.package, 'en') || a.test.localeCompare(b.test, 'en') || a.i - b.i,
			now: (a, b) => b.now - a.now || a.i - b.i,
		}[orders.value];
		list.append(...[...all].sort(by).map(s => s.fold));
	}
	search.addEventListener('input', filter);
	for (const field of [packages, metrics, states])
		field.addEventListener('change', filter);
	orders.addEventListener('change', sort);
	const place = document.querySelector('.filters');
	place.setAttribute('role', 'search');
	place.setAttribute('aria-label', 'Series');
	place.append(element('label', {}, 'Find ', search), element('label', {}, 'In ', packages), element('label', {}, 'Metric ', metrics),
		element('label', {}, 'Show ', states), element('label', {}, 'Sort by ', orders), told);
	filter();

	/* What moved most is seen at once. */
	const worst = all.filter(s => isChanged(s) && s.state !== 'down').slice(0, 3);
	for (const s of worst.length ? worst : all.slice(0, 1))
		s.fold.open = true;
})();
