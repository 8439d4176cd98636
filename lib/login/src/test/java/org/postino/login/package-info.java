// SPDX-License-Identifier: Apache-2.0

/// Tests of what imapd(8) and pop3d(8) have in common.
@NullMarked
package org.postino.login;

import org.jspecify.annotations.NullMarked;
