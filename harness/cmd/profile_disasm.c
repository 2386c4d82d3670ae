/* gobudget profile disasm: weights beside what go tool objdump prints.  See profile.h. */
#include "cmd/profile.h"

#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "command.h"
#include "pprof/image.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS (10 * 60 * 1000)

/* What the profile knows about one address of the program's file. */
struct weight {
	uint64_t address;
	int64_t flat, cum;
	int32_t line; /* the innermost */
};

struct instruction {
	uint64_t address;
	size_t text; /* "big.go:12\tMOVQ AX, BX", an offset into the routine's text */
	int64_t flat, cum;
};

struct disasm {
	struct gb_buf *out;
	struct gb_jsonw w;
	struct gb_values v;
	struct weight *weights; /* by address */
	size_t n_weights;
	/* the routine that is being read */
	struct gb_buf name, text, line;
	struct instruction *list;
	size_t n, cap;
	size_t shown, fits, differs; /* routines; weights whose line objdump knows or not */
	struct gb_err *err;
};

static int by_address(const void *pa, const void *pb)
{
	const struct weight *a = pa, *b = pb;

	return (a->address > b->address) - (a->address < b->address);
}

static void add(int64_t *to, int64_t v)
{
	*to = (int64_t)((uint64_t)*to + (uint64_t)v);
}

/* Sums are by node, and nodes of one address may differ in name: they are one here. */
static int weigh(const struct gb_profile *p, const struct gb_tally *t, uint64_t slide,
		 struct disasm *d, struct gb_err *err)
{
	struct gb_cut cut = { .all = true };
	_free_ struct gb_row *rows = NULL;
	size_t n, dropped, nodes, to = 0;
	int rc = gb_tally_rows(t, &cut, &rows, &n, &dropped, &nodes, err);

	if (rc < 0)
		return rc;
	d->weights = gb_malloc((n + p->n_locations + 1) * sizeof(*d->weights));
	if (!d->weights)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		d->weights[d->n_weights++] = (struct weight){ rows[i].node->address - slide,
							      rows[i].flat, rows[i].cum, 0 };
	for (size_t i = 0; i < p->n_locations; i++)
		d->weights[d->n_weights++] = (struct weight){ p->locations[i].address - slide, 0, 0,
							      p->lines[p->locations[i].line].line };
	qsort(d->weights, d->n_weights, sizeof(*d->weights), by_address);
	for (size_t i = 0; i < d->n_weights; i++) {
		struct weight *w = &d->weights[i];

		if (to && d->weights[to - 1].address == w->address) {
			add(&d->weights[to - 1].flat, w->flat);
			add(&d->weights[to - 1].cum, w->cum);
			if (w->line)
				d->weights[to - 1].line = w->line;
		} else {
			d->weights[to++] = *w;
		}
	}
	d->n_weights = to;
	return 0;
}

