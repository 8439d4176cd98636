// SPDX-License-Identifier: Apache-2.0

/// The content of messages on its way through a program, as tables of header_checks(5) see and change it (ADR 22): what cleanup(8) and smtp(8) share.
///
/// - [CheckTables] are the tables of a program
/// - [ContentChecks] is the station through which a message passes; the program is its [ContentChecks.Host]
/// - [MimeRules] are what else is asked of a message: that it keeps to MIME
/// - [CheckSubject] is a field or line as a table is asked about it
///
/// Not here: what a line of a table may say (`suite`), how fields and parts are found (`message`), what concerns a message as a whole (cleanup).
///
/// SECURITY: the content is a stranger's. It is held a line and a field at a time, and a table that cannot answer in time ends it.
@NullMarked
package org.postino.content;

import org.jspecify.annotations.NullMarked;
