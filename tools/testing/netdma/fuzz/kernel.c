// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much of a kernel as the driver needs, in user space: see kernel.h.
 *
 * The main task is the harness, which calls the driver; the others run works. Only the
 * main task switches to another one, and each of those back to it.
 */
#include <sanitizer/common_interface_defs.h>
#include <ucontext.h>

#include "kernel.h"

/* What is to be found new in an input is what the driver does. */
#pragma clang attribute push(__attribute__((no_sanitize("coverage"))), apply_to = function)

#define WORKERS		8
#define STACK_SIZE	(256 * 1024)
#define MAX_MAPPINGS	4096

/* More rounds of one wait than anything takes that comes to an end */
#define MAX_ROUNDS	200000

/* While the processor waits in a loop, others have it most of the time. */
#define UDELAY_TAKES	16

/* The first address that a device is given; others are behind the first 4 GiB. */
#define FIRST_DMA	0xfffc0000ULL

u64 kernel_clock;
unsigned int kernel_messages;
unsigned int kernel_allocations;
int kernel_allocations_until_failure = -1;

const struct cpumask kernel_cpus[2] = { { 1 }, { 2 } };

void kernel_bug(const char *what, ...)
{
	va_list args;

	fprintf(stderr, "kernel: BUG: ");
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

void kernel_log(bool limited, const char *format, ...)
{
	static int verbose = -1;
	va_list args;

	if (!limited)
		kernel_messages++;
	if (verbose < 0)
		verbose = !!getenv("NETDMA_FUZZ_VERBOSE");
	if (!verbose)
		return;
	fprintf(stderr, "[%llu.%06llu] ", kernel_clock / NSEC_PER_SEC,
		kernel_clock % NSEC_PER_SEC / 1000);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
}

int kstrtouint(const char *s, unsigned int base, unsigned int *result)
{
	*result = strtoul(s, NULL, base);
	return 0;
}

void *memchr_inv(const void *start, int c, size_t bytes)
{
	const u8 *p = start;

	for (; bytes--; p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

/* --- memory -------------------------------------------------------------- */

static bool allocation_fails(void)
{
	return kernel_allocations_until_failure >= 0 && !kernel_allocations_until_failure--;
}

void *kzalloc(size_t size, gfp_t gfp)
{
	void *memory = allocation_fails() ? NULL : calloc(1, size);

	kernel_allocations += !!memory;
	return memory;
}

void kfree(const void *memory)
{
	kernel_allocations -= !!memory;
	free((void *)memory);
}

char *kstrdup(const char *s, gfp_t gfp)
{
	size_t size = strlen(s) + 1;
	char *copy = kzalloc(size, gfp);

	return copy ? memcpy(copy, s, size) : NULL;
}

struct mapping {
	dma_addr_t dma;
	size_t size;
	u8 *memory;
};

static struct mapping mappings[MAX_MAPPINGS];
static dma_addr_t next_dma = FIRST_DMA;
unsigned int kernel_mappings;

/* As it would come from an IOMMU: never the same address twice, a gap after each. */
dma_addr_t kernel_map(void *memory, size_t size)
{
	dma_addr_t dma = next_dma + offset_in_page(memory);

	if (kernel_mappings == MAX_MAPPINGS)
		kernel_bug("too many mappings");
	mappings[kernel_mappings++] = (struct mapping){ dma, size, memory };
	next_dma += (PFN_UP(offset_in_page(memory) + size) + 1) << PAGE_SHIFT;
	return dma;
}

void kernel_unmap(dma_addr_t dma)
{
	unsigned int i;

	for (i = 0; i < kernel_mappings; i++) {
		if (mappings[i].dma == dma) {
			mappings[i] = mappings[--kernel_mappings];
			return;
		}
	}
	kernel_bug("%#llx is unmapped, and was not mapped", dma);
}

void *kernel_mapped(dma_addr_t dma, size_t size)
{
	unsigned int i;

	for (i = 0; i < kernel_mappings; i++) {
		const struct mapping *m = &mappings[i];

		if (dma >= m->dma && dma - m->dma < m->size && size <= m->size - (dma - m->dma))
			return m->memory + (dma - m->dma);
	}
	return NULL;
}

int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	dev->dma_mask = mask;
	return 0;
}

void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *dma, gfp_t gfp)
{
	void *memory = NULL;

	if (allocation_fails() || posix_memalign(&memory, PAGE_SIZE, size))
		return NULL;
	memset(memory, 0, size);
	kernel_allocations++;
	*dma = kernel_map(memory, size);
	return memory;
}

void dma_free_coherent(struct device *dev, size_t size, void *memory, dma_addr_t dma)
{
	if (kernel_mapped(dma, size) != memory)
		kernel_bug("coherent memory is freed that is none");
	kernel_unmap(dma);
	kfree(memory);
}

unsigned int dma_map_sg(struct device *dev, struct scatterlist *sg, int nents,
			enum dma_data_direction dir)
{
	int i;

	if (allocation_fails())
		return 0;
	for (i = 0; i < nents; i++)
		sg[i].dma_address = kernel_map((u8 *)sg[i].page + sg[i].offset, sg[i].length);
	return nents;
}

void dma_unmap_sg(struct device *dev, struct scatterlist *sg, int nents,
		  enum dma_data_direction dir)
{
	int i;

	for (i = 0; i < nents; i++)
		kernel_unmap(sg[i].dma_address);
}

/* --- tasks --------------------------------------------------------------- */

struct task_struct {
	ucontext_t context;
	const void *stack;
	size_t stack_size;
	void *fake_stack;
	/* What it runs, NULL for none; the work may be freed by itself. */
	struct work_struct *work;
	struct workqueue_struct *queue;
	u64 wake;			/* when it wants to go on, ~0ULL for no time */
	unsigned int awakenings;
	bool preempted;
};

static struct task_struct main_task = { .wake = ~0ULL };
static struct task_struct workers[WORKERS];
struct task_struct *current = &main_task;

/* What keeps a task from giving way; none of it is held by one that does */
static unsigned int locks, irqs_off, bh_off, rcu, hardirq, softirq;

static unsigned int preempt_each, preempt_after, rounds;

static void switch_to(struct task_struct *task)
{
	struct task_struct *from = current;

	current = task;
	__sanitizer_start_switch_fiber(&from->fake_stack, task->stack, task->stack_size);
	swapcontext(&from->context, &task->context);
	__sanitizer_finish_switch_fiber(from->fake_stack, NULL, NULL);
}

static void worker(void)
{
	__sanitizer_finish_switch_fiber(NULL, &main_task.stack, &main_task.stack_size);
	for (;;) {
		current->work->func(current->work);
		if (locks || irqs_off || bh_off || rcu)
			kernel_bug("a work returns with a lock held");
		current->work = NULL;
		switch_to(&main_task);
	}
}

static void worker_start(struct task_struct *task)
{
	if (!task->stack) {
		void *stack = malloc(STACK_SIZE);

		getcontext(&task->context);
		task->context.uc_stack.ss_sp = stack;
		task->context.uc_stack.ss_size = STACK_SIZE;
		makecontext(&task->context, worker, 0);
		task->stack = stack;
		task->stack_size = STACK_SIZE;
		task->wake = ~0ULL;
	}
}

static bool may_switch(void)
{
	return !locks && !irqs_off && !bh_off && !rcu && !hardirq && !softirq;
}

void kernel_might_sleep(void)
{
	if (!may_switch())
		kernel_bug("sleeping in atomic context");
}

/* --- works --------------------------------------------------------------- */

struct workqueue_struct kernel_wq, kernel_freezable_wq;

static struct work_struct *pending_works;
static struct delayed_work *delayed_works;

bool queue_work(struct workqueue_struct *queue, struct work_struct *work)
{
	struct work_struct **last = &pending_works;

	if (work->pending)
		return false;
	while (*last)
		last = &(*last)->next;
	*last = work;
	work->next = NULL;
	work->queue = queue;
	work->pending = true;
	return true;
}

static bool dequeue_work(struct work_struct *work)
{
	struct work_struct **each;

	if (!work->pending)
		return false;
	for (each = &pending_works; *each != work; each = &(*each)->next)
		;
	*each = work->next;
	work->pending = false;
	return true;
}

static bool stop_timer(struct delayed_work *work)
{
	struct delayed_work **each;

	if (!work->waiting)
		return false;
	for (each = &delayed_works; *each != work; each = &(*each)->next)
		;
	*each = work->next;
	work->waiting = false;
	return true;
}

bool queue_delayed_work(struct workqueue_struct *queue, struct delayed_work *work,
			unsigned long delay)
{
	if (work->waiting || work->work.pending)
		return false;
	if (!delay)
		return queue_work(queue, &work->work);
	work->queue = queue;
	work->due = kernel_clock + delay * NSEC_PER_MSEC;
	work->waiting = true;
	work->next = delayed_works;
	delayed_works = work;
	return true;
}

bool mod_delayed_work(struct workqueue_struct *queue, struct delayed_work *work,
		      unsigned long delay)
{
	bool was_pending = stop_timer(work) || dequeue_work(&work->work);

	queue_delayed_work(queue, work, delay);
	return was_pending;
}

static bool is_running(const struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++)
		if (workers[i].work == work)
			return true;
	return false;
}

