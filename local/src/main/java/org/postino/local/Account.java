// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.postino.linux.SystemUser;

/// A user to whom mail can be delivered.
///
/// @param name the login name or, of a virtual user, the address
/// @param uid -1 for what the process itself is
/// @param mail the mail location, where the user database names one
/// @param system the system account; null for users of the passwd-file
record Account(
        String name,
        int uid,
        int gid,
        Path home,
        @Nullable String mail,
        @Nullable SystemUser system) {}
