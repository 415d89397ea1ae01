// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control socket, see control.h and the list of commands in
 * quickdata-engine.rst.
 *
 * One client at a time; the next one waits until it has gone. Whatever a client
 * sends or does not read, it harms nobody but itself.
 */
#define _GNU_SOURCE
#include "control.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stats.h"

#define MAX_WORDS	16
#define SPACE		" \t\r"

/* Takes the answer's text; returns whether it is good news. */
typedef bool (*command_fn)(struct control *control, char **words, FILE *answer);

/*
 * Faults
 */

static const struct what {
	const char *name;
	enum qd_fault_kind kind;
	enum qd_word word;
	const char *keys;	/* besides those that all have */
} known_faults[] = {
	{ "chanerr",		QD_FAULT_CHANERR, 0, "bits bytes" },
	{ "corrupt",		QD_FAULT_CORRUPT, 0, "" },
	{ "stall",		QD_FAULT_STALL, 0, "ms" },
	{ "gone",		QD_FAULT_GONE, 0, "" },
	{ "word-lost",		QD_FAULT_WORD, QD_WORD_LOST, "" },
	{ "word-zero",		QD_FAULT_WORD, QD_WORD_ZERO, "" },
	{ "word-ones",		QD_FAULT_WORD, QD_WORD_ONES, "" },
	{ "word-outside",	QD_FAULT_WORD, QD_WORD_OUTSIDE, "" },
	{ "word-misaligned",	QD_FAULT_WORD, QD_WORD_MISALIGNED, "" },
	{ "word-unissued",	QD_FAULT_WORD, QD_WORD_UNISSUED, "" },
	{ "word-stale",		QD_FAULT_WORD, QD_WORD_STALE, "" },
	{ "interrupt-lost",	QD_FAULT_INTERRUPT_LOST, 0, "" },
	{ "interrupt-spurious",	QD_FAULT_INTERRUPT_SPURIOUS, 0, "us" },
	{ "doorbell-lost",	QD_FAULT_DOORBELL, 0, "" },
	{ "suspend",		QD_FAULT_SUSPEND, 0, "ms" },
	{ "reset",		QD_FAULT_RESET, 0, "ms" },
	{ "register",		QD_FAULT_REGISTER, 0, "name value" },
	{ "hostile-registers",	QD_FAULT_HOSTILE_REGISTER, 0, "" },
	{ "hostile-words",	QD_FAULT_HOSTILE_WORD, 0, "" },
};

static const char *what_name(const struct qd_fault *fault)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known_faults); i++)
		if (known_faults[i].kind == fault->kind && known_faults[i].word == fault->word)
			return known_faults[i].name;
	return "?";
}

/* Is the key one of these, between which there is a space? */
static bool has_key(const char *keys, const char *key)
{
	size_t len;

	for (; *keys; keys += len + (keys[len] == ' ')) {
		len = strcspn(keys, " ");
		if (strlen(key) == len && !strncmp(keys, key, len))
			return true;
	}
	return false;
}

/* Is this a number up to @max that ends with the text, or at a separator? That is *@rest. */
static bool number(const char *text, u64 max, u64 *value, char separator, const char **rest)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno || *value > max)
		return false;
	if (*end && *end != separator)
		return false;
	*rest = end;
	return true;
}

static bool whole_number(const char *text, u64 max, u64 *value)
{
	const char *rest;

	return number(text, max, value, 0, &rest);
}

static bool parse_after(struct qd_model *model, const char *text, u32 *after)
{
	u64 low, high;
	const char *rest;

	if (!number(text, 1U << 31, &low, '-', &rest))
		return false;
	*after = low;
	if (!*rest)
		return true;
	if (!whole_number(rest + 1, 1U << 31, &high) || high < low)
		return false;
	*after += qd_faults_random(&model->faults, high - low + 1);
	return true;
}

static bool parse_bits(const char *text, u32 *errors)
{
	u64 bit;

	while (number(text, QD_ERR_BITS - 1, &bit, ',', &text)) {
		*errors |= BIT(bit);
		if (!*text++)
			return true;
	}
	return false;
}

static bool parse_register(const char *text, u16 *reg)
{
	unsigned int i;

	for (i = 0; qd_global_register_name(i); i++) {
		if (!strcmp(qd_global_register_name(i), text)) {
			*reg = i | QD_GLOBAL;
			return true;
		}
	}
	for (i = 0; qd_channel_register_name(i); i++) {
		if (!strcmp(qd_channel_register_name(i), text)) {
			*reg = i;
			return true;
		}
	}
	return false;
}

