// SPDX-License-Identifier: Apache-2.0

/// The client side of auth(8): password checks and user lookups over Dovecot's authentication protocol.
@NullMarked
package org.postino.global.auth;

import org.jspecify.annotations.NullMarked;
