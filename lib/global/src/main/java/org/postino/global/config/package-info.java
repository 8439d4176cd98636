// SPDX-License-Identifier: Apache-2.0

/// main.cf and master.cf: typed parameters declared once, and the snapshot a program reads at start.
@NullMarked
package org.postino.global.config;

import org.jspecify.annotations.NullMarked;