bool flush_work(struct work_struct *work)
{
	kernel_wait_until(!work->pending && !is_running(work));
	return true;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was_pending = dequeue_work(work);

	kernel_wait_until(!is_running(work));
	return was_pending;
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	bool was_pending = stop_timer(work);

	return cancel_work_sync(&work->work) || was_pending;
}

static bool start_works(void)
{
	struct work_struct *work, *next;
	bool progress = false;
	unsigned int i;

	for (work = pending_works; work; work = next) {
		next = work->next;
		if (is_running(work) || work->queue->frozen)
			continue;
		for (i = 0; i < WORKERS && workers[i].work; i++)
			;
		if (i == WORKERS)
			kernel_bug("no worker is free");
		dequeue_work(work);
		worker_start(&workers[i]);
		workers[i].work = work;
		workers[i].queue = work->queue;
		workers[i].preempted = true;
		progress = true;
	}
	return progress;
}

bool kernel_run_works(void)
{
	bool progress = start_works();
	unsigned int i, awakenings;

	for (i = 0; i < WORKERS; i++) {
		struct task_struct *task = &workers[i];

		if (!task->work)
			continue;
		progress |= task->preempted;
		task->preempted = false;
		awakenings = task->awakenings;
		switch_to(task);
		progress |= !task->work || task->preempted || task->awakenings != awakenings;
	}
	return progress;
}

