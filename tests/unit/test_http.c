/* http: a server of one answer per connection, in a child process on this machine. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "github/http.h"
#include "tempdir.h"

struct server {
	pid_t pid;
	int port;
	char url[64];
};

static int listen_here(int *ret_port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

/* Reads a request to the end of its head, and of the small body that its length tells. */
static void read_request(int fd, struct gb_buf *out)
{
	char block[4096];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) > 0) {
		const char *end, *length;
		size_t want;

		gb_buf_add(out, block, (size_t)n);
		end = strstr(out->data, "\r\n\r\n");
		if (!end)
			continue;
		length = strstr(out->data, "Content-Length: ");
		want = length ? strtoul(length + 16, NULL, 10) : 0;
		if (out->len >= (size_t)(end + 4 - out->data) + want)
			return;
	}
}

/* Answers with answers[0], [1], ..., the last again and again; requests go to the file "asked".
 * An answer of "" closes, one of "stall" says nothing. */
static void serve(int fd, const char *const *answers)
{
	for (;;) {
		_buf_ struct gb_buf asked = GB_BUF_INIT(GB_MIB);
		int c = accept(fd, NULL, NULL);

		read_request(c, &asked);
		(void)gb_fs_write("asked", asked.data, asked.len, NULL);
		if (strcmp(*answers, "stall") == 0)
			pause();
		(void)gb_fd_write_all(c, *answers, strlen(*answers));
		close(c);
		answers += answers[1] != NULL;
	}
}

static struct server start(const char *const *answers)
{
	struct server s;
	int fd = listen_here(&s.port);

	(void)snprintf(s.url, sizeof(s.url), "http://127.0.0.1:%d", s.port);
	s.pid = fork();
	assert_true(s.pid >= 0);
	if (s.pid == 0) {
		(void)signal(SIGPIPE, SIG_IGN);
		serve(fd, answers);
		_exit(0);
	}
	close(fd);
	return s;
}

static void stop(const struct server *s)
{
	kill(s->pid, SIGKILL);
	assert_int_equal(waitpid(s->pid, NULL, 0), s->pid);
}

struct asked {
	int rc, status;
	struct gb_err err;
	struct gb_http_response r;
};

/* One request to a server that answers so. */
static struct asked ask(const char *method, const char *body, int64_t timeout_ms,
			const char *const *answers)
{
	struct server s = start(answers);
	_free_ char *url = gb_asprintf("%s/x", s.url);
	const struct gb_http_options o = { .base = s.url,
					   .token = "sesame",
					   .timeout_ms = timeout_ms };
	const struct gb_http_request q = { .method = method, .url = url, .body = body };
	struct asked a = { .err = GB_ERR_INIT, .r = GB_HTTP_RESPONSE_INIT };
	struct gb_http *h = NULL;

	assert_int_equal(gb_http_open(&o, &h, &a.err), 0);
	a.rc = gb_http_send(h, &q, &a.r, &a.err);
	a.status = a.r.status;
	gb_http_close(h);
	stop(&s);
	return a;
}

static bool was_asked(const char *text)
{
	_buf_ struct gb_buf asked = GB_BUF_INIT(GB_MIB);

	return gb_fs_read("asked", &asked, NULL) == 0 && strstr(asked.data, text);
}

static void test_an_answer(void **state)
{
	static const char *const answers[] = { "HTTP/1.1 201 Created\r\nX-A: 1 \r\nx-a:  two\r\n"
					       "Content-Length: 5\r\n\r\nhello",
					       NULL };
	struct asked a = ask("POST", "{\"a\":1}", 0, answers);

	(void)state;
	assert_int_equal(a.rc, 0);
	assert_int_equal(a.status, 201);
	assert_string_equal(a.r.body.data, "hello");
	assert_string_equal(gb_http_header(&a.r, "X-a"), "two");
	assert_null(gb_http_header(&a.r, "none"));
	assert_true(was_asked("POST /x HTTP/1.1\r\n"));
	assert_true(was_asked("Authorization: Bearer sesame\r\n"));
	assert_true(was_asked("User-Agent: gobudget/"));
	assert_true(was_asked("X-GitHub-Api-Version: 2022-11-28\r\n"));
	assert_true(was_asked("Accept: application/vnd.github+json\r\n"));
	assert_true(was_asked("\r\n\r\n{\"a\":1}"));
	assert_false(was_asked("Expect:"));
	gb_http_response_release(&a.r);
}

static void test_interim_answers_do_not_count(void **state)
{
	static const char *const answers[] = { "HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\n"
					       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
					       NULL };
	struct asked a = ask("GET", NULL, 0, answers);

	(void)state;
	assert_int_equal(a.rc, 0);
	assert_int_equal(a.status, 200);
	assert_null(gb_http_header(&a.r, "x-a"));
	gb_http_response_release(&a.r);
}

