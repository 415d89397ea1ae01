/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of a kernel as the driver needs, in user space.
 *
 * The build makes each header that the driver includes one that leads here. There is
 * one processor, a clock that stands still until somebody waits, and tasks that are
 * fibers: one gives way to another where it sleeps, and nowhere else unless it is
 * told to. So what happens is a function of what the harness does.
 *
 * Where the kernel would complain (a lock taken twice, sleeping with a lock held),
 * kernel_bug() ends the process.
 */
#ifndef NETDMA_FUZZ_KERNEL_H
#define NETDMA_FUZZ_KERNEL_H

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../engine/compat.h"

#undef static_assert
#define static_assert(condition, ...)	_Static_assert(condition, #condition)

/* --- types and arithmetic ------------------------------------------------ */

typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
typedef u64 dma_addr_t;
typedef u64 phys_addr_t;
typedef s64 ktime_t;
typedef unsigned int gfp_t;
typedef unsigned int irqreturn_t;

#define U8_MAX			0xff
#define U16_MAX			0xffff
#define U32_MAX			0xffffffffU
#define SZ_4K			0x1000
#define SZ_64K			0x10000
#define PAGE_SHIFT		12
#define PAGE_SIZE		4096UL
#define PAGE_MASK		(~(PAGE_SIZE - 1))
#define PFN_UP(x)		(((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define offset_in_page(p)	((unsigned long)(p) & ~PAGE_MASK)
#define BITS_PER_TYPE(type)	(sizeof(type) * 8)

#define __iomem
#define __rcu
#define __init
#define __exit
#define __acquires(x)
#define __releases(x)
#define ____cacheline_aligned
#undef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#define noinline		__attribute__((noinline))
#define fallthrough		__attribute__((fallthrough))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile typeof(x) *)&(x) = (v))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define struct_size(p, member, n)	(sizeof(*(p)) + sizeof(*(p)->member) * (n))

#define min(a, b) ({ typeof(a) a_ = (a); typeof(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max(a, b) ({ typeof(a) a_ = (a); typeof(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define min3(a, b, c)		min(min(a, b), c)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define IS_ALIGNED(x, a)	(!((x) & ((a) - 1)))
#define is_power_of_2(n)	((n) && !((n) & ((n) - 1)))
#define lower_32_bits(n)	((u32)(n))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))
#define DMA_BIT_MASK(n)		GENMASK_ULL((n) - 1, 0)
#define FIELD_GET(mask, reg) \
	((typeof(mask))(((reg) & (mask)) >> __builtin_ctzll(mask)))
#define FIELD_PREP(mask, value) \
	(((typeof(mask))(value) << __builtin_ctzll(mask)) & (mask))
#define for_each_set_bit(bit, bits, size) \
	for ((bit) = 0; (bit) < (size); (bit)++) \
		if (*(bits) >> (bit) & 1)

#define IS_ERR(ptr)		((uintptr_t)(ptr) >= (uintptr_t)-4095)
#define PTR_ERR(ptr)		((long)(ptr))
#define ERR_PTR(err)		((void *)(long)(err))

/* One processor, and memory that is coherent: what is left is the compiler. */
#define barrier()		__asm__ __volatile__("" : : : "memory")
#define smp_rmb()		barrier()
#define dma_rmb()		barrier()
#define dma_wmb()		barrier()
#define smp_load_acquire(p)	READ_ONCE(*(p))
#define smp_store_release(p, v)	WRITE_ONCE(*(p), v)
#define data_race(x)		(x)
#define prefetchw(p)		((void)(p))

void *memchr_inv(const void *start, int c, size_t bytes);
#define get_random_bytes(buf, len)	memset(buf, 0x5a, len)

__attribute__((noreturn, format(printf, 1, 2)))
void kernel_bug(const char *what, ...);

#define WARN_ON_ONCE(condition) ({				\
	if (condition)						\
		kernel_bug("WARN_ON_ONCE(" #condition ")");	\
	0;							\
})

/* --- atomic_t, kref, lists ----------------------------------------------- */

typedef struct { int counter; } atomic_t;

