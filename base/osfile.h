/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What each system does its own way with files; file.h is for everybody else. Paths are UTF-8.
 * Functions that return int: 0 or a descriptor, -1 and errno on failure, never EINTR. Descriptors
 * are not inherited by other programs. Private: only this user may read, write or list it.
 */
#ifndef BASE_OSFILE_H
#define BASE_OSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum osfile_open {
	OSFILE_READ,
	OSFILE_WRITE,	    /* what is there, over its beginning */
	OSFILE_APPEND,	    /* what is written goes to its end; it can be read, too */
	OSFILE_APPEND_MAKE, /* the same, and made private if it is not there */
	OSFILE_APPEND_NEW,  /* the same, but EEXIST if it is there */
	OSFILE_CHANGE_MAKE, /* read and write anywhere; made private if it is not there */
	OSFILE_SHARED,	    /* the same, made for every user; no link is followed */
};
int osfile_open(const char *path, enum osfile_open how);
int osfile_close(int fd);

/* How many bytes, at least 1; 0: the end of the file; -1 and errno. */
ptrdiff_t osfile_read(int fd, void *data, size_t len);
ptrdiff_t osfile_read_at(int fd, void *data, size_t len, uint64_t at);

/* How many bytes were taken, which may be fewer; -1 and errno. */
ptrdiff_t osfile_write(int fd, const void *data, size_t len);

/* All or -1 and errno; ENOSPC: only some were taken. */
int osfile_append(int fd, const void *data, size_t len);

int osfile_cut(int fd, uint64_t len); /* make it that long */
int osfile_sync(int fd);	      /* survive a power failure */
int osfile_sync_data(int fd);	      /* the same without its times */
int osfile_make_private(int fd);

/* One owner at a time, until it is closed. EWOULDBLOCK: somebody has it. Others may read it. */
int osfile_lock(int fd);

enum osfile_kind { OSFILE_REGULAR, OSFILE_FOLDER, OSFILE_SOCKET, OSFILE_OTHER };
struct osfile_info {
	enum osfile_kind kind;
	uint64_t size;	/* of a regular file */
	unsigned links; /* names that it has */
	uint64_t id[2]; /* another file has another one */
};
int osfile_look(int fd, struct osfile_info *info);
int osfile_look_at(const char *path, struct osfile_info *info);	     /* follows links */
int osfile_look_at_name(const char *path, struct osfile_info *info); /* does not */

/* May this user do so? */
int osfile_may_read(const char *path);
int osfile_may_write(const char *path);	       /* a file */
int osfile_may_write_into(const char *folder); /* make files in it */

/*
 * The XXXXXX at the end of path are replaced: a new, empty file of that name; private, or as if it
 * had been made without caring.
 */
int osfile_make_temporary(char *path, bool is_private);

/* At no time is there neither the old nor the new one. */
int osfile_replace(const char *from, const char *to);

/* A file that was made or renamed in the folder of path survives a power failure. */
int osfile_sync_folder(const char *path);

int osfile_remove(const char *path);		 /* a file, or a folder that is empty */
int osfile_make_folder(const char *path);	 /* private */
int osfile_make_shared_folder(const char *path); /* every user may make files in it */

/* Where the last part of path begins. */
size_t osfile_name_at(const char *path);
bool osfile_is_separator(char c);
/* How long the part of path is that no folder can be made of: "/", "C:\\", "\\\\SERVER\\SHARE\\". */
size_t osfile_root_len(const char *path);

/* Names in the folder, but "." and "..", sorted by their bytes. */
struct osfile_names {
	char **at;
	size_t count;
};
int osfile_list(struct osfile_names *names, const char *folder);
void osfile_names_free(struct osfile_names *names); /* fine on a zeroed struct */

/* 0: private; 1: others may read or write it; -1 and errno. */
struct osfile_others {
	char how[80];	  /* "mode 0644" */
	char remedy[560]; /* a command that takes it from them */
};
int osfile_others(struct osfile_others *others, const char *path);

#endif