/* The machine goes to sleep, or wakes up. */
void kernel_freeze(bool frozen)
{
	unsigned int i;

	kernel_freezable_wq.frozen = frozen;
	for (i = 0; frozen && i < WORKERS; i++)
		kernel_wait_until(!workers[i].work ||
				  workers[i].queue != &kernel_freezable_wq);
}

/* --- time ---------------------------------------------------------------- */

void kernel_advance(u64 ns)
{
	struct delayed_work *work, *next;

	kernel_clock += ns;
	for (work = delayed_works; work; work = next) {
		next = work->next;
		if (work->due <= kernel_clock) {
			stop_timer(work);
			queue_work(work->queue, &work->work);
		}
	}
}

static u64 next_event(void)
{
	u64 next = min(device_deadline(), main_task.wake);
	const struct delayed_work *work;
	unsigned int i;

	for (work = delayed_works; work; work = work->next)
		next = min(next, work->due);
	for (i = 0; i < WORKERS; i++)
		if (workers[i].work)
			next = min(next, workers[i].wake);
	return next;
}

/* What the main task does while it waits; any other lets it go on. */
void kernel_wait(void)
{
	bool progress;
	u64 next;

	if (current != &main_task) {
		switch_to(&main_task);
		return;
	}

	if (++rounds > MAX_ROUNDS)
		kernel_bug("no end of it");
	progress = device_work();
	progress |= device_interrupt();
	progress |= kernel_run_softirqs();
	progress |= kernel_run_works();
	next = progress ? kernel_clock + NSEC_PER_USEC : next_event();
	if (next == ~0ULL)
		kernel_bug("everybody waits");
	kernel_advance(next > kernel_clock ? next - kernel_clock : 0);
}

