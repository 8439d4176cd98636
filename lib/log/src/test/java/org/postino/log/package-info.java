// SPDX-License-Identifier: Apache-2.0

/// Tests of events.
@NullMarked
package org.postino.log;

import org.jspecify.annotations.NullMarked;
