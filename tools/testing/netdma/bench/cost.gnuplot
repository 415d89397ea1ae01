# SPDX-License-Identifier: GPL-2.0-only
#
# The chart of a table that bench/run has written: gnuplot -c cost.gnuplot cost.tsv

set terminal svg size 860,520 font "sans-serif,14" background "white"
set datafile separator tab
set title "Instructions per copy of 4 KiB, polled"
set xlabel "copies in a batch"
set logscale x 4
set xtics (1, 4, 16, 64, 256)
set xrange [0.85:300]
set logscale y 2
set yrange [16:1500]
set ytics (16, 32, 64, 128, 256, 512, 1024)
set grid ytics linecolor "#dddddd"
set border 3
set tics nomirror
set key outside right top Left reverse samplen 3

plot ARG1 every ::1 using 1:2 with linespoints lw 2 pt 7 ps 0.6 lc "#666666" title "ioatdma", \
     "" every ::1 using 1:3 with linespoints lw 2 pt 7 ps 0.6 lc "#1f77b4" title "netdma: dmaengine", \
     "" every ::1 using 1:4 with lines lw 1.5 dt 3 lc "#1f77b4" title "target", \
     "" every ::1 using 1:5 with linespoints lw 2 pt 7 ps 0.6 lc "#2ca02c" title "netdma: a call per copy", \
     "" every ::1 using 1:6 with lines lw 1.5 dt 3 lc "#2ca02c" title "target", \
     "" every ::1 using 1:7 with linespoints lw 2 pt 7 ps 0.6 lc "#d62728" title "netdma: a call per batch", \
     "" every ::1 using 1:8 with lines lw 1.5 dt 3 lc "#d62728" title "target"