void kernel_awake(void)
{
	current->awakenings++;
	if (current == &main_task)
		rounds = 0;
}

void usleep_range(unsigned long least, unsigned long most)
{
	current->wake = kernel_clock + most * NSEC_PER_USEC;
	kernel_wait_until(kernel_clock >= current->wake);
	current->wake = ~0ULL;
}

/* The device goes on meanwhile, and interrupts if it can. */
void udelay(unsigned long us)
{
	kernel_advance(us * NSEC_PER_USEC * UDELAY_TAKES);
	device_work();
	if (kernel_interrupts_enabled()) {
		device_interrupt();
		kernel_run_softirqs();
	}
}

/* --- locks --------------------------------------------------------------- */

void kernel_preempt_each(unsigned int n)
{
	preempt_each = n;
	preempt_after = n;
}

void kernel_preempt_point(void)
{
	if (!preempt_after || !may_switch() || --preempt_after)
		return;
	preempt_after = preempt_each;
	if (current != &main_task) {
		current->preempted = true;
		switch_to(&main_task);
		return;
	}
	device_work();
	device_interrupt();
	kernel_run_softirqs();
	kernel_run_works();
}

void kernel_lock(spinlock_t *lock, bool irqsave)
{
	if (lock->locked)
		kernel_bug("a lock is taken twice");
	lock->locked = true;
	locks++;
	irqs_off += irqsave;
}

void kernel_unlock(spinlock_t *lock, bool irqsave)
{
	if (!lock->locked)
		kernel_bug("a lock is released that is not held");
	lock->locked = false;
	locks--;
	irqs_off -= irqsave;
	kernel_preempt_point();
}

void mutex_lock(struct mutex *lock)
{
	if (lock->owner == current)
		kernel_bug("a mutex is taken twice");
	kernel_wait_until(!lock->owner);
	lock->owner = current;
}

void mutex_unlock(struct mutex *lock)
{
	if (lock->owner != current)
		kernel_bug("a mutex is released by somebody else");
	lock->owner = NULL;
}

void local_bh_disable(void)
{
	bh_off++;
}

void local_bh_enable(void)
{
	bh_off--;
	kernel_run_softirqs();
}

void rcu_read_lock(void)
{
	rcu++;
}

void rcu_read_unlock(void)
{
	rcu--;
}

/* No task gives way in a read-side section, so none is in one. */
void synchronize_rcu(void)
{
	kernel_might_sleep();
}

bool kernel_interrupts_enabled(void)
{
	return !irqs_off && !hardirq;
}

void kernel_enter_irq(void)
{
	hardirq++;
}

void kernel_leave_irq(void)
{
	hardirq--;
}

/* --- tasklets ------------------------------------------------------------ */

static struct tasklet_struct *scheduled_tasklets;

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *t))
{
	*t = (struct tasklet_struct){ .callback = callback };
}

void tasklet_schedule(struct tasklet_struct *t)
{
	struct tasklet_struct **last = &scheduled_tasklets;

	if (t->scheduled)
		return;
	if (!t->callback)
		kernel_bug("a tasklet is scheduled that is not set up");
	while (*last)
		last = &(*last)->next;
	*last = t;
	t->next = NULL;
	t->scheduled = true;
}