static bool parse_key(struct qd_model *model, struct qd_fault *fault, const char *key,
		      const char *text)
{
	u64 value = 0;
	bool good;

	if (!strcmp(key, "after"))
		return parse_after(model, text, &fault->after);
	if (!strcmp(key, "bits"))
		return parse_bits(text, &fault->errors);
	if (!strcmp(key, "name"))
		return parse_register(text, &fault->reg);
	if (!strcmp(key, "value"))
		return whole_number(text, ~0ULL, &fault->value);

	good = whole_number(text, 1U << 31, &value);
	if (!strcmp(key, "channel")) {
		fault->channel = value;
		good = good && value < model->options.channels;
	} else if (!strcmp(key, "count")) {
		fault->count = value;
		good = good ? value : !strcmp(text, "forever");
	} else if (!strcmp(key, "gap")) {
		fault->gap = value;
	} else if (!strcmp(key, "odds")) {
		fault->odds = value;
	} else if (!strcmp(key, "bytes")) {
		fault->bytes = value;
	} else if (!strcmp(key, "ms")) {
		fault->time_ns = value * 1000000;
	} else if (!strcmp(key, "us")) {
		fault->time_ns = value * 1000;
	}
	return good;
}

static bool arm(struct control *control, char **words, FILE *answer)
{
	struct qd_fault fault = {
		.channel = QD_ALL_CHANNELS,
		.count = 1,
		.time_ns = QD_NEVER,
		.bytes = QD_FAULT_HALF,
	};
	bool named = false;
	unsigned int i;
	int id;

	for (i = 0; i < ARRAY_SIZE(known_faults); i++)
		if (words[0] && !strcmp(known_faults[i].name, words[0]))
			break;
	if (i == ARRAY_SIZE(known_faults)) {
		fputs("no such fault", answer);
		return false;
	}
	fault.kind = known_faults[i].kind;
	fault.word = known_faults[i].word;
	if (fault.kind == QD_FAULT_INTERRUPT_SPURIOUS)
		fault.time_ns = 0;

	for (words++; *words; words++) {
		char *value = strchr(*words, '=');

		if (value)
			*value++ = 0;
		if (!value || (!has_key("channel after count gap odds", *words) &&
			       !has_key(known_faults[i].keys, *words))) {
			fprintf(answer, "%s takes no %s", known_faults[i].name, *words);
			return false;
		}
		if (!parse_key(control->model, &fault, *words, value)) {
			fprintf(answer, "%s cannot be %s", *words, value);
			return false;
		}
		named |= !strcmp(*words, "name");
	}

	id = fault.kind == QD_FAULT_REGISTER && !named ? -EINVAL :
	     qd_arm_fault(control->model, &fault);
	if (id < 0) {
		fputs(id == -ENOSPC ? "too many faults are armed" :
				      "something is missing or does not fit", answer);
		return false;
	}
	fprintf(answer, "id=%d", id);
	return true;
}

static bool clear(struct control *control, char **words, FILE *answer)
{
	(void)words;
	(void)answer;
	qd_clear_faults(control->model);
	return true;
}

static void put_fault(const struct qd_fault *fault, FILE *answer)
{
	fprintf(answer, "id=%u what=%s armed=%d fired=%u", fault->id, what_name(fault),
		fault->armed, fault->fired);
	if (fault->channel != QD_ALL_CHANNELS)
		fprintf(answer, " channel=%u", fault->channel);
	if (fault->fired)
		fprintf(answer, " when=%llu in-flight=%u", (unsigned long long)fault->when_ns,
			fault->in_flight);
}

static void put_in_flight(const struct qd_model *model, FILE *answer)
{
	unsigned int i;

	fputs("in-flight=", answer);
	for (i = 0; i < model->options.channels; i++)
		fprintf(answer, "%s%u", i ? "," : "", qd_in_flight(model, i));
}

static bool status_of(struct control *control, u32 id, FILE *answer)
{
	const struct qd_faults *faults = &control->model->faults;
	unsigned int i;

	for (i = 0; i < QD_MAX_FAULTS; i++) {
		if (faults->fault[i].id != id)
			continue;
		put_fault(&faults->fault[i], answer);
		return true;
	}
	fprintf(answer, "no fault %u", id);
	return false;
}

/* One fault, or all that are remembered */
static bool status(struct control *control, char **words, FILE *answer)
{
	const struct qd_model *model = control->model;
	unsigned int i;
	u64 wanted;

	if (words[0]) {
		if (strncmp(words[0], "id=", 3) ||
		    !whole_number(words[0] + 3, 0xffffffff, &wanted) || !wanted) {
			fprintf(answer, "only id=N can follow, not %s", words[0]);
			return false;
		}
		return status_of(control, wanted, answer);
	}

	fprintf(answer, "now=%llu gone=%d ",
		(unsigned long long)model->ops->now(model->context), model->gone);
	put_in_flight(model, answer);
	for (i = 0; i < QD_MAX_FAULTS; i++) {
		if (!model->faults.fault[i].id)
			continue;
		fputs(" ; ", answer);
		put_fault(&model->faults.fault[i], answer);
	}
	return true;
}

