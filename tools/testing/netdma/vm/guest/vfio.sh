# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# The kernel's VFIO self test with its driver of this engine, see ../../vfio-selftest.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. /lib.sh

device=0000:00:04.0
modes="vfio_type1_iommu vfio_type1v2_iommu"
tests="init_remove memcpy_success memcpy_from_unmapped_iova memcpy_to_unmapped_iova
send_msi mix_and_match memcpy_storm"

binds()
{
	modprobe vfio-pci && modprobe vfio_iommu_type1 &&
		echo vfio-pci >/sys/bus/pci/devices/$device/driver_override &&
		echo $device >/sys/bus/pci/drivers_probe &&
		[ -e /sys/bus/pci/drivers/vfio-pci/$device ]
}

# A mapping of a gigabyte in pages of 4 KiB is more than the engine takes.
large_pages()
{
	echo always >/sys/kernel/mm/transparent_hugepage/shmem_enabled
}

passed()
{
	grep -q "^ok .* vfio_pci_driver_test\.$1\.$2\$" /tmp/output
}

plan $((2 + $(echo "$modes" | wc -w) * $(echo "$tests" | wc -w)))
check "vfio-pci binds" binds
check "large pages for the test" large_pages
for mode in $modes; do
	vfio_pci_driver_test -v "$mode" $device >/tmp/output 2>&1
	for test in $tests; do
		check "$mode: $test" passed "$mode" "$test"
	done
	grep '^not ok' /tmp/output | sed 's/^/# /'
done
