// SPDX-License-Identifier: Apache-2.0

/// The full-text index as those see it who ask for it: the question, the answer, and the way to indexer(8), which alone has
/// the index (ADR 34).
///
/// Not here: what is indexed of a message, which is what SEARCH looks at, and the index itself.
@NullMarked
package org.postino.fts;

import org.jspecify.annotations.NullMarked;
