// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.postino.pop3d;

import org.jspecify.annotations.NullMarked;
