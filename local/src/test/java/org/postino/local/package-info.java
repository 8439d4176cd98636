// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.postino.local;

import org.jspecify.annotations.NullMarked;