static void test_redirects_keep_method_and_body(void **state)
{
	static const char *const codes[] = { "301", "302", "307", "308" };

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		_free_ char *first = gb_asprintf("HTTP/1.1 %s Moved\r\nLocation: /y?z\r\n"
						 "Content-Length: 0\r\nConnection: close\r\n\r\n",
						 codes[i]);
		const char *answers[] = { first, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
					  NULL };
		struct asked a = ask("PATCH", "{}", 0, answers);

		assert_int_equal(a.rc, 0);
		assert_int_equal(a.status, 200);
		assert_true(was_asked("PATCH /y?z HTTP"));
		assert_true(was_asked("\r\n\r\n{}"));
		gb_http_response_release(&a.r);
	}
}

static void test_another_origin_is_never_asked(void **state)
{
	static const char *const wheres[] = {
		"http://127.0.0.1:1/y",	    "https://127.0.0.1/y",
		"//evil.example/y",	    "http://127.0.0.2:1/y",
		"http://u:p@127.0.0.1:1/y", "file:///etc/passwd",
		"http://localhost:1/y",	    "http://127.0.0.1:1@evil.example/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wheres) / sizeof(wheres[0]); i++) {
		_free_ char *answer = gb_asprintf(
			"HTTP/1.1 307 Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
			wheres[i]);
		const char *answers[] = { answer, NULL };
		struct asked a = ask("GET", NULL, 0, answers);

		if (a.rc != GB_EUSAGE)
			fail_msg("%s: %d %s", wheres[i], a.rc, a.err.line);
		gb_http_response_release(&a.r);
	}
}

static void test_a_loop_ends(void **state)
{
	static const char *const answers[] = { "HTTP/1.1 307 Moved\r\nLocation: /x\r\n"
					       "Content-Length: 0\r\nConnection: close\r\n\r\n",
					       NULL };
	struct asked a = ask("GET", NULL, 0, answers);

	(void)state;
	assert_int_equal(a.rc, GB_ELIMIT);
	gb_http_response_release(&a.r);
}

static void test_no_whole_answer(void **state)
{
	static const struct {
		const char *answer;
		int64_t timeout_ms;
		int rc;
	} rows[] = {
		{ "", 0, GB_ESYS },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", 0, GB_ESYS },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", 0, GB_ESYS },
		{ "stall", 200, GB_ETIME },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *answers[] = { rows[i].answer, NULL };
		struct asked a = ask("POST", "{}", rows[i].timeout_ms, answers);

		assert_int_equal(a.rc, rows[i].rc);
		assert_false(a.r.unsent);
		gb_http_response_release(&a.r);
	}
}

static void test_nobody_there(void **state)
{
	struct gb_http_response r = GB_HTTP_RESPONSE_INIT;
	struct gb_http *h = NULL;
	int port, fd = listen_here(&port);
	_free_ char *url = gb_asprintf("http://127.0.0.1:%d", port);

	(void)state;
	close(fd);
	assert_int_equal(gb_http_open(&(struct gb_http_options){ .base = url }, &h, NULL), 0);
	assert_int_equal(gb_http_send(h, &(struct gb_http_request){ .method = "POST", .url = url },
				      &r, NULL),
			 GB_ESYS);
	assert_true(r.unsent);
	gb_http_response_release(&r);
	gb_http_close(h);
}

