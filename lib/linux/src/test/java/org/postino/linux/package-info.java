// SPDX-License-Identifier: Apache-2.0

/// Tests of what the kernel does for us.
@NullMarked
package org.postino.linux;

import org.jspecify.annotations.NullMarked;
