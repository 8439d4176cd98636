// SPDX-License-Identifier: Apache-2.0

/// Tests of the mailbox command.
@NullMarked
package org.postino.postmail;

import org.jspecify.annotations.NullMarked;