static size_t first_from(const struct disasm *d, uint64_t address)
{
	size_t low = 0, high = d->n_weights;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (d->weights[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The line in "big.go:12\t...", to tell another build of the program from this one. */
static void compare_line(struct disasm *d, const struct weight *w, const char *text)
{
	size_t place = strcspn(text, "\t");
	const char *colon = text;

	for (const char *c = text; c < text + place; c++)
		if (*c == ':')
			colon = c;
	if (*colon != ':' || !w->line || !w->cum)
		return;
	if (strtol(colon + 1, NULL, 10) == w->line)
		d->fits++;
	else
		d->differs++;
}

/* An address in the middle of an instruction belongs to it: callers are one before the return. */
static void charge(struct disasm *d, int64_t *flat, int64_t *cum)
{
	for (size_t i = 0; i < d->n; i++) {
		struct instruction *in = &d->list[i];
		uint64_t next = i + 1 < d->n ? d->list[i + 1].address : in->address + 1;

		for (size_t k = first_from(d, in->address);
		     k < d->n_weights && d->weights[k].address < next; k++) {
			add(&in->flat, d->weights[k].flat);
			add(&in->cum, d->weights[k].cum);
			compare_line(d, &d->weights[k], d->text.data + in->text);
		}
		add(flat, in->flat);
		add(cum, in->cum);
	}
}

static void add_text(struct disasm *d, int64_t flat, int64_t cum)
{
	char a[GB_VALUE_SIZE], b[GB_VALUE_SIZE], percent[GB_VALUE_SIZE];

	gb_buf_addc(d->out, '\n');
	gb_text_safe(d->out, d->name.data);
	gb_value_percent(&d->v, percent, cum);
	gb_buf_addf(d->out, "\n%10s %10s (flat, cum) %s of the total\n", gb_value(&d->v, a, flat),
		    gb_value(&d->v, b, cum), percent + strspn(percent, " "));
	for (size_t i = 0; i < d->n; i++) {
		const struct instruction *in = &d->list[i];

		gb_buf_addf(d->out, "%10s %10s %10" PRIx64 ": ",
			    in->flat ? gb_value(&d->v, a, in->flat) : ".",
			    in->cum ? gb_value(&d->v, b, in->cum) : ".", in->address);
		gb_text_safe(d->out, d->text.data + in->text);
		gb_buf_addc(d->out, '\n');
	}
}

static void add_json(struct disasm *d, int64_t flat, int64_t cum)
{
	gb_jsonw_open(&d->w, NULL, '{', false);
	gb_jsonw_string(&d->w, "function", d->name.data);
	gb_jsonw_int(&d->w, "flat", flat);
	gb_jsonw_int(&d->w, "cum", cum);
	gb_jsonw_open(&d->w, "instructions", '[', false);
	for (size_t i = 0; i < d->n; i++) {
		gb_jsonw_open(&d->w, NULL, '{', true);
		gb_jsonw_int(&d->w, "address", (int64_t)d->list[i].address);
		gb_jsonw_int(&d->w, "flat", d->list[i].flat);
		gb_jsonw_int(&d->w, "cum", d->list[i].cum);
		gb_jsonw_string(&d->w, "text", d->text.data + d->list[i].text);
		gb_jsonw_close(&d->w, '}');
	}
	gb_jsonw_close(&d->w, ']');
	gb_jsonw_close(&d->w, '}');
}

/* Routines without weight are not shown: the expression may match many. */
static void end_routine(struct disasm *d)
{
	int64_t flat = 0, cum = 0;

	charge(d, &flat, &cum);
	if (flat || cum) {
		d->shown++;
		if (gb_profile_opt.json)
			add_json(d, flat, cum);
		else
			add_text(d, flat, cum);
	}
	d->n = 0;
	gb_buf_clear(&d->name);
	gb_buf_clear(&d->text);
}

/* "TEXT main.f(SB) /src/main.go" */
static void begin_routine(struct disasm *d, const char *line)
{
	const char *end = strstr(line, "(SB)");

	end_routine(d);
	line += strlen("TEXT ");
	gb_buf_add(&d->name, line, end ? (size_t)(end - line) : strlen(line));
}

/* "  main.go:12\t\t0x4a2b40\t\t493b6610\t\tCMPQ 0x10(R14), SP\t" */
static int add_instruction(struct disasm *d, const char *line)
{
	const char *place = line + strspn(line, " \t"), *hex = strstr(place, "\t0x"), *code, *text;
	size_t len;
	int rc;

	if (!hex)
		return 0;
	hex += strspn(hex, "\t");
	code = hex + strcspn(hex, "\t");
	code += strspn(code, "\t");
	text = code + strcspn(code, "\t");
	text += strspn(text, "\t");
	rc = gb_grow((void **)&d->list, &d->cap, d->n + 1, sizeof(*d->list),
		     GB_MAX_PROFILE_LOCATIONS, d->err);
	if (rc < 0)
		return rc;
	d->list[d->n++] = (struct instruction){ strtoull(hex, NULL, 16), d->text.len, 0, 0 };
	len = strlen(text);
	while (len && (text[len - 1] == '\t' || text[len - 1] == ' '))
		len--;
	gb_buf_add(&d->text, place, strcspn(place, "\t"));
	gb_buf_addc(&d->text, '\t');
	gb_buf_add(&d->text, text, len);
	gb_buf_add(&d->text, "", 1);
	return d->text.failed ? gb_buf_error(&d->text, "a function's instructions", d->err) : 0;
}

static int on_line(void *arg, int stream, const char *line, size_t len)
{
	struct disasm *d = arg;

	(void)stream;
	gb_buf_clear(&d->line);
	gb_buf_add(&d->line, line, len);
	if (strncmp(d->line.data, "TEXT ", 5) == 0) {
		begin_routine(d, d->line.data);
		return d->out->failed ? gb_buf_error(d->out, "output", d->err) : 0;
	}
	return add_instruction(d, d->line.data);
}

static int run_objdump(const char *expression, const char *binary, struct disasm *d,
		       struct gb_err *err)
{
	const char *go = getenv("GOBUDGET_GO") ? getenv("GOBUDGET_GO") : "go";
	const char *const argv[] = { go, "tool", "objdump", "-s", expression, binary, NULL };
	_buf_ struct gb_buf said = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT);
	struct gb_proc proc = { .argv = argv,
				.in = GB_STDIO_NULL,
				.out = GB_STDIO_LINES,
				.err = GB_STDIO_BUF,
				.err_buf = &said,
				.on_line = on_line,
				.arg = d,
				.timeout_ms = TIMEOUT_MS };
	struct gb_proc_result how;
	int rc = gb_proc_run(&proc, &how, err);

	if (rc < 0)
		return rc;
	end_routine(d);
	if (how.status == 0)
		return 0;
	said.data[strcspn(said.data, "\n")] = '\0';
	gb_fail(err, GB_EUSAGE, "go tool objdump refuses %s: %.300s", binary, said.data);
	return gb_hint(err, "gobudget profile disasm REGEXP BINARY FILE");
}

static int check(const struct disasm *d, char **operands, struct gb_err *err)
{
	if (!d->shown) {
		gb_fail(err, GB_EUSAGE, "no function of %s that matches \"%.200s\" has samples",
			operands[1], operands[0]);
		return gb_hint(err, "gobudget profile top --all names functions; is it the program "
				    "the profile was made of?");
	}
	if (d->differs > d->fits)
		return gb_fail(err, GB_EUSAGE,
			       "%s is not the build that %s was made of: %zu of %zu lines differ",
			       operands[1], operands[2], d->differs, d->differs + d->fits);
	return 0;
}

static int disasm(char **operands, const struct gb_profile *p, struct disasm *d, struct gb_err *err)
{
	_tally_ struct gb_tally t = GB_TALLY_INIT;
	uint64_t slide;
	int rc;

	if (!gb_fs_exists(operands[1]))
		return gb_fail(err, GB_EUSAGE, "no program %s", operands[1]);
	if ((rc = gb_image_slide(operands[1], p, &slide, err)) < 0 ||
	    (rc = gb_profile_tally(p, NULL, GB_BY_ADDRESS, &t, err)) < 0 ||
	    (rc = gb_values_of(&t, false, &d->v, err)) < 0 ||
	    (rc = weigh(p, &t, slide, d, err)) < 0)
		return rc;
	if (gb_profile_opt.json) {
		gb_profile_json(&d->w, p, NULL, &t);
		gb_jsonw_open(&d->w, "routines", '[', false);
	} else {
		gb_profile_heading(d->out, &t, &d->v);
	}
	if ((rc = run_objdump(operands[0], operands[1], d, err)) < 0 ||
	    (rc = check(d, operands, err)) < 0)
		return rc;
	if (gb_profile_opt.json) {
		gb_jsonw_close(&d->w, ']');
		gb_jsonw_close(&d->w, '}');
	}
	return gb_command_print(d->out, err);
}

static int disasm_run(char **operands, struct gb_err *err)
{
	_profile_ struct gb_profile *p = NULL;
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct disasm d = { .out = &out,
			    .w = { .out = &out },
			    .name = GB_BUF_INIT(GB_MAX_LINE),
			    .text = GB_BUF_INIT(GB_MAX_REPORT),
			    .line = GB_BUF_INIT(GB_MAX_LINE),
			    .err = err };
	int rc = gb_profile_open(operands[2], &p, err);

	if (rc == 0)
		rc = disasm(operands, p, &d, err);
	gb_buf_release(&d.name);
	gb_buf_release(&d.text);
	gb_buf_release(&d.line);
	free(d.list);
	free(d.weights);
	return rc;
}

const struct gb_view gb_view_disasm = {
	.name = "disasm",
	.args = "REGEXP BINARY FILE",
	.summary = "instructions, beside go tool objdump",
	.opts = "sample focus ignore unit json",
	.operands = 3,
	.run = disasm_run,
};
