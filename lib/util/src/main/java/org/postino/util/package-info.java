// SPDX-License-Identifier: Apache-2.0

/// What knows nothing of mail: bytes and lines, files, sockets, processes and users.
@NullMarked
package org.postino.util;

import org.jspecify.annotations.NullMarked;
