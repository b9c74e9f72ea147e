/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A program of Windows without a console, as a service starts it: standard handles are missing. */
#include "test.h"

#include <windows.h>

#include <stdbool.h>

#define SAID	 "said.txt"
#define SAID_MAX 1000

enum missing { MISSING_IN = 1, MISSING_OUT = 2, MISSING_ERR = 4, MISSING_ALL = 7 };

static HANDLE open_for_child(const char *path, DWORD access, DWORD how)
{
	SECURITY_ATTRIBUTES inherited = { .nLength = sizeof(inherited), .bInheritHandle = TRUE };
	HANDLE file = CreateFileA(
		path, access, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, how, 0, NULL);

	CHECK(file != INVALID_HANDLE_VALUE);
	return file;
}

/* The exit code of trustx with these arguments; what it says on standard error is in SAID. */
static DWORD trustx(unsigned missing, const char *arguments)
{
	HANDLE nul = open_for_child("NUL", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING);
	HANDLE said = open_for_child(SAID, GENERIC_WRITE, CREATE_ALWAYS);
	STARTUPINFOA start = { .cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES };
	PROCESS_INFORMATION process;
	DWORD code;
	char command[500];

	snprintf(command, sizeof(command), "\"%s\" %s", TRUSTX_PROGRAM, arguments);
	start.hStdInput = (missing & MISSING_IN) != 0 ? NULL : nul;
	start.hStdOutput = (missing & MISSING_OUT) != 0 ? NULL : nul;
	start.hStdError = (missing & MISSING_ERR) != 0 ? NULL : said;
	CHECK(CreateProcessA(
		NULL, command, NULL, NULL, TRUE, DETACHED_PROCESS, NULL, NULL, &start, &process));
	CHECK(WaitForSingleObject(process.hProcess, 60000) == WAIT_OBJECT_0);
	CHECK(GetExitCodeProcess(process.hProcess, &code));
	CloseHandle(process.hThread);
	CloseHandle(process.hProcess);
	CloseHandle(said);
	CloseHandle(nul);
	return code;
}

static void check_said(const char *words)
{
	char text[SAID_MAX] = "";
	FILE *file = fopen(SAID, "rb");

	CHECK(file != NULL);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	if (strstr(text, words) == NULL)
		test_die(text, 0, words);
}

static long size_of(const char *path)
{
	FILE *file = fopen(path, "rb");
	long size;

	if (file == NULL)
		return -1;
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	fclose(file);
	return size;
}

static void what_needs_no_handle_works_without_any(void)
{
	remove("out.hex");
	CHECK_INT(trustx(MISSING_ALL, "-d sim:chip random 4 -o out.hex"), 0);
	CHECK(size_of("out.hex") > 0);
}

static void a_result_that_nobody_gets_is_an_error(void)
{
	CHECK_INT(trustx(MISSING_OUT, "-d sim:chip random 4"), 1);
	check_said("cannot write standard output: it is closed");
	CHECK_INT(trustx(MISSING_ALL, "-d sim:chip random 4"), 1);
}

static void standard_input_that_is_missing_is_said(void)
{
	CHECK_INT(trustx(MISSING_IN, "-d sim:chip csr create -i -"), 1);
	check_said("cannot read standard input: it is closed");
}

static void a_passphrase_cannot_be_asked_for(void)
{
	CHECK_INT(trustx(MISSING_IN | MISSING_OUT, "ca init locked --encrypt"), 2);
	check_said("a passphrase is needed and there is no terminal");
	check_said("--passphrase-file");
}

int main(void)
{
	RUN(what_needs_no_handle_works_without_any);
	RUN(a_result_that_nobody_gets_is_an_error);
	RUN(standard_input_that_is_missing_is_said);
	RUN(a_passphrase_cannot_be_asked_for);
	return 0;
}