#define atomic_read(v)		READ_ONCE((v)->counter)
#define atomic_set(v, i)	WRITE_ONCE((v)->counter, i)
#define atomic_set_release	atomic_set
#define atomic_inc_return(v)	(++(v)->counter)
#define atomic_sub_return(i, v)	((v)->counter -= (i))
#define atomic_xchg(v, n) ({ int old_ = (v)->counter; (v)->counter = (n); old_; })

static inline bool atomic_try_cmpxchg(atomic_t *v, int *old, int new)
{
	if (v->counter != *old) {
		*old = v->counter;
		return false;
	}
	v->counter = new;
	return true;
}

struct kref { int count; };

#define kref_init(ref)		((ref)->count = 1)
#define kref_get(ref)		((ref)->count++)

static inline int kref_put(struct kref *ref, void (*release)(struct kref *ref))
{
	if (--ref->count)
		return 0;
	release(ref);
	return 1;
}

struct list_head { struct list_head *next, *prev; };

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

static inline void list_del_init(struct list_head *node)
{
	node->next->prev = node->prev;
	node->prev->next = node->next;
	INIT_LIST_HEAD(node);
}

#define list_del		list_del_init
#define list_empty(head)	((head)->next == (head))
#define list_for_each_entry(pos, head, member)					\
	for (pos = container_of((head)->next, typeof(*pos), member);		\
	     &pos->member != (head);						\
	     pos = container_of(pos->member.next, typeof(*pos), member))

/* --- memory -------------------------------------------------------------- */

#define GFP_KERNEL		0
#define GFP_ATOMIC		1
#define __GFP_NOWARN		0

void *kzalloc(size_t size, gfp_t gfp);
void kfree(const void *memory);
char *kstrdup(const char *s, gfp_t gfp);
#define kmalloc			kzalloc
#define kvcalloc(n, size, gfp)	kzalloc((size_t)(n) * (size), gfp)
#define kvfree			kfree

/* Allocations that the driver has, and how many succeed until one fails, < 0 for all */
extern unsigned int kernel_allocations;
extern int kernel_allocations_until_failure;

/* Buffers of the harness are of whole pages, and a page's address is its struct page. */
struct page;
struct folio;

#define virt_to_page(address)	((struct page *)((uintptr_t)(address) & PAGE_MASK))
#define vmalloc_to_page		virt_to_page
#define is_vmalloc_addr(p)	false
#define virt_addr_valid(p)	((p) != NULL)
#define object_is_on_stack(p)	false
#define virt_to_phys(p)		((phys_addr_t)(uintptr_t)(p))
#define page_to_pfn(page)	((uintptr_t)(page) >> PAGE_SHIFT)
#define pfn_to_page(pfn)	((struct page *)((uintptr_t)(pfn) << PAGE_SHIFT))
#define pfn_valid(pfn)		true
#define page_folio(page)	((struct folio *)(page))
#define folio_pfn(folio)	((uintptr_t)(folio) >> PAGE_SHIFT)
#define folio_size(folio)	PAGE_SIZE

/* --- locks, and what may happen when ------------------------------------- */

typedef struct { bool locked; } spinlock_t;

struct task_struct;
struct mutex { struct task_struct *owner; };

extern struct task_struct *current;

void kernel_lock(spinlock_t *lock, bool irqsave);
void kernel_unlock(spinlock_t *lock, bool irqsave);

#define DEFINE_SPINLOCK(name)			spinlock_t name
#define DEFINE_MUTEX(name)			struct mutex name
#define spin_lock_init(lock)			((lock)->locked = false)
#define spin_lock(lock)				kernel_lock(lock, false)
#define spin_unlock(lock)			kernel_unlock(lock, false)
#define spin_lock_irqsave(lock, flags)		((flags) = 0, kernel_lock(lock, true))
#define spin_unlock_irqrestore(lock, flags)	((void)(flags), kernel_unlock(lock, true))
#define mutex_init(lock)			((lock)->owner = NULL)
#define mutex_destroy(lock)			((void)(lock))
#define lockdep_assert_held(lock) \
	((lock)->locked ? (void)0 : kernel_bug("not held: " #lock))

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void local_bh_disable(void);
void local_bh_enable(void);
void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);

#define rcu_dereference(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	WRITE_ONCE(p, v)
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)

