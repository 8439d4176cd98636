// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import org.jspecify.annotations.Nullable;

/// Says what macros are worth at one moment.
@FunctionalInterface
public interface MacroSource {
    /// The value of a macro; null or empty if it has none now.
    ///
    /// @param name `i`, `{mail_addr}`: a name of several letters stands in braces
    @Nullable String value(String name);
}
