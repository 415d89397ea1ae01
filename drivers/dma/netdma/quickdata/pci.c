// SPDX-License-Identifier: GPL-2.0-only
/*
 * NetDMA provider for Intel QuickData engines: the PCI function
 *
 * One channel or several, a provider for each function. Also known as I/OAT,
 * CBDMA and Crystal Beach.
 */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/slab.h>

#include "quickdata.h"
#include "registers.h"

#define QUICKDATA_XFERCAP_MIN	12
#define QUICKDATA_XFERCAP_MAX	20

#define QUICKDATA_RESET_TRIES		50
#define QUICKDATA_RESET_AGAIN_MS	100

/* --- provider ------------------------------------------------------------- */

/* R-AFF-3: kept until the interrupts are requested */
static int quickdata_set_channel_cpu_affinity(void *provider,
					      const struct netdma_channel_cpu_affinity *affinity,
					      unsigned int count)
{
	struct quickdata *qd = provider;
	unsigned int i;

	for (i = 0; i < count; i++)
		qd->channels[affinity[i].channel].cpu = affinity[i].cpu;
	return 0;
}

static struct netdma_provider *quickdata_register(struct quickdata *qd)
{
	const struct netdma_provider_characteristics characteristics = {
		.major_version = 2,
		.minor_version = 1,
		.name = "Intel QuickData",
		.dev = &qd->pdev->dev,
		.max_channels = qd->num_channels,
		.set_channel_cpu_affinity = quickdata_set_channel_cpu_affinity,
		.allocate_channel = quickdata_allocate_channel,
		.free_channel = quickdata_free_channel,
		.start = quickdata_start,
		.append = quickdata_append,
		.suspend = quickdata_suspend,
		.resume = quickdata_resume,
		.reset_channel = quickdata_reset_channel,
		.halt_reason = quickdata_halt_reason,
		.poll = quickdata_poll,
		.reset_engine = quickdata_reset_engine,
	};

	return netdma_register_provider(qd, &characteristics);
}

/* Nothing more is asked of the device. It may be there, and not answer. */
static void quickdata_vanish(struct quickdata *qd)
{
	quickdata_cut_off(qd);
	/* Who sees this gives memory back. */
	WRITE_ONCE(qd->gone, true);
	netdma_provider_gone(qd->provider);
}

static void quickdata_gone_work(struct work_struct *work)
{
	struct quickdata *qd = container_of(work, struct quickdata, gone_work);

	dev_err(&qd->pdev->dev, "the device does not answer any more\n");
	quickdata_vanish(qd);
}

/*
 * A channel cannot be stopped, or does nothing: reset the function. Whoever has the
 * device's lock may be waiting for this, so it is only tried.
 */
static void quickdata_reset_work(struct work_struct *work)
{
	struct quickdata *qd = container_of(to_delayed_work(work), struct quickdata, reset_work);
	int err;

	err = pci_try_reset_function(qd->pdev);
	if (err == -EAGAIN && ++qd->reset_tries < QUICKDATA_RESET_TRIES) {
		queue_delayed_work(system_freezable_wq, &qd->reset_work,
				   msecs_to_jiffies(QUICKDATA_RESET_AGAIN_MS));
		return;
	}
	qd->reset_tries = 0;
	if (err) {
		dev_err(&qd->pdev->dev, "the function cannot be reset: %d\n", err);
		quickdata_vanish(qd);
	}
}

static int quickdata_start_provider(struct quickdata *qd, u32 flags)
{
	const struct netdma_provider_attributes attributes = {
		.major_hw_version = FIELD_GET(QUICKDATA_CBVER_MAJOR, qd->version),
		.minor_hw_version = FIELD_GET(QUICKDATA_CBVER_MINOR, qd->version),
		.vendor = qd->pdev->vendor,
		.flags = flags,
		.channels = qd->num_channels,
		.max_transfer = qd->max_transfer,
		.max_address = DMA_BIT_MASK(qd->part->address_bits),
	};

	return netdma_provider_start(qd->provider, &attributes);
}