/* Let everything else go on until @condition holds. */
void kernel_wait(void);
void kernel_awake(void);
#define kernel_wait_until(condition)		\
do {						\
	kernel_might_sleep();			\
	while (!(condition))			\
		kernel_wait();			\
	kernel_awake();				\
} while (0)
void kernel_might_sleep(void);

typedef struct { int unused; } wait_queue_head_t;

#define init_waitqueue_head(wait)		((void)(wait))
#define wake_up(wait)				((void)(wait))
#define wake_up_var(var)			((void)(var))
#define wait_event(wait, condition)		kernel_wait_until(condition)
#define wait_var_event(var, condition)		kernel_wait_until(condition)

/* --- time ---------------------------------------------------------------- */

#define NSEC_PER_USEC		1000ULL
#define NSEC_PER_MSEC		1000000ULL
#define NSEC_PER_SEC		1000000000ULL

/* Nanoseconds since the machine was started */
extern u64 kernel_clock;

#define ktime_get()		((ktime_t)kernel_clock)
#define ktime_add_us(t, us)	((t) + (ktime_t)(us) * 1000)
#define ktime_after(a, b)	((a) > (b))
#define local_clock()		kernel_clock
#define jiffies			((unsigned long)(kernel_clock / NSEC_PER_MSEC))
#define msecs_to_jiffies(ms)	((unsigned long)(ms))
#define time_before(a, b)	((long)((a) - (b)) < 0)

void udelay(unsigned long us);
void usleep_range(unsigned long least, unsigned long most);

/* --- work and tasklets --------------------------------------------------- */

struct work_struct {
	void (*func)(struct work_struct *work);
	struct work_struct *next;
	struct workqueue_struct *queue;
	bool pending;
};

struct delayed_work {
	struct work_struct work;
	struct delayed_work *next;
	struct workqueue_struct *queue;
	u64 due;
	bool waiting;
};

struct workqueue_struct { bool frozen; };

#define WQ_UNBOUND		0
#define WQ_MEM_RECLAIM		0
#define INIT_WORK(w, fn)	(*(w) = (struct work_struct){ .func = (fn) })
#define INIT_DELAYED_WORK(w, fn)	(*(w) = (struct delayed_work){ .work.func = (fn) })
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)
#define alloc_workqueue(name, flags, max_active)	kzalloc(sizeof(struct workqueue_struct), 0)
#define destroy_workqueue(queue)	kfree(queue)
#define schedule_work(work)	queue_work(&kernel_wq, work)
#define system_freezable_wq	(&kernel_freezable_wq)

extern struct workqueue_struct kernel_wq, kernel_freezable_wq;

bool queue_work(struct workqueue_struct *queue, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *queue, struct delayed_work *work,
			unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *queue, struct delayed_work *work,
		      unsigned long delay);
bool flush_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work_sync(struct delayed_work *work);

struct tasklet_struct {
	void (*callback)(struct tasklet_struct *t);
	struct tasklet_struct *next;
	bool scheduled;
};

#define from_tasklet(var, t, field)	container_of(t, typeof(*var), field)

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *t));
void tasklet_schedule(struct tasklet_struct *t);
void tasklet_kill(struct tasklet_struct *t);

/* --- processors ---------------------------------------------------------- */

struct cpumask { unsigned long bits; };

extern const struct cpumask kernel_cpus[2];

#define nr_cpu_ids			2U
#define NUMA_NO_NODE			(-1)
#define smp_processor_id()		0U
#define numa_node_id()			0
#define cpu_to_node(cpu)		0
#define dev_to_node(dev)		NUMA_NO_NODE
#define cpu_possible(cpu)		((cpu) < nr_cpu_ids)
#define cpus_read_lock()		do { } while (0)
#define cpus_read_unlock()		do { } while (0)
#define cpumask_of(cpu)			(&kernel_cpus[cpu])
#define cpu_online_mask			(&kernel_cpus[0])
#define cpumask_of_node(node)		(&kernel_cpus[0])
#define cpumask_intersects(a, b)	(((a)->bits & (b)->bits) != 0)
#define cpumask_first_and(a, b)		((unsigned int)__builtin_ctzl((a)->bits & (b)->bits))
#define cpumask_test_cpu(cpu, mask)	((mask)->bits >> (cpu) & 1)
#define for_each_cpu_and(cpu, a, b) \
	for ((cpu) = 0; (cpu) < nr_cpu_ids; (cpu)++) \
		if ((a)->bits & (b)->bits & BIT(cpu))
