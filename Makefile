# SPDX-License-Identifier: GPL-2.0-only
#
# For people. Kbuild is what a kernel build reads.

KDIR ?= /lib/modules/$(shell uname -r)/build
KERNEL ?= 6.1
testing := tools/testing/netdma

.PHONY: modules modules_install clean engine run test docs help

modules modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

clean:
	$(RM) -r build
	$(MAKE) -C $(testing)/engine clean
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

engine:
	$(MAKE) -C $(testing)/engine

run:
	@$(testing)/vm/setup run
	@$(testing)/build-modules $(KERNEL)
	@$(testing)/run-dmatest build/$(KERNEL) --kernel $(KERNEL)

test:
	@$(testing)/run-tests $(TESTS)

docs:
	@$(testing)/build-docs build/docs

help:
	@echo 'make                 build netdma.ko and netdma_quickdata.ko for the running'
	@echo '                     kernel, or for the one whose build folder is KDIR='
	@echo 'make modules_install install them for that kernel'
	@echo 'make run             copy data through the driver in a virtual machine with an'
	@echo '                     emulated QuickData engine; KERNEL=6.12 for that kernel'
	@echo 'make test            run all tests; TESTS="sparse dmatest-6.1" for some'
	@echo 'make engine          build the emulated engine only'
	@echo 'make docs            render the documentation into build/docs'
	@echo 'make clean           remove what was built here'