/* --- PCI function --------------------------------------------------------- */

/* Read what the function says it is, and believe nothing that cannot be. */
static int quickdata_identify(struct quickdata *qd)
{
	struct device *dev = &qd->pdev->dev;
	unsigned int i, xfercap;

	qd->version = readb(qd->regs + QUICKDATA_CBVER);
	if (qd->version == U8_MAX) {
		dev_err(dev, "the device does not answer\n");
		return -ENODEV;
	}
	if (qd->version < QUICKDATA_VER_3_0 || qd->version > QUICKDATA_VER_3_4) {
		dev_err(dev, "version %u.%u is not supported, 3.0 to 3.4 are\n",
			(u32)FIELD_GET(QUICKDATA_CBVER_MAJOR, qd->version),
			(u32)FIELD_GET(QUICKDATA_CBVER_MINOR, qd->version));
		return -ENODEV;
	}

	qd->num_channels = readb(qd->regs + QUICKDATA_CHANCNT) & QUICKDATA_CHANCNT_MASK;
	if (!qd->num_channels || qd->num_channels > QUICKDATA_MAX_CHANNELS) {
		dev_err(dev, "%u channels cannot be, 1 to %u can\n", qd->num_channels,
			QUICKDATA_MAX_CHANNELS);
		return -EINVAL;
	}

	xfercap = readb(qd->regs + QUICKDATA_XFERCAP) & QUICKDATA_XFERCAP_MASK;
	if (xfercap < QUICKDATA_XFERCAP_MIN || xfercap > QUICKDATA_XFERCAP_MAX) {
		dev_err(dev, "transfers of 2^%u bytes cannot be, 2^%u to 2^%u can\n",
			xfercap, QUICKDATA_XFERCAP_MIN, QUICKDATA_XFERCAP_MAX);
		return -EINVAL;
	}
	qd->max_transfer = BIT(xfercap);
	qd->caps = readl(qd->regs + QUICKDATA_DMACAP);

	for (i = 0; i < qd->num_channels; i++) {
		struct quickdata_channel *qc = &qd->channels[i];

		qc->qd = qd;
		qc->id = i;
		qc->regs = qd->regs + QUICKDATA_CHANNEL(i);
	}
	return 0;
}

static int quickdata_reset_all(struct quickdata *qd)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < qd->num_channels; i++) {
		int err = quickdata_reset(&qd->channels[i]);

		if (err && err != -ENODEV)
			dev_err(&qd->pdev->dev, "channel %u cannot be reset: %d\n", i, err);
		ret = ret ?: err;
	}
	return ret;
}

/* Everything that gives the engine access to memory, but no client yet */
static int quickdata_enable(struct quickdata *qd)
{
	unsigned int address_bits = qd->part->address_bits;
	struct pci_dev *pdev = qd->pdev;
	int err;

	/* It may be running still for a kernel that has crashed. */
	err = quickdata_reset_all(qd);
	if (err)
		return err;

	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(address_bits));
	if (err) {
		dev_err(&pdev->dev, "no DMA with %u address bits: %d\n", address_bits, err);
		return err;
	}
	dma_set_max_seg_size(&pdev->dev, qd->max_transfer);
	quickdata_set_up(qd);

	/* Relaxed writes could let the completion word overtake the data. */
	pcie_capability_clear_word(pdev, PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_RELAX_EN);
	pci_set_master(pdev);
	return 0;
}

/* Neither DMA nor interrupts from here on */
static void quickdata_disable(struct quickdata *qd)
{
	quickdata_reset_all(qd);
	pci_clear_master(qd->pdev);
}

static void quickdata_cancel_works(struct quickdata *qd)
{
	WRITE_ONCE(qd->started, false);
	cancel_work_sync(&qd->gone_work);
	cancel_delayed_work_sync(&qd->reset_work);
}

