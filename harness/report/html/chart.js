/*
 * chart - one series as a line through the nights, with its budget and where it changed for good.
 *
 * A chart is a slider for screen readers and the keyboard: arrows go from night to night, Page Up and
 * Page Down by ten, Home and End to either end, Enter to the commit.
 */
'use strict';
const gbChart = (() => {
	const SVG = 'http://www.w3.org/2000/svg';
	const DRIFT = 1, UPGRADE = 2, WORDS = [', a step', ', a drift begins', ', another Go from here on'];
	const HEIGHT = 230, LEFT = 76, RIGHT = 12, TOP = 14, BOTTOM = 26;
	const DIGITS = new Map([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((c, i) => [c, i]));

	function element(name, properties, ...children) {
		const e = Object.assign(document.createElement(name), properties);
		e.append(...children);
		return e;
	}

	function svg(name, attributes, text) {
		const e = document.createElementNS(SVG, name);
		for (const key in attributes)
			e.setAttribute(key, attributes[key]);
		if (text !== undefined)
			e.textContent = text;
		return e;
	}

	/* The packing that report/trends_html.c describes. */
	function unpack(stream) {
		const out = [];
		let at = 0, last = 0;
		function number() {
			for (let v = 0, weight = 1; ; weight *= 32) {
				const digit = DIGITS.get(stream[at++]);
				v += (digit & 31) * weight;
				if (!(digit & 32))
					return v;
			}
		}
		while (at < stream.length) {
			if (stream[at] === '.') {
				at++;
				for (let n = number(); n > 0; n--)
					out.push(last);
				continue;
			}
			const v = number();
			last += v % 2 ? -(v + 1) / 2 : v / 2;
			out.push(last);
		}
		return out;
	}

	function scaled(v, step, names) {
		let i = 0;
		while (i + 1 < names.length && Math.abs(v) >= step) {
			v /= step;
			i++;
		}
		return v.toFixed(1) + ' ' + names[i];
	}

	const FORMATS = {
		count: v => v.toLocaleString('en'),
		bytes: v => v < 10240 ? v.toLocaleString('en') + ' B' : scaled(v / 1024, 1024, ['KiB', 'MiB', 'GiB', 'TiB']),
		pause: v => v < 10000 ? v.toLocaleString('en') + ' ns' : scaled(v / 1000, 1000, ['us', 'ms', 's']),
		time: v => v < 100000 ? (v / 1000).toFixed(1) + ' ns' : Math.trunc(v / 1000).toLocaleString('en') + ' ns',
	};

	/* Points of one series: { night, value, budget, window } with null where there is none. */
	function points(series) {
		const [nights, values, budgets, windows] = series.streams.map(unpack);
		const known = v => v < 0 ? null : v;
		return values.map((value, i) => ({ night: nights[i] + i, value, budget: known(budgets[i]), window: known(windows[i]) }));
	}

	function commit(data, night) {
		const [id] = data.nights[night];
		const code = element('code', { textContent: id.slice(0, 12) });
		return data.commits ? element('a', { href: data.commits + id, rel: 'noreferrer' }, code) : code;
	}

	function table(data, list, format, name) {
		const body = element('tbody', {}), limits = [['budget', 'Budget']];
		if (list.some(p => p.window !== null))
			limits.push(['window', 'Window']);
		for (const p of list.toReversed ? list.toReversed() : [...list].reverse()) {
			body.append(element('tr', {},
				element('th', { scope: 'row', textContent: data.nights[p.night][1] }),
				element('td', {}, commit(data, p.night), ' ' + data.nights[p.night][2]),
				element('td', { className: 'n', textContent: format(p.value) }),
				...limits.map(([key]) => element('td', { className: 'n', textContent: p[key] === null ? '' : format(p[key]) }))));
		}
		const heads = ['Night', 'Commit', 'Measured', ...limits.map(([, title]) => title)].map((text, i) =>
			element('th', { scope: 'col', textContent: text, className: i > 1 ? 'n' : '' }));
		return element('div', { className: 'scroll' }, element('table', {}, element('caption', { textContent: name + ', newest first' }),
			element('thead', {}, element('tr', {}, ...heads)), body));
	}

	/* Where things are: nights from left to right, values from the lowest to the highest seen. */
	function scale(list, nights, width) {
		const all = list.flatMap(p => [p.value, p.budget, p.window]).filter(v => v !== null);
		let low = Math.min(...all), high = Math.max(...all);
		const pad = (high - low) * 0.08 || Math.max(1, high * 0.05);
		low = Math.max(0, low - pad);
		high += pad;
		const first = list[0].night, span = Math.max(1, list[list.length - 1].night - first);
		return {
			low, high, width,
			x: night => LEFT + (night - first) / span * (width - LEFT - RIGHT),
			y: v => TOP + (high - v) / (high - low) * (HEIGHT - TOP - BOTTOM),
			night: x => first + (x - LEFT) / (width - LEFT - RIGHT) * span,
		};
	}

	/* Round numbers, two to five of them: 1, 2 or 5 times a power of ten, of large sizes in KiB, MiB ... */
	function ticks(low, high, unit) {
		let of = 1;
		while (unit === 'bytes' && high >= of * 10240)
			of *= 1024;
		const rough = (high - low) / of / 4, power = 10 ** Math.floor(Math.log10(rough));
		const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough) * of;
		const whole = Math.max(1, of === 1 ? Math.round(step) : step);
		const found = [];
		for (let v = Math.ceil(low / whole) * whole; v <= high; v += whole)
			found.push(v);
		return found;
	}

	function axes(picture, at, list, data, format, unit) {
		for (const v of ticks(at.low, at.high, unit)) {
			const y = at.y(v);
			picture.append(svg('line', { class: 'grid', x1: LEFT, x2: at.width - RIGHT, y1: y, y2: y }),
				svg('text', { x: LEFT - 6, y: y + 4, 'text-anchor': 'end' }, format(v)));
		}
		const ends = [list[0], list[list.length - 1]];
		ends.forEach((p, i) => picture.append(svg('text', { x: at.x(p.night), y: HEIGHT - 6, 'text-anchor': i ? 'end' : 'start' },
			i && list.length === 1 ? '' : data.nights[p.night][1])));
	}

	/* A limit holds from its night to the next. */
	function limitPath(list, key, at) {
		let d = '', last = null;
		for (const p of list) {
			const x = at.x(p.night).toFixed(1);
			if (p[key] !== null)
				d += last === null ? `M${x},${at.y(p[key]).toFixed(1)}` : `H${x}V${at.y(p[key]).toFixed(1)}`;
			last = p[key];
		}
		return d;
	}

	function marks(picture, changes, list, at) {
		for (const [kind, from, told] of changes) {
			const x = at.x(list[from].night);
			if (kind === DRIFT) {
				picture.append(svg('rect', { class: 'drift', x, y: TOP, width: Math.max(2, at.x(list[told].night) - x), height: HEIGHT - TOP - BOTTOM }));
				continue;
			}
			picture.append(svg('line', { class: kind === UPGRADE ? 'upgrade' : 'change', x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM }));
			if (kind !== UPGRADE)
				picture.append(svg('path', { class: 'flag', d: `M${x - 5},${TOP - 10}h10l-5,9z` }));
		}
	}

	/* Draws series `i` of the data at the end of its <details>; its words are `name`. */
	function draw(place, data, series, unit, name) {
		const format = FORMATS[unit], list = points(series);
		const picture = svg('svg', { class: 'chart', role: 'slider', tabindex: 0, 'aria-label': name,
			'aria-valuemin': 1, 'aria-valuemax': list.length });
		const readout = element('p', { className: 'readout' });
		const cursor = svg('line', { class: 'cursor', y1: TOP, y2: HEIGHT - BOTTOM }), dot = svg('circle', { class: 'dot', r: 4.5 });
		let now = list.length - 1, at;

		function show(i) {
			now = Math.min(list.length - 1, Math.max(0, i));
			const p = list[now], [, day, subject] = data.nights[p.night];
			const change = series.changes.find(c => now === c[1]);
			const words = `${day}: ${format(p.value)}` + (p.budget === null ? '' : ` of ${format(p.budget)}`) +
				(p.window === null ? '' : `, window ${format(p.window)}`) +
				(change ? WORDS[change[0]] : '');
			const x = at.x(p.night);
			cursor.setAttribute('x1', x);
			cursor.setAttribute('x2', x);
			dot.setAttribute('cx', x);
			dot.setAttribute('cy', at.y(p.value));
			picture.setAttribute('aria-valuenow', now + 1);
			picture.setAttribute('aria-valuetext', `${words}, ${subject}`);
			readout.replaceChildren(words + ' ', commit(data, p.night), ' ' + subject);
		}
		function paint() {
			const width = Math.max(260, Math.round(picture.getBoundingClientRect().width));
			at = scale(list, data.nights, width);
			picture.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
			picture.replaceChildren();
			axes(picture, at, list, data, format, unit);
			marks(picture, series.changes, list, at);
			picture.append(svg('path', { class: 'budget', d: limitPath(list, 'budget', at) }),
				svg('path', { class: 'window', d: limitPath(list, 'window', at) }),
				svg('path', { class: 'value', d: 'M' + list.map(p => at.x(p.night).toFixed(1) + ',' + at.y(p.value).toFixed(1)).join('L') }),
				cursor, dot);
			show(now);
		}
		const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };
		picture.addEventListener('keydown', event => {
			if (event.key in steps)
				show(now + steps[event.key]);
			else if (event.key === 'Enter' && readout.querySelector('a'))
				readout.querySelector('a').click();
			else
				return;
			event.preventDefault();
		});
		picture.addEventListener('pointermove', event => {
			const box = picture.getBoundingClientRect();
			const night = at.night((event.clientX - box.left) * at.width / box.width);
			let best = 0;
			list.forEach((p, i) => {
				if (Math.abs(p.night - night) < Math.abs(list[best].night - night))
					best = i;
			});
			show(best);
		});
		const twin = element('details', { className: 'fold' }, element('summary', { textContent: 'As a table' }));
		twin.addEventListener('toggle', () => {
			if (twin.open && !twin.querySelector('table'))
				twin.append(table(data, list, format, name));
		});
		const legend = 'Line: measured.' + (list.some(p => p.budget !== null) ? ' Dashed: budget.' : '') +
			(list.some(p => p.window !== null) ? ' Fine line: what the nights before allow.' : '') +
			(series.changes.some(c => c[0] === UPGRADE) ? ' Dotted: another Go from here on.' : '') +
			(series.changes.some(c => c[0] !== UPGRADE) ? ' Flags and shades: changes for good.' : '');
		place.append(picture, readout, element('p', { className: 'legend', textContent: legend }), twin);
		paint();
		new ResizeObserver(() => paint()).observe(picture);
	}

	return { draw, element };
})();
