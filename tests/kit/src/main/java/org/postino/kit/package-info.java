// SPDX-License-Identifier: Apache-2.0

/// The tools that tests share: conversation files and their runner, waiting for conditions, throw-away instances, fake peers.
@NullMarked
package org.postino.kit;

import org.jspecify.annotations.NullMarked;
