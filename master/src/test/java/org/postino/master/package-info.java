// SPDX-License-Identifier: Apache-2.0

/// Tests of master with real child processes.
@NullMarked
package org.postino.master;

import org.jspecify.annotations.NullMarked;