#define DEFINE_PER_CPU(type, name)	type name[2]
#define per_cpu(name, cpu)		((name)[cpu])

/* --- modules ------------------------------------------------------------- */

struct module;
struct kernel_param { void *arg; };
struct kernel_param_ops {
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
};

#define KBUILD_MODNAME			"netdma"
#define EXPORT_SYMBOL_GPL(symbol)
#define EXPORT_TRACEPOINT_SYMBOL_GPL(name)
#define MODULE_AUTHOR(name)
#define MODULE_DESCRIPTION(text)
#define MODULE_LICENSE(text)
#define MODULE_PARM_DESC(name, text)
#define MODULE_DEVICE_TABLE(bus, table)
#define __MODULE_PARM_TYPE(name, type)
#define module_param_cb(name, ops, arg, perm) \
	const struct kernel_param_ops *const kernel_param_##name = ops
#define param_get_uint			NULL
#define module_init(fn)			int kernel_module_init(void) { return fn(); }
#define module_exit(fn)			void kernel_module_exit(void) { fn(); }
#define try_module_get(module)		((void)(module), true)
#define module_put(module)		((void)(module))

int kernel_module_init(void);
void kernel_module_exit(void);
int kstrtouint(const char *s, unsigned int base, unsigned int *result);

/* --- messages ------------------------------------------------------------ */

/* Messages that nothing keeps from being as many as there are occasions for them */
extern unsigned int kernel_messages;

__attribute__((format(printf, 2, 3)))
void kernel_log(bool limited, const char *format, ...);

#define pr_err(format, ...)			kernel_log(false, format, ##__VA_ARGS__)
#define pr_warn(format, ...)			kernel_log(false, format, ##__VA_ARGS__)
#define pr_err_once(format, ...)		kernel_log(true, format, ##__VA_ARGS__)
#define dev_err(dev, format, ...)		((void)(dev), kernel_log(false, format, ##__VA_ARGS__))
#define dev_warn(dev, format, ...)		((void)(dev), kernel_log(false, format, ##__VA_ARGS__))
#define dev_warn_once(dev, format, ...)		((void)(dev), kernel_log(true, format, ##__VA_ARGS__))
#define dev_err_ratelimited(dev, format, ...)	((void)(dev), kernel_log(true, format, ##__VA_ARGS__))
#define dev_warn_ratelimited		dev_err_ratelimited

/* A tracepoint that nobody has enabled */
#define TRACE_DEFINE_ENUM(name)
#define TP_PROTO(...)			__VA_ARGS__
#define TP_ARGS(...)
#define TRACE_EVENT(name, proto, ...)						\
	static inline void trace_##name(proto) { }				\
	static inline bool trace_##name##_enabled(void) { return false; }	\
	struct trace_##name
#define TRACE_EVENT_CONDITION		TRACE_EVENT

/* --- devices, and their memory ------------------------------------------- */

struct device_driver {
	struct module *owner;
	const struct dev_pm_ops *pm;
};

struct device {
	const struct device_driver *driver;
	void *drvdata;
	u64 dma_mask;
	int references;
};

#define dev_name(dev)			((void)(dev), "0000:00:01.0")
#define get_device(dev)			((dev)->references++, (dev))
#define put_device(dev)			((void)(dev)->references--)
#define dev_get_drvdata(dev)		((dev)->drvdata)
#define dma_get_mask(dev)		((dev)->dma_mask)
#define dma_set_max_seg_size(dev, size)	((void)(dev), (void)(size))

enum dma_data_direction { DMA_TO_DEVICE = 1, DMA_FROM_DEVICE = 2 };

struct scatterlist {
	struct page *page;
	unsigned int offset;
	unsigned int length;
	dma_addr_t dma_address;
};