/* Fail what is outstanding at once if there is no device to wait for. */
static void quickdata_stop_provider(struct quickdata *qd)
{
	if (readb(qd->regs + QUICKDATA_CBVER) == U8_MAX)
		quickdata_vanish(qd);
	netdma_provider_stop(qd->provider);
	quickdata_cancel_works(qd);
}

static int quickdata_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct quickdata *qd;
	u32 flags;
	int err;

	qd = kzalloc(sizeof(*qd), GFP_KERNEL);
	if (!qd)
		return -ENOMEM;
	qd->pdev = pdev;
	qd->part = quickdata_find_part(id);
	spin_lock_init(&qd->lock);
	INIT_DELAYED_WORK(&qd->reset_work, quickdata_reset_work);
	INIT_WORK(&qd->gone_work, quickdata_gone_work);
	pci_set_drvdata(pdev, qd);

	err = pci_enable_device_mem(pdev);
	if (err) {
		dev_err(&pdev->dev, "cannot be enabled: %d\n", err);
		goto err_free;
	}
	err = pci_request_mem_regions(pdev, KBUILD_MODNAME);
	if (err)
		goto err_disable_device;

	if (pci_resource_len(pdev, QUICKDATA_BAR) <
	    QUICKDATA_CHANNEL(QUICKDATA_MAX_CHANNELS)) {
		dev_err(&pdev->dev, "BAR %d is too small\n", QUICKDATA_BAR);
		err = -EINVAL;
		goto err_regions;
	}
	qd->regs = pci_iomap(pdev, QUICKDATA_BAR, 0);
	if (!qd->regs) {
		err = -ENOMEM;
		goto err_regions;
	}

	err = quickdata_identify(qd);
	if (err)
		goto err_unmap;

	err = quickdata_enable(qd);
	if (err)
		goto err_unmap;

	qd->provider = quickdata_register(qd);
	if (IS_ERR(qd->provider)) {
		err = PTR_ERR(qd->provider);
		goto err_disable;
	}

	err = quickdata_irq_init(qd);
	if (err)
		goto err_deregister;

	err = quickdata_selftest(qd, &flags);
	if (err)
		goto err_irq;

	/* For what comes after a slot reset */
	pci_save_state(pdev);

	WRITE_ONCE(qd->started, true);
	err = quickdata_start_provider(qd, flags);
	if (err) {
		dev_err(&pdev->dev, "cannot be started: %d\n", err);
		goto err_works;
	}
	return 0;

err_works:
	quickdata_cancel_works(qd);

err_irq:
	quickdata_irq_exit(qd);
err_deregister:
	netdma_deregister_provider(qd->provider);
err_disable:
	quickdata_disable(qd);
err_unmap:
	pci_iounmap(pdev, qd->regs);
err_regions:
	pci_release_mem_regions(pdev);
err_disable_device:
	pci_disable_device(pdev);
err_free:
	kfree(qd);
	return err;
}

static void quickdata_remove(struct pci_dev *pdev)
{
	struct quickdata *qd = pci_get_drvdata(pdev);

	quickdata_stop_provider(qd);
	quickdata_irq_exit(qd);
	netdma_deregister_provider(qd->provider);
	quickdata_disable(qd);
	pci_iounmap(pdev, qd->regs);
	pci_release_mem_regions(pdev);
	pci_disable_device(pdev);
	kfree(qd);
}

/* The engine must not write into the next kernel. */
static void quickdata_shutdown(struct pci_dev *pdev)
{
	struct quickdata *qd = pci_get_drvdata(pdev);

	quickdata_stop_provider(qd);
	quickdata_irq_exit(qd);
	quickdata_disable(qd);
}

/* --- loss of state: system sleep, function level reset --------------------- */

static void quickdata_power_down(struct quickdata *qd)
{
	netdma_pnp_event_notify(qd->provider, NETDMA_PROVIDER_POWER_DOWN);
	quickdata_irq_disable(qd);
	/* Who lets go of a channel now must not take the device for gone. */
	WRITE_ONCE(qd->frozen, true);
}

