// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.postino.indexer;

import org.jspecify.annotations.NullMarked;
