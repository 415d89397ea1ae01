// SPDX-License-Identifier: GPL-2.0-only
/* The command line of the emulated engine. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "server.h"
#include "socket.h"
#include "stats.h"

#define EXIT_USAGE	2

static const char help[] =
"Usage: " PROGRAM " --socket PATH [OPTION]...\n"
"\n"
"Emulate a QuickData DMA engine, as a vfio-user server for QEMU's vfio-user-pci.\n"
"\n"
"  --socket PATH       the UNIX socket to listen on\n"
"  --once              exit when the first client disconnects\n"
"  --timeout SECONDS   exit if no client connects in time; 0 waits for ever\n"
"                      (default 30 with --once, else 0)\n"
"  --control PATH      a UNIX socket for faults and counters\n"
"  --messages          ask QEMU for every access to memory: slow, and seen by its IOMMU\n"
"  --stats             print statistics at exit; SIGUSR1 prints them at any time\n"
"  --help              print this text\n"
"\n"
"The part:\n"
"  --functions N       functions, 1 to 8 (default 1); with more than one, function n has\n"
"                      \"-n\" behind the PATHs and \"functionN.\" before its statistics\n"
"  --channels N        channels in each function, 1 to 8 (default 1)\n"
"  --version X.Y       3.0, 3.2, 3.3 or 3.4 (default: that of the device ID)\n"
"  --device-id HEX     PCI device ID (default: one of that version, else 2021)\n"
"\n"
"Bad or unusual parts, for testing drivers:\n"
"  --cbver HEX         what CBVER says, 1 to ff (default: the version)\n"
"  --chancnt N         what CHANCNT says, 0 to 31 (default: the channels)\n"
"  --xfercap N         what XFERCAP says, 0 to 31 (default 20)\n"
"  --msix-vectors N    MSI-X vectors, 1 to 8 (default: the channels)\n"
"  --no-msix           no MSI-X capability\n"
"  --msi               an MSI capability with one vector\n"
"  --no-intx           no interrupt pin\n";

static struct qd_model models[MAX_FUNCTIONS];
static struct server_options options = { .functions = 1 };

static void print_stat(void *context, const char *name, u64 value)
{
	const struct qd_model *model = context;

	if (options.functions > 1)
		printf("function%td.", model - models);
	printf("%s %llu\n", name, (unsigned long long)value);
}

/* Functions report on their own: a report is not mixed with another. */
static void print_stats(struct qd_model *model)
{
	flockfile(stdout);
	stats_all(model, print_stat, model);
	fflush(stdout);
	funlockfile(stdout);
}

static unsigned long number(const char *option, const char *value, int base,
			    unsigned long min, unsigned long max)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(value, &end, base);
	if (errno || end == value || *end || *value == '-' || n < min || n > max) {
		fprintf(stderr, base == 16 ? PROGRAM ": --%s %s: not %lx to %lx, hexadecimal\n" :
					     PROGRAM ": --%s %s: not %lu to %lu\n",
			option, value, min, max);
		exit(EXIT_USAGE);
	}
	return n;
}

static u8 version_number(const char *option, const char *value)
{
	unsigned int major, minor;
	char more;

	if (sscanf(value, "%1u.%1u%c", &major, &minor, &more) != 2 ||
	    !qd_find_version(major << 4 | minor)) {
		fprintf(stderr, PROGRAM ": --%s %s: not 3.0, 3.2, 3.3 or 3.4\n", option, value);
		exit(EXIT_USAGE);
	}
	return major << 4 | minor;
}

enum {
	OPT_SOCKET,
	OPT_ONCE,
	OPT_TIMEOUT,
	OPT_CONTROL,
	OPT_MESSAGES,
	OPT_STATS,
	OPT_HELP,
	OPT_FUNCTIONS,
	OPT_CHANNELS,
	OPT_VERSION,
	OPT_DEVICE_ID,
	OPT_CBVER,
	OPT_CHANCNT,
	OPT_XFERCAP,
	OPT_MSIX_VECTORS,
	OPT_NO_MSIX,
	OPT_MSI,
	OPT_NO_INTX,
};

