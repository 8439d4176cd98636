// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.postino.verify;

import org.jspecify.annotations.NullMarked;
