// SPDX-License-Identifier: Apache-2.0

/// Events and the trace that binds them together; the slf4j provider of all programs.
///
/// A daemon writes events to descriptor 2, from where master takes, stamps and stores them; a command prints its warnings on
/// standard error.
@NullMarked
package org.postino.global.log;

import org.jspecify.annotations.NullMarked;
