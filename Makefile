# SPDX-License-Identifier: GPL-2.0-only
#
# For people. Kbuild is what a kernel build reads.

KDIR ?= /lib/modules/$(shell uname -r)/build
KERNEL ?= 6.1
testing := tools/testing/netdma

.PHONY: modules modules_install clean engine run test faults bench kunit coverage \
	mutants fuzz soak htmldocs transcripts deb matrix help

# In a recipe: make says why, and stops.
need_headers = $(if $(wildcard $(KDIR)/Makefile),,$(error no kernel headers in $(KDIR): \
	install the headers of the running kernel, or set KDIR=))
need_kernel = $(if $(and $(filter 6.1 6.12,$(KERNEL)),$(filter 1,$(words $(KERNEL)))),, \
	$(error KERNEL=$(KERNEL): the virtual machine has the kernels 6.1 and 6.12))

modules modules_install:
	$(need_headers)@:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

clean:
	$(RM) -r build
	$(MAKE) -C $(testing)/engine clean
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

engine:
	$(MAKE) -C $(testing)/engine

run:
	$(need_kernel)@:
	@$(testing)/vm/setup run
	@echo 'Building the modules for the $(KERNEL) kernel'
	@$(testing)/build-modules $(KERNEL)
	@$(testing)/run-dmatest build/$(KERNEL) --kernel $(KERNEL)

# The scripts in Python are run only after Python is there.
test:
	@$(testing)/vm/setup test
	@$(testing)/run-tests $(TESTS)

faults:
	$(need_kernel)@:
	@$(testing)/vm/setup test
	@$(testing)/build-modules $(KERNEL) >/dev/null
	@$(testing)/faults build/$(KERNEL) --kernel $(KERNEL) $(FAULTS:%=--faults %) \
		$(SEED:%=--seed %) $(DRIVER:%=--driver %)

# What is documented was measured on the default kernel.
bench:
	$(need_kernel)@:
	@$(testing)/vm/setup bench
	@$(testing)/build-modules $(KERNEL) >/dev/null
	@$(testing)/bench/run build/$(KERNEL) --kernel $(KERNEL) \
		$(if $(filter 6.1,$(KERNEL)),--output Documentation/admin-guide/netdma-performance)

kunit:
	@$(testing)/kunit/setup packages
	@$(testing)/kunit/run $(KERNELS)

coverage:
	@$(testing)/kunit/setup packages coverage
	@$(testing)/kunit/coverage --at-least 95

mutants:
	@$(testing)/kunit/setup packages
	@$(testing)/mutants/run $(MUTANTS)

fuzz:
	@$(testing)/vm/setup fuzz
	@$(testing)/fuzz/run $(FUZZ_MINUTES:%=--minutes %) $(FUZZ)

soak:
	@$(testing)/vm/setup test
	@$(testing)/soak $(RIGS) $(SOAK_MINUTES:%=--minutes %) $(SEED:%=--seed %) \
		$(ROUND:%=--round %)

deb:
	@$(testing)/package/build

matrix:
	@$(testing)/vm/setup test
	@$(testing)/matrix $(MATRIX)

htmldocs:
	@$(testing)/build-docs build/docs

transcripts:
	@$(testing)/vm/setup test
	@$(MAKE) -s -C $(testing)/engine
	@$(testing)/build-modules 6.1 >/dev/null
	@$(testing)/transcripts machine
	@$(testing)/transcripts package

help:
	@echo 'make                 build netdma.ko and netdma_quickdata.ko for the running'
	@echo '                     kernel, or for the one whose build folder is KDIR='
	@echo 'make modules_install install them for that kernel'
	@echo 'make run             copy data through the driver in a virtual machine with an'
	@echo '                     emulated QuickData engine; KERNEL=6.12 for that kernel'
	@echo 'make test            run all tests; TESTS="sparse dmatest-6.1" for some'
	@echo 'make faults          inject faults into the engine while clients copy, and show what'
	@echo '                     became of the copies; FAULTS=100 of each, SEED=2, and'
	@echo '                     DRIVER=ioatdma for the stock driver'
	@echo 'make bench           show what a copy costs in instructions, beside ioatdma and the'
	@echo '                     targets, and write that into the documentation;'
	@echo '                     KERNEL=6.12 only shows'
	@echo 'make engine          build the emulated engine only'
	@echo 'make kunit           run the KUnit tests in User Mode Linux; KERNELS="6.1 6.12 7.2"'
	@echo '                     for those kernels'
	@echo 'make coverage        show which lines of the driver they reach'
	@echo 'make mutants         break the driver line by line, and see the tests notice;'
	@echo '                     MUTANTS="ring-*" for some'
	@echo 'make fuzz            feed hostile input to the engine and the driver in user space,'
	@echo '                     a minute each; FUZZ_MINUTES=30, FUZZ="model server" for some'
	@echo 'make soak            everything at once for SOAK_MINUTES=60, on kernels that notice'
	@echo '                     more; SEED=2, RIGS="debug kcsan uml-6.1 uml-7.2" or some of'
	@echo '                     them, ROUND=7 to repeat one'
	@echo 'make deb             build the Debian package netdma-dkms in build/deb'
	@echo 'make matrix          install the package for each supported kernel, boot it, and'
	@echo '                     run the tests; MATRIX="trixie-7.2" for some'
	@echo 'make htmldocs        render the documentation into build/docs'
	@echo 'make transcripts     do what the guide shows, and write down what is seen'
	@echo 'make clean           remove what was built here'