static void test_ceilings(void **state)
{
	_buf_ struct gb_buf many = GB_BUF_INIT(GB_MIB), big = GB_BUF_INIT(2 * GB_MAX_HTTP_BODY);
	struct asked a;

	(void)state;
	gb_buf_adds(&many, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
	for (int i = 0; i < 300; i++)
		gb_buf_addf(&many, "X-%d: 1\r\n", i);
	gb_buf_adds(&many, "\r\n");
	a = ask("GET", NULL, 0, (const char *const[]){ many.data, NULL });
	assert_int_equal(a.rc, GB_ELIMIT);
	gb_http_response_release(&a.r);

	gb_buf_adds(&big, "HTTP/1.1 200 OK\r\n\r\n");
	gb_buf_fill(&big, ' ', GB_MAX_HTTP_BODY + 1);
	a = ask("GET", NULL, 0, (const char *const[]){ big.data, NULL });
	assert_int_equal(a.rc, GB_ELIMIT);
	gb_http_response_release(&a.r);
}

static void test_bases_and_tokens(void **state)
{
	static const struct {
		const char *base, *token;
		int rc;
	} rows[] = {
		{ "https://api.github.com", "ghs_abc", 0 },
		{ "https://git.corp.example:8443/api/v3", NULL, 0 },
		{ "http://[::1]:3000", NULL, 0 },
		{ "http://api.github.com", "x", GB_EUSAGE },
		{ "http://127.0.0.1.evil.example", "x", GB_EUSAGE },
		{ "https://user:pass@api.github.com", "x", GB_EUSAGE },
		{ "ftp://api.github.com", "x", GB_EUSAGE },
		{ "", "x", GB_EUSAGE },
		{ "api.github.com/", "x", GB_EUSAGE },
		{ "https://api.github.com", "a\r\nX-Evil: 1", GB_EUSAGE },
		{ "https://api.github.com", "", GB_EUSAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_http_options o = { .base = rows[i].base, .token = rows[i].token };
		struct gb_http *h = NULL;
		int rc = gb_http_open(&o, &h, NULL);

		if (rc != rows[i].rc)
			fail_msg("%s: %d", rows[i].base, rc);
		if (rc == 0)
			gb_http_close(h);
	}
}

/* Asks a service; what arrived is in the file "asked". */
static struct asked ask_service(const struct gb_http_service *service, size_t max_body,
				const char *const *answers)
{
	struct asked a = { .r = GB_HTTP_RESPONSE_INIT };
	struct server s = start(answers);
	struct gb_http *h = NULL;

	a.rc = gb_http_open(&(struct gb_http_options){ .base = s.url, .service = service }, &h,
			    &a.err);
	if (a.rc >= 0)
		a.rc = gb_http_send(h,
				    &(struct gb_http_request){
					    .method = "GET", .url = s.url, .max_body = max_body },
				    &a.r, &a.err);
	if (h)
		gb_http_close(h);
	stop(&s);
	a.status = a.r.status;
	return a;
}

static void test_a_service_gets_what_is_its(void **state)
{
	static const char *const answers[] = { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
					       NULL };
	static const char *const headers[] = { "Authorization: Bearer sesame", "X-Key: a b", NULL };
	struct asked a;

	(void)state;
	a = ask_service(&(struct gb_http_service){ .headers = headers }, 0, answers);
	assert_int_equal(a.status, 200);
	assert_true(was_asked("\r\nAuthorization: Bearer sesame\r\n"));
	assert_true(was_asked("\r\nX-Key: a b\r\n"));
	assert_false(was_asked("github"));
	gb_http_response_release(&a.r);
	a = ask_service(&(struct gb_http_service){ .user = "me", .password = "a:b" }, 0, answers);
	assert_int_equal(a.status, 200);
	assert_true(was_asked("\r\nAuthorization: Basic bWU6YTpi\r\n"));
	gb_http_response_release(&a.r);
	a = ask_service(&(struct gb_http_service){ .headers = NULL }, 1, answers);
	assert_int_equal(a.rc, GB_ELIMIT);
	gb_http_response_release(&a.r);
}

static void test_headers_and_origins_of_services(void **state)
{
	static const struct {
		const char *base, *header;
		int rc;
	} rows[] = {
		{ "http://service.internal:6060", "X-A: b", 0 },
		{ "https://service.internal", "X-A: b", 0 },
		{ "http://service.internal", "X-A", GB_EUSAGE },
		{ "http://service.internal", ": b", GB_EUSAGE },
		{ "http://service.internal", "X A: b", GB_EUSAGE },
		{ "http://service.internal", "X-A: b\r\nX-B: c", GB_EUSAGE },
		{ "http://service.internal", "X-A: \x1b", GB_EUSAGE },
		{ "http://me:secret@service.internal", "X-A: b", GB_EUSAGE },
		{ "ftp://service.internal", "X-A: b", GB_EUSAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const headers[] = { rows[i].header, NULL };
		const struct gb_http_service s = { .headers = headers };
		struct gb_http *h = NULL;
		int rc = gb_http_open(
			&(struct gb_http_options){ .base = rows[i].base, .service = &s }, &h, NULL);

		if (rc != rows[i].rc)
			fail_msg("%s, %s: %d", rows[i].base, rows[i].header, rc);
		if (rc == 0)
			gb_http_close(h);
	}
}

static void test_words_in_paths(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

	(void)state;
	gb_http_escape(&out, "a-b_c.d~e/f?g&h=i%j k\xc3\xa4");
	assert_string_equal(out.data, "a-b_c.d~e%2Ff%3Fg%26h%3Di%25j%20k%C3%A4");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, tempdir_enter, tempdir_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_answer),
		TEST(test_interim_answers_do_not_count),
		TEST(test_redirects_keep_method_and_body),
		TEST(test_another_origin_is_never_asked),
		TEST(test_a_loop_ends),
		TEST(test_no_whole_answer),
		TEST(test_nobody_there),
		TEST(test_ceilings),
		TEST(test_bases_and_tokens),
		TEST(test_a_service_gets_what_is_its),
		TEST(test_headers_and_origins_of_services),
		TEST(test_words_in_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