static const struct option long_options[] = {
	{ "socket",		required_argument,	NULL, OPT_SOCKET },
	{ "once",		no_argument,		NULL, OPT_ONCE },
	{ "timeout",		required_argument,	NULL, OPT_TIMEOUT },
	{ "control",		required_argument,	NULL, OPT_CONTROL },
	{ "messages",		no_argument,		NULL, OPT_MESSAGES },
	{ "stats",		no_argument,		NULL, OPT_STATS },
	{ "help",		no_argument,		NULL, OPT_HELP },
	{ "functions",		required_argument,	NULL, OPT_FUNCTIONS },
	{ "channels",		required_argument,	NULL, OPT_CHANNELS },
	{ "version",		required_argument,	NULL, OPT_VERSION },
	{ "device-id",		required_argument,	NULL, OPT_DEVICE_ID },
	{ "cbver",		required_argument,	NULL, OPT_CBVER },
	{ "chancnt",		required_argument,	NULL, OPT_CHANCNT },
	{ "xfercap",		required_argument,	NULL, OPT_XFERCAP },
	{ "msix-vectors",	required_argument,	NULL, OPT_MSIX_VECTORS },
	{ "no-msix",		no_argument,		NULL, OPT_NO_MSIX },
	{ "msi",		no_argument,		NULL, OPT_MSI },
	{ "no-intx",		no_argument,		NULL, OPT_NO_INTX },
	{ }
};

int main(int argc, char **argv)
{
	struct qd_options part = {
		.channels = 1,
		.xfercap = 20,
		.intx = true,
	};
	bool stats = false, no_msix = false;
	int timeout = -1, chancnt = -1;
	int index = 0, opt, ret;
	unsigned int i;

	while ((opt = getopt_long(argc, argv, "", long_options, &index)) != -1) {
		const char *name = long_options[index].name;

		switch (opt) {
		case OPT_SOCKET:
			options.path = optarg;
			break;
		case OPT_ONCE:
			options.once = true;
			break;
		case OPT_TIMEOUT:
			timeout = number(name, optarg, 10, 0, 86400);
			break;
		case OPT_CONTROL:
			options.control = optarg;
			break;
		case OPT_MESSAGES:
			options.messages = true;
			break;
		case OPT_STATS:
			stats = true;
			break;
		case OPT_HELP:
			fputs(help, stdout);
			return 0;
		case OPT_FUNCTIONS:
			options.functions = number(name, optarg, 10, 1, MAX_FUNCTIONS);
			break;
		case OPT_CHANNELS:
			part.channels = number(name, optarg, 10, 1, QD_MAX_CHANNELS);
			break;
		case OPT_VERSION:
			part.version = version_number(name, optarg);
			break;
		case OPT_DEVICE_ID:
			part.device_id = number(name, optarg, 16, 1, 0xffff);
			break;
		case OPT_CBVER:
			part.cbver = number(name, optarg, 16, 1, 0xff);
			break;
		case OPT_CHANCNT:
			chancnt = number(name, optarg, 10, 0, 31);
			break;
		case OPT_XFERCAP:
			part.xfercap = number(name, optarg, 10, 0, 31);
			break;
		case OPT_MSIX_VECTORS:
			part.msix_vectors = number(name, optarg, 10, 1, QD_MAX_CHANNELS);
			break;
		case OPT_NO_MSIX:
			no_msix = true;
			break;
		case OPT_MSI:
			part.msi = true;
			break;
		case OPT_NO_INTX:
			part.intx = false;
			break;
		default:
			fprintf(stderr, "Try '" PROGRAM " --help'.\n");
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, PROGRAM ": %s: not an option\n", argv[optind]);
		return EXIT_USAGE;
	}
	if (!options.path) {
		fprintf(stderr, PROGRAM ": --socket is missing; try --help\n");
		return EXIT_USAGE;
	}
	if (no_msix && part.msix_vectors) {
		fprintf(stderr, PROGRAM ": --no-msix and --msix-vectors exclude each other\n");
		return EXIT_USAGE;
	}

	if (!part.version && part.device_id)
		part.version = qd_version_of(part.device_id);
	if (!part.version)
		part.version = 0x32;
	if (!part.device_id)
		part.device_id = qd_find_version(part.version)->device_id;
	if (!part.msix_vectors && !no_msix)
		part.msix_vectors = part.channels;
	part.chancnt = chancnt < 0 ? part.channels : chancnt;
	options.connect_timeout = timeout >= 0 ? timeout : options.once ? 30 : 0;

	options.report = print_stats;
	ret = server_run(&options, models, &part);
	for (i = 0; stats && i < options.functions; i++)
		print_stats(&models[i]);
	return ret ? 1 : 0;
}
