// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import org.jspecify.annotations.Nullable;

/// The parameters of other programs, to which a value in main.cf may refer: `$smtpd_banner` stands for its default in every program, and not only in the one that declares it.
public interface Declarations {
    /// No others.
    Declarations NONE =
            new Declarations() {
                @Override
                public @Nullable Param<?> find(String name) {
                    return null;
                }
            };

    /// The declaration of a name, or null.
    @Nullable Param<?> find(String name);
}
