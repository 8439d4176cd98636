// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.postino.commands;

import org.jspecify.annotations.NullMarked;
