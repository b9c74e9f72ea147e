/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "child.h"

#include "net.h"
#include "wide.h"

#include <windows.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define TIMEOUT_S 60u
#define GRACE_MS  2000u /* from Ctrl-Break to the end */
#define TICK_MS	  10
#define LINE_MAX_ 32767 /* of a command, by Windows */
#define CRASHED	  0xC0000000u

/* A running program; to and from are our ends of its standard input and output, NULL once closed. */
struct run {
	const char *program;
	HANDLE process, job, to, from;
	OVERLAPPED writing; /* of the whole input */
	struct blob *output;
};

static void close_handle(HANDLE *handle)
{
	if (*handle != NULL && *handle != INVALID_HANDLE_VALUE)
		CloseHandle(*handle);
	*handle = NULL;
}

static enum trustx_err fail_last(struct fail *f, enum trustx_err err, const char *what)
{
	char why[200];

	wide_error_text(why, sizeof(why), GetLastError());
	return fail_set(f, err, "%s: %s", what, why);
}

/* ---- the command line ---- */

struct text {
	wchar_t at[LINE_MAX_];
	size_t len;
	bool cut;
};

static void put(struct text *t, wchar_t c)
{
	if (t->len + 1 < LINE_MAX_)
		t->at[t->len++] = c;
	else
		t->cut = true;
	t->at[t->len] = L'\0';
}

/* As CommandLineToArgvW takes it apart: backslashes count only in front of a quote. */
static void put_quoted(struct text *t, const wchar_t *word)
{
	size_t slashes = 0;

	if (t->len > 0)
		put(t, L' ');
	put(t, L'"');
	for (; *word != L'\0'; word++) {
		for (size_t i = 0; *word == L'"' && i <= slashes; i++)
			put(t, L'\\');
		slashes = *word == L'\\' ? slashes + 1 : 0;
		put(t, *word);
	}
	for (; slashes > 0; slashes--)
		put(t, L'\\');
	put(t, L'"');
}

static enum trustx_err put_arguments(struct text *t, const char *const *argv, struct fail *f)
{
	for (; *argv != NULL; argv++) {
		wchar_t *wide = wide_from(*argv);

		if (wide == NULL)
			return fail_errno(f, TRUSTX_ERR_INPUT, "an argument of the program");
		put_quoted(t, wide);
		free(wide);
	}
	return t->cut ? fail_set(f, TRUSTX_ERR_INPUT, "the arguments of the program are too long")
		      : TRUSTX_OK;
}

/* ---- the program ---- */

