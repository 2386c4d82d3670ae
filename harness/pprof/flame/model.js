/*
 * model - what a flame graph knows before it is drawn: numbers and names in words, and the tree of
 * one type, with the frames of one caller that are the same put together.
 */
'use strict';
const gbFlameModel = (() => {
	/* Numbers as the rest of gobudget writes them. */
	const group = n => String(Math.abs(Math.round(n))).replace(/\B(?=(\d{3})+$)/g, ',');
	const BYTES = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
	const TIMES = [[3600e9, 'h'], [60e9, 'min'], [1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']];
	function plain(n, unit) {
		n = Math.abs(n);
		if (unit === 'bytes') {
			let k = 0, tenths = Math.round(n / 102.4);
			if (n < 10240)
				return group(n) + ' B';
			while (tenths >= 10240 && k + 1 < BYTES.length)
				tenths = Math.round(n / 2 ** (10 * (++k + 1)) * 10);
			return (tenths / 10).toFixed(1) + ' ' + BYTES[k];
		}
		if (unit === 'nanoseconds') {
			const [size, name] = TIMES.find(([t]) => n >= t) || TIMES[TIMES.length - 1];
			return (size === 1 ? String(n) : (n / size).toFixed(2)) + ' ' + name;
		}
		return group(n) + (unit && unit !== 'count' ? ' ' + unit : '');
	}
	const amount = (n, unit) => (n < 0 ? '-' : '') + plain(n, unit);
	const change = (n, unit) => (n > 0 ? '+' : n < 0 ? '-' : '\u00b1') + plain(n, unit);
	const share = (part, whole) => whole ? (100 * part / whole).toFixed(1) + '%' : '0.0%';

	/* "store.(*Cache).Put" of "example.com/shop/store.(*Cache).Put", as report/say.h says. */
	function short(name) {
		const head = name.search(/[([]/);
		const end = head < 0 ? name.length : head;
		const slash = end ? name.lastIndexOf('/', end - 1) : -1;
		let tail = name.slice(slash + 1);
		const major = slash > 0 && /^v\d+(?=\.)/.exec(tail);
		if (major)
			tail = name.slice(name.lastIndexOf('/', slash - 1) + 1, slash) + tail.slice(major[0].length);
		return tail.replaceAll('%2e', '.');
	}

	/* A function's package, and whether that is the standard library's. */
	function packageOf(name, file) {
		const head = name.search(/[([]/);
		const end = head < 0 ? name.length : head;
		const slash = end ? name.lastIndexOf('/', end - 1) : -1;
		const dot = name.indexOf('.', slash + 1);
		const path = dot < 0 ? name : name.slice(0, dot);
		const host = path.split('/')[0];
		const library = !host.includes('.') && path !== 'main' &&
			(file.includes('/src/' + path + '/') || file.startsWith(path + '/')) && !file.includes('/pkg/mod/');
		return { path, library };
	}

	function hash(text) {
		let h = 5381;
		for (let i = 0; i < text.length; i++)
			h = (h * 33 ^ text.charCodeAt(i)) >>> 0;
		return h;
	}

	/*
	 * The tree of one type: node 0 is all of it, a parent comes before its children.  `weight` is
	 * what a frame is wide: of now and base the larger, so that what is gone can be seen.
	 */
	function treeOf(data, type, lines, diff) {
		const n = data.depth.length, values = data.values[type];
		const bases = diff ? data.bases[type] : null;
		const t = { n: 1, parent: [-1], frame: [-1], depth: [0], line: [0], self: [0], base: [0], own: [0] };
		const found = new Map(), path = [0], kinds = data.frames.length;

		for (let i = 0; i < n; i++) {
			const f = data.frame[i] * 3, up = path[data.depth[i]];
			const kind = lines ? data.frame[i] : data.frames[f];
			const key = up * kinds + kind, value = values[i], base = bases ? bases[i] : 0;
			let k = found.get(key);

			if (k === undefined) {
				k = t.n++;
				found.set(key, k);
				t.parent.push(up);
				t.frame.push(data.frame[i]);
				t.depth.push(data.depth[i] + 1);
				t.line.push(data.frames[f + 2]);
				t.self.push(0);
				t.base.push(0);
				t.own.push(0);
			} else if (t.line[k] !== data.frames[f + 2]) {
				t.line[k] = 0;
			}
			path[data.depth[i] + 1] = k;
			t.self[k] += value;
			t.base[k] += base;
		}
		for (let i = 0; i < t.n; i++)
			t.own[i] = Math.max(Math.abs(t.self[i]), Math.abs(t.base[i]));
		sum(t);
		arrange(t);
		return t;
	}

	function sum(t) {
		t.total = Float64Array.from(t.self);
		t.before = Float64Array.from(t.base);
		t.weight = Float64Array.from(t.own);
		t.most = 0;
		for (let i = t.n - 1; i > 0; i--) {
			const p = t.parent[i];
			t.total[p] += t.total[i];
			t.before[p] += t.before[i];
			t.weight[p] += t.weight[i];
		}
		for (let i = 0; i < t.n; i++)
			t.most = Math.max(t.most, Math.abs(t.total[i] - t.before[i]));
	}

	/* Children by weight, and where each frame begins. */
	function arrange(t) {
		t.kids = Array.from({ length: t.n }, () => null);
		for (let i = 1; i < t.n; i++)
			(t.kids[t.parent[i]] ||= []).push(i);
		t.left = new Float64Array(t.n);
		for (let i = 0; i < t.n; i++) {
			let x = t.left[i];
			if (!t.kids[i])
				continue;
			t.kids[i].sort((a, b) => t.weight[b] - t.weight[a] || a - b);
			for (const k of t.kids[i]) {
				t.left[k] = x;
				x += t.weight[k];
			}
		}
	}

	return { group, plain, amount, change, share, short, packageOf, hash, treeOf };
})();
