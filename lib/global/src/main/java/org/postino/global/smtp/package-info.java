// SPDX-License-Identifier: Apache-2.0

/// Replies and status codes as values: what every program says to a client or about a delivery.
@NullMarked
package org.postino.global.smtp;

import org.jspecify.annotations.NullMarked;
