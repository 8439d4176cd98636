// SPDX-License-Identifier: Apache-2.0

/// Lookup tables, `type:name`, as main.cf refers to them.
///
/// Security: a table that cannot be read or queried makes a temporary failure, never "not found".
@NullMarked
package org.postino.global.table;

import org.jspecify.annotations.NullMarked;
