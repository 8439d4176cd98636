// SPDX-License-Identifier: Apache-2.0

/// The mailbox command, in the manner of Dovecot's doveadm. Manual page: `postmail.1`.
///
/// Mail is touched as the user whose mail it is, never as root, and so are the files that import and export name.
@NullMarked
package org.postino.postmail;

import org.jspecify.annotations.NullMarked;
