// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only program of the UML kernel, on a hostfs root.
 *
 * Loads the modules that /modules names, one to a line with its parameters,
 * then unloads in the opposite order those that can be. With /gcov there, the
 * kernel's coverage data is copied to it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GCOV_SOURCE	"/sys/kernel/debug/gcov"
#define GCOV_DEST	"/gcov"
#define MAX_MODULES	64

static char *names[MAX_MODULES];
static int modules;

static void say(const char *what, const char *name, int error)
{
	printf("init: %s %s: %s\n", what, name, error ? strerror(error) : "ok");
}

/* Returns whether that was possible: what is not configured is not there. */
static bool set(const char *file, const char *value)
{
	int fd = open(file, O_WRONLY);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, value, strlen(value)) >= 0;
	close(fd);
	return done;
}

static void load(char *line)
{
	char *parameters, *path;
	int fd;

	line[strcspn(line, "\n")] = '\0';
	parameters = line + strcspn(line, " ");
	if (*parameters)
		*parameters++ = '\0';
	if (!*line || modules == MAX_MODULES)
		return;

	if (asprintf(&path, "/%s.ko", line) < 0)
		abort();
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0)) {
		say("load", line, errno);
	} else {
		say("load", line, 0);
		names[modules++] = strdup(line);
	}
	if (fd >= 0)
		close(fd);
}

static int copy(const char *source, const struct stat *st, int type, struct FTW *ftw)
{
	static char buffer[65536];
	char dest[4096];
	int in, out;
	ssize_t n;

	(void)st;
	(void)ftw;
	snprintf(dest, sizeof(dest), GCOV_DEST "%s", source + strlen(GCOV_SOURCE));
	if (type == FTW_D) {
		mkdir(dest, 0755);
		return 0;
	}
	if (type != FTW_F || !strstr(source, ".gcda"))
		return 0;

	in = open(source, O_RDONLY);
	out = open(dest, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	while (in >= 0 && out >= 0 && (n = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, n) != n)
			say("write", dest, errno);
	if (in < 0 || out < 0)
		say("copy", source, errno);
	close(in);
	close(out);
	return 0;
}

/* Objects count as lost from the age of 5 s on, if several looks agree. */
static void report_leaks(void)
{
	const char *leaks = "/sys/kernel/debug/kmemleak";
	char line[256];
	FILE *report;
	int looks;

	for (looks = 0; looks < 4; looks++) {
		sleep(6);
		if (!set(leaks, "scan"))
			return;
	}
	report = fopen(leaks, "r");
	while (report && fgets(line, sizeof(line), report))
		fputs(line, stdout);
	if (report)
		fclose(report);
}

int main(void)
{
	char line[512];
	FILE *list;

	setvbuf(stdout, NULL, _IOLBF, 0);
	mount("none", "/proc", "proc", 0, NULL);
	mount("none", "/sys", "sysfs", 0, NULL);
	mount("none", "/sys/kernel/debug", "debugfs", 0, NULL);

	/* Allocations that may sleep can be made to fail as well. */
	set("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	set("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	set("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	set("/sys/kernel/debug/failslab/verbose", "0");
	set("/sys/kernel/debug/fail_page_alloc/verbose", "0");

	list = fopen("/modules", "r");
	if (!list) {
		say("open", "/modules", errno);
	} else {
		while (fgets(line, sizeof(line), list))
			load(line);
		fclose(list);
	}

	report_leaks();
	while (modules--)
		if (syscall(SYS_delete_module, names[modules], O_NONBLOCK) && errno != EBUSY)
			say("unload", names[modules], errno);

	/* The counters outlive their modules. */
	if (!access(GCOV_DEST, F_OK))
		nftw(GCOV_SOURCE, copy, 16, FTW_PHYS);

	printf("init: done\n");
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