#define sg_init_table(sg, n)		((void)(sg), (void)(n))
#define sg_next(sg)			((sg) + 1)
#define sg_phys(sg)			((phys_addr_t)(uintptr_t)(sg)->page + (sg)->offset)
#define sg_dma_address(sg)		((sg)->dma_address)
#define sg_dma_len(sg)			((sg)->length)

static inline void sg_set_page(struct scatterlist *sg, struct page *page, unsigned int len,
			       unsigned int offset)
{
	*sg = (struct scatterlist){ .page = page, .offset = offset, .length = len };
}

int dma_set_mask_and_coherent(struct device *dev, u64 mask);
void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *dma, gfp_t gfp);
void dma_free_coherent(struct device *dev, size_t size, void *memory, dma_addr_t dma);
unsigned int dma_map_sg(struct device *dev, struct scatterlist *sg, int nents,
			enum dma_data_direction dir);
void dma_unmap_sg(struct device *dev, struct scatterlist *sg, int nents,
		  enum dma_data_direction dir);
dma_addr_t kernel_map(void *memory, size_t size);
void kernel_unmap(dma_addr_t dma);
/* NULL for what is not mapped; mappings that there are */
void *kernel_mapped(dma_addr_t dma, size_t size);
extern unsigned int kernel_mappings;

/* --- PCI ----------------------------------------------------------------- */

#define PCI_VENDOR_ID_INTEL		0x8086
#define PCI_VDEVICE(vendor, id)		PCI_VENDOR_ID_##vendor, (id)
#define PCI_IRQ_INTX			BIT(0)
#define PCI_IRQ_MSI			BIT(1)
#define PCI_IRQ_MSIX			BIT(2)
#define PCI_EXP_DEVCTL_RELAX_EN		0x10
#define PCI_EXP_DEVCTL			0x08
#define PCI_MSIX_ENTRY_SIZE		16
#define PCI_MSIX_ENTRY_LOWER_ADDR	0x0
#define PCI_MSIX_ENTRY_UPPER_ADDR	0x4
#define PCI_MSIX_ENTRY_DATA		0x8
#define PCI_MSIX_ENTRY_VECTOR_CTRL	0xc
#define PCI_MSIX_ENTRY_CTRL_MASKBIT	0x1
#define IRQF_SHARED			0
#define IRQ_NONE			0
#define IRQ_HANDLED			1

struct pci_dev {
	struct device dev;
	u16 vendor;
	u16 device;
	bool msi_enabled;
	bool msix_enabled;
	void *msix_base;
};

struct pci_device_id {
	u32 vendor;
	u32 device;
	unsigned long driver_data;
};

typedef int pci_ers_result_t;
typedef int pci_channel_state_t;

enum {
	pci_channel_io_normal,
	pci_channel_io_frozen,
	pci_channel_io_perm_failure,

	PCI_ERS_RESULT_CAN_RECOVER,
	PCI_ERS_RESULT_NEED_RESET,
	PCI_ERS_RESULT_DISCONNECT,
	PCI_ERS_RESULT_RECOVERED,
};

struct pci_error_handlers {
	pci_ers_result_t (*error_detected)(struct pci_dev *pdev, pci_channel_state_t state);
	pci_ers_result_t (*slot_reset)(struct pci_dev *pdev);
	void (*resume)(struct pci_dev *pdev);
	void (*reset_prepare)(struct pci_dev *pdev);
	void (*reset_done)(struct pci_dev *pdev);
};

struct dev_pm_ops {
	int (*suspend)(struct device *dev);
	int (*resume)(struct device *dev);
};

struct pci_driver {
	const char *name;
	const struct pci_device_id *id_table;
	int (*probe)(struct pci_dev *pdev, const struct pci_device_id *id);
	void (*remove)(struct pci_dev *pdev);
	void (*shutdown)(struct pci_dev *pdev);
	struct device_driver driver;
	const struct pci_error_handlers *err_handler;
};

struct msi_msg {
	u32 address_lo;
	u32 address_hi;
	u32 data;
};

#define DEFINE_SIMPLE_DEV_PM_OPS(name, suspend_fn, resume_fn) \
	const struct dev_pm_ops name = { .suspend = suspend_fn, .resume = resume_fn }
