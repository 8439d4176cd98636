// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.postino.imap;

import org.jspecify.annotations.NullMarked;
