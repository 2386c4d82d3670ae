/*
 * picture - a flame graph on its canvas: which frames are wide enough, where each is, its
 * colour and its label, and which one a point lies in.
 */
'use strict';
const GbFlamePicture = (() => {
	const { change, short, packageOf, hash } = gbFlameModel;
	const ROW = 21, LEAST = 0.3, ROWS_MOST = 1500, COLOURS = 8;

	return class {
		palette() {
			const style = getComputedStyle(document.documentElement);
			const colour = name => style.getPropertyValue('--' + name).trim();
			this.colour = {
				ink: colour('frame-ink'), paper: colour('paper'), focus: colour('ink'), library: colour('frame-library'),
				match: colour('frame-match'), matchInk: colour('frame-match-ink'), same: colour('same'),
				frame: Array.from({ length: COLOURS }, (_, i) => colour('frame-' + i)),
				grew: [1, 2, 3].map(i => colour('grew-' + i)), shrank: [1, 2, 3].map(i => colour('shrank-' + i)),
				font: '12px ' + colour('mono'),
			};
			this.fills = new Map();
		}
		repaint() {
			this.palette();
			this.paint();
		}

		fill(i) {
			const t = this.tree, f = t.frame[i], c = this.colour;
			if (this.hits && this.hits[i])
				return c.match;
			if (this.diff) {
				const d = t.total[i] - t.before[i];
				const step = t.most ? Math.sqrt(Math.abs(d) / t.most) : 0;
				return d === 0 ? c.same : (d > 0 ? c.grew : c.shrank)[step > 0.66 ? 2 : step > 0.25 ? 1 : 0];
			}
			if (f <= 0)
				return c.library;
			if (!this.fills.has(f)) {
				const { path, library } = packageOf(this.nameOf(i), this.fileOf(i));
				this.fills.set(f, library ? c.library : c.frame[hash(path) % COLOURS]);
			}
			return this.fills.get(f);
		}

		label(i) {
			const d = this.tree.total[i] - this.tree.before[i];
			const name = short(this.nameOf(i));
			const line = this.lines && this.tree.line[i] > 0 ? ':' + this.tree.line[i] : '';
			return this.diff && d ? name + line + (d > 0 ? ' \u25b2 ' : ' \u25bc ') + change(d, this.unit) : name + line;
		}

		/* What is to be drawn, row by row. */
		draw() {
			const t = this.tree, stack = [this.top];
			this.width = this.picture.clientWidth;
			if (!this.width || !t)
				return;
			const scale = this.scale();
			this.rows = [];
			this.deeper = 0;
			for (let i = t.parent[this.top]; i >= 0; i = t.parent[i])
				this.rows[t.depth[i]] = [i];
			this.drawn = 0;
			while (stack.length) {
				const i = stack.pop(), depth = t.depth[i];
				if (depth >= ROWS_MOST) {
					this.deeper++;
					continue;
				}
				(this.rows[depth] ||= []).push(i);
				this.drawn++;
				const kids = t.kids[i];
				if (!kids)
					continue;
				let n = 0;
				while (n < kids.length && t.weight[kids[n]] * scale >= LEAST)
					n++;
				while (n > 0)
					stack.push(kids[--n]);
			}
			this.root.dataset.drawn = this.drawn;
			this.root.dataset.rows = this.rows.length;
			this.paint();
		}

		paint() {
			if (!this.rows)
				return;
			const height = this.rows.length * ROW;
			const ratio = Math.min(window.devicePixelRatio || 1, 16000 / height, 16000 / this.width);
			const ctx = this.canvas.getContext('2d');
			this.canvas.width = Math.round(this.width * ratio);
			this.canvas.height = Math.round(height * ratio);
			this.canvas.style.height = height + 'px';
			ctx.scale(ratio, ratio);
			ctx.font = this.colour.font;
			ctx.textBaseline = 'middle';
			this.letter = ctx.measureText('M').width;
			for (const row of this.rows)
				for (const i of row)
					this.rectangle(ctx, i);
			if (this.focused)
				this.ring(ctx);
		}

		span(i) {
			if (i !== this.top && this.above(i))
				return [0, this.width];
			const scale = this.scale(), t = this.tree;
			return [(t.left[i] - t.left[this.top]) * scale, t.weight[i] * scale];
		}

		rectangle(ctx, i) {
			const [x, width] = this.tree.depth[i] < this.tree.depth[this.top] ? [0, this.width] : this.span(i);
			const y = this.tree.depth[i] * ROW, hit = this.hits && this.hits[i];
			ctx.globalAlpha = this.hits && !hit ? 0.45 : i !== this.top && this.tree.depth[i] < this.tree.depth[this.top] ? 0.6 : 1;
			ctx.fillStyle = this.fill(i);
			ctx.fillRect(x, y, width > 3 ? width - 1 : width, ROW - 1);
			const letters = Math.floor((width - 8) / this.letter);
			if (letters < 3)
				return;
			const text = this.label(i);
			ctx.globalAlpha = this.hits && !hit ? 0.7 : 1;
			ctx.fillStyle = hit ? this.colour.matchInk : this.colour.ink;
			ctx.fillText(text.length > letters ? text.slice(0, letters - 1) + '\u2026' : text, x + 4, y + ROW / 2);
			ctx.globalAlpha = 1;
		}

		ring(ctx) {
			const [x, width] = this.span(this.at);
			ctx.globalAlpha = 1;
			ctx.lineWidth = 2;
			ctx.strokeStyle = this.colour.focus;
			ctx.strokeRect(x + 1, this.tree.depth[this.at] * ROW + 1, Math.max(width - 3, 2), ROW - 3);
		}

		/* The frame below the pointer, -1: none. */
		under(e) {
			const box = this.canvas.getBoundingClientRect();
			const x = e.clientX - box.left, row = this.rows && this.rows[Math.floor((e.clientY - box.top) / ROW)];
			if (!row)
				return -1;
			let low = 0, high = row.length - 1;
			while (low < high) {
				const middle = (low + high + 1) >> 1;
				if (this.span(row[middle])[0] <= x)
					low = middle;
				else
					high = middle - 1;
			}
			const [left, width] = this.span(row[low]);
			return x >= left && x < left + Math.max(width, 1) ? row[low] : -1;
		}

		shown(i) {
			return this.tree.weight[i] * this.scale() >= LEAST || this.above(i);
		}
		above(i) {
			for (let k = this.top; k >= 0; k = this.tree.parent[k])
				if (k === i)
					return true;
			return false;
		}
		scale() { return this.tree.weight[this.top] ? this.width / this.tree.weight[this.top] : 0; }
	};
})();
