# SPDX-License-Identifier: GPL-2.0-only
#
# Sphinx configuration. The kernel's kernel-doc extension comes from the source
# package of a kernel: tools/testing/netdma/build-docs says where it is.

import os
import sys

source = os.environ["kerneldoc_source"]
sys.path.insert(0, os.path.join(source, "Documentation/sphinx"))

project = "netdma"
extensions = ["kerneldoc", "sphinx.ext.graphviz"]
kerneldoc_bin = os.path.join(source, "scripts/kernel-doc")
kerneldoc_srctree = os.environ["srctree"]
kerneldoc_verbosity = 1

primary_domain = "c"
highlight_language = "none"
graphviz_output_format = "svg"
html_theme = "alabaster"
html_theme_options = {"page_width": "79em", "body_max_width": "none"}
html_static_path = ["_static"]
html_css_files = ["netdma.css"]
