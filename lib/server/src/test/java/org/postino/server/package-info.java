// SPDX-License-Identifier: Apache-2.0

/// Tests of the skeletons, within one process.
@NullMarked
package org.postino.server;

import org.jspecify.annotations.NullMarked;