#define pm_sleep_ptr(ptr)			(ptr)
#define module_pci_driver(name)			struct pci_driver *const kernel_pci_driver = &name
#define pci_name(pdev)				dev_name(&(pdev)->dev)
#define pci_set_drvdata(pdev, data)		((pdev)->dev.drvdata = (data))
#define pci_get_drvdata(pdev)			((pdev)->dev.drvdata)
#define pci_enable_device_mem(pdev)		((void)(pdev), 0)
#define pci_disable_device(pdev)		((void)(pdev))
#define pci_request_mem_regions(pdev, name)	((void)(pdev), 0)
#define pci_release_mem_regions(pdev)		((void)(pdev))
#define pci_iounmap(pdev, regs)			((void)(pdev), (void)(regs))
#define pcie_capability_clear_word(pdev, pos, bits)	((void)(pdev))
#define synchronize_irq(irq)			((void)(irq), kernel_might_sleep())
#define synchronize_hardirq(irq)		((void)(irq))
#define irq_update_affinity_hint(irq, mask)	((void)(irq))
#define irq_set_affinity_and_hint(irq, mask)	((void)(irq), (void)(mask))

extern struct pci_driver *const kernel_pci_driver;

typedef irqreturn_t (*irq_handler_t)(int irq, void *data);

u64 pci_resource_len(struct pci_dev *pdev, int bar);
void __iomem *pci_iomap(struct pci_dev *pdev, int bar, unsigned long max);
void pci_set_master(struct pci_dev *pdev);
void pci_clear_master(struct pci_dev *pdev);
int pci_read_config_dword(struct pci_dev *pdev, int where, u32 *value);
int pci_write_config_dword(struct pci_dev *pdev, int where, u32 value);
int pci_save_state(struct pci_dev *pdev);
void pci_restore_state(struct pci_dev *pdev);
int pci_try_reset_function(struct pci_dev *pdev);
int pci_alloc_irq_vectors(struct pci_dev *pdev, unsigned int least, unsigned int most,
			  unsigned int flags);
void pci_free_irq_vectors(struct pci_dev *pdev);
int pci_irq_vector(struct pci_dev *pdev, unsigned int n);
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
		void *data);
void free_irq(unsigned int irq, void *data);
void get_cached_msi_msg(unsigned int irq, struct msi_msg *msg);

u64 device_read(const void __iomem *addr, unsigned int size);
void device_write(void __iomem *addr, unsigned int size, u64 value);

#define readb(addr)		((u8)device_read(addr, 1))
#define readl(addr)		((u32)device_read(addr, 4))
#define writeb(value, addr)	device_write(addr, 1, (u8)(value))
#define writew(value, addr)	device_write(addr, 2, (u16)(value))
#define writel(value, addr)	device_write(addr, 4, (u32)(value))

/* --- dmaengine ----------------------------------------------------------- */

typedef s32 dma_cookie_t;
typedef struct { unsigned long bits; } dma_cap_mask_t;

#define DMA_MIN_COOKIE		1
#define dma_cap_zero(mask)	((mask).bits = 0)
#define dma_cap_set(cap, mask)	((mask).bits |= BIT(cap))

enum dma_transaction_type { DMA_MEMCPY, DMA_MEMSET, DMA_INTERRUPT, DMA_PRIVATE };
enum dma_status { DMA_COMPLETE, DMA_IN_PROGRESS, DMA_PAUSED, DMA_ERROR };
enum dma_residue_granularity { DMA_RESIDUE_GRANULARITY_DESCRIPTOR };
enum dmaengine_tx_result {
	DMA_TRANS_NOERROR,
	DMA_TRANS_READ_FAILED,
	DMA_TRANS_WRITE_FAILED,
	DMA_TRANS_ABORTED,
};

#define DMA_PREP_INTERRUPT	BIT(0)
#define DMA_PREP_FENCE		BIT(5)

struct dma_chan {
	struct dma_device *device;
	dma_cookie_t cookie;
	dma_cookie_t completed_cookie;
	int chan_id;
	struct list_head device_node;
	int client_count;
};

struct dmaengine_result {
	enum dmaengine_tx_result result;
	u32 residue;
};

