// SPDX-License-Identifier: Apache-2.0

/// local(8) and virtual(8), delivery to mailboxes. Manual pages: `local.8`, `virtual.8`.
///
/// DESCRIPTION: [Local] expands aliases and `.forward` files ([Expansion]) and delivers to users ([Users]), files, commands;
/// [Virtual] delivers to mailboxes that tables name. [Deliveries] writes.
///
/// SECURITY: runs as root where mail belongs to system users, and touches their files and runs their commands as them only;
/// what an alias or a sender says never reaches a shell unquoted.
@NullMarked
package org.postino.local;

import org.jspecify.annotations.NullMarked;
