// SPDX-License-Identifier: Apache-2.0

/// Tests of imapd(8).
@NullMarked
package org.postino.imapd;

import org.jspecify.annotations.NullMarked;