struct dmaengine_unmap_data;
typedef void (*dma_async_tx_callback)(void *param);
typedef void (*dma_async_tx_callback_result)(void *param, const struct dmaengine_result *result);
typedef bool (*dma_filter_fn)(struct dma_chan *chan, void *param);

struct dma_async_tx_descriptor {
	dma_cookie_t cookie;
	unsigned long flags;
	struct dma_chan *chan;
	dma_cookie_t (*tx_submit)(struct dma_async_tx_descriptor *tx);
	dma_async_tx_callback callback;
	dma_async_tx_callback_result callback_result;
	void *callback_param;
	struct dmaengine_unmap_data *unmap;
};

struct dma_tx_state {
	dma_cookie_t last;
	dma_cookie_t used;
	u32 residue;
	u32 in_flight_bytes;
};

struct seq_file;

struct dma_device {
	struct kref ref;
	int dev_id;
	struct list_head channels;
	struct list_head global_node;
	dma_cap_mask_t cap_mask;
	enum dma_residue_granularity residue_granularity;
	struct device *dev;
	int (*device_alloc_chan_resources)(struct dma_chan *chan);
	void (*device_free_chan_resources)(struct dma_chan *chan);
	struct dma_async_tx_descriptor *(*device_prep_dma_memcpy)(struct dma_chan *chan,
			dma_addr_t dst, dma_addr_t src, size_t len, unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_memset)(struct dma_chan *chan,
			dma_addr_t dst, int value, size_t len, unsigned long flags);
	struct dma_async_tx_descriptor *(*device_prep_dma_interrupt)(struct dma_chan *chan,
			unsigned long flags);
	int (*device_pause)(struct dma_chan *chan);
	int (*device_resume)(struct dma_chan *chan);
	int (*device_terminate_all)(struct dma_chan *chan);
	void (*device_synchronize)(struct dma_chan *chan);
	enum dma_status (*device_tx_status)(struct dma_chan *chan, dma_cookie_t cookie,
					    struct dma_tx_state *state);
	void (*device_issue_pending)(struct dma_chan *chan);
	void (*device_release)(struct dma_device *dev);
	void (*dbg_summary_show)(struct seq_file *m, struct dma_device *dev);
};

#define dmaengine_unmap_put(unmap)	((void)(unmap))

static inline void dma_async_tx_descriptor_init(struct dma_async_tx_descriptor *tx,
						struct dma_chan *chan)
{
	tx->chan = chan;
}

static inline enum dma_status dma_async_is_complete(dma_cookie_t cookie, dma_cookie_t complete,
						    dma_cookie_t used)
{
	if (complete <= used)
		return cookie <= complete || cookie > used ? DMA_COMPLETE : DMA_IN_PROGRESS;
	return cookie <= complete && cookie > used ? DMA_COMPLETE : DMA_IN_PROGRESS;
}

int dma_async_device_register(struct dma_device *device);
void dma_async_device_unregister(struct dma_device *device);
struct dma_chan *dma_request_channel(dma_cap_mask_t mask, dma_filter_fn fn, void *param);
void dma_release_channel(struct dma_chan *chan);

/* --- what the harness does with all this --------------------------------- */

/* Called from here: the device does some work, or interrupts, if there is anything to do. */
bool device_work(void);
bool device_interrupt(void);
/* When it will have something to do, ~0ULL for never */
u64 device_deadline(void);

/* Run what is scheduled. Each returns whether there was something. */
bool kernel_run_softirqs(void);
bool kernel_run_works(void);
void kernel_freeze(bool frozen);
bool kernel_interrupts_enabled(void);
void kernel_enter_irq(void);
void kernel_leave_irq(void);

/* Let time pass, and timers expire. */
void kernel_advance(u64 ns);

/*
 * At each n-th point where a task can be interrupted all the others go on: where a lock
 * is released, or a register is read or written. 0: never
 */
void kernel_preempt_each(unsigned int n);
void kernel_preempt_point(void);

/* Between two inputs: nothing may be left; forget what cannot be undone. */
void kernel_check_idle(void);

#endif /* NETDMA_FUZZ_KERNEL_H */