static bool is_file(const wchar_t *path)
{
	const DWORD attributes = GetFileAttributesW(path);

	return attributes != INVALID_FILE_ATTRIBUTES &&
	       (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

/* folder\name, or the same with an ending that programs have; folder "": name alone. */
static bool find_in(struct text *out, const wchar_t *folder, size_t len, const wchar_t *name)
{
	static const wchar_t *const endings[] = { L"", L".exe", L".com", L".cmd", L".bat" };
	/* Without an ending of its own, a name is that of a script for another system. */
	const bool bare = wcschr(name, L'.') == NULL;

	for (size_t i = bare ? 1 : 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		out->len = 0;
		for (size_t n = 0; n < len; n++)
			put(out, folder[n]);
		if (len > 0)
			put(out, L'\\');
		for (const wchar_t *at = name; *at != L'\0'; at++)
			put(out, *at);
		for (const wchar_t *at = endings[i]; *at != L'\0'; at++)
			put(out, *at);
		if (!out->cut && is_file(out->at))
			return true;
	}
	return false;
}

/* On PATH and nowhere else: Windows would look into the folder we are in, too. */
static bool find_on_path(struct text *out, const wchar_t *name)
{
	wchar_t *path = calloc(LINE_MAX_, sizeof(*path));
	bool found = false;

	if (path != NULL)
		GetEnvironmentVariableW(L"PATH", path, LINE_MAX_);
	for (const wchar_t *at = path; at != NULL && !found && *at != L'\0';) {
		const size_t len = wcscspn(at, L";");

		found = len > 0 && find_in(out, at, len, name);
		at += len + (at[len] == L';');
	}
	free(path);
	return found;
}

static bool has_ending(const wchar_t *path, const wchar_t *ending)
{
	const size_t len = wcslen(path), n = wcslen(ending);

	return len > n && _wcsicmp(path + len - n, ending) == 0;
}

/* cmd.exe, which runs them, takes some characters of an argument for its own. */
static enum trustx_err check_batch(const wchar_t *path, const char *const *argv, struct fail *f)
{
	if (!has_ending(path, L".bat") && !has_ending(path, L".cmd"))
		return TRUSTX_OK;
	for (const char *const *word = argv + 1; *word != NULL; word++)
		if (strpbrk(*word, "\"%!^&|<>()\r\n") != NULL) {
			fail_set(f, TRUSTX_ERR_ISSUER,
				"%s is a batch file, which gets no argument with one of "
				"\" %% ! ^ & | < > ( )",
				argv[0]);
			return fail_next(f, "name a program, .exe");
		}
	return TRUSTX_OK;
}

static enum trustx_err not_found(const char *program, struct fail *f)
{
	fail_set(
		f, TRUSTX_ERR_ISSUER, "%s could not be started: there is no such program", program);
	return fail_next(f, "give the path of a program, or the name of one on PATH");
}

static enum trustx_err find_program(struct text *out, const char *const *argv, struct fail *f)
{
	wchar_t *name = wide_path(argv[0]);
	bool found;

	if (name == NULL)
		return fail_errno(f, TRUSTX_ERR_ISSUER, "%s could not be started", argv[0]);
	found = wcspbrk(name, L"\\/:") != NULL ? find_in(out, L"", 0, name)
					       : find_on_path(out, name);
	free(name);
	return found ? check_batch(out->at, argv, f) : not_found(argv[0], f);
}

/* ---- its environment ---- */

static bool is_replaced(const wchar_t *variable, const wchar_t *ours)
{
	for (; *ours != L'\0'; ours += wcslen(ours) + 1) {
		const size_t name = wcscspn(ours, L"=") + 1;

		if (_wcsnicmp(variable, ours, name) == 0)
			return true;
	}
	return false;
}

static size_t block_len(const wchar_t *block)
{
	size_t n = 0;

	while (block[n] != L'\0')
		n += wcslen(block + n) + 1;
	return n;
}

/* Our variables as a block of Windows; NULL: no memory, or no UTF-8. */
static wchar_t *make_block(const char *const *ours)
{
	size_t size = 1, n = 0;
	wchar_t *block;

	for (size_t i = 0; ours != NULL && ours[i] != NULL; i++)
		size += strlen(ours[i]) + 1;
	if ((block = calloc(size + 1, sizeof(*block))) == NULL)
		return NULL;
	for (size_t i = 0; ours != NULL && ours[i] != NULL; i++) {
		wchar_t *wide = wide_from(ours[i]);

		if (wide == NULL) {
			free(block);
			return NULL;
		}
		wcscpy(block + n, wide);
		n += wcslen(wide) + 1;
		free(wide);
	}
	return block;
}

/* The environment of this process with our variables instead of inherited ones. */
static wchar_t *make_environment(const char *const *variables)
{
	wchar_t *ours = make_block(variables), *all = GetEnvironmentStringsW(), *env = NULL;
	size_t n = 0;

	if (ours != NULL && all != NULL)
		env = calloc(block_len(ours) + block_len(all) + 2, sizeof(*env));
	if (env != NULL) {
		for (const wchar_t *at = all; *at != L'\0'; at += wcslen(at) + 1) {
			if (is_replaced(at, ours))
				continue;
			wcscpy(env + n, at);
			n += wcslen(at) + 1;
		}
		memcpy(env + n, ours, (block_len(ours) + 1) * sizeof(*env));
	}
	if (all != NULL)
		FreeEnvironmentStringsW(all);
	free(ours);
	return env;
}

/* ---- start ---- */

/* Our end of its input is one of a named pipe: only those can be written to without waiting. */
static bool make_input(HANDLE *ours, HANDLE *theirs)
{
	SECURITY_ATTRIBUTES inherited = { .nLength = sizeof(inherited), .bInheritHandle = TRUE };
	wchar_t name[80];
	LARGE_INTEGER count;

	QueryPerformanceCounter(&count);
	_snwprintf(name, 80, L"\\\\.\\pipe\\trustx-%lu-%llx", GetCurrentProcessId(),
		(unsigned long long)count.QuadPart);
	*ours = CreateNamedPipeW(name,
		PIPE_ACCESS_OUTBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
		PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, 4096, 4096, 0, NULL);
	if (*ours == INVALID_HANDLE_VALUE)
		return false;
	*theirs = CreateFileW(name, GENERIC_READ, 0, &inherited, OPEN_EXISTING, 0, NULL);
	return *theirs != INVALID_HANDLE_VALUE;
}

static bool make_output(HANDLE *ours, HANDLE *theirs)
{
	SECURITY_ATTRIBUTES inherited = { .nLength = sizeof(inherited), .bInheritHandle = TRUE };

	return CreatePipe(ours, theirs, &inherited, 0) &&
	       SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0);
}

/* What it starts belongs to the job, too, and ends with it. */
static HANDLE make_job(void)
{
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
	HANDLE job = CreateJobObjectW(NULL, NULL);

	memset(&limits, 0, sizeof(limits));
	limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
	if (job != NULL)
		SetInformationJobObject(
			job, JobObjectExtendedLimitInformation, &limits, sizeof(limits));
	return job;
}

/* Of our handles it gets these three only. */
static BOOL create(PROCESS_INFORMATION *info, const wchar_t *path, wchar_t *line, wchar_t *env,
	HANDLE theirs[static 3])
{
	const DWORD flags = CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT |
			    CREATE_NEW_PROCESS_GROUP | CREATE_SUSPENDED;
	STARTUPINFOEXW si = { .StartupInfo = {
				      .cb = sizeof(si), .dwFlags = STARTF_USESTDHANDLES } };
	const size_t count = theirs[2] != NULL ? 3 : 2;
	SIZE_T size = 0;
	BOOL ok = FALSE;

	si.StartupInfo.hStdInput = theirs[0];
	si.StartupInfo.hStdOutput = theirs[1];
	si.StartupInfo.hStdError = theirs[2];
	InitializeProcThreadAttributeList(NULL, 1, 0, &size);
	if ((si.lpAttributeList = malloc(size)) == NULL)
		return FALSE;
	if (InitializeProcThreadAttributeList(si.lpAttributeList, 1, 0, &size)) {
		ok = UpdateProcThreadAttribute(si.lpAttributeList, 0,
			     PROC_THREAD_ATTRIBUTE_HANDLE_LIST, theirs, count * sizeof(*theirs),
			     NULL, NULL) &&
		     CreateProcessW(
			     path, line, NULL, NULL, TRUE, flags, env, NULL, &si.StartupInfo, info);
		DeleteProcThreadAttributeList(si.lpAttributeList);
	}
	free(si.lpAttributeList);
	return ok;
}

static enum trustx_err not_started(const char *program, struct fail *f)
{
	const DWORD last = GetLastError();
	char why[200];

	wide_error_text(why, sizeof(why), last);
	fail_set(f, TRUSTX_ERR_ISSUER, "%s could not be started: %s", program, why);
	if (last == ERROR_BAD_EXE_FORMAT)
		return fail_next(
			f, "a script needs a batch file, .cmd, that calls its interpreter");
	return f->err;
}

/* A copy of our standard error that can be inherited; NULL: it has none. */
static HANDLE their_errors(void)
{
	const HANDLE ours = GetStdHandle(STD_ERROR_HANDLE), self = GetCurrentProcess();
	HANDLE copy;

	if (ours == NULL || ours == INVALID_HANDLE_VALUE ||
		!DuplicateHandle(self, ours, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS))
		return NULL;
	return copy;
}

static enum trustx_err spawn(
	struct run *r, const struct child *child, HANDLE theirs[static 3], struct fail *f)
{
	struct text *path = calloc(1, sizeof(*path)), *line = calloc(1, sizeof(*line));
	wchar_t *env = make_environment(child->env);
	PROCESS_INFORMATION info;
	enum trustx_err err;

	if (path == NULL || line == NULL || env == NULL) {
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	if ((err = find_program(path, child->argv, f)) != TRUSTX_OK ||
		(err = put_arguments(line, child->argv, f)) != TRUSTX_OK)
		goto out;
	if (!create(&info, path->at, line->at, env, theirs)) {
		err = not_started(r->program, f);
		goto out;
	}
	r->process = info.hProcess;
	if (r->job != NULL)
		AssignProcessToJobObject(r->job, r->process);
	ResumeThread(info.hThread);
	CloseHandle(info.hThread);

	err = TRUSTX_OK;
out:
	free(path);
	free(line);
	free(env);
	return err;
}

static enum trustx_err start(struct run *r, const struct child *child, struct fail *f)
{
	HANDLE theirs[3] = { NULL, NULL, their_errors() };
	enum trustx_err err;

	r->job = make_job();
	r->writing.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (r->writing.hEvent == NULL || !make_input(&r->to, &theirs[0]) ||
		!make_output(&r->from, &theirs[1]))
		err = fail_last(f, TRUSTX_ERR_FILE, "cannot make a pipe");
	else
		err = spawn(r, child, theirs, f);
	for (size_t i = 0; i < 3; i++)
		close_handle(&theirs[i]);
	return err;
}

/* ---- talk ---- */

/* It is over with it when this returns, since Windows reads our memory until then. */
static void end_input(struct run *r)
{
	DWORD n;

	if (r->to == NULL)
		return;
	if (CancelIo(r->to))
		GetOverlappedResult(r->to, &r->writing, &n, TRUE);
	close_handle(&r->to);
}

/* A program that does not want its input is judged by its output. */
static void begin_input(struct run *r, const char *input)
{
	const size_t len = input != NULL ? strlen(input) : 0;

	if (len == 0 || (!WriteFile(r->to, input, (DWORD)len, NULL, &r->writing) &&
				GetLastError() != ERROR_IO_PENDING))
		close_handle(&r->to);
}

static void look_after_input(struct run *r)
{
	DWORD n;

	if (r->to != NULL && (GetOverlappedResult(r->to, &r->writing, &n, FALSE) ||
				     GetLastError() != ERROR_IO_INCOMPLETE))
		close_handle(&r->to);
}

/* Take what has arrived; from is closed at its end. */
static enum trustx_err drain(struct run *r, struct fail *f)
{
	char part[4096];
	enum trustx_err err;
	DWORD there, n;

	while (r->from != NULL) {
		if (!PeekNamedPipe(r->from, NULL, 0, NULL, &there, NULL)) {
			close_handle(&r->from);
			break;
		}
		if (there == 0)
			return TRUSTX_OK;
		if (!ReadFile(r->from, part, sizeof(part), &n, NULL))
			return fail_last(f, TRUSTX_ERR_FILE, "cannot read from the program");
		if ((err = blob_add(r->output, part, n)) != TRUSTX_OK)
			return fail_set(
				f, err, "%s wrote more than %zu bytes", r->program, r->output->max);
	}
	return TRUSTX_OK;
}

/*
 * Until it has ended, not until its output has: a process it left behind may hold that open.
 * Output that it wrote before it ended is in the pipe by then.
 */
static enum trustx_err talk(struct run *r, const struct child *child, struct fail *f)
{
	unsigned timeout_s = child->timeout_s != 0 ? child->timeout_s : TIMEOUT_S;
	uint64_t deadline = net_now_ns() + timeout_s * UINT64_C(1000000000);
	enum trustx_err err;

	begin_input(r, child->input);
	while (WaitForSingleObject(r->process, TICK_MS) == WAIT_TIMEOUT) {
		if (child->stop != NULL && child->stop())
			return fail_set(f, TRUSTX_ERR_INTERRUPTED,
				"%s was ended before it answered", r->program);
		if (net_now_ns() >= deadline)
			return fail_set(f, TRUSTX_ERR_ISSUER, "%s gave no answer within %u s",
				r->program, timeout_s);
		look_after_input(r);
		if ((err = drain(r, f)) != TRUSTX_OK)
			return err;
	}
	return drain(r, f);
}

/* ---- end ---- */

static void stop(const struct run *r)
{
	if (GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, GetProcessId(r->process)))
		WaitForSingleObject(r->process, GRACE_MS);
	if (r->job == NULL || !TerminateJobObject(r->job, 1))
		TerminateProcess(r->process, 1);
	WaitForSingleObject(r->process, GRACE_MS);
}

static enum trustx_err collect(const struct run *r, struct fail *f)
{
	DWORD status;

	if (!GetExitCodeProcess(r->process, &status))
		return fail_last(f, TRUSTX_ERR_ISSUER, "how the program ended is unknown");
	if (status == 0)
		return TRUSTX_OK;
	if (status >= CRASHED)
		return fail_set(f, TRUSTX_ERR_ISSUER, "%s crashed, 0x%08lx", r->program, status);
	return fail_set(f, TRUSTX_ERR_ISSUER, "%s ended with exit status %lu", r->program, status);
}

enum trustx_err child_run(struct blob *output, const struct child *child, struct fail *f)
{
	struct run r = { .program = child->argv[0], .output = output };
	enum trustx_err err;

	if ((err = start(&r, child, f)) != TRUSTX_OK)
		goto out;
	if ((err = talk(&r, child, f)) != TRUSTX_OK) {
		stop(&r);
		goto out;
	}
	if ((err = collect(&r, f)) != TRUSTX_OK) {
		if (r.job != NULL)
			TerminateJobObject(r.job, 1);
		goto out;
	}

	err = TRUSTX_OK;
out:
	end_input(&r);
	close_handle(&r.from);
	close_handle(&r.writing.hEvent);
	close_handle(&r.process);
	close_handle(&r.job);
	return err;
}

/* Behind the backslashes at text; in front of a quote, two of them are one. */
static const char *take_slashes(char **to, const char *text, bool *literal)
{
	const size_t count = strspn(text, "\\");
	const bool quote = text[count] == '"';

	for (size_t i = quote ? count / 2 : count; i > 0; i--)
		*(*to)++ = '\\';
	*literal = quote && count % 2 == 1;
	return text + count;
}

bool child_split(char *command, const char **words, size_t max)
{
	const char *at = command;
	char *to = command;
	bool quoted = false, literal;
	size_t n = 0;

	for (;;) {
		at += strspn(at, " \t");
		if (*at == '\0')
			break;
		if (n == max - 1)
			return false;
		words[n++] = to;
		for (; *at != '\0' && (quoted || (*at != ' ' && *at != '\t')); at++) {
			at = take_slashes(&to, at, &literal);
			if (*at == '\0' || (!quoted && !literal && (*at == ' ' || *at == '\t')))
				break;
			if (*at == '"' && !literal)
				quoted = !quoted;
			else
				*to++ = *at;
		}
		at += *at != '\0';
		*to++ = '\0';
	}
	words[n] = NULL;
	return !quoted && n > 0;
}
