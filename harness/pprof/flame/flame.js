/*
 * flame - draws the flame graphs of a page: every <div class="flame" data-flame="ID"> becomes
 * one, of the JSON in the element with that id (harness/pprof/flame.h, gb_flame_data()).
 *
 * The picture is a canvas, the outermost frame at the top, the widest child at the left; what is
 * narrower than 0.3 px is not drawn.  For the keyboard and for screen readers the same
 * graph is a tree of which one item, the current frame, is in the document:
 *
 *	Up, Down      to the caller, to the widest callee
 *	Left, Right   to the next frame beside it
 *	Home          to all of it
 *	Enter         zoom to the current frame
 *	Escape        back to all of it; once more: end the search
 *	/             search
 */
'use strict';
(() => {
	const { group, plain, amount, change, share, treeOf } = gbFlameModel;
	const TABLE_MOST = 200;
	let graphs = 0;

	function element(name, properties, ...children) {
		const e = document.createElement(name);
		for (const [key, value] of Object.entries(properties || {})) {
			if (key === 'class')
				e.className = value;
			else if (key in e && !key.startsWith('aria'))
				e[key] = value;
			else
				e.setAttribute(key, value);
		}
		e.append(...children);
		return e;
	}

	class Flame extends GbFlamePicture {
		constructor(root, data) {
			super();
			this.root = root;
			this.data = data;
			this.id = 'flame' + ++graphs;
			this.type = data.shown;
			this.diff = data.bases != null;
			this.lines = false;
			this.query = '';
			this.items = 0;
			this.order = 'self';
			this.palette();
			this.build();
			this.rebuild();
			new ResizeObserver(() => this.draw()).observe(this.picture);
			matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.repaint());
			addEventListener('beforeprint', () => this.repaint());
			addEventListener('afterprint', () => this.repaint());
		}

		get unit() { return this.data.types[this.type][1]; }
		nameOf(i) {
			const f = this.tree.frame[i];
			return f < 0 ? 'all' : this.data.strings[this.data.frames[f * 3]];
		}
		fileOf(i) {
			const f = this.tree.frame[i], file = f < 0 ? -1 : this.data.frames[f * 3 + 1];
			return file < 0 ? '' : this.data.strings[file];
		}
		placeOf(i) {
			const file = this.fileOf(i);
			return file && this.tree.line[i] > 0 ? file + ':' + this.tree.line[i] : file;
		}
		amountOf(i) {
			const t = this.tree;
			let text = amount(t.total[i], this.unit) + ' (' + share(t.total[i], t.total[0]) + ')';
			if (t.self[i] && t.kids[i])
				text += ', ' + amount(t.self[i], this.unit) + ' of it here';
			return text;
		}
		changeOf(i) {
			const d = this.tree.total[i] - this.tree.before[i];
			if (!this.diff)
				return '';
			return d === 0 ? 'as before' : (d > 0 ? 'grew by ' : 'shrank by ') + plain(d, this.unit) +
				' from ' + amount(this.tree.before[i], this.unit);
		}

		/* The document around the picture. */
		build() {
			const d = this.data, bar = element('div', { class: 'flame-bar', role: 'group', 'aria-label': 'Flame graph' });
			this.search = element('input', { type: 'search', placeholder: 'function or file', autocomplete: 'off', spellcheck: false });
			this.search.addEventListener('input', () => { this.query = this.search.value; this.find(); this.paint(); });
			bar.append(element('label', {}, 'Search ', this.search));
			if (d.types.length > 1) {
				this.choose = element('select', {}, ...d.types.map(([name], i) => element('option', { value: i, selected: i === this.type }, name)));
				this.choose.addEventListener('change', () => { this.type = Number(this.choose.value); this.rebuild(); });
				bar.append(element('label', {}, 'Show ', this.choose));
			}
			if (d.bases) {
				this.compare = element('input', { type: 'checkbox', checked: true });
				this.compare.addEventListener('change', () => { this.diff = this.compare.checked; this.rebuild(); });
				bar.append(element('label', {}, this.compare, ' Difference to ' + d.base));
			}
			if (d.frames.some((v, i) => i % 3 === 2 && v > 0)) {
				this.apart = element('input', { type: 'checkbox' });
				this.apart.addEventListener('change', () => { this.lines = this.apart.checked; this.rebuild(); });
				bar.append(element('label', {}, this.apart, ' Lines apart'));
			}
			this.reset = element('button', { type: 'button' }, 'Reset zoom');
			this.reset.addEventListener('click', () => { this.zoom(0); this.current(0); });
			bar.append(this.reset);

			this.status = element('p', { class: 'flame-status', role: 'status' });
			this.legend = element('ul', { class: 'flame-legend' },
				element('li', {}, element('i', { class: 'grew' }), '\u25b2 grew'),
				element('li', {}, element('i', { class: 'shrank' }), '\u25bc shrank'),
				element('li', {}, element('i', { class: 'same' }), 'as before'));
			this.canvas = element('canvas', { 'aria-hidden': 'true' });
			this.item = element('div', { class: 'hidden' });
			this.picture = element('div', {
				class: 'flame-picture', tabIndex: 0, role: 'tree',
				'aria-label': 'Flame graph, one frame at a time', 'aria-describedby': this.id + '-keys',
			}, this.canvas, this.item);
			this.details = element('p', { class: 'flame-details' });
			this.keys = element('p', { class: 'flame-keys', id: this.id + '-keys' });
			const kbd = name => element('kbd', {}, name);
			this.keys.append('Click or ', kbd('Enter'), ' zooms, arrow keys move, ', kbd('Escape'), ' resets, ', kbd('/'), ' searches.');
			this.tip = element('div', { class: 'flame-tip', 'aria-hidden': 'true', hidden: true });
			this.table = element('details', { class: 'flame-table' }, element('summary', {}, 'The same as a table'));
			this.table.addEventListener('toggle', () => this.tabulate());
			this.root.replaceChildren(bar, this.status, this.legend, this.picture, this.details, this.keys, this.table, this.tip);
			this.listen();
		}

		listen() {
			this.picture.addEventListener('keydown', e => this.key(e));
			this.picture.addEventListener('focus', () => { this.focused = true; this.current(this.at); });
			this.picture.addEventListener('blur', () => { this.focused = false; this.paint(); });
			this.canvas.addEventListener('click', e => {
				const i = this.under(e);
				if (i >= 0) {
					this.at = i;
					this.zoom(i);
					this.current(i);
				}
			});
			this.canvas.addEventListener('mousemove', e => this.hover(e));
			this.canvas.addEventListener('mouseleave', () => { this.tip.hidden = true; this.tell(this.at); });
		}

		key(e) {
			const t = this.tree, i = this.at;
			if (e.ctrlKey || e.altKey || e.metaKey)
				return;
			if (e.key === 'ArrowUp' && i > 0)
				this.current(t.parent[i]);
			else if (e.key === 'ArrowDown' && t.kids[i] && this.shown(t.kids[i][0]))
				this.current(t.kids[i][0]);
			else if (e.key === 'ArrowLeft' || e.key === 'ArrowRight')
				this.beside(e.key === 'ArrowLeft' ? -1 : 1);
			else if (e.key === 'Home')
				this.current(0);
			else if (e.key === 'Enter' || e.key === ' ')
				this.zoom(i);
			else if (e.key === 'Escape' && this.top !== 0)
				this.zoom(0);
			else if (e.key === 'Escape')
				this.clear();
			else if (e.key === '/')
				this.search.focus();
			else if (!e.key.startsWith('Arrow'))
				return;
			e.preventDefault();
		}

		clear() {
			this.search.value = this.query = '';
			this.find();
			this.paint();
		}

		/* The frame beside the current one, whoever called it. */
		beside(step) {
			const row = this.rows[this.tree.depth[this.at]] || [];
			const next = row[row.indexOf(this.at) + step];
			if (next !== undefined)
				this.current(next);
		}

		rebuild() {
			this.tree = treeOf(this.data, this.type, this.lines, this.diff);
			this.legend.hidden = !this.diff;
			this.at = this.top = 0;
			this.find();
			this.draw();
			this.current(0);
			this.tabulate();
		}

		zoom(i) {
			if (this.tree.frame[i] === 0)
				i = this.tree.parent[i];
			this.top = i;
			this.reset.disabled = i === 0;
			this.root.dataset.zoom = this.nameOf(i);
			if (!this.shown(this.at))
				this.current(i);
			this.draw();
			this.find();
		}

		/* What the search finds: frames, and what share of what is shown they and theirs are. */
		find() {
			const t = this.tree, hits = this.matcher();
			this.reset.disabled = this.top === 0;
			this.hits = hits && new Uint8Array(t.n);
			this.status.replaceChildren();
			if (!hits) {
				this.root.dataset.matched = '';
				if (this.data.smaller)
					this.status.append(group(this.data.smaller) + ' frames too small to draw are summed up as (smaller).');
				return;
			}
			let sum = 0, before = 0, n = 0;
			const inside = new Uint8Array(t.n), scope = new Uint8Array(t.n);
			for (let i = 0; i < t.n; i++) {
				const p = t.parent[i];
				scope[i] = i === this.top || (p >= 0 && scope[p]) ? 1 : 0;
				this.hits[i] = i > 0 && hits(t.frame[i]) ? 1 : 0;
				inside[i] = this.hits[i] || (p >= 0 && inside[p]) ? 1 : 0;
				if (!this.hits[i] || !scope[i])
					continue;
				n++;
				if (i === this.top || !inside[p]) {
					sum += t.total[i];
					before += t.before[i];
				}
			}
			if (this.top > 0 && inside[this.top] && !this.hits[this.top])
				[sum, before] = [t.total[this.top], t.before[this.top]];
			this.say(n, sum, before);
		}

		say(n, sum, before) {
			const whole = this.tree.total[this.top];
			const parts = [element('strong', {}, group(n) + (n === 1 ? ' frame matches' : ' frames match')),
				': ' + amount(sum, this.unit) + ' of ' + amount(whole, this.unit) + (this.top ? ' shown' : '') + ', ' + share(sum, whole)];
			if (this.diff)
				parts.push(', ' + change(sum - before, this.unit) + ' against ' + this.data.base);
			this.status.append(...parts);
			this.root.dataset.matched = share(sum, whole);
		}

		/* Text in function or file, in any case; a regular expression between slashes. */
		matcher() {
			const query = this.query.trim(), d = this.data, known = new Map();
			let test;
			if (!query)
				return null;
			if (query.length > 2 && query.startsWith('/') && query.endsWith('/')) {
				try {
					const pattern = new RegExp(query.slice(1, -1));
					test = text => pattern.test(text);
				} catch {
					test = () => false;
				}
			} else {
				const low = query.toLowerCase();
				test = text => text.toLowerCase().includes(low);
			}
			return frame => {
				if (!known.has(frame)) {
					const file = d.frames[frame * 3 + 1];
					known.set(frame, test(d.strings[d.frames[frame * 3]]) || (file >= 0 && test(d.strings[file])));
				}
				return known.get(frame);
			};
		}

		/* Makes a frame the current one: in the picture, in the line below it, for screen readers. */
		current(i) {
			const t = this.tree, p = t.parent[i], siblings = p < 0 ? [i] : t.kids[p];
			this.at = i;
			const item = element('div', {
				id: this.id + '-' + ++this.items, role: 'treeitem', 'aria-level': t.depth[i] + 1,
				'aria-setsize': siblings.length, 'aria-posinset': siblings.indexOf(i) + 1, 'aria-selected': 'true',
			}, [this.nameOf(i), this.placeOf(i), this.amountOf(i), this.changeOf(i)].filter(Boolean).join(', '));
			if (t.kids[i])
				item.setAttribute('aria-expanded', 'true');
			this.item.replaceChildren(item);
			this.picture.setAttribute('aria-activedescendant', item.id);
			this.root.dataset.current = this.nameOf(i);
			this.tell(i);
			this.paint();
		}

		tell(i) {
			const lines = [element('code', {}, this.nameOf(i))];
			if (this.placeOf(i))
				lines.push(element('span', {}, this.placeOf(i)));
			lines.push(element('span', { class: 'amount' }, [this.amountOf(i), this.changeOf(i)].filter(Boolean).join(', ')));
			this.details.replaceChildren(...lines);
		}

		hover(e) {
			const i = this.under(e);
			this.tip.hidden = i < 0;
			this.canvas.style.cursor = i < 0 ? '' : 'pointer';
			if (i < 0)
				return;
			this.tip.replaceChildren(element('div', {}, this.nameOf(i)));
			if (this.placeOf(i))
				this.tip.append(element('div', { class: 'dim' }, this.placeOf(i)));
			this.tip.append(element('div', {}, this.amountOf(i)));
			if (this.changeOf(i))
				this.tip.append(element('div', {}, this.changeOf(i)));
			const box = this.tip.getBoundingClientRect();
			const x = Math.max(4, Math.min(e.clientX + 14, innerWidth - box.width - 6));
			const y = e.clientY + 20 + box.height > innerHeight ? e.clientY - box.height - 10 : e.clientY + 18;
			this.tip.style.transform = `translate(${x}px, ${Math.max(2, y)}px)`;
			this.tell(i);
		}

		/* Functions with what they did themselves and what was done below them, recursion once. */
		functions() {
			const t = this.tree, d = this.data, rows = new Map(), open = new Map(), path = [];
			const order = [0];
			while (order.length) {
				const i = order.pop();
				if (i < 0) {
					const name = path.pop();
					open.set(name, open.get(name) - 1);
					continue;
				}
				const name = i ? d.strings[d.frames[t.frame[i] * 3]] : null;
				if (name !== null) {
					const row = rows.get(name) || { name, self: 0, total: 0, base: 0 };
					rows.set(name, row);
					row.self += t.self[i];
					if (!open.get(name)) {
						row.total += t.total[i];
						row.base += t.before[i];
					}
				}
				open.set(name, (open.get(name) || 0) + 1);
				path.push(name);
				order.push(-1);
				for (const k of t.kids[i] || [])
					order.push(k);
			}
			for (const row of rows.values())
				row.change = row.total - row.base;
			return [...rows.values()];
		}

		tabulate() {
			if (!this.table.open)
				return;
			const rows = this.functions(), whole = this.tree.total[0];
			const columns = [['self', 'Self'], ['total', 'Total']];
			if (this.diff)
				columns.push(['change', 'Change']);
			if (this.order === 'change' && !this.diff)
				this.order = 'self';
			rows.sort((a, b) => Math.abs(b[this.order]) - Math.abs(a[this.order]) || (a.name < b.name ? -1 : 1));
			const head = element('tr', {}, ...columns.map(([key, title]) => {
				const button = element('button', { type: 'button' }, title);
				button.addEventListener('click', () => { this.order = key; this.tabulate(); this.table.querySelector('[aria-sort] button').focus(); });
				const cell = element('th', { scope: 'col' }, button);
				if (key === this.order)
					cell.setAttribute('aria-sort', 'descending');
				return cell;
			}), element('th', { scope: 'col' }, 'Function'));
			const body = rows.slice(0, TABLE_MOST).map(row => {
				const find = element('button', { type: 'button', title: 'search for it' }, row.name);
				find.addEventListener('click', () => { this.search.value = this.query = row.name; this.find(); this.paint(); });
				return element('tr', {}, ...columns.map(([key]) => element('td', {},
					key === 'change' ? change(row.change, this.unit) : amount(row[key], this.unit) + ' (' + share(row[key], whole) + ')')),
				element('th', { scope: 'row' }, find));
			});
			const caption = rows.length > TABLE_MOST ? `The ${TABLE_MOST} largest of ${group(rows.length)} functions` : group(rows.length) + ' functions';
			const scroll = element('div', { class: 'flame-scroll', role: 'region', 'aria-label': 'Functions', tabIndex: 0 },
				element('table', {}, element('caption', {}, caption + ', ' + this.data.types[this.type][0]),
					element('thead', {}, head), element('tbody', {}, ...body)));
			this.table.replaceChildren(this.table.firstElementChild, scroll);
		}
	}

	function show(root) {
		const data = document.getElementById(root.dataset.flame);
		if (data && !root.gbFlame)
			root.gbFlame = new Flame(root, JSON.parse(data.textContent));
	}

	/* One in a closed <details> waits until that is opened: it would have no width. */
	function start() {
		for (const root of document.querySelectorAll('.flame[data-flame]')) {
			const fold = root.closest('details');
			if (!fold || fold.open)
				show(root);
			else
				fold.addEventListener('toggle', () => show(root), { once: true });
		}
	}
	addEventListener('beforeprint', () => { document.documentElement.dataset.print = ''; });
	addEventListener('afterprint', () => { delete document.documentElement.dataset.print; });
	if (document.readyState === 'loading')
		addEventListener('DOMContentLoaded', start);
	else
		start();
})();