/* What is wanted of the counters: all, or those of the channels with this name */
struct counters {
	FILE *answer;
	const char *name;
};

static void put_counter(void *context, const char *name, u64 value)
{
	const struct counters *counters = context;
	const char *own = strchr(name, '.');

	if (counters->name && (!own || strcmp(own + 1, counters->name)))
		return;
	fprintf(counters->answer, "%s%s=%llu", ftell(counters->answer) ? " " : "", name,
		(unsigned long long)value);
}

static bool counters(struct control *control, char **words, FILE *answer)
{
	const struct qd_model *model = control->model;
	struct counters counters = { .answer = answer };
	u64 channel;

	if (words[0] && !strncmp(words[0], "name=", 5))
		counters.name = words[0] + 5;
	if (!words[0] || counters.name) {
		stats_all(model, put_counter, &counters);
		return true;
	}
	if (strncmp(words[0], "channel=", 8) ||
	    !whole_number(words[0] + 8, model->options.channels - 1, &channel)) {
		fprintf(answer, "only a channel or a name can follow, not %s", words[0]);
		return false;
	}
	stats_channel(&model->channel[channel], "", put_counter, &counters);
	return true;
}

static bool seed(struct control *control, char **words, FILE *answer)
{
	u64 value;

	if (!words[0] || !whole_number(words[0], ~0ULL, &value)) {
		fputs("it has to be a number", answer);
		return false;
	}
	qd_faults_seed(&control->model->faults, value);
	return true;
}

static bool die(struct control *control, char **words, FILE *answer)
{
	(void)words;
	put_in_flight(control->model, answer);
	control->dying = true;
	return true;
}

static const struct command {
	const char *name;
	unsigned int max_words;
	command_fn run;
} commands[] = {
	{ "fault",	MAX_WORDS,	arm },
	{ "clear",	0,		clear },
	{ "status",	1,		status },
	{ "counters",	1,		counters },
	{ "seed",	1,		seed },
	{ "die",	0,		die },
};

/*
 * Lines
 */

static void hang_up(struct control *control)
{
	close(control->conn);
	control->conn = -1;
}

static bool run_command(struct control *control, char *line, FILE *answer)
{
	char *words[MAX_WORDS + 3] = { NULL }, *rest = NULL;
	unsigned int n, i;

	words[0] = strtok_r(line, SPACE, &rest);
	for (n = 0; n < MAX_WORDS + 2 && words[n]; n++)
		words[n + 1] = strtok_r(NULL, SPACE, &rest);

	for (i = 0; n && i < ARRAY_SIZE(commands); i++) {
		if (strcmp(words[0], commands[i].name))
			continue;
		if (n - 1 > commands[i].max_words) {
			fprintf(answer, "%s takes no %s", words[0],
				words[1 + commands[i].max_words]);
			return false;
		}
		return commands[i].run(control, words + 1, answer);
	}
	fputs("no such command", answer);
	return false;
}

static void answer_line(struct control *control)
{
	char *text = NULL, *line = NULL;
	bool good = false;
	size_t size = 0;
	FILE *answer;
	int len = -1;

	answer = open_memstream(&text, &size);
	if (answer) {
		if (control->overlong)
			fputs("the line is too long", answer);
		else
			good = run_command(control, control->line, answer);
		fclose(answer);
		len = asprintf(&line, "%s%s%s\n", good ? "ok" : "error", size ? " " : "", text);
	}

	/* A client that does not read its answers is sent away. */
	if (len < 0 || send(control->conn, line, len, MSG_NOSIGNAL | MSG_DONTWAIT) != len)
		hang_up(control);
	if (len >= 0)
		free(line);
	free(text);
}

static void take(struct control *control, const char *data, size_t len)
{
	for (; len && control->conn >= 0; data++, len--) {
		if (*data == '\n') {
			control->line[control->len] = 0;
			answer_line(control);
			control->len = 0;
			control->overlong = false;
		} else if (control->len == sizeof(control->line) - 1) {
			control->overlong = true;
		} else {
			/* A zero would hide what follows. */
			control->line[control->len++] = *data ? *data : '?';
		}
	}
}

void control_serve(struct control *control)
{
	char data[512];
	ssize_t got;

	if (control->conn < 0) {
		control->conn = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
		control->len = 0;
		control->overlong = false;
		return;
	}

	got = recv(control->conn, data, sizeof(data), MSG_DONTWAIT);
	if (got > 0)
		take(control, data, got);
	else if (!got || (errno != EAGAIN && errno != EINTR))
		hang_up(control);
}