/* PCI has restored configuration space and MSI-X; NetDMA resets the channels. */
static void quickdata_power_up(struct quickdata *qd)
{
	WRITE_ONCE(qd->frozen, false);
	quickdata_irq_enable(qd);
	netdma_pnp_event_notify(qd->provider, NETDMA_PROVIDER_POWER_UP);
}

/*
 * The function is as after power-on, with its configuration space restored. Returns
 * whether it can go on.
 */
static bool quickdata_revive(struct quickdata *qd)
{
	/* What PCI has restored it forgets, and a slot reset may follow in any case. */
	pci_save_state(qd->pdev);
	if (quickdata_reset_all(qd)) {
		quickdata_vanish(qd);
		return false;
	}
	quickdata_set_up(qd);
	pci_set_master(qd->pdev);
	WRITE_ONCE(qd->dead, false);
	/* From now on another reset can be asked for. */
	atomic_set(&qd->recovering, 0);
	return true;
}

static int quickdata_pm_suspend(struct device *dev)
{
	quickdata_power_down(dev_get_drvdata(dev));
	return 0;
}

static int quickdata_pm_resume(struct device *dev)
{
	struct quickdata *qd = dev_get_drvdata(dev);

	if (quickdata_revive(qd))
		quickdata_power_up(qd);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(quickdata_pm_ops, quickdata_pm_suspend, quickdata_pm_resume);

static void quickdata_reset_prepare(struct pci_dev *pdev)
{
	quickdata_power_down(pci_get_drvdata(pdev));
}

static void quickdata_reset_done(struct pci_dev *pdev)
{
	struct quickdata *qd = pci_get_drvdata(pdev);

	if (quickdata_revive(qd))
		quickdata_power_up(qd);
}

/* --- PCI errors ------------------------------------------------------------ */

static pci_ers_result_t quickdata_error_detected(struct pci_dev *pdev,
						 pci_channel_state_t state)
{
	struct quickdata *qd = pci_get_drvdata(pdev);

	switch (state) {
	case pci_channel_io_normal:
		return PCI_ERS_RESULT_CAN_RECOVER;
	case pci_channel_io_frozen:
		/* The link's reset may be a while, and the link is not cut everywhere. */
		WRITE_ONCE(qd->frozen, true);
		pci_clear_master(pdev);
		quickdata_power_down(qd);
		return PCI_ERS_RESULT_NEED_RESET;
	default:
		quickdata_vanish(qd);
		return PCI_ERS_RESULT_DISCONNECT;
	}
}

static pci_ers_result_t quickdata_slot_reset(struct pci_dev *pdev)
{
	struct quickdata *qd = pci_get_drvdata(pdev);

	pci_restore_state(pdev);
	return quickdata_revive(qd) ? PCI_ERS_RESULT_RECOVERED : PCI_ERS_RESULT_DISCONNECT;
}

static void quickdata_error_resume(struct pci_dev *pdev)
{
	struct quickdata *qd = pci_get_drvdata(pdev);

	if (READ_ONCE(qd->frozen))
		quickdata_power_up(qd);
}

static const struct pci_error_handlers quickdata_err_handler = {
	.error_detected = quickdata_error_detected,
	.slot_reset = quickdata_slot_reset,
	.resume = quickdata_error_resume,
	.reset_prepare = quickdata_reset_prepare,
	.reset_done = quickdata_reset_done,
};

static struct pci_driver quickdata_driver = {
	.name = KBUILD_MODNAME,
	.id_table = quickdata_ids,
	.probe = quickdata_probe,
	.remove = quickdata_remove,
	.shutdown = quickdata_shutdown,
	.driver.pm = pm_sleep_ptr(&quickdata_pm_ops),
	.err_handler = &quickdata_err_handler,
};
module_pci_driver(quickdata_driver);

MODULE_AUTHOR("netdma maintainers");
MODULE_DESCRIPTION("NetDMA provider for Intel QuickData (I/OAT) copy engines");
MODULE_LICENSE("GPL");
#ifdef NETDMA_VERSION
MODULE_VERSION(NETDMA_VERSION);
#endif
