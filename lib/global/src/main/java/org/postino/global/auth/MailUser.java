// SPDX-License-Identifier: Apache-2.0

package org.postino.global.auth;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A user as the user database knows it: whose mail it is, and where.
///
/// @param name the user's name in its final form
/// @param mail the mail location (`maildir:~/Maildir`), where the database names one
/// @param fields all other fields of the answer
public record MailUser(
        String name,
        int uid,
        int gid,
        Path home,
        @Nullable String mail,
        Map<String, String> fields) {}
