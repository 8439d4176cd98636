// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.postino.mailstore;

import org.jspecify.annotations.NullMarked;
