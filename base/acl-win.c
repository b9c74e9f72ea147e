/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "acl.h"

#include "wide.h"

#include <aclapi.h>
#include <sddl.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define SDDL_MAX 256

/* Enough to see or to change what is in a file or folder. */
#define USES                                                                             \
	(FILE_READ_DATA | FILE_WRITE_DATA | FILE_APPEND_DATA | WRITE_DAC | WRITE_OWNER | \
		GENERIC_READ | GENERIC_WRITE | GENERIC_ALL)

/* Of the user that this process runs as; freed by the caller. NULL and errno. */
static TOKEN_USER *this_user(void)
{
	TOKEN_USER *user = NULL;
	DWORD size = 0;
	HANDLE token;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
		wide_errno();
		return NULL;
	}
	GetTokenInformation(token, TokenUser, NULL, 0, &size);
	if (size == 0 || (user = malloc(size)) == NULL)
		errno = ENOMEM;
	else if (!GetTokenInformation(token, TokenUser, user, size, &size)) {
		wide_errno();
		free(user);
		user = NULL;
	}
	CloseHandle(token);
	return user;
}

/* A list of its own, without what the folder around it says. */
static int describe_private(wchar_t out[static SDDL_MAX])
{
	TOKEN_USER *user = this_user();
	wchar_t *sid;
	int rc = -1;

	if (user == NULL)
		return -1;
	if (!ConvertSidToStringSidW(user->User.Sid, &sid))
		wide_errno();
	else {
		_snwprintf(out, SDDL_MAX, L"D:P(A;OICI;FA;;;%ls)", sid);
		out[SDDL_MAX - 1] = L'\0';
		LocalFree(sid);
		rc = 0;
	}
	free(user);
	return rc;
}

static PSECURITY_DESCRIPTOR parse(const wchar_t *text)
{
	PSECURITY_DESCRIPTOR descriptor;

	if (ConvertStringSecurityDescriptorToSecurityDescriptorW(
		    text, SDDL_REVISION_1, &descriptor, NULL))
		return descriptor;
	wide_errno();
	return NULL;
}

int acl_begin(SECURITY_ATTRIBUTES *security, enum acl_kind kind)
{
	wchar_t text[SDDL_MAX] = L"D:P(A;OICI;FA;;;WD)";

	*security = (SECURITY_ATTRIBUTES){ .nLength = sizeof(*security) };
	if (kind == ACL_INHERITED)
		return 0;
	if (kind == ACL_PRIVATE && describe_private(text) != 0)
		return -1;
	security->lpSecurityDescriptor = parse(text);
	return security->lpSecurityDescriptor != NULL ? 0 : -1;
}

void acl_end(SECURITY_ATTRIBUTES *security)
{
	LocalFree(security->lpSecurityDescriptor);
}

/* The list may be set by another handle only, which asks for the right to do so. */
int acl_make_private(HANDLE file)
{
	const DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
	SECURITY_ATTRIBUTES security;
	HANDLE changer;
	int rc;

	if (acl_begin(&security, ACL_PRIVATE) != 0)
		return -1;
	changer = ReOpenFile(file, WRITE_DAC, share, 0);
	rc = changer != INVALID_HANDLE_VALUE && SetKernelObjectSecurity(changer,
							DACL_SECURITY_INFORMATION |
								PROTECTED_DACL_SECURITY_INFORMATION,
							security.lpSecurityDescriptor)
		     ? 0
		     : wide_errno();
	if (changer != INVALID_HANDLE_VALUE)
		CloseHandle(changer);
	acl_end(&security);
	return rc;
}

/* Those who may do everything anyway are no others. */
static bool is_other(PSID sid, PSID user)
{
	static const WELL_KNOWN_SID_TYPE known[] = { WinLocalSystemSid, WinBuiltinAdministratorsSid,
		WinCreatorOwnerSid, WinCreatorOwnerRightsSid };

	if (EqualSid(sid, user))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (IsWellKnownSid(sid, known[i]))
			return false;
	return true;
}

static void put_name(char *out, size_t cap, PSID sid)
{
	wchar_t name[128] = L"?", domain[128] = L"", both[260];
	DWORD name_cap = 128, domain_cap = 128;
	SID_NAME_USE use;

	if (!LookupAccountSidW(NULL, sid, name, &name_cap, domain, &domain_cap, &use)) {
		wcscpy(name, L"?");
		domain[0] = L'\0';
	}
	_snwprintf(both, 260, L"%ls%ls%ls", domain, domain[0] != L'\0' ? L"\\" : L"", name);
	if (WideCharToMultiByte(CP_UTF8, 0, both, -1, out, (int)cap, NULL, NULL) == 0)
		snprintf(out, cap, "?");
}

/* Does the list let somebody else use it? */
static bool find_other(char *name, size_t cap, PACL list, PSID user)
{
	for (DWORD i = 0; i < list->AceCount; i++) {
		ACCESS_ALLOWED_ACE *ace;
		void *at;

		if (!GetAce(list, i, &at))
			continue;
		ace = at;
		if (ace->Header.AceType != ACCESS_ALLOWED_ACE_TYPE ||
			(ace->Header.AceFlags & INHERIT_ONLY_ACE) != 0 || (ace->Mask & USES) == 0 ||
			!is_other(&ace->SidStart, user))
			continue;
		put_name(name, cap, &ace->SidStart);
		return true;
	}
	return false;
}

int acl_others(char *name, size_t cap, wchar_t *path)
{
	PSECURITY_DESCRIPTOR descriptor = NULL;
	TOKEN_USER *user;
	PACL list = NULL;
	DWORD number;
	int rc;

	name[0] = '\0';
	number = GetNamedSecurityInfoW(path, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL,
		&list, NULL, &descriptor);
	if (number != ERROR_SUCCESS) {
		SetLastError(number);
		return wide_errno();
	}
	if (list == NULL)
		rc = 1;
	else if ((user = this_user()) == NULL)
		rc = -1;
	else {
		rc = find_other(name, cap, list, user->User.Sid);
		free(user);
	}
	LocalFree(descriptor);
	return rc;
}