bool kernel_run_softirqs(void)
{
	struct tasklet_struct *t = scheduled_tasklets;
	struct tasklet_struct *last;
	bool progress = false;

	if (!kernel_interrupts_enabled() || softirq || bh_off || locks)
		return false;

	/* What is scheduled meanwhile waits for its turn. */
	for (last = t; last && last->next; last = last->next)
		;
	softirq++;
	while (t) {
		bool end = t == last;

		scheduled_tasklets = t->next;
		t->scheduled = false;
		t->callback(t);
		progress = true;
		t = end ? NULL : scheduled_tasklets;
	}
	softirq--;
	return progress;
}

void tasklet_kill(struct tasklet_struct *t)
{
	kernel_wait_until(!t->scheduled);
}

/* --- dmaengine ----------------------------------------------------------- */

static LIST_HEAD(dma_devices);
static DEFINE_MUTEX(dma_list_mutex);

static void dma_device_release(struct kref *ref)
{
	struct dma_device *device = container_of(ref, struct dma_device, ref);

	list_del_init(&device->global_node);
	if (device->device_release)
		device->device_release(device);
}

int dma_async_device_register(struct dma_device *device)
{
	struct dma_chan *chan;
	int id = 0;

	if (allocation_fails())
		return -ENOMEM;
	kref_init(&device->ref);
	list_for_each_entry(chan, &device->channels, device_node)
		chan->chan_id = id++;
	mutex_lock(&dma_list_mutex);
	list_add_tail(&device->global_node, &dma_devices);
	mutex_unlock(&dma_list_mutex);
	return 0;
}

void dma_async_device_unregister(struct dma_device *device)
{
	mutex_lock(&dma_list_mutex);
	list_del_init(&device->global_node);
	kref_put(&device->ref, dma_device_release);
	mutex_unlock(&dma_list_mutex);
}

static bool dma_chan_get(struct dma_chan *chan)
{
	int err;

	kref_get(&chan->device->ref);
	err = chan->device->device_alloc_chan_resources(chan);
	if (err >= 0) {
		chan->client_count++;
		return true;
	}
	if (err == -ENODEV)
		kernel_bug("-ENODEV, on which dmaengine takes all of the device off its list");
	kref_put(&chan->device->ref, dma_device_release);
	return false;
}

struct dma_chan *dma_request_channel(dma_cap_mask_t mask, dma_filter_fn fn, void *param)
{
	struct dma_chan *chan, *found = NULL;
	struct dma_device *device;

	mutex_lock(&dma_list_mutex);
	list_for_each_entry(device, &dma_devices, global_node) {
		if (mask.bits & ~device->cap_mask.bits)
			continue;
		list_for_each_entry(chan, &device->channels, device_node) {
			if (!found && !chan->client_count && fn(chan, param) &&
			    dma_chan_get(chan))
				found = chan;
		}
		if (found)
			break;
	}
	mutex_unlock(&dma_list_mutex);
	return found;
}

void dma_release_channel(struct dma_chan *chan)
{
	mutex_lock(&dma_list_mutex);
	chan->client_count--;
	chan->device->device_synchronize(chan);
	chan->device->device_free_chan_resources(chan);
	kref_put(&chan->device->ref, dma_device_release);
	mutex_unlock(&dma_list_mutex);
}

/* --- the end ------------------------------------------------------------- */

void kernel_check_idle(void)
{
	unsigned int i;

	kernel_preempt_each(0);
	/* What the last one who lets go of an engine leaves behind */
	kernel_allocations_until_failure = -1;
	while (kernel_run_softirqs() || kernel_run_works())
		;
	if (!may_switch() || scheduled_tasklets || pending_works || delayed_works)
		kernel_bug("something is left to be done");
	for (i = 0; i < WORKERS; i++)
		if (workers[i].work)
			kernel_bug("a work is left that waits");
	if (kernel_mappings)
		kernel_bug("%u mappings are left", kernel_mappings);
	if (kernel_allocations)
		kernel_bug("%u allocations are left", kernel_allocations);
	kernel_clock = 0;
	kernel_messages = 0;
	next_dma = FIRST_DMA;
}

#pragma clang attribute pop
