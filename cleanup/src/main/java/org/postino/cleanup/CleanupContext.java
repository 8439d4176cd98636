// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import org.postino.content.CheckTables;
import org.postino.queue.Spool;

/// The parts of cleanup that all messages share; safe for use by several threads.
///
/// @param rulesWithoutMappings for messages with [org.postino.queue.ReceiveOverride#NO_ADDRESS_MAPPINGS]
/// @param milterChecks asked about fields that milters bring
/// @param announcer tells the queue manager, without waiting for it
record CleanupContext(
        CleanupSettings settings,
        RecipientRules rules,
        RecipientRules rulesWithoutMappings,
        CheckTables checks,
        CheckTables.Named milterChecks,
        LocalMilters milters,
        Spool spool,
        Commit commit,
        Announcer announcer) {}
